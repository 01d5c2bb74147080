"""Lo que devuelve el traductor además de texto: pasos y mapas de atención (cuaderno 09)."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Maps:
    """Quién mira a quién en una frase y su traducción.

    Attributes:
        source, target: tokens de la original (claves) y de la traducción, con ``[START]``.
        encoder, decoder, cross: pesos por capa, ``(capas, cabezas, consultas, claves)``. En
            ``cross``, las filas son ``target`` y las columnas, ``source``.
    """

    source: list[str]
    target: list[str]
    encoder: np.ndarray
    decoder: np.ndarray
    cross: np.ndarray


@dataclass(frozen=True)
class Step:
    """Un paso de la traducción: lo escrito y los candidatos ``(token, probabilidad)``."""

    text: str
    candidates: list[tuple[str, float]]
