"""Diez deportes pintados por el proyecto: imágenes en color de 21×28, varias de cada clip::

    from helpers.data import sports
    data = sports.load()        # un ImageSet: images, labels, names, groups…

Sustituyen a las 77 128 imágenes del artículo, que salen de vídeos ajenos. Su receta:
``python datasets/deportes/generate.py``. Cuaderno 05.
"""

from helpers import paths, runtime
from helpers.data import image_folder, images, originals

ARCHIVE = paths.DATASETS / "deportes" / "deportes.zip"
HEIGHT, WIDTH = 21, 28
SPANISH = {  # cómo se escriben las carpetas que conservan el nombre que les dio el artículo
    "basket": "baloncesto",
    "beisball": "béisbol",
    "f1": "Fórmula 1",
    "futbol": "fútbol",
    "natacion": "natación",
}
PHOTOS = [  # de los clips 900, 901 y 902, que no están en el conjunto
    paths.DATASETS / "deportes" / "fotos" / f"{sport}_{clip}.png"
    for sport in ("basket", "futbol")
    for clip in (900, 901, 902)
]


def load():
    """El conjunto incluido o, con ``NB_DATA=original``, el del artículo.

    El incluido se lee del ZIP sin descomprimirlo en el disco.

    Returns:
        helpers.data.image_folder.ImageSet: ``images`` ``uint8`` (n, 21, 28, 3) en RGB.

    Raises:
        FolderError: si el ZIP falta o está dañado.
        helpers.data.originals.DataError: si el original no está y no se puede descargar.
    """
    if runtime.data_mode() == "sample":
        return image_folder.load(ARCHIVE, size=(HEIGHT, WIDTH), cache=False, progress=False)
    return image_folder.load(originals.locate("sportimages"), size=(HEIGHT, WIDTH))


def photos() -> list:
    """Seis fotos nuevas, tres de basket y tres de fútbol, de clips que no están en el conjunto.

    Returns:
        Seis arrays RGB ``uint8`` (84, 112, 3), con cuatro veces el lado de las del conjunto.

    Raises:
        helpers.data.images.ImageError: si alguna falta o está dañada.
    """
    return [images.read(path) for path in PHOTOS]
