"""Las órdenes de ``python -m helpers``: qué argumentos admiten y qué entorno necesitan."""

import argparse
import difflib
import importlib
import re
import sys

from helpers.console import say

INTERRUPTED = 130  # código de salida habitual tras Ctrl+C
# Lo que argparse dice en inglés, y cómo se dice aquí.
TRANSLATIONS = (
    (r"unrecognized arguments: (.*)", r"no entiendo «\1»."),
    (r"the following arguments are required: (.*)", r"falta indicar: \1."),
    (r"argument (\S+): expected .*argument.*", r"«\1» necesita un valor."),
    (r"argument (\S+): invalid int value: (.*)", r"«\1» tiene que ser un número entero, no \2."),
    (r"argument (\S+): ignored explicit argument (.*)", r"«\1» no lleva ningún valor (\2)."),
    (r"ambiguous option: (\S+) could match (.*)", r"«\1» puede ser varias cosas: \2."),
)


class Parser(argparse.ArgumentParser):
    """Un ``ArgumentParser`` que habla español."""

    def __init__(self, **options):
        super().__init__(add_help=False, allow_abbrev=False, **options)
        self._positionals.title, self._optionals.title = "argumentos", "opciones"
        self.add_argument("-h", "--help", action="help", help="muestra esta ayuda")

    def format_help(self):
        """La ayuda, con «Uso» en lugar de «usage»."""
        return re.sub(r"^usage:", "Uso:", super().format_help())

    def error(self, message):
        """Escribe el problema y cómo pedir ayuda, y termina con el código 2."""
        for pattern, spanish in TRANSLATIONS:
            if re.fullmatch(pattern, message):
                message = re.sub(pattern, spanish, message)
                break
        self.exit(2, f"{self.prog}: {message}\nPara ver la ayuda: {self.prog} --help\n")


def _numbers(parser, help, nargs="*"):
    parser.add_argument("notebooks", nargs=nargs, metavar="NN", help=help)


def build_parser() -> argparse.ArgumentParser:
    """El intérprete de argumentos, con todas las órdenes."""
    parser = Parser(
        prog="python -m helpers",
        description="Deep learning en español, paso a paso. La primera vez, «lab» y «test» "
        "preparan solos el entorno (.venv).",
    )
    orders = parser.add_subparsers(dest="command", metavar="ORDEN", title="órdenes",
                                   parser_class=Parser)  # fmt: skip

    def order(name, help):
        return orders.add_parser(name, help=help, description=help[0].upper() + help[1:] + ".")

    lab = order("lab", "abre los cuadernos en JupyterLab")
    lab.add_argument("--no-browser", action="store_true", help="no abre el navegador: solo la URL")
    lab.add_argument("--port", type=int, help="puerto (si no, el 8888 o el siguiente libre)")
    lab.epilog = "Lo que escribas después de «--» se pasa a JupyterLab tal cual."

    test = order("test", "comprueba todo: estilo, pruebas y cuadernos (con nbval)")
    _numbers(test, "comprueba solo estos cuadernos, por ejemplo: 03 07")
    test.add_argument("--fast", action="store_true", help="no ejecuta los cuadernos")
    test.add_argument("--lax", action="store_true", help="ejecuta los cuadernos sin comparar sus "
                      "salidas (lo indicado con GPU u otras versiones)")  # fmt: skip

    run = order("run", "ejecuta cuadernos y guarda sus salidas si ninguna celda falla")
    _numbers(run, "cuadernos, por ejemplo: 03 07 (sin ninguno, todos)")
    run.add_argument("--output", metavar="DIR", help="los guarda ahí y no toca los originales")

    order("doctor", "revisa la instalación y dice cómo arreglar cada problema")

    facts = order("facts", "reúne la verificación de los nueve artículos en un informe")
    facts.add_argument("--markdown", metavar="FILE", help="además, lo escribe en ese archivo")

    study = order("study", "repite estudios largos y los guarda en datasets/studies")
    _numbers(study, "cuadernos, por ejemplo: 03", nargs="+")
    study.add_argument(
        "--part", action="append", default=[], metavar="PARTE",
        help="solo esa parte de un estudio largo; se puede repetir",
    )  # fmt: skip

    publish = order(
        "publish", "sella las insignias de Colab y el arranque con la dirección pública"
    )
    publish.add_argument("--repo", metavar="USER/NAME", help="repositorio público; sin él, el ya "
                         'registrado; --repo "" quita la publicación')  # fmt: skip
    publish.add_argument("--tag", help="etiqueta de git que descargará Colab, como v1.0")
    return parser


def parse(argv: list[str]) -> argparse.Namespace:
    """Lee los argumentos; ``options.extra`` son los que van después de ``--``.

    Raises:
        SystemExit: con código 2 y un mensaje si no se entienden; con 0 si se pide ayuda.
    """
    parser = build_parser()
    cut = argv.index("--") if "--" in argv else len(argv)
    argv, extra = argv[:cut], argv[cut + 1 :]
    names = list(parser._subparsers._group_actions[0].choices)
    if argv and not argv[0].startswith("-") and argv[0] not in names:
        close = difflib.get_close_matches(argv[0], names, n=1)
        hint = f" ¿Querías decir «{close[0]}»?" if close else f" Las hay: {', '.join(names)}."
        parser.error(f"no existe la orden «{argv[0]}».{hint}")
    options = parser.parse_args(argv)
    if extra and options.command != "lab":
        parser.error("solo «lab» admite argumentos después de «--».")
    options.extra = extra
    if options.command is None:
        parser.print_help()
        parser.exit(2)
    return options


# Qué archivos de requisitos necesita cada orden; las demás no instalan nada.
NEEDS = {
    "lab": ("requirements.txt",),
    "run": ("requirements.txt",),
    "study": ("requirements.txt",),
    "test": ("requirements.txt", "requirements-dev.txt"),
}
READ_ONLY = ("doctor", "facts", "publish")


def main(argv: list[str]) -> int:
    """Prepara el entorno si hace falta y ejecuta la orden. Devuelve el código de salida."""
    options = parse(argv)
    from helpers.setup import flow
    from helpers.setup.problems import SetupError

    try:
        if options.command in NEEDS:
            flow.prepare(NEEDS[options.command], argv)
        elif options.command in READ_ONLY:
            flow.use_if_ready(argv)
        module = importlib.import_module(f"helpers.commands.{options.command}")
        return module.main(options)
    except SetupError as error:
        say(f"\n✘ {error}", sys.stderr)
        return 1
    except KeyboardInterrupt as stop:
        say(f"\n{stop}" if stop.args else "\nInterrumpido.", sys.stderr)
        return INTERRUPTED
