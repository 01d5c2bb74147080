"""COCO: un solo JSON con imágenes, cajas y categorías. Cuaderno 08.

Una caja de COCO es ``[x, y, ancho, alto]`` en píxeles, con (x, y) la esquina de arriba a la
izquierda (Lin et al., «Microsoft COCO», 2014; cocodataset.org, «Data format»).
"""

import json
import re
from collections import Counter
from pathlib import Path

from helpers import paths
from helpers.console import counted
from helpers.data.boxes.dataset import AnnotationError, Dataset
from helpers.data.boxes.files import (
    Photos,
    as_flag,
    as_labels,
    as_number,
    as_size,
    clean,
    photos_near,
    read_text,
    refuse_corners,
    within,
)
from helpers.data.boxes.review import Raw, Review, Sheet

MAX_BYTES = 500_000_000
LISTS = ("images", "annotations", "categories")


def load_coco(
    path, image_dir=None, labels=None, *, repair=None, ignore=(), unannotated="warn", name=""
) -> Dataset:
    """Lee un JSON de COCO; se revisa igual que Pascal VOC.

    Lo que identifica imágenes y categorías puede ser un entero, un decimal o un texto: 1, 1.0 y
    "1" son el mismo. De una categoría repetida, como las de Roboflow, se usa la que tiene cajas.

    Args:
        path: el JSON.
        image_dir: la carpeta de las imágenes; ``None``, la del JSON u otra de al lado o encima.
        labels: las clases, en orden; ``None``, las categorías del JSON, por orden de número.
        repair, ignore, unannotated: como en :func:`helpers.data.boxes.load_voc`.

    Raises:
        AnnotationError: con el informe de todos los problemas, si alguno impide entrenar.
    """
    path = paths.given(path, AnnotationError)
    content = _read(path)
    skipped = as_labels(ignore, "ignore") if ignore else []
    names, classes, unused = _categories(content, path.name)
    mine = as_labels(labels) or [label for label in classes if label not in skipped] or None
    source = "labels" if labels is not None else path.name
    photos = _photos(content, path.parent, image_dir)
    review = Review(photos, mine, repair, ignore, unannotated, source)
    for item, text in unused if labels is None else ():
        review.note("unused-category", path.name, item, text, action="no se cuenta como clase")
    objects, images = {}, Counter(_key(item, "id") for item in content["images"])
    for item in content["annotations"]:
        objects.setdefault(_key(item, "image_id"), []).append(_object(item, names))
    orphans = [key for key in objects if key not in images]
    for key in orphans:
        lost, item = len(objects[key]), f"image_id {key}"
        text = f"{counted(lost, 'caja')} de una imagen que no está en «images»."
        review.fault("no-image-id", path.name, item, text, what="anotación", lost=lost)
        review.orphans.append(item)
    sheets = []
    for item in content["images"]:
        key, filename, fault = _key(item, "id"), str(item.get("file_name") or ""), None
        if images[key] > 1:
            fault = ("repeated-id", f"tiene el id {key}, que también es de otra imagen.")
        elif not filename:
            fault = ("no-file-name", "no dice el nombre de su imagen, «file_name».")
        elif orphans and key not in objects:
            text = f"no tiene cajas, pero pueden ser suyas las del image_id {orphans[0]}."
            fault = ("doubtful", text)
        stem, file = Path(filename.replace("\\", "/")).stem, f"{path.name}, {filename or key}"
        size = as_size(item.get("width"), item.get("height"))
        sheets.append(Sheet(file, filename, stem, size, objects.get(key, []), fault=fault))
    refuse_corners(sheets, path.name, "[x, y, ancho, alto]")
    return review.run(sheets, name or path.stem, files=1)


