"""Las órdenes de ``python -m helpers``: sus argumentos, y las que no tienen módulo propio."""

import argparse
import contextlib
import difflib
import importlib
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from helpers import paths
from helpers.cli import setup
from helpers.console import say

PROGRAM = "python -m helpers"
INTERRUPTED = 130  # código de salida habitual tras Ctrl+C
SIDE_BY_SIDE = 2  # cuadernos o pruebas que «test» ejecuta a la vez: poco más de un núcleo cada uno
THREADS = ("TF_NUM_INTRAOP_THREADS", "OMP_NUM_THREADS")
MEASURE = 58  # caracteres para el nombre de cada medida de «bench»
BASE, ALL = ("requirements.txt",), ("requirements.txt", "requirements-dev.txt")


@dataclass(frozen=True)
class Order:
    """Una orden.

    Attributes:
        help: qué hace, para la ayuda.
        module: dónde está la función que la ejecuta: el módulo de ``helpers.cli`` y su nombre.
        needs: los archivos de requisitos que necesita.
        arguments: sus argumentos, como los recibe ``add_argument``.
        note: lo que la ayuda dice al final.
        install: si falta algo de ``needs``, lo instala; si no, se apaña con el Python que haya.
    """

    help: str
    module: str
    needs: tuple[str, ...] = BASE
    arguments: tuple = ()
    note: str = ""
    install: bool = True


def _numbers(help):
    return "notebooks", {"nargs": "*", "metavar": "NN", "help": help}


def _flag(name, help):
    return name, {"action": "store_true", "help": help}


def _value(name, metavar, help, **more):
    return name, {"metavar": metavar, "help": help, **more}


ORDERS = {
    "lab": Order(
        "abre los cuadernos en JupyterLab", "commands.lab", BASE,
        (_flag("--no-browser", "no abre el navegador: solo la URL"),
         _value("--port", "N", "puerto (si no, el 8888 o el siguiente libre)")),
        "Lo que escribas después de «--» se pasa a JupyterLab tal cual.",
    ),
    "test": Order(
        "comprueba todo: estilo, pruebas y cuadernos (con nbval)", "commands.test", ALL,
        (_numbers("comprueba solo estos cuadernos, por ejemplo: 03 07"),
         _flag("--fast", "no ejecuta los cuadernos"),
         _flag("--lax", "ejecuta los cuadernos sin comparar sus salidas (lo indicado con GPU u "
               "otras versiones)")),
    ),
    "run": Order(
        "ejecuta cuadernos y guarda sus salidas si ninguna celda falla", "notebooks.main", BASE,
        (_numbers("cuadernos, por ejemplo: 03 07 (sin ninguno, todos)"),
         _value("--output", "DIR", "los guarda ahí y no toca los originales")),
    ),
    "doctor": Order(
        "revisa la instalación y dice cómo arreglar cada problema", "doctor.main",
        install=False,
    ),
    "facts": Order(
        "reúne la verificación de los nueve artículos en un informe", "facts.main",
        install=False,
    ),
    "study": Order(
        "repite estudios largos y los guarda en datasets/studies", "commands.study", BASE,
        (_numbers("cuadernos, por ejemplo: 03"),
         _value("--part", "PARTE", "solo esa parte de un estudio largo; se puede repetir",
                action="append", default=[])),
    ),
    "bench": Order(
        "mide lo que tarda cada cuaderno y las cuentas que más pesan, en una tabla",
        "commands.bench", ALL, (_flag("--fast", "sin los cuadernos y con menos repeticiones"),),
        "Mide con el equipo tranquilo: lo demás que esté en marcha también cuenta.",
    ),
    "site": Order(
        "hace la web de la serie con las salidas guardadas, para leerla sin conexión", "site.main"
    ),
    "publish": Order(
        "sella las insignias de Colab y el arranque con la dirección pública", "publish.main", BASE,
        (_value("--repo", "USER/NAME", 'repositorio público; sin él, el ya registrado; --repo "" '
                "quita la publicación"),
         _value("--tag", "TAG", "etiqueta de git que descargará Colab, como v1.0")),
    ),
}  # fmt: skip


