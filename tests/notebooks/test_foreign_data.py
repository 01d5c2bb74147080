"""05, 07, 08 y 09 enteros con datos que no son los suyos: solo cambia la celda que dicen.

Lentas: ``NB_SLOW=1 python -m pytest tests/notebooks/test_foreign_data.py``. Los datos se inventan
aquí; con ``NB_FOREIGN_05=carpeta`` (o ``_07``, ``_08``, ``_09``) se usan otros, de verdad: una
carpeta de fotos, un CSV, una carpeta con ``annotations`` e ``images`` (y ``NB_FOREIGN_LABELS``, sus
clases separadas por comas) o un TSV. El cuaderno recorrido, para leerlo, queda en ``NB_FOREIGN``.
"""

import os
from pathlib import Path

import cv2
import nbformat
import numpy as np
import pandas as pd
import pytest
from nbclient import NotebookClient

from helpers import lessons, paths
from helpers.data import images, pairs
from helpers.data.boxes import Annotation, Box
from helpers.data.boxes.voc import write_voc

slow = pytest.mark.skipif(not os.environ.get("NB_SLOW"), reason="lenta: NB_SLOW=1 la ejecuta")
LABELS = os.environ.get("NB_FOREIGN_LABELS", "pieza").split(",")


def scene(rng, color) -> np.ndarray:
    """Un fondo con ruido, ``(96, 128, 3)``."""
    return np.clip(rng.normal(color, 20, (96, 128, 3)), 0, 255).astype("uint8")


def folder_of_photos(folder: Path) -> Path:
    """Tres clases, de 60 fotos: círculos, cuadrados y rayas, de cualquier color."""
    rng = np.random.default_rng(0)
    for kind in ("aro", "cuadro", "raya"):
        (folder / kind).mkdir(parents=True)
        for i in range(60):
            picture, ink = scene(rng, rng.integers(60, 200, 3)), rng.integers(0, 255, 3).tolist()
            x, y = map(int, rng.integers(30, 60, 2))
            if kind == "aro":
                cv2.circle(picture, (x, y), 20, ink, 6)
            elif kind == "cuadro":
                cv2.rectangle(picture, (x - 18, y - 18), (x + 18, y + 18), ink, -1)
            else:
                cv2.line(picture, (x - 20, y - 10), (x + 20, y + 10), ink, 6)
            images.write(folder / kind / f"{i}.png", picture)
    return folder


def growing_sales(folder: Path) -> Path:
    """Un año de 1959 y medio más, en torno a 0.03, que crece y descansa los domingos."""
    days = pd.date_range("1959-01-01", periods=540)
    rng = np.random.default_rng(0)
    level = 0.03 * (1 + np.arange(540) / 540) * (1 + 0.2 * np.sin(days.dayofweek))
    table = pd.DataFrame({"fecha": days, "ventas": level * rng.normal(1, 0.08, 540)})
    table[days.dayofweek < 6].to_csv(folder / "mis ventas.csv", index=False)
    return folder / "mis ventas.csv"


def annotated_photos(folder: Path) -> Path:
    """Sesenta fotos con una o dos piezas, y su XML."""
    rng = np.random.default_rng(0)
    for i in range(60):
        picture, boxes = scene(rng, 120), []
        for left in (8, 70)[: 1 + i % 2]:
            x, y = left + int(rng.integers(0, 20)), int(rng.integers(5, 50))
            wide, high = map(int, rng.integers(18, 36, 2))
            cv2.rectangle(picture, (x, y), (x + wide, y + high), (220, 40, 40), -1)
            boxes.append(Box("pieza", x, y, x + wide, y + high))
        file = images.write(folder / "images" / f"{i}.jpg", picture)
        found = Annotation(file, picture.shape[1], picture.shape[0], tuple(boxes))
        write_voc(found, folder / "annotations" / f"{i}.xml")
    return folder


def own_sentences(folder: Path) -> Path:
    """Mil quinientas parejas en un TSV."""
    lines = [f"{es}\t{en}" for es, en in pairs.load(original=False).train[:1500]]
    (folder / "frases.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder / "frases.tsv"


class Reader(NotebookClient):
    """Como alguien delante del cuaderno: lo que ya no coincide con el texto avisa y deja seguir."""

    async def async_start_new_kernel_client(self):
        client = await super().async_start_new_kernel_client()
        client.allow_stdin = True
        return client


CASES = {
    "05": (folder_of_photos, {"FOLDER = None": "FOLDER = Path({0!r})"}),
    "07": (
        growing_sales,
        {"path = None": "path = Path({0!r})", "\nholidays = ": "\nholidays = []\n_ = "},
    ),
    "08": (
        annotated_photos,
        {
            'XML_DIR = figures.FOLDER / "annotations"': "XML_DIR = Path({0!r}) / 'annotations'",
            'IMAGE_DIR = figures.FOLDER / "images"': "IMAGE_DIR = Path({0!r}) / 'images'",
            'LABELS = ["lego"]': f"LABELS = {LABELS}",
        },
    ),
    "09": (own_sentences, {"TSV = None": "TSV = {0!r}"}),
}  # fmt: skip


@slow
@pytest.mark.parametrize("number", CASES)
def test_the_whole_page_runs(number, tmp_path):
    make, changes = CASES[number]
    given = os.environ.get(f"NB_FOREIGN_{number}") or make(tmp_path)
    file = paths.NOTEBOOKS / lessons.by_number(number).filename
    notebook = nbformat.read(file, as_version=4)
    (cell,) = (
        c for c in notebook.cells if c.cell_type == "code" and next(iter(changes)) in c.source
    )
    for before, after in changes.items():
        assert cell.source.count(before) == 1
        cell.source = cell.source.replace(before, after.format(str(given)))
    cell.source = f"from pathlib import Path\n{cell.source}"
    where = {"metadata": {"path": str(paths.NOTEBOOKS)}}
    try:
        Reader(notebook, timeout=1200, kernel_name="python3", resources=where).execute()
    finally:
        if kept := os.environ.get("NB_FOREIGN"):
            Path(kept).mkdir(parents=True, exist_ok=True)
            nbformat.write(notebook, Path(kept) / file.name)
