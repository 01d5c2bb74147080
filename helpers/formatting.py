"""Cifras escritas igual en toda la serie: punto decimal y espacio fino entre millares."""

import numbers

THIN_SPACE = "\u202f"


def number(value, decimals: int = 3) -> str:
    """Escribe ``value`` para leerlo: ``158954`` → ``158 954``, ``0.16821`` → ``0.168``.

    Los enteros de cuatro cifras van seguidos (norma de la RAE); los decimales se redondean a
    ``decimals`` sin ceros sobrantes. Lo que no es un número se devuelve con ``str``.
    """
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return "sí" if value else "no"
    if not isinstance(value, numbers.Real):
        if isinstance(value, (list, tuple)):
            return ", ".join(number(item, decimals) for item in value)
        return str(value)
    if isinstance(value, numbers.Integral) or float(value).is_integer():
        text = f"{int(value):,}"
        return text.replace(",", THIN_SPACE if abs(value) >= 10_000 else "")
    text = f"{float(value):,.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    text = "0" if text in {"-0", ""} else text
    return text.replace(",", THIN_SPACE if abs(value) >= 10_000 else "")
