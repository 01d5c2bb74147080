"""La tabla de las medidas: una línea por medida, todas con el mismo ancho."""

WIDTH = 58


def report(name: str, value: str) -> None:
    """Una línea: qué se mide y cuánto da."""
    print(f"{name:<{WIDTH}} {value}", flush=True)
