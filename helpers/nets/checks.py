"""Los números que se piden al usar una red, comprobados: el error dice cuál es y qué admite."""

import numbers


def at_least(least: int, **values) -> None:
    """Comprueba que cada argumento es un entero de ``least`` en adelante.

    Raises:
        ValueError: si alguno no lo es; el mensaje lo nombra.
    """
    for name, value in values.items():
        whole = isinstance(value, numbers.Integral) and not isinstance(value, bool)
        if not whole or value < least:
            raise ValueError(f"{name} debe ser un entero de {least} en adelante, no {value!r}.")
