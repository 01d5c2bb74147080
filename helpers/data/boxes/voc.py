"""Pascal VOC: un XML por imagen. Leerlo y escribirlo. Cuaderno 08.

El formato es el de Everingham et al., «The Pascal Visual Object Classes (VOC) Challenge» (2010).
Se lee con ``defusedxml``, que rechaza las entidades: un XML de medio kilobyte podría pedir
gigabytes de memoria.
"""

import re
from pathlib import Path
from xml.etree import ElementTree

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from helpers import atomic, paths
from helpers.data.boxes.dataset import Annotation, AnnotationError, Dataset
from helpers.data.boxes.files import CORNERS, as_flag, as_number, as_size, locate, read_text
from helpers.data.boxes.review import Raw, Review, Sheet

STRAY = ("object", "bndbox", "robndbox", "polygon", "xmin")  # fuera de su sitio, cajas perdidas


def load_voc(
    xml_dir, image_dir=None, labels=None, *, repair=None, ignore=(), unannotated="warn", name=""
) -> Dataset:
    """Lee las imágenes anotadas en Pascal VOC y revisa cada caja.

    Cada XML se une con su imagen por ``<filename>`` (``<path>`` es la ruta del ordenador donde se
    anotó y no se mira) o por su propio nombre, sin distinguir mayúsculas ni extensión. Los XML sin
    objetos son ejemplos negativos y se conservan; una foto que pierde sus cajas no lo es nunca.

    Args:
        xml_dir: carpeta de los XML, o la que contiene las de XML e imágenes.
        image_dir: carpeta de las imágenes; ``None``, se busca dentro, al lado y encima.
        labels: las clases, en orden; ``None``, todas las que haya, por orden alfabético.
        repair: qué arreglar al leer, una opción o varias en una tupla: ``"clip"`` recorta lo que se
            sale de la imagen, ``"drop"`` quita lo que no tiene arreglo, ``"merge"`` une las clases
            que solo cambian en mayúsculas, espacios o tildes, y ``"scale"`` pasa a píxeles las
            coordenadas entre 0 y 1. Los archivos originales no cambian, y el informe dice qué se
            hizo. Lo que se sale menos de cinco milésimas del lado se recorta siempre, y se dice.
        ignore: clases que se saltan.
        unannotated: qué hacer con las imágenes sin XML: ``"warn"`` o ``"negative"``.

    Returns:
        :class:`Dataset`; su ``report`` cuenta lo encontrado.

    Raises:
        AnnotationError: con el informe de todos los problemas, si alguno impide entrenar.
    """
    found, photos, others = locate(xml_dir, image_dir, _is_xml, "XML")
    review = Review(photos, labels, repair, ignore, unannotated)
    where = found[0].parent
    odd = sorted(file for file in where.glob("*.*") if ".xml." in file.name.lower())
    review.leave(odd, others, where.name)
    return review.run([read(file) for file in found], name or Path(xml_dir).name)


def _is_xml(file: Path) -> bool:
    hidden = file.name.startswith(".")
    return file.suffix.lower() == ".xml" and not hidden and file.is_file()


def read(path: Path) -> Sheet:
    """Lo que dice un XML, sin revisar sus cajas; ``fault``, por qué no se puede leer."""
    try:
        root, notice = _root(path)
    except AnnotationError as error:
        return Sheet(path.name, "", path.stem, fault=str(error))
    size = as_size(*(_text(root.find("size"), tag) for tag in ("width", "height")))
    objects = [_object(element) for element in root.findall("object")]
    return Sheet(path.name, _text(root, "filename"), path.stem, size, objects, notice=notice)


