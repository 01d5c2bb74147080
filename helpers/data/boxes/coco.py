"""COCO: un solo JSON con imágenes, cajas y categorías. Cuaderno 08.

Una caja de COCO es ``[x, y, ancho, alto]`` en píxeles, con (x, y) la esquina de arriba a la
izquierda (Lin et al., «Microsoft COCO», 2014; cocodataset.org, «Data format»).
"""

import json
import re
from collections import Counter
from pathlib import Path

from helpers import paths
from helpers.data.boxes.dataset import AnnotationError, Dataset
from helpers.data.boxes.files import as_flag, as_number, as_size, clean, photos_near, read_text
from helpers.data.boxes.review import Raw, Review, Sheet, refuse_corners
from helpers.data.images import natural

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
    names, classes, spare = _categories(content, path.name)
    routes = [str(item.get("file_name") or "") for item in content["images"]]
    photos = photos_near(path.parent, path.parent, image_dir, routes)
    source = "labels" if labels is not None else path.name
    review = Review(photos, labels, repair, ignore, unannotated, classes, source)
    for key in spare if labels is None else ():
        what = "ninguna caja la usa, y no tiene nombre, o es el de otra o el de un grupo."
        place = path.name, f"categoría {key} ({names[key]})"
        review.note(place, "unused-category", what, action="no se cuenta como clase")
    ids, objects = Counter(_key(item, "id") for item in content["images"]), {}
    for item in content["annotations"]:
        objects.setdefault(_key(item, "image_id"), []).append(_object(item, names))
    lost = "no está en «images», y tiene cajas. Añádela, o bórralas."
    alone = [
        Sheet(f"{path.name}, image_id {key}", "", "", objects=objects[key], fault=lost)
        for key in objects
        if key not in ids
    ]
    sheets = []
    for item, filename in zip(content["images"], routes):
        key, fault = _key(item, "id"), ""
        if alone and key not in objects:
            continue  # no es un negativo: pueden ser suyas las cajas de otro número
        if ids[key] > 1:
            fault = f"tiene el id {key}, que también es de otra imagen. Ponle otro."
        elif not filename:
            fault = "no dice el nombre de su imagen, «file_name». Escríbelo."
        stem, file = Path(filename.replace("\\", "/")).stem, f"{path.name}, {filename or key}"
        size = as_size(item.get("width"), item.get("height"))
        sheets.append(Sheet(file, filename, stem, size, objects.get(key, []), fault=fault))
    refuse_corners(sheets, path.name, "[x, y, ancho, alto]")
    return review.run(alone + sheets, name or path.stem, files=1)


def _read(path: Path) -> dict:
    name = paths.relative(path)
    if path.is_dir():
        inside = ", ".join(file.name for file in sorted(path.rglob("*.json"))[:3])
        there = f"Dentro hay {inside}." if inside else "Dentro no hay ningún JSON."
        raise AnnotationError(f"{name} es una carpeta, y load_coco lee un JSON. {there}")
    content, _ = read_text(path, MAX_BYTES)
    try:
        content = json.loads(content)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise AnnotationError(
            f"{name} no es un JSON correcto (línea {line}): está vacío, cortado o es otra cosa. "
            "Vuelve a exportarlo; si es un ZIP, descomprímelo."
        ) from None
    lists = [content.get(key) if isinstance(content, dict) else None for key in LISTS]
    if not all(isinstance(one, list) and all(isinstance(i, dict) for i in one) for one in lists):
        raise AnnotationError(
            f"{name} no es COCO: deben estar las listas {', '.join(LISTS)}. Expórtalo como «COCO "
            "Instances» o «COCO Detection»."
        )
    return content


def _key(item: dict, name: str) -> int | str:
    """Un identificador del JSON: 1, 1.0 y "1" son el mismo; lo que no es un número, como texto."""
    value = item.get(name)
    text = clean(value) if isinstance(value, str) else repr(value)
    return int(float(text)) if re.fullmatch(r"[+-]?[0-9]{1,15}(\.0*)?", text) else text


def _categories(content: dict, file: str):
    """El nombre de cada número, las clases por orden de número, y los números que sobran.

    Roboflow añade la categoría 0, con el nombre del proyecto, y ninguna caja es suya.
    """
    used = {_key(item, "category_id") for item in content["annotations"]}
    groups = {clean(str(item.get("supercategory") or "")) for item in content["categories"]}
    names, classes = {}, {}
    for item in content["categories"]:
        key, label = _key(item, "id"), item.get("name")
        if key in names:
            raise AnnotationError(
                f"{file} repite la categoría número {key} («{names[key]}» y «{label}»). Deja una."
            )
        names[key] = "" if label is None else clean(str(label))
    for key in sorted(names, key=lambda key: (key not in used, natural(str(key)))):
        other = classes.setdefault(names[key], key)
        if key in used and other != key and names[key]:
            raise AnnotationError(
                f"{file} llama «{names[key]}» a dos categorías con cajas, la {other} y la {key}. "
                "Ponles nombres distintos o usa el mismo número en las dos."
            )
    classes = {label: key for label, key in classes.items() if key in used or label not in groups}
    classes.pop("", None)
    spare = [key for key in names if key not in used and key not in classes.values()]
    return names, sorted(classes, key=lambda label: natural(str(classes[label]))), spare


def _object(item: dict, names: dict) -> Raw:
    category, box = _key(item, "category_id"), item.get("bbox")
    if category not in names:
        return Raw("", fault=f"es de la categoría {category}, que no está en la lista.")
    label = names[category]
    corners = [as_number(value) for value in box] if isinstance(box, list) else []
    if len(corners) != 4 or None in corners:
        other = "tiene «segmentation» y " if item.get("segmentation") and not box else ""
        return Raw(label, fault=f"{other}no tiene «bbox» con cuatro números: «{str(box)[:60]}».")
    x, y, width, height = corners
    hard = any(as_flag(item.get(mark)) for mark in ("difficult", "iscrowd", "ignore"))
    return Raw(label, (x, y, x + width, y + height), hard, as_flag(item.get("truncated")))
