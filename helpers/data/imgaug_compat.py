"""imgaug 0.4.0 con NumPy 2 (cuaderno 05).

imgaug no se mantiene desde 2020 y al importarse lee ``np.sctypes``, que en NumPy 2 ya no existe: se
le presta mientras dura la importación, sin tocar ni NumPy ni los archivos de imgaug. Úsalo en lugar
de ``import imgaug``::

    from helpers.data.imgaug_compat import iaa, seeded

**Semillas.** imgaug tiene su propio generador, que ``runtime.start`` no controla, y el ``seed=`` de
una cadena (``Sequential``, ``SomeOf``…) no llega a sus piezas: :func:`seeded` las siembra todas.
"""

import numpy as np

MISSING = (
    "No puedo usar imgaug ({error}). Ejecuta «python -m helpers doctor», que dice qué falta y cómo "
    "arreglarlo; a mano: pip install --no-deps imgaug==0.4.0"
)
SCTYPES = {
    "int": [np.int8, np.int16, np.int32, np.int64],
    "uint": [np.uint8, np.uint16, np.uint32, np.uint64],
    "float": [np.float16, np.float32, np.float64, np.longdouble],
}


LENT = not hasattr(np, "sctypes")

if LENT:
    np.sctypes = SCTYPES  # noqa: NPY201
try:
    import imgaug.augmenters as iaa
except ImportError as error:
    raise ImportError(MISSING.format(error=error)) from error
finally:
    if LENT:
        del np.sctypes  # noqa: NPY201

__all__ = ["iaa", "seeded"]


def seeded(augmenter, seed: int):
    """Siembra ``augmenter`` y todo lo que contiene, y lo devuelve.

    ``pipeline = seeded(iaa.Sequential([...]), 42)`` da siempre la misma secuencia de cambios, la
    use quien la use y en el orden que sea; la segunda llamada no repite la primera.
    """
    augmenter.seed_(seed)
    return augmenter