def _root(path: Path):
    """El elemento ``<annotation>``, y qué se ha supuesto al leerlo."""
    content, notice = read_text(path)
    try:
        root = fromstring(re.sub(r"^\s*<\?xml.*?\?>", "", content, flags=re.DOTALL))
    except DefusedXmlException:
        raise AnnotationError(
            "define entidades XML, que pueden agotar la memoria o leer otros archivos: no se lee. "
            "Bórralo, o vuelve a exportarlo desde tu programa de anotación."
        ) from None
    except (ParseError, ValueError) as error:
        line = getattr(error, "position", [1])[0]
        raise AnnotationError(
            f"no es un XML bien formado (línea {line}): está vacío, cortado o es otra cosa. Vuelve "
            "a exportarlo, o ábrelo en un editor de texto y corrígelo."
        ) from None
    if root.tag != "annotation":
        raise AnnotationError(
            f"no es una anotación Pascal VOC: empieza por <{root.tag}> y no por <annotation>. "
            "Expórtalo en formato «Pascal VOC»."
        )
    outside = (part for child in root if child.tag != "object" for part in child.iter())
    tags = (part.tag for part in outside if part.tag.rpartition("}")[2].lower() in STRAY)
    if stray := next(tags, None):
        raise AnnotationError(
            f"tiene <{stray}> fuera de su sitio, y perdería cajas: en Pascal VOC, cada objeto va "
            "en un <object>, dentro de <annotation>. Vuelve a exportarlo."
        )
    return root, notice


def _text(element, tag: str) -> str:
    return ((element is not None and element.findtext(tag)) or "").strip()


def _object(element) -> Raw:
    label, found = _text(element, "name"), element.findall("bndbox")
    if len(found) != 1:
        other = next((t for t in ("robndbox", "polygon") if element.find(t) is not None), "")
        other = f"tiene <{other}> y " if other else ""
        what = "tiene varios <bndbox>." if found else f"{other}no tiene <bndbox>."
        return Raw(label, fault=what)
    values = [_text(found[0], tag) for tag in CORNERS]
    corners = tuple(map(as_number, values))
    if None in corners:
        bad = corners.index(None)
        what = f"{CORNERS[bad]} = «{values[bad][:30]}» no es un número."
        return Raw(label, fault=what if values[bad] else f"le falta {CORNERS[bad]}.")
    flags = (as_flag(_text(element, tag)) for tag in ("difficult", "truncated"))
    return Raw(label, corners, *flags)


def to_xml(annotation: Annotation) -> bytes:
    """El XML Pascal VOC de una imagen anotada, en UTF-8."""
    root = ElementTree.Element("annotation")

    def add(parent, **values):
        for tag, value in values.items():
            ElementTree.SubElement(parent, tag).text = str(value)

    add(root, folder=annotation.image_path.parent.name, filename=annotation.image_path.name)
    size = ElementTree.SubElement(root, "size")
    add(size, width=annotation.width, height=annotation.height, depth=3)
    add(root, segmented=0)
    for box in annotation.boxes:
        item = ElementTree.SubElement(root, "object")
        flags = {"truncated": int(box.truncated), "difficult": int(box.difficult)}
        add(item, name=box.label, pose="Unspecified", **flags)
        numbers = (int(v) if float(v).is_integer() else float(v) for v in box.corners)
        add(ElementTree.SubElement(item, "bndbox"), **dict(zip(CORNERS, numbers)))
    ElementTree.indent(root, space="  ")
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=False) + b"\n"


def write_voc(annotation: Annotation, xml_path, *, overwrite: bool = False) -> Path:
    """Guarda el XML de una imagen anotada, de una vez (nunca queda a medias).

    Raises:
        AnnotationError: si el archivo existe y ``overwrite`` es falso.
        WriteError: si no se puede escribir.
    """
    xml_path = Path(xml_path)
    if xml_path.exists() and not overwrite:
        raise AnnotationError(
            f"{paths.relative(xml_path)} ya existe y no lo sobrescribo. Usa otra carpeta o, si "
            "quieres sustituirlo, overwrite=True."
        )
    return atomic.replace_with(xml_path, to_xml(annotation))
