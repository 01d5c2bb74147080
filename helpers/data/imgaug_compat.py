"""imgaug 0.4.0 con NumPy 2, en un solo sitio (cuadernos 05 y 08).

imgaug no se mantiene desde 2020 y con NumPy 2 le fallan dos cosas, que aquí se arreglan sin tocar
ni NumPy ni los archivos de imgaug:

- al importarse lee ``np.sctypes``, que ya no existe: se le presta mientras dura la importación;
- ``ElasticTransformation`` multiplica un array ``float32`` por un escalar ``float64``. Desde la NEP
  50 el resultado es ``float64``, y ``cv2.convertMaps`` (OpenCV 4 y 5) solo admite ``float32``: se
  convierten los desplazamientos antes de usarlos.

Úsalo en lugar de ``import imgaug``::

    from helpers.data.imgaug_compat import BoundingBox, BoundingBoxesOnImage, ia, iaa

**Semillas.** imgaug tiene su propio generador: ``runtime.start`` no lo controla. Hay tres formas de
repetir un resultado: ``ia.seed(7)`` fija el generador común, y desde ahí importa el orden en que se
usan los aumentadores; ``iaa.Add((-10, 10), seed=7)`` da a ese aumentador el suyo, pero el ``seed=``
de una cadena (``Sequential``, ``SomeOf``…) no llega a sus piezas; :func:`seeded` las siembra todas.
Sembrado, un aumentador repite su *secuencia*: la segunda llamada no repite la primera. Para aplicar
el mismo cambio dos veces, ``aumentador.to_deterministic()``; a una imagen y a sus cajas, una sola
llamada: ``aumentador(image=..., bounding_boxes=...)``.

**Nombres que han cambiado.** ``iaa.ContrastNormalization`` se llama hoy ``iaa.LinearContrast``; el
antiguo aún funciona, con un aviso. ``iaa.Affine()`` sin argumentos no hacía nada en la 0.2.5; desde
la 0.4.0 gira, escala y desplaza al azar.
"""

import contextlib

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


@contextlib.contextmanager
def _lent_sctypes():
    """Presta ``np.sctypes`` a quien se importe dentro, y lo retira al salir."""
    if hasattr(np, "sctypes"):
        yield
        return
    np.sctypes = SCTYPES  # noqa: NPY201
    try:
        yield
    finally:
        del np.sctypes  # noqa: NPY201


try:
    with _lent_sctypes():
        import imgaug as ia
        import imgaug.augmenters as iaa
except ImportError as error:
    raise ImportError(MISSING.format(error=error)) from error

from imgaug.augmentables.bbs import BoundingBox, BoundingBoxesOnImage  # noqa: E402
from imgaug.augmentables.kps import Keypoint, KeypointsOnImage  # noqa: E402

__all__ = [
    "BoundingBox",
    "BoundingBoxesOnImage",
    "Keypoint",
    "KeypointsOnImage",
    "ia",
    "iaa",
    "seeded",
]


def seeded(augmenter, seed: int):
    """Siembra ``augmenter`` y todo lo que contiene, y lo devuelve.

    ``pipeline = seeded(iaa.Sequential([...]), 42)`` da siempre la misma secuencia de cambios, la
    use quien la use y en el orden que sea.
    """
    augmenter.seed_(seed)
    return augmenter


def _repair_elastic(augmenter) -> None:
    """Hace que ``augmenter`` desplace los píxeles con ``float32``. Repetirlo no cambia nada."""
    original = getattr(augmenter._generate_shift_maps, "__func__", None)
    if original is None or hasattr(original, "repaired"):
        return

    def generate(cls, *args, **kwargs):
        return tuple(np.float32(shift) for shift in original(cls, *args, **kwargs))

    generate.repaired = True
    augmenter._generate_shift_maps = classmethod(generate)


_repair_elastic(iaa.ElasticTransformation)
