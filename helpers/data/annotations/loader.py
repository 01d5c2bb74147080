"""Leer una carpeta de anotaciones Pascal VOC y dar un informe de todo lo que falla. Cuaderno 08."""

from pathlib import Path

from helpers import paths
from helpers.data.annotations import files, voc
from helpers.data.annotations.collector import Collector, are_negative
from helpers.data.annotations.model import Dataset
from helpers.data.annotations.problems import AnnotationError, Report


def load_voc(
    xml_dir, image_dir=None, labels=None, *, repair=None, ignore=(), unannotated="warn", name=""
) -> Dataset:
    """Lee las imágenes anotadas en Pascal VOC de dos carpetas y las revisa todas.

    Cada XML se une con su imagen por ``<filename>`` (sin carpetas: ``<path>`` es la ruta del
    ordenador donde se anotó y no se mira) o por su propio nombre, sin distinguir mayúsculas ni
    extensión. Los XML sin objetos son ejemplos negativos y se conservan.

    Args:
        xml_dir: carpeta de los XML, o la que contiene las de XML e imágenes.
        image_dir: carpeta de las imágenes; ``None``, se busca junto a los XML.
        labels: las clases, en orden; ``None``, todas las que haya, por orden alfabético.
        repair: ``"clip"`` recorta lo que se sale de la imagen; ``"drop"`` quita lo que no tiene
            arreglo; se pueden dar las dos. Los archivos originales nunca cambian, y el informe
            dice qué se hizo.
        ignore: clases que se saltan.
        unannotated: qué hacer con las imágenes sin XML: ``"warn"`` o ``"negative"``.

    Returns:
        :class:`Dataset`; su ``report`` cuenta lo encontrado.

    Raises:
        AnnotationError: con el informe de todos los problemas, si alguno impide entrenar.
    """
    collector = _collect(xml_dir, image_dir, labels, ignore, repair, unannotated)
    return collector.finish(name or Path(xml_dir).name)


def check_voc(xml_dir, image_dir=None, labels=None, *, repair=None, ignore=(),
              unannotated="warn") -> Report:  # fmt: skip
    """El informe de :func:`load_voc` sin detenerse por los problemas que encuentre.

    Raises:
        AnnotationError: solo si no hay carpeta, ni XML, ni imágenes que mirar.
    """
    collector = _collect(xml_dir, image_dir, labels, ignore, repair, unannotated)
    return collector.finish(Path(xml_dir).name, strict=False).report


def _collect(xml_dir, image_dir, labels, ignore, repair, unannotated) -> Collector:
    negative = are_negative(unannotated)
    xml_dir = files.folder(xml_dir, "la de los XML")
    if image_dir is None:
        xml_dir, image_dir = _folders(xml_dir)
    found = sorted(f for f in xml_dir.iterdir() if _is_xml(f))
    if not found:
        raise AnnotationError(
            f"No hay ningún XML en {paths.relative(xml_dir)}. Si tus anotaciones son de YOLO "
            "(.txt) o COCO (.json), usa load_yolo o load_coco."
        )
    folder = files.ImageFolder(image_dir)
    if not folder.files:
        raise AnnotationError(
            f"No hay ninguna imagen en {paths.relative(folder.path)}. Revisa la ruta."
        )
    collector = Collector(folder, labels, ignore, repair)
    for file in sorted(xml_dir.glob("*.xml.*")):
        collector.report.add("odd-name", file.name, "", "no se lee: parece un XML con otra "
                             "extensión.", "Quítale la última.", serious=False)  # fmt: skip
    for file in found:
        _add(collector, file)
    collector.unannotated(negative)
    return collector


def _folders(xml_dir: Path) -> tuple[Path, Path]:
    """Las carpetas de XML y de imágenes a partir de una sola."""
    inside, pictures = files.pair(xml_dir)
    if inside == pictures and not files.ImageFolder(xml_dir).files:
        return xml_dir, files.pair(xml_dir.parent)[1]
    return inside, pictures


def _is_xml(file: Path) -> bool:
    return file.suffix.lower() == ".xml" and file.is_file() and not files.hidden(file)


def _add(collector: Collector, file: Path) -> None:
    try:
        raw = voc.read_raw(file)
    except AnnotationError as error:
        collector.broken_file(file.name, error)
        # Su imagen tiene anotación, aunque rota: que no pase por negativa.
        for image in collector.folder.find("", file.stem):
            collector.used[image] = file.name
        return
    for warning in raw.warnings:
        collector.report.add("encoding", file.name, "", warning, serious=False)
    found = collector.image(file.name, raw.filename, file.stem)
    if found and collector.size(file.name, *found, raw.size):
        collector.boxes(file.name, *found, raw.objects)
