"""Vuelve a generar las figuras de juguete del cuaderno 08, con sus cajas y siempre iguales::

    python datasets/lego/generate.py               # todo, en datasets/lego
    python datasets/lego/generate.py --help

Está hecho como el original del artículo: de cada foto salen la imagen completa y dos variantes
con zoom y recorte (``escena_017_a``, ``_b`` y ``_c``). Cada escena sale de su propia semilla, así
que se puede repetir una sola.
"""

import argparse
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from helpers import paths
from helpers.atomic import replace_with
from helpers.console import Bar
from helpers.data import images, lego, video
from helpers.data.boxes.voc import to_xml
from lego_recipe import clip, crops, scenes

SEED = 8
SCENES = {lego.TRAIN: (100, "abc"), lego.TEST: (30, "ab")}  # cuántas y con qué variantes
QUALITY = 80  # de los JPEG


def scene_rng(split: str, number: int, seed: int = SEED) -> np.random.Generator:
    """El generador de números al azar de una escena, independiente de todas las demás."""
    return np.random.default_rng([seed, list(SCENES).index(split), number])


def make_scene(split: str, number: int, seed: int = SEED):
    """Las variantes de una escena.

    Yields:
        (nombre, imagen RGB ``uint8`` de 416×416, ``Annotation`` con el tipo de cada figura).
    """
    if split not in SCENES or not 1 <= number <= SCENES[split][0]:
        raise ValueError(f"No hay escena {number!r} en «{split}»: {SCENES}.")
    rng = scene_rng(split, number, seed)
    photo = scenes.photograph(rng)
    for letter in SCENES[split][1]:
        window = crops.whole(photo) if letter == "a" else crops.random_window(rng, photo)
        name = f"{split}_{number:03d}_{letter}"
        annotation = crops.annotate(photo, window, Path(f"{name}.jpg"))
        yield name, crops.picture(photo, window, rng), annotation


def save(folder: Path, image: np.ndarray, annotation) -> None:
    """Guarda una imagen y sus dos XML: una sola clase, y el tipo de cada figura."""
    path = folder / "images" / annotation.image_path.name
    images.write(path, image, quality=QUALITY)
    for where, version in (
        ("annotations", crops.only_figures(annotation)),
        ("annotations_tipos", annotation),
    ):
        xml = to_xml(replace(version, image_path=path))
        replace_with(folder / where / f"{path.stem}.xml", xml)


def build(
    folder,
    split: str = lego.TRAIN,
    numbers: Iterable[int] | None = None,
    seed: int = SEED,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> None:
    """Genera en ``folder`` las escenas ``numbers`` (``None``, todas) de ``split``.

    Deja ``images/``, ``annotations/`` (clase «lego») y ``annotations_tipos/`` (agente, astronauta,
    civil, pirata y coche); las de prueba, dentro de ``prueba/``.

    Raises:
        WriteError: si no se puede escribir.
    """
    folder = Path(folder) / ("prueba" if split == lego.TEST else "")
    wanted = list(numbers if numbers is not None else range(1, SCENES[split][0] + 1))
    for done, number in enumerate(wanted, 1):
        for _, image, annotation in make_scene(split, number, seed):
            save(folder, image, annotation)
        progress(done, len(wanted))


def extras(folder: Path, seed: int = SEED) -> None:
    """La foto de grupo con sus cajas y el vídeo corto."""
    image, annotation = clip.group_photo(seed)
    path = images.write(folder / "grupo.jpg", image, quality=QUALITY)
    full = replace(crops.only_figures(annotation), image_path=path)
    replace_with(folder / "grupo.xml", to_xml(full))
    total = round(clip.SECONDS * clip.FPS)
    bar = Bar("paseo.webm")

    def watched():
        for k, frame in enumerate(clip.frames(seed), 1):
            yield frame
            bar(k, total)

    video.write_video(folder / "paseo.webm", watched(), clip.FPS, overwrite=True)
    bar.close("✔")


def main(arguments=None) -> None:
    """Genera lo que se pida; sin argumentos, todo."""
    parser = argparse.ArgumentParser(description="Vuelve a generar las figuras de juguete.")
    parser.add_argument("--carpeta", type=Path, default=lego.FOLDER, help="dónde se deja")
    parser.add_argument("--semilla", type=int, default=SEED, help="otra semilla, otro mundo")
    parser.add_argument("--solo", choices=(*SCENES, "extras"), help="solo una parte")
    options = parser.parse_args(arguments)
    if options.semilla != SEED and options.carpeta.resolve() == lego.FOLDER:
        parser.error("con otra semilla di también --carpeta: los datos incluidos no se cambian")
    for split in SCENES:
        if options.solo in (None, split):
            bar = Bar(split)
            build(options.carpeta, split, seed=options.semilla, progress=bar)
            bar.close("✔")
    if options.solo in (None, "extras"):
        extras(options.carpeta, options.semilla)
    print(f"Hecho en {paths.relative(options.carpeta)}.")


if __name__ == "__main__":
    main()
