"""La tabla de las medidas: una línea por medida, con el ancho de «python -m helpers bench»."""

from helpers.cli.commands import MEASURE


def report(name: str, value: str) -> None:
    """Una línea: qué se mide y cuánto da."""
    print(f"{name:<{MEASURE}} {value}", flush=True)
