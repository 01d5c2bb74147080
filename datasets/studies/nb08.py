"""Estudio del cuaderno 08: cuánto acierta el detector, cuánto engaña separar mal y qué lo mejora.

Cada parte se puede repetir sola («python -m helpers study 08 --part lego»):

============ =========================================================================
``lego``     entrenar con las 300 imágenes y medir en las 60 de escenas nuevas
``kinds``    lo mismo, con cinco clases
``leak``     separar por escena y al azar: la nota que sale y la que vale, con fotos nuevas
``bccd``     fotografías reales de células (hace falta ``NB_DATA_DIR``), lista oficial
``long``     ``bccd`` con más épocas
``large``    ``bccd`` con ese mismo tiempo y más píxeles
``few``      pocas fotografías reales (mapaches): desde cero y sobre una red ya entrenada
============ =========================================================================

``few_bccd`` es ``few`` con las fotografías de ``bccd``. Las dos necesitan la carpeta ``raccoon`` (o
``BCCD``) dentro de ``NB_DATA_DIR`` y unos pesos de MobileNetV2: el archivo ``NB_WEIGHTS``, del que
``NB_WEIGHTS_ORIGIN`` dice qué es, o, sin él, los de imagenet, que se descargan. Cada resultado se
guarda al salir; con ``NB_RESUME=1`` se sigue un estudio que se cortó.
"""

import io
import json
import os
import sys
import time
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import bccd
import numpy as np

from helpers import atomic, studies
from helpers.data import lego as dataset
from helpers.data.boxes import load_voc, splits
from helpers.yolo import metrics
from helpers.yolo.detector import STEPS, Detector

SEEDS = (0, 1, 2)
EPOCHS = {"lego": 35, "kinds": 50, "leak": 25, "bccd": 85, "long": 300, "large": 130}
LARGE_SIZE = (288, 384)  # alto y ancho; «auto» elige 192×256
FEW = (60, None, 120)  # fotos de entrenamiento (None, todas), por orden de interés
RECIPES = {"transferencia": "mobilenet", "desde cero": "compact"}
IOUS = {"ap50": 0.5, "ap75": 0.75}


def train(
    data, labels, seed: int, *, size=208, architecture="compact", options=None, closing=0, **fit
):  # fmt: skip
    """Un entrenamiento: el detector y lo que costó (minutos de reloj y de procesador).

    Con mosaicos hasta el final, si no se dice otra cosa con ``closing``.
    """
    wall, cpu = time.perf_counter(), time.process_time()
    detector = Detector(labels, size=size, architecture=architecture, options=options)
    detector.fit(data, seed=seed, closing=closing, progress=False, **fit)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return detector, {"minutes": round(wall / 60, 2), "cpu_minutes": round(cpu / 60, 2)}


def score(detector, data) -> dict:
    """AP con IoU 0.5 y 0.75, de cada clase y media, y la media de COCO."""
    truths, found = detector.collect(data)
    results = {"coco": metrics.coco_summary(truths, found, detector.labels)["AP"]}
    for name, iou in IOUS.items():
        evaluation = metrics.evaluate(truths, found, detector.labels, iou)
        results[name] = evaluation.map
        results[f"{name}_by_class"] = evaluation.ap
    return _rounded(results)


