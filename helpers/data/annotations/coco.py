"""El formato de COCO: un solo JSON con imágenes, cajas y categorías. Cuaderno 08.

Una caja de COCO es ``[x, y, ancho, alto]`` en píxeles, con (x, y) la esquina de arriba a la
izquierda (Lin et al., «Microsoft COCO», 2014; cocodataset.org, «Data format»).
"""

import json
from pathlib import Path

from helpers import atomic, paths
from helpers.data.annotations import files
from helpers.data.annotations.checks import as_number
from helpers.data.annotations.collector import Collector
from helpers.data.annotations.model import CORNERS, Dataset
from helpers.data.annotations.problems import AnnotationError
from helpers.data.annotations.voc import RawObject, as_int

MAX_BYTES = 500_000_000


def _read(path: Path) -> dict:
    name = paths.relative(path)
    if not path.is_file():
        raise AnnotationError(f"No existe {name}. Revisa la ruta.")
    if path.stat().st_size > MAX_BYTES:
        raise AnnotationError(f"{name} ocupa más de {MAX_BYTES // 1_000_000} MB.")
    try:
        content = json.loads(files.read_text(path))
    except (ValueError, RecursionError) as error:
        raise AnnotationError(f"{name} no es un JSON correcto: {error}.") from None
    keys = ("images", "annotations", "categories")
    lists = isinstance(content, dict) and all(isinstance(content.get(k), list) for k in keys)
    if not lists or not all(isinstance(item, dict) for k in keys for item in content[k]):
        raise AnnotationError(
            f"{name} no es COCO: deben estar las listas {', '.join(keys)}. Expórtalo como «COCO "
            "Instances» o «COCO Detection»."
        )
    return content


def load_coco(path, image_dir, labels=None, *, repair=None, ignore=(), name="") -> Dataset:
    """Lee un JSON de COCO; se revisa igual que Pascal VOC.

    Args:
        labels: clases; ``None``, las categorías del JSON, por orden de número.
        repair, ignore: como en :func:`helpers.data.annotations.load_voc`.

    Raises:
        AnnotationError: con el informe de todos los problemas, si alguno impide entrenar.
    """
    path = Path(path)
    content = _read(path)
    names = {}
    for item in content["categories"]:
        if _key(item, "id") in names:
            raise AnnotationError(f"{path.name} repite la categoría número {_key(item, 'id')}.")
        names[_key(item, "id")] = str(item.get("name", "")).strip()
    if labels is None:
        labels = [names[k] for k in sorted(names, key=lambda k: (str(type(k)), k))]
        labels = [label for label in labels if label not in set(ignore)]
    collector = Collector(files.ImageFolder(image_dir), labels, ignore, repair)
    objects: dict = {}
    for item in content["annotations"]:
        objects.setdefault(_key(item, "image_id"), []).append(_object(item, names))
    known = {_key(item, "id") for item in content["images"]}
    for lost in [key for key in objects if key not in known]:
        collector.inspector.problem(
            "no-image", path.name, f"image_id {lost}", f"{len(objects[lost])} cajas de una "
            "imagen que no está en «images».", "Expórtalo otra vez.", what="anotación")  # fmt: skip
    for item in content["images"]:
        filename = str(item.get("file_name", ""))
        where = f"{path.name}, {filename or item.get('id')}"
        image = collector.image(where, filename, Path(filename.replace("\\", "/")).stem)
        size = [as_int(str(item.get(k, ""))) for k in ("width", "height")]
        if image and collector.size(where, *image, tuple(size) if all(size) else None):
            collector.boxes(where, *image, objects.get(_key(item, "id"), []))
    collector.report.files = 1
    return collector.finish(name or path.stem)


def _key(item: dict, name: str):
    """Un identificador del JSON: número o texto; lo demás, que no debería estar, como texto."""
    value = item.get(name)
    return value if isinstance(value, (int, str)) else repr(value)


def _object(item: dict, names: dict) -> RawObject:
    flags = {
        "difficult": bool(item.get("difficult", item.get("iscrowd", 0))),
        "truncated": bool(item.get("truncated", 0)),
    }
    category = _key(item, "category_id")
    if category not in names:
        return RawObject(None, {}, flags, f"es de la categoría {category}, que no está en la lista")
    box = item.get("bbox")
    if not isinstance(box, list) or len(box) != 4:
        return RawObject(names[category], {}, flags, "no tiene «bbox» con cuatro números")
    x, y, width, height = (as_number(value) for value in box)
    if None in (x, y, width, height):
        return RawObject(names[category], dict(zip(CORNERS, box)), flags)
    return RawObject(names[category], dict(zip(CORNERS, (x, y, x + width, y + height))), flags)


def to_coco(dataset: Dataset) -> dict:
    """El conjunto como diccionario de COCO; categorías e imágenes se numeran desde 1."""
    images, boxes = [], []
    for number, annotation in enumerate(dataset, 1):
        images.append({"id": number, "file_name": annotation.image_path.name,
                       "width": annotation.width, "height": annotation.height})  # fmt: skip
        for box in annotation.boxes:
            boxes.append({
                "id": len(boxes) + 1, "image_id": number,
                "category_id": dataset.index(box.label) + 1,
                "bbox": [box.xmin, box.ymin, box.width, box.height], "area": box.area,
                "iscrowd": 0, "truncated": int(box.truncated), "difficult": int(box.difficult),
            })  # fmt: skip
    categories = [{"id": k, "name": label} for k, label in enumerate(dataset.labels, 1)]
    return {"images": images, "annotations": boxes, "categories": categories}


def save_coco(dataset: Dataset, path, *, overwrite: bool = False) -> Path:
    """Guarda el conjunto en un JSON de COCO; las imágenes no se copian.

    Raises:
        AnnotationError: si el archivo existe y ``overwrite`` es falso.
        WriteError: si no se puede escribir.
    """
    path = Path(path)
    if path.exists() and not overwrite:
        raise AnnotationError(
            f"{paths.relative(path)} ya existe. Cambia el nombre o pasa overwrite=True."
        )
    text = json.dumps(to_coco(dataset), ensure_ascii=False, indent=1)
    return atomic.replace_with(path, text.encode())