# --- argumentos ------------------------------------------------------------------------------


class Parser(argparse.ArgumentParser):
    """Un ``ArgumentParser`` que habla español."""

    def __init__(self, prog, description, **options):
        super().__init__(prog, description=description, add_help=False, allow_abbrev=False,
                         exit_on_error=False, **options)  # fmt: skip
        self._positionals.title, self._optionals.title = "argumentos", "opciones"
        self.add_argument("-h", "--help", action="help", help="muestra esta ayuda")

    def format_help(self):
        """La ayuda, con «Uso» en lugar de «usage»."""
        return super().format_help().replace("usage:", "Uso:", 1)

    def error(self, message):
        """Escribe el problema y cómo pedir ayuda, y termina con el código 2."""
        self.exit(2, f"{self.prog}: {message}\nPara ver la ayuda: {self.prog} --help\n")


def parse(argv: list[str]) -> argparse.Namespace:
    """Lee los argumentos; ``options.extra`` son los que van después de ``--``.

    Raises:
        SystemExit: con código 2 y un mensaje si no se entienden; con 0 si se pide ayuda.
    """
    name, *rest = argv or [""]
    if name not in ORDERS:
        _explain_orders(name)
    order = ORDERS[name]
    description = f"{order.help[0].upper()}{order.help[1:]}."
    parser = Parser(f"{PROGRAM} {name}", description, epilog=order.note)
    for argument, settings in order.arguments:
        parser.add_argument(argument, **settings)
    cut = rest.index("--") if "--" in rest else len(rest)
    try:
        options, unknown = parser.parse_known_intermixed_args(rest[:cut])
    except argparse.ArgumentError as error:
        parser.error(f"«{error.argument_name}» necesita un valor, o lleva uno que no espera.")
    options.command, options.extra = name, rest[cut + 1 :]
    if unknown:
        parser.error(f"no entiendo «{' '.join(unknown)}».")
    if options.extra and name != "lab":
        parser.error("solo «lab» admite argumentos después de «--».")
    if name == "study" and not options.notebooks:
        parser.error("falta indicar: NN.")
    if name == "lab" and options.port and not options.port.isdecimal():
        parser.error(f"«--port» tiene que ser un número entero, no «{options.port}».")
    return options