def compress(path) -> Path:
    """Comprime las partes de un archivo guardado, para distribuirlo: pesa menos y se lee igual."""
    smaller = io.BytesIO()
    with (
        zipfile.ZipFile(path) as before,
        zipfile.ZipFile(smaller, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as after,
    ):
        for part in before.infolist():
            after.writestr(part.filename, before.read(part))
    return atomic.replace_with(path, smaller.getvalue())


def lego(step) -> list[dict]:
    """Entrenar con todas las escenas y medir en las de prueba, con cada semilla."""
    results = []
    for seed in SEEDS:
        data, epochs = dataset.load(), EPOCHS["lego"]
        detector, cost = train(data, dataset.LABELS, seed, epochs=epochs)
        results.append({"seed": seed, **cost, **score(detector, dataset.load("prueba"))})
        if seed == SEEDS[0]:
            compress(detector.save(dataset.FOLDER / "detector.keras"))
        step(len(SEEDS))
    return results


def kinds(step) -> list[dict]:
    """Cinco clases en vez de una."""
    results = []
    for seed in SEEDS:
        data = dataset.load(kinds=True)
        detector, cost = train(data, dataset.KIND_LABELS, seed, epochs=EPOCHS["kinds"])
        new = dataset.load("prueba", kinds=True)
        results.append({"seed": seed, **cost, **score(detector, new)})
        if seed == SEEDS[0]:
            compress(detector.save(dataset.FOLDER / "detector_tipos.keras"))
        step(len(SEEDS))
    return results


def leak(step) -> list[dict]:
    """La nota de cada separación y, del mismo detector, la de las escenas de prueba."""
    results = []
    for seed in SEEDS:
        for name, split in (("scene", splits.by_group), ("random", splits.at_random)):
            data, held_out = split(dataset.load(), 0.2, seed=seed)
            detector, cost = train(data, dataset.LABELS, seed, epochs=EPOCHS["leak"])
            results.append({
                "seed": seed, "split": name, **cost, "held_out": score(detector, held_out),
                "new": score(detector, dataset.load("prueba")),
            })  # fmt: skip
            step(2 * len(SEEDS))
    return results


def cells(step, seeds=SEEDS, epochs: int = EPOCHS["bccd"], size="auto") -> list[dict]:
    """Células reales: solo cambian las rutas y las clases (el tamaño sale de los datos)."""
    data, test = bccd.load("trainval"), bccd.load("test")
    results = []
    for seed in seeds:
        detector, cost = train(data, bccd.LABELS, seed, epochs=epochs, size=size)
        size_used = list(detector.model.size)
        results.append({"seed": seed, "size": size_used, **cost, **score(detector, test)})
        step(len(seeds))
    return results


def long(step) -> list[dict]:
    """Más épocas, con una semilla."""
    return cells(step, SEEDS[:1], EPOCHS["long"])


def large(step) -> list[dict]:
    """Más píxeles, con una semilla."""
    return cells(step, SEEDS[:1], EPOCHS["large"], LARGE_SIZE)


def raccoons():
    """Los 200 mapaches: la quinta parte para la prueba, con las fotos repetidas en un lado."""
    folder = Path(os.environ.get("NB_DATA_DIR", "")) / "raccoon"
    data = load_voc(folder / "annotations", folder / "images", repair=("clip", "drop"))
    return splits.by_group(data, 0.2, seed=0)


def few(step, name="few", load=raccoons) -> list[dict]:
    """Con pocas fotos: por transferencia y desde cero; cada resultado se guarda al salir."""
    weights = os.environ.get("NB_WEIGHTS", "imagenet")
    origin = "imagenet" if weights == "imagenet" else os.environ["NB_WEIGHTS_ORIGIN"]
    photos, test = load()
    runs = [(n, recipe, seed) for recipe in RECIPES for n in FEW for seed in SEEDS]
    stored = studies.load("08")["results"].get(name, []) if os.environ.get("NB_RESUME") else []
    results = []
    for count, recipe, seed in runs:
        chosen = np.random.default_rng(seed).permutation(len(photos))[:count]
        architecture = RECIPES[recipe]
        pretrained = architecture == "mobilenet"
        key = {"photos": len(chosen), "recipe": recipe, "seed": seed, "steps": STEPS[architecture],
               "weights": origin if pretrained else "al azar"}  # fmt: skip
        done = next((run for run in stored if key.items() <= run.items()), None)
        if done is None:
            detector, cost = train(
                photos.select(chosen), photos.labels, seed, size="auto", architecture=architecture,
                options={"weights": weights} if pretrained else None, closing=0.2,
            )  # fmt: skip
            done = key | {"size": list(detector.model.size), **cost, **score(detector, test)}
        results.append(done)
        if done not in stored:
            study = studies.load("08")  # ahora: quizá otra parte ha terminado mientras tanto
            study["results"][name] = results
            content = json.dumps(study, ensure_ascii=False, indent=1) + "\n"
            atomic.replace_with(studies.path("08"), content.encode())
        step(len(runs))
    return results


def few_bccd(step) -> list[dict]:
    """``few`` con las células: la lista oficial de entrenamiento y validación, y la de prueba."""
    return few(step, "few_bccd", lambda: (bccd.load("trainval"), bccd.load("test")))


def _rounded(value):
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return round(float(value), 4)


PARTS = {
    "lego": lego, "kinds": kinds, "leak": leak, "bccd": cells, "long": long, "large": large,
    "few": few, "few_bccd": few_bccd,
}  # fmt: skip
