"""El código de las celdas que ya se han ejecutado, para contarlo o enseñarlo."""

import linecache


def executed_source(fragment: str) -> str:
    """El código de la última celda ejecutada que contiene ``fragment``.

    Python guarda en :mod:`linecache` el texto de cada celda para poder mostrar los errores; aquí
    se busca en esa memoria, que existe también donde no hay historial (nbval).

    Raises:
        LookupError: si ninguna lo contiene.
    """
    for entry in reversed(list(linecache.cache.values())):
        if len(entry) == 4 and fragment in (source := "".join(entry[2])):
            return source
    raise LookupError(f"Ninguna celda ejecutada contiene «{fragment.strip()}». Ejecútala antes.")
