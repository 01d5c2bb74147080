"""Leer y escribir un archivo de anotación Pascal VOC (XML). Cuaderno 08.

El formato es el de Everingham et al., «The Pascal Visual Object Classes (VOC) Challenge» (2010).
Se lee con ``defusedxml``, que rechaza las entidades: un XML de medio kilobyte podría pedir
gigabytes de memoria.
"""

from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from helpers import atomic, paths
from helpers.data.annotations.model import CORNERS, Annotation
from helpers.data.annotations.problems import AnnotationError

MAX_BYTES = 5_000_000


@dataclass
class RawObject:
    """Un objeto tal como está escrito, sin revisar: ``values`` son textos."""

    name: str | None
    values: dict[str, str | None]
    flags: dict[str, bool]
    note: str = ""


@dataclass
class RawAnnotation:
    """Un archivo tal como está escrito, sin revisar.

    Attributes:
        filename: el ``<filename>``; vacío si falta.
        size: (ancho, alto) que declara, o ``None`` si falta o no se entiende.
    """

    filename: str = ""
    size: tuple[int, int] | None = None
    objects: list[RawObject] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def _text(element, tag: str) -> str | None:
    found = None if element is None else element.find(tag)
    return None if found is None or found.text is None else found.text.strip()


def _flag(element, tag: str) -> bool:
    return (_text(element, tag) or "0").lower() in ("1", "true", "yes")


def parse(raw: bytes, name: str) -> RawAnnotation:
    """Entiende los bytes de un XML; ``name`` es para los mensajes.

    Raises:
        AnnotationError: si está vacío, no es XML, define entidades o no es una anotación.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    result = RawAnnotation()
    if not raw.strip():
        raise AnnotationError(f"{name} está vacío.")
    try:
        try:
            root = fromstring(raw, forbid_dtd=False, forbid_entities=True, forbid_external=True)
        except ParseError:
            # Un editor antiguo de Windows: dice UTF-8 (o nada), pero escribe Latin-1.
            text = raw.decode("utf-8-sig") if _is_utf8(raw) else raw.decode("cp1252", "replace")
            text = text[text.find("?>") + 2 :] if text.lstrip().startswith("<?xml") else text
            root = fromstring(text, forbid_dtd=False, forbid_entities=True, forbid_external=True)
            if not _is_utf8(raw):
                result.warnings.append("no está en UTF-8; se ha leído como Latin-1.")
    except DefusedXmlException:
        raise AnnotationError(
            f"{name} define entidades XML, que pueden agotar la memoria o leer otros archivos: no "
            "se lee. Bórralo, o vuelve a exportarlo desde tu programa de anotación."
        ) from None
    except (ParseError, ValueError, LookupError) as error:
        raise AnnotationError(
            f"{name} no es un XML bien formado ({error}). Vuelve a exportarlo, o ábrelo en un "
            "editor de texto y corrígelo."
        ) from None
    if root.tag != "annotation":
        raise AnnotationError(
            f"{name} no es una anotación Pascal VOC: empieza por <{root.tag}> y no por "
            "<annotation>. Expórtalo en formato «Pascal VOC»."
        )
    result.filename = _text(root, "filename") or ""
    size = [as_int(_text(root.find("size"), tag)) for tag in ("width", "height")]
    result.size = (size[0], size[1]) if all(size) else None
    result.objects = [_object(element) for element in root.findall("object")]
    return result


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def as_int(text: str | None) -> int | None:
    """``text`` como entero positivo, o ``None``."""
    try:
        value = int(float(text or ""))
    except (ValueError, OverflowError):
        return None
    return value if value > 0 else None


def _object(element) -> RawObject:
    corners = element.find("bndbox")
    note = ""
    if corners is None:
        other = next((t for t in ("robndbox", "polygon") if element.find(t) is not None), None)
        note = f"tiene <{other}> en lugar de <bndbox>" if other else "no tiene <bndbox>"
    elif len(element.findall("bndbox")) > 1:
        note = "tiene más de un <bndbox>"
    return RawObject(
        _text(element, "name"),
        {tag: _text(corners, tag) for tag in CORNERS},
        {tag: _flag(element, tag) for tag in ("difficult", "truncated")},
        note,
    )


def read_raw(path) -> RawAnnotation:
    """Lee un archivo XML sin revisar sus cajas.

    Raises:
        AnnotationError: si no se puede leer o no es una anotación.
    """
    path = Path(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise AnnotationError(f"{path.name} ocupa demasiado para ser una anotación.")
        raw = path.read_bytes()
    except OSError as error:
        raise AnnotationError(f"No puedo leer {paths.relative(path)}: {error.strerror}.") from None
    return parse(raw, path.name)


def to_xml(annotation: Annotation) -> bytes:
    """El XML Pascal VOC de una imagen anotada, en UTF-8."""
    root = ElementTree.Element("annotation")

    def add(parent, tag, text):
        ElementTree.SubElement(parent, tag).text = str(text)

    add(root, "folder", annotation.image_path.parent.name)
    add(root, "filename", annotation.image_path.name)
    size = ElementTree.SubElement(root, "size")
    for tag, value in (("width", annotation.width), ("height", annotation.height), ("depth", 3)):
        add(size, tag, value)
    add(root, "segmented", 0)
    for box in annotation.boxes:
        item = ElementTree.SubElement(root, "object")
        for tag, value in (("name", box.label), ("pose", "Unspecified"),
                           ("truncated", int(box.truncated)),
                           ("difficult", int(box.difficult))):  # fmt: skip
            add(item, tag, value)
        corners = ElementTree.SubElement(item, "bndbox")
        for tag, value in zip(CORNERS, box.corners):
            add(corners, tag, int(value) if float(value).is_integer() else repr(float(value)))
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
