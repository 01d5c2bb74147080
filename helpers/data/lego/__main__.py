"""Vuelve a generar las figuras de juguete: ``python -m helpers.data.lego``."""

import argparse
from pathlib import Path

from helpers import paths
from helpers.atomic import replace_with
from helpers.console import Bar
from helpers.data import images, video
from helpers.data.annotations.model import Annotation
from helpers.data.annotations.voc import to_xml
from helpers.data.lego import clip, crops, dataset


def extras(folder: Path, seed: int) -> None:
    """La foto de grupo con sus cajas y el vídeo corto."""
    image, annotation = clip.group_photo(seed)
    path = images.write(folder / "grupo.jpg", image, quality=dataset.QUALITY)
    full = Annotation(path, annotation.width, annotation.height, annotation.boxes)
    replace_with(folder / "grupo.xml", to_xml(crops.only_figures(full)))
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
    parser = argparse.ArgumentParser(prog="python -m helpers.data.lego", description=__doc__)
    parser.add_argument("--carpeta", type=Path, default=dataset.FOLDER, help="dónde se deja")
    parser.add_argument(
        "--semilla", type=int, default=dataset.SEED, help="otra semilla, otro mundo"
    )
    parser.add_argument("--solo", choices=(*dataset.SPLITS, "extras"), help="solo una parte")
    options = parser.parse_args(arguments)
    for split in dataset.SPLITS:
        if options.solo in (None, split):
            bar = Bar(split)
            dataset.build(options.carpeta, options.semilla, split, progress=bar)
            bar.close("✔")
    if options.solo in (None, "extras"):
        extras(options.carpeta, options.semilla)
    print(f"Hecho en {paths.relative(options.carpeta)}.")


if __name__ == "__main__":
    main()
