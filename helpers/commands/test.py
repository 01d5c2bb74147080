"""«python -m helpers test»: estilo, pruebas y cuadernos; sigue aunque algo falle."""

import subprocess
import sys
import time
from dataclasses import dataclass

from helpers import execution, paths
from helpers.console import say


@dataclass(frozen=True)
class Step:
    """Un paso de la comprobación: cómo se llama, qué ejecuta y qué hacer si falla."""

    name: str
    command: list[str]
    remedy: str = ""


def steps(options) -> list[Step]:
    """Los pasos que piden las opciones, en orden.

    Raises:
        ValueError: si se pide un cuaderno que no existe.
    """
    python = [sys.executable, "-m"]
    chosen = [execution.find(number) for number in options.notebooks]
    plan = []
    if not chosen:
        plan += [
            Step("estilo", [*python, "ruff", "check", "."], "python -m ruff check --fix ."),
            Step("formato", [*python, "ruff", "format", "--check", "."], "python -m ruff format ."),
            Step("pruebas", [*python, "pytest"]),
        ]
    notebooks = chosen or sorted(paths.NOTEBOOKS.glob("*.ipynb"))
    if notebooks and (chosen or not options.fast):
        mode = "--nbval-lax" if options.lax else "--nbval"
        limits = [f"--nbval-cell-timeout={execution.CELL_TIMEOUT}",
                  f"--nbval-kernel-startup-timeout={execution.START_TIMEOUT}"]  # fmt: skip
        files = [paths.relative(file) for file in notebooks]
        plan.append(
            Step(
                "cuadernos",
                [*python, "pytest", mode, "--nbval-current-env", *limits, *files],
                "python -m helpers run NN (repite un cuaderno y guarda sus salidas)",
            )  # fmt: skip
        )
    return plan


def main(options) -> int:
    """Ejecuta todos los pasos. Devuelve 0 si todos van bien y 1 si alguno falla."""
    try:
        plan = steps(options)
    except ValueError as error:
        say(str(error), sys.stderr)
        return 1
    results = []
    for step in plan:
        say(f"\n— {step.name} —")
        begin = time.perf_counter()
        code = subprocess.run(step.command, cwd=paths.ROOT).returncode
        results.append((step, code == 0, time.perf_counter() - begin))
    say("\n— resumen —")
    for step, passed, seconds in results:
        remedy = f"   → {step.remedy}" if step.remedy and not passed else ""
        say(f"{'✔' if passed else '✘'} {step.name} ({seconds:.0f} s){remedy}")
    failed = sum(not passed for _, passed, _ in results)
    say("Todo bien." if not failed else f"Pasos con fallos: {failed} de {len(results)}.")
    return 1 if failed else 0