def _read(path: Path) -> dict:
    name = paths.relative(path)
    if path.is_dir():
        inside = ", ".join(file.name for file in sorted(path.rglob("*.json"))[:3])
        there = f"Dentro hay {inside}." if inside else "Dentro no hay ningún JSON."
        raise AnnotationError(f"{name} es una carpeta, y load_coco lee un JSON. {there}")
    if not path.is_file():
        raise AnnotationError(f"No existe {name}, o no es un archivo. Revisa la ruta.")
    if path.stat().st_size > MAX_BYTES:
        raise AnnotationError(f"{name} ocupa más de {MAX_BYTES // 1_000_000} MB.")
    text = read_text(path)
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise AnnotationError(
            f"{name} no es un JSON correcto (línea {line}): está vacío, cortado o es otra cosa. "
            "Vuelve a exportarlo; si es un ZIP, descomprímelo."
        ) from None
    lists = isinstance(content, dict) and all(isinstance(content.get(k), list) for k in LISTS)
    if not lists or not all(isinstance(item, dict) for k in LISTS for item in content[k]):
        raise AnnotationError(
            f"{name} no es COCO: deben estar las listas {', '.join(LISTS)}. Expórtalo como «COCO "
            "Instances» o «COCO Detection»."
        )
    return content


def _photos(content: dict, beside: Path, image_dir) -> Photos:
    """Las imágenes: donde dicen las rutas del JSON o, si ahí no están, en una carpeta cercana."""
    folder = beside if image_dir is None else paths.given(image_dir, AnnotationError, "image_dir")
    if any(within(folder, str(item.get("file_name") or "")) for item in content["images"]):
        return Photos(folder)
    return photos_near(beside, beside, image_dir)


def _key(item: dict, name: str) -> int | str:
    """Un identificador del JSON: 1, 1.0 y "1" son el mismo; lo que no es un número, como texto."""
    value = item.get(name)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    text = clean(value) if isinstance(value, str) else repr(value)
    return int(float(text)) if re.fullmatch(r"[+-]?[0-9]{1,15}(\.0*)?", text) else text


def _categories(content: dict, file: str):
    """La clase de cada número, las clases por orden de número, y las categorías que sobran.

    Roboflow añade la categoría 0, con el nombre del proyecto, y ninguna caja es suya.

    Raises:
        AnnotationError: si se repite un número, o el nombre de dos categorías con cajas.
    """
    names, groups = {}, set()
    for item in content["categories"]:
        key, label = _key(item, "id"), item.get("name")
        if key in names:
            raise AnnotationError(
                f"{file} repite la categoría número {key} («{names[key]}» y «{label}»). Deja una."
            )
        names[key] = "" if label is None else clean(str(label))
        groups.add(clean(str(item.get("supercategory") or "")))
    used = {_key(item, "category_id") for item in content["annotations"]}
    classes, unused = {}, []
    for key in sorted(names, key=lambda k: (k not in used, isinstance(k, str), k)):
        label, item = names[key], f"categoría {key} ({names[key]})"
        if key in used and label and label in classes:
            raise AnnotationError(
                f"{file} llama «{label}» a dos categorías con cajas, la {classes[label]} y la "
                f"{key}. Ponles nombres distintos o usa el mismo número en las dos."
            )
        if key in used and label:
            classes[label] = key
        elif label in classes:
            unused.append((item, f"se llama como la {classes[label]} y ninguna caja la usa."))
        elif not label and key not in used:
            unused.append((item, "no tiene nombre y ninguna caja la usa."))
        elif label in groups:
            unused.append((item, "es el grupo de otras categorías y ninguna caja la usa."))
        elif label:
            classes[label] = key
    order = sorted(classes, key=lambda label: (isinstance(classes[label], str), classes[label]))
    return names, order, unused


def _object(item: dict, names: dict) -> Raw:
    category, box = _key(item, "category_id"), item.get("bbox")
    if category not in names:
        text = f"es de la categoría {category}, que no está en la lista."
        return Raw("", fault=("unknown-category", text))
    label = names[category]
    if not isinstance(box, list) or len(box) != 4:
        other = "tiene «segmentation» y " if item.get("segmentation") else ""
        return Raw(label, fault=("no-box", f"{other}no tiene «bbox» con cuatro números."))
    numbers = [as_number(value) for value in box]
    if None in numbers:
        bad = box[numbers.index(None)]
        return Raw(label, fault=("not-a-number", f"«{bad}», en su «bbox», no es un número."))
    x, y, width, height = numbers
    hard = any(as_flag(item.get(mark)) for mark in ("difficult", "iscrowd", "ignore"))
    return Raw(label, (x, y, x + width, y + height), hard, as_flag(item.get("truncated")))
