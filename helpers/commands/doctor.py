"""«python -m helpers doctor»: examina el entorno y dice qué hacer con cada problema."""

from helpers import doctor
from helpers.console import say

MARKS = {True: "✔", False: "✘", None: "·"}


def main(options=None) -> int:
    """Escribe el diagnóstico. Devuelve 0 si se puede trabajar y 1 si hay algún problema."""
    say(f"Diagnóstico · {doctor.summary()}\n")
    problems, warnings = [], []
    for finding in doctor.findings():
        say(line(finding))
        if finding.ok is False:
            problems.append(finding)
        elif finding.remedy:
            warnings.append(finding)
    for title, group in (("Qué hacer:", problems), ("Se puede mejorar:", warnings)):
        if lines := doctor.advice(group):
            say(f"\n{title}")
            for text in lines:
                say(f"  - {text}")
    many = "1 problema" if len(problems) == 1 else f"{len(problems)} problemas"
    say(f"\nHay {many}." if problems else "\nTodo listo: abre los cuadernos con "
        "«python -m helpers lab».")  # fmt: skip
    return 1 if problems else 0


def line(finding) -> str:
    """Una comprobación en una línea."""
    mark = "!" if finding.ok is None and finding.remedy else MARKS[finding.ok]
    required = f"  (hace falta {finding.required})" if finding.ok is False else ""
    found = finding.found if len(finding.found) <= 90 else finding.found[:89] + "…"
    return f"  {mark} {finding.name:<17} {found}{required if finding.required else ''}"