def _explain_orders(name: str) -> None:
    """Enumera las órdenes a quien pide ayuda o no da ninguna; si ``name`` no existe, lo dice."""
    names = "\n".join(f"    {name:<9} {order.help}" for name, order in ORDERS.items())
    parser = Parser(
        PROGRAM,
        "Deep learning en español, paso a paso. La primera vez, «lab» y «test»\n"
        f"preparan solos el entorno (.venv).\n\nórdenes:\n{names}",
        usage=f"{PROGRAM} [-h] ORDEN …",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    if name in ("", "-h", "--help"):
        parser.print_help()
        parser.exit(0 if name else 2)
    close = difflib.get_close_matches(name, ORDERS, n=1)
    hint = f"¿Querías decir «{close[0]}»?" if close else f"Las hay: {', '.join(ORDERS)}."
    parser.error(f"no existe la orden «{name}». {hint}")


def main(argv: list[str]) -> int:
    """Prepara el entorno si hace falta y ejecuta la orden. Devuelve el código de salida."""
    options = parse(argv)
    order = ORDERS[options.command]
    try:
        setup.prepare(order.needs, argv, order.install)
        module, _, function = order.module.partition(".")
        return getattr(importlib.import_module(f"helpers.cli.{module}"), function)(options)
    except setup.SetupError as error:
        say(f"\n✘ {error}", sys.stderr)
        return 1
    except KeyboardInterrupt as stop:
        say(f"\n{stop}" if stop.args else "\nInterrumpido.", sys.stderr)
        return INTERRUPTED


# --- lab -------------------------------------------------------------------------------------


def lab_arguments(options) -> list[str]:
    """Los argumentos de JupyterLab; lo que no cambia está en ``helpers/cli/jupyter``."""
    index = paths.NOTEBOOKS / "index.ipynb"
    page = index if index.is_file() else paths.NOTEBOOKS
    arguments = [f"--ServerApp.root_dir={paths.ROOT}",
                 f"--LabApp.default_url=/lab/tree/{paths.relative(page)}"]  # fmt: skip
    if options.no_browser:
        arguments.append("--no-browser")
    if options.port:
        arguments.append(f"--port={options.port}")
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # lo normal dentro de un contenedor
        arguments.append("--allow-root")
    return arguments + options.extra


def jupyter_folders() -> str:
    """Dónde busca Jupyter sus ajustes: además de donde siempre, en nuestra carpeta.

    Los nuestros evitan que pregunte por noticias, que busque versiones por la red y que llene la
    terminal de avisos.
    """
    ours = str(paths.ROOT / "helpers" / "cli" / "jupyter")
    return os.pathsep.join(filter(None, [ours, os.environ.get("JUPYTER_CONFIG_PATH", "")]))


def trust_notebooks() -> None:
    """Firma los cuadernos del proyecto, para que JupyterLab muestre vivas sus animaciones."""
    import nbformat
    from nbformat.sign import NotebookNotary

    notary = NotebookNotary()
    for file in paths.NOTEBOOKS.glob("*.ipynb"):
        with contextlib.suppress(Exception):  # está dañado: lo dirá JupyterLab si se abre
            notary.sign(nbformat.read(file, as_version=4))


def lab(options) -> int:
    """Abre JupyterLab y espera a que termine."""
    say("Abro JupyterLab. Para cerrarlo, pulsa Ctrl+C en esta ventana.")
    if options.no_browser:
        say("Copia en tu navegador la dirección con «token» que saldrá aquí abajo.")
    from jupyterlab import labapp

    trust_notebooks()
    os.environ["JUPYTER_CONFIG_PATH"] = jupyter_folders()
    os.chdir(paths.ROOT)
    labapp.main(lab_arguments(options))
    say("JupyterLab cerrado. ¡Hasta la próxima!")
    return 0


# --- test ------------------------------------------------------------------------------------


def test(options) -> int:
    """Estilo, pruebas y cuadernos; sigue aunque algo falle. Devuelve 0 o 1."""
    from helpers.cli import notebooks

    try:
        chosen = [notebooks.find(number) for number in options.notebooks]
    except ValueError as error:
        say(str(error), sys.stderr)
        return 1
    # Cada proceso, un tramo seguido (lo común a un archivo se hace una vez) y, al acabarlo, lo
    # que le quede al otro.
    parallel = [f"--numprocesses={SIDE_BY_SIDE}", "--dist=worksteal"]
    # Los últimos son los más largos: primero ellos, y así ningún núcleo acaba esperando.
    # La portada no tiene código: la comprueba tests/unit/test_index.py.
    files = chosen or [*notebooks.existing()[::-1], *notebooks.extras()]
    steps = [
        ("estilo", partial(_passes, "ruff", "check", "."), "python -m ruff check --fix ."),
        ("formato", partial(_passes, "ruff", "format", "--check", "."), "python -m ruff format ."),
        ("pruebas", partial(_passes, "pytest", "--durations=20", *parallel), ""),
        ("cuadernos", partial(test_notebooks, files, options.lax),
         "python -m helpers run NN (repite un cuaderno y guarda sus salidas)"),
    ]  # fmt: skip
    if chosen:
        steps = steps[-1:]
    elif options.fast:
        steps = steps[:-1]
    summary, failed = [], 0
    for name, step, remedy in steps:
        say(f"\n— {name} —")
        begin = time.perf_counter()
        passed = step()
        what = f"   → {remedy}" if remedy and not passed else ""
        summary.append(f"{_verdict(passed, name, begin)}{what}")
        failed += not passed
    say("\n— resumen —")
    for line in summary:
        say(line)
    say("Todo bien." if not failed else f"Pasos con fallos: {failed} de {len(steps)}.")
    return 1 if failed else 0


def _verdict(passed: bool, name: str, begin: float) -> str:
    return f"{'✔' if passed else '✘'} {name} ({time.perf_counter() - begin:.0f} s)"


def _passes(*command: str) -> bool:
    done = subprocess.run([sys.executable, "-m", *command], cwd=paths.ROOT, env=own_share())
    return done.returncode == 0


def own_share() -> dict[str, str]:
    """El entorno de los que trabajan a la vez: cada uno, con su parte de los núcleos.

    Si todos los quieren todos, se estorban: dos cuadernos gastan así una sexta parte menos.
    """
    share = max(1, (os.cpu_count() or 1) // SIDE_BY_SIDE)
    return os.environ | dict.fromkeys(THREADS, str(share))


def test_notebooks(files: list, lax: bool, python=sys.executable) -> bool:
    """¿Salen bien todos? Los ejecuta con nbval y ``python``, dos a la vez; si uno falla, dice qué.

    Args:
        lax: no compara las salidas.
    """
    from helpers.cli import notebooks

    env = own_share() if len(files) > 1 else None
    command = [
        str(python), "-m", "pytest", "--nbval-lax" if lax else "--nbval",
        "--nbval-current-env", f"--nbval-cell-timeout={notebooks.CELL_TIMEOUT}",
        f"--nbval-kernel-startup-timeout={notebooks.START_TIMEOUT}", "-p", "no:cacheprovider",
    ]  # fmt: skip

    def passes(file):
        begin = time.perf_counter()
        done = subprocess.run([*command, paths.relative(file)], cwd=paths.ROOT, env=env,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              encoding="utf-8", errors="replace")  # fmt: skip
        passed = done.returncode == 0
        say(f"{'' if passed else done.stdout}{_verdict(passed, file.stem, begin)}")
        return passed

    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        return all([*pool.map(passes, files)])


# --- estudios y medidas ----------------------------------------------------------------------


def study(options) -> int:
    """Repite los estudios pedidos. Devuelve 0, o 1 si alguno no existe o falla.

    El resultado anterior solo se sustituye cuando el nuevo está completo.
    """
    from helpers import lessons, runtime, studies
    from helpers.cli import notebooks

    runtime.ignore_keras_settings()
    try:
        numbers = [lessons.by_number(number).number for number in options.notebooks]
    except ValueError as error:
        say(str(error), sys.stderr)
        return 1
    return notebooks.save_each(
        {f"estudio {n}": partial(studies.run, n, parts=options.part) for n in numbers}
    )


def bench(options) -> int:
    """Una tabla con cada cuaderno, de uno en uno, y las medidas de ``tests/benchmarks``."""
    from helpers.cli import notebooks

    minutes, failed = {}, 0
    with tempfile.TemporaryDirectory() as folder:
        for file in [] if options.fast else notebooks.existing():
            begin = time.perf_counter()
            command = [sys.executable, "-m", "helpers", "run", str(file), "--output", folder]
            failed += subprocess.run(command, cwd=paths.ROOT).returncode
            minutes[file.stem] = (time.perf_counter() - begin) / 60
    if minutes:
        minutes["los nueve, uno detrás de otro"] = sum(minutes.values())
    for name, value in minutes.items():
        say(f"{name:<{MEASURE}} {value:.1f} minutos")
    quick = ["--rapido"] if options.fast else []
    for path in sorted((paths.ROOT / "tests" / "benchmarks").glob("bench_*.py")):
        if path.stem != "bench_images":  # esas medidas las da bench_classification
            failed += subprocess.run([sys.executable, str(path), *quick], cwd=paths.ROOT).returncode
    return 1 if failed else 0
