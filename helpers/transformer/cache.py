"""La caché de claves y valores: no volver a calcular lo que no cambia (cuaderno 09).

Al generar, el token nuevo mira a los anteriores, pero los anteriores no lo miran a él: sus claves y
valores ya no cambian. Se guardan, y cada paso calcula una sola posición en vez de toda la frase.
"""

from keras import ops


def empty(batch, heads: int, length: int, depth: int, dtype):
    """Claves y valores a cero: dos ``(batch, heads, length, depth)``."""
    return tuple(ops.zeros((batch, heads, length, depth), dtype) for _ in range(2))


def insert(cache, new, position):
    """Pone en ``position`` las claves y valores ``new``, dos ``(B, heads, 1, depth)``."""
    here = ops.reshape(ops.arange(cache[0].shape[2]) == position, (1, 1, -1, 1))
    return tuple(ops.where(here, fresh, old) for old, fresh in zip(cache, new))


def past(cache, position):
    """Máscara ``(1, 1, L)``: se ven las posiciones hasta ``position``, incluida."""
    return ops.reshape(ops.arange(cache[0].shape[2]) <= position, (1, 1, -1))
