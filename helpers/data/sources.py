"""El catálogo de datos originales: qué es cada uno, de dónde viene, su licencia y su huella."""

import difflib
import hashlib
from dataclasses import dataclass
from pathlib import Path

from helpers.data.transfer import DataError

BLOG_REPO = (
    "https://raw.githubusercontent.com/jbagnato/machine-learning/"
    "389d43b114e450d7b821e823449816dc0bcf199f"
)


@dataclass(frozen=True)
class Dataset:
    """Un conjunto de datos público.

    Attributes:
        filename: nombre con el que se busca y se guarda (una carpeta, si ``parts`` no está vacío).
        urls: direcciones de descarga, por orden; vacía si no se puede descargar.
        size: bytes, si se conocen.
        sha256, git_blob: huellas; ``git_blob`` es el identificador que le da git (SHA-1 de
            ``blob <bytes>\\0`` y el contenido).
        parts: subcarpetas que debe tener, si es una carpeta.
        homepage: página del proyecto original.
    """

    name: str
    what: str
    filename: str
    licence: str
    homepage: str
    urls: tuple[str, ...] = ()
    size: int | None = None
    sha256: str = ""
    git_blob: str = ""
    parts: tuple[str, ...] = ()
    manual: str = ""

    def matches(self, path: Path) -> bool:
        """¿Es ``path`` el archivo auténtico?"""
        if self.size is not None and path.stat().st_size != self.size:
            return False
        digest = hashlib.sha256() if self.sha256 else hashlib.sha1(usedforsecurity=False)
        if not self.sha256:
            digest.update(b"blob %d\0" % path.stat().st_size)
        with open(path, "rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
        return digest.hexdigest() == (self.sha256 or self.git_blob)


CATALOG = {
    dataset.name: dataset
    for dataset in (
        Dataset(
            "ventas_blog",
            "ventas diarias del blog: 604 días, del 2 de enero de 2017 al 30 de noviembre de 2018",
            "time_series.csv",
            "GPL-3.0 (la del repositorio)",
            "https://github.com/jbagnato/machine-learning",
            (f"{BLOG_REPO}/time_series.csv",),
            9013,
            "cf6fc87395ca68533587d05e5f4a2a975bdb36c7dd1dd73cb248fca11ac8f7a0",
        ),
        Dataset(
            "resultados_futbol",
            "49 520 resultados de selecciones de fútbol desde 1872",
            "international_results.csv",
            "CC0",
            "https://github.com/martj42/international_results",
            (
                "https://raw.githubusercontent.com/martj42/international_results/"
                "65d212aac5deec5157071dcf6e9b05fce0223c84/results.csv",
            ),
            3_727_835,
            "100afa17b2258ffcc0e9ef9612e374c5349e2b9390ec450b72147d4643c42070",
        ),
        Dataset(
            "spa_eng",
            "118 964 pares de frases inglés-español de Tatoeba (manythings.org, 2018)",
            "spa-eng.zip",
            "CC-BY 2.0",
            "https://www.manythings.org/anki/",
            (
                "https://storage.googleapis.com/download.tensorflow.org/data/spa-eng.zip",
                "https://download.tensorflow.org/data/spa-eng.zip",
            ),
            2_638_744,
            "0c4fd7825d3d872488d38c157f784e035edab4f2ff0df25a2a208790ecb5b58f",
        ),
        Dataset(
            "sportimages",
            "77 128 imágenes pequeñas de diez deportes, del blog",
            "sportimages.zip",
            "GPL-3.0 (la del repositorio)",
            "https://github.com/jbagnato/machine-learning",
            (f"{BLOG_REPO}/sportimages.zip",),
            git_blob="8203145dfa1eca38899a89bf55ca09b2d421d666",
        ),
        Dataset(
            "mnist",
            "70 000 dígitos escritos a mano de 28×28 (LeCun, Cortes y Burges)",
            "mnist.npz",
            "CC BY-SA 3.0",
            "https://keras.io/api/datasets/mnist/",
            ("https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz",),
            11_490_434,
            "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
        ),
        Dataset(
            "bccd",
            "364 fotografías de células de la sangre con sus cajas (Pascal VOC)",
            "BCCD",
            "MIT",
            "https://github.com/Shenggan/BCCD_Dataset",
            parts=("Annotations", "ImageSets/Main", "JPEGImages"),
            manual=(
                "Descarga https://github.com/Shenggan/BCCD_Dataset (botón «Code», «Download ZIP»), "
                "descomprímelo y define NB_DATA_DIR con la carpeta que contiene «BCCD»."
            ),
        ),
    )
}


def find(name: str) -> Dataset:
    """La ficha de ``name``.

    Raises:
        DataError: si no está en el catálogo.
    """
    if name in CATALOG:
        return CATALOG[name]
    near = difflib.get_close_matches(str(name).lower(), CATALOG, n=1, cutoff=0.5)
    hint = f"¿Querías decir «{near[0]}»? " if near else ""
    raise DataError(f"No conozco los datos «{name}». {hint}Los hay: {', '.join(CATALOG)}.")
