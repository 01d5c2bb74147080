"""Máscaras de atención: quién puede mirar a quién (cuaderno 09).

Una máscara es siempre booleana y de tres ejes, ``(B, consultas, claves)``: ``True`` es «puede
mirar». Se exige así porque una máscara de dos ejes no se sabe si habla del lote o de las consultas,
y una de unos y ceros no se sabe si el 1 tapa o destapa: son los dos errores que nadie ve.
Fuente: Vaswani et al. (2017), §3.2.3 y figura 2.
"""

from keras import ops

from helpers.transformer.tokenizers.special import PAD


def padding_mask(ids):
    """Tapa el relleno: ``(B, T)`` enteros → ``(B, 1, T)``, ``False`` donde hay ``PAD``."""
    return ops.expand_dims(ops.not_equal(ids, PAD), 1)


def look_ahead_mask(length: int):
    """Tapa el futuro: ``(1, T, T)`` con ``True`` en la diagonal y debajo de ella.

    Args:
        length: número de posiciones, ``T``.
    """
    positions = ops.arange(length)
    return ops.expand_dims(positions[:, None] >= positions[None, :], 0)


def decoder_mask(ids):
    """Tapa a la vez el relleno y el futuro: ``(B, T)`` → ``(B, T, T)``."""
    return ops.logical_and(padding_mask(ids), look_ahead_mask(ops.shape(ids)[1]))


def check_mask(mask):
    """Devuelve ``mask`` si tiene la forma y el tipo acordados; ``None`` vale como «sin máscara».

    Raises:
        ValueError: si no es booleana o no tiene tres ejes.
    """
    if mask is None:
        return None
    mask = ops.convert_to_tensor(mask)
    if len(mask.shape) != 3:
        raise ValueError(
            f"La máscara tiene {len(mask.shape)} ejes y deben ser 3: (lote, consultas, claves). "
            "Créala con padding_mask, look_ahead_mask o decoder_mask; los ejes de tamaño 1 valen "
            "para todos."
        )
    if str(getattr(mask.dtype, "name", mask.dtype)).split(".")[-1] != "bool":
        raise ValueError(
            "La máscara debe ser booleana (True: puede mirar). Con unos y ceros es fácil dejarla "
            "del revés: conviértela con una comparación, por ejemplo «ids != PAD»."
        )
    return mask
