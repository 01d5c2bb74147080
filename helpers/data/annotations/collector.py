"""Une cada anotación con su imagen, revisa todo y entrega un conjunto correcto. Cuaderno 08.

Lo comparten los lectores de Pascal VOC, YOLO y COCO.
"""

from collections.abc import Iterable
from pathlib import Path

from helpers import paths
from helpers.data import images
from helpers.data.annotations.checks import DROP, Inspector, closest
from helpers.data.annotations.files import ImageFolder
from helpers.data.annotations.model import Annotation, Dataset
from helpers.data.annotations.problems import AnnotationError, Report
from helpers.data.annotations.voc import RawObject

RARE = 0.02  # una clase con menos de esta parte de las cajas puede ser una errata
UNANNOTATED = ("warn", "negative")


def are_negative(unannotated: str) -> bool:
    """¿Son ejemplos negativos las imágenes sin anotación? Es ``unannotated`` de los lectores.

    Raises:
        AnnotationError: si no es una de las opciones.
    """
    if unannotated not in UNANNOTATED:
        raise AnnotationError(f"unannotated={unannotated!r} no existe: {' o '.join(UNANNOTATED)}.")
    return unannotated == "negative"


class Collector:
    """Va recibiendo anotaciones sin revisar y apunta en ``report`` lo que no cuadra.

    Args:
        folder: las imágenes.
        labels, ignore, repair: como en :func:`helpers.data.annotations.load_voc`.
    """

    def __init__(self, folder: ImageFolder, labels, ignore, repair):
        self.folder, self.report = folder, Report()
        self.inspector = Inspector(labels, ignore, repair, self.report)
        self.annotations: list[Annotation] = []
        self.used: dict[Path, str] = {}

    def broken_file(self, file: str, error: Exception) -> None:
        """Apunta un archivo de anotaciones que no se puede leer."""
        self.report.files += 1
        text = str(error).removeprefix(file).lstrip(" :,") or str(error)
        self.inspector.problem("unreadable", file, "", text, what="anotación")

    def image(self, file: str, filename: str, stem: str):
        """La imagen de una anotación: (ruta, :class:`ImageInfo`), o ``None`` si no sirve."""
        self.report.files += 1
        found = self.folder.find(filename, stem)
        where = paths.relative(self.folder.path)
        what = "anotación"
        if not found:
            return self.inspector.problem(
                "no-image", file, "", f"no encuentro su imagen «{filename or stem}» en {where}.",
                "Cópiala ahí, o borra la anotación.", what=what)  # fmt: skip
        if len(found) > 1:
            # Una de ellas tiene anotación, aunque no se sepa cuál: que no pasen por negativas.
            self.used = dict.fromkeys(found, file) | self.used
            return self.inspector.problem(
                "ambiguous-image", file, "", "su imagen puede ser "
                f"{' o '.join(f.name for f in found)}.",
                "Deja una sola, o escribe cuál en <filename>.", what=what)  # fmt: skip
        path = found[0]
        if path in self.used:
            return self.inspector.problem(
                "same-image", file, "", f"anota {path.name}, que ya está en {self.used[path]}.",
                "Une las dos anotaciones o borra una.", what=what)  # fmt: skip
        self.used[path] = file
        if path.stem.casefold() != stem.casefold():
            self.report.add("other-name", file, "", f"usa la imagen {path.name}, de otro nombre.",
                            "Comprueba que es la suya.", serious=False)  # fmt: skip
        try:
            return path, images.inspect(path)
        except images.ImageError as error:
            return self.inspector.problem("bad-image", file, "", str(error), what="imagen")

    def size(self, file: str, path: Path, info, declared) -> bool:
        """¿Es el tamaño que dice la anotación el de la imagen?"""
        actual = (info.width, info.height)
        if declared is None:
            self.report.add("no-size", file, "", "no dice el tamaño de la imagen; se usa el real, "
                            f"{info.width}×{info.height}.", serious=False)  # fmt: skip
            return True
        if tuple(declared) == actual:
            return True
        swapped = tuple(declared) == actual[::-1]
        why = (
            "Parece anotada con la foto tumbada: ábrela, guárdala derecha y anótala de nuevo."
            if swapped
            else "¿Se redimensionó después de anotarla? Recupera la original o corrige las cajas."
        )
        self.inspector.problem(
            "wrong-size", file, "", f"dice que la imagen mide {declared[0]}×{declared[1]}, pero "
            f"{path.name} mide {info.width}×{info.height}.", why, what="imagen")  # fmt: skip
        return False

    def boxes(self, file: str, path: Path, info, objects: Iterable[RawObject]) -> None:
        """Revisa las cajas de una imagen y la añade al conjunto."""
        good, lost = [], 0
        for number, raw in enumerate(objects, 1):
            item = f"objeto {number}"
            if (raw.name or "").strip() in self.inspector.ignore:
                continue
            if raw.note:
                named = f"{item} ({raw.name})" if raw.name else item
                self.inspector.problem("no-box", file, named, f"{raw.note}.",
                                       "Vuelve a dibujar la caja o borra el objeto.")  # fmt: skip
                lost += 1
                continue
            box = self.inspector.box(file, item, raw.name, raw.values, (info.width, info.height),
                                     raw.flags)  # fmt: skip
            if box is None:
                lost += 1
            else:
                good.append((item, box))
        boxes = self.inspector.unique(file, good)
        if lost and not boxes and DROP in self.inspector.repair:
            self.report.add("emptied", file, "", "se queda sin ninguna caja correcta.",
                            action="imagen quitada: no es un negativo, hay objetos en ella",
                            serious=True)  # fmt: skip
            return
        self.annotations.append(Annotation(path, info.width, info.height, boxes))

    def unannotated(self, negative: bool) -> None:
        """Apunta (o añade como negativas) las imágenes que nadie ha anotado."""
        for path in self.folder.files:
            if path in self.used:
                continue
            if not negative:
                self.report.add("no-annotation", path.name, "", "no tiene anotación y no se usa.",
                                "Anótala o, si no tiene objetos, pasa unannotated='negative'.",
                                serious=False)  # fmt: skip
                continue
            try:
                info = images.inspect(path)
            except images.ImageError as error:
                self.inspector.problem("bad-image", path.name, "", str(error), what="imagen")
                continue
            self.annotations.append(Annotation(path, info.width, info.height))

    def finish(self, name: str, strict: bool = True) -> Dataset:
        """El conjunto revisado.

        Raises:
            AnnotationError: si ``strict`` y queda algo grave sin arreglar, o no queda nada.
        """
        self.annotations.sort(key=lambda a: a.name)
        counts: dict[str, int] = {}
        for annotation in self.annotations:
            for label in annotation.labels:
                counts[label] = counts.get(label, 0) + 1
        labels = self.inspector.labels
        if labels is None:
            labels = sorted(counts)
            self._typos(counts)
        else:
            for label in labels:
                if label not in counts:
                    self.report.add("no-examples", "labels", label, "no hay ninguna caja de esta "
                                    "clase.", "Compruébala, o quítala.", serious=False)  # fmt: skip
        if strict and not self.report.ok:
            raise AnnotationError(
                f"Las anotaciones tienen problemas que impiden entrenar.\n{self.report}\n"
                "Corrígelos en los archivos o pide que se arreglen al leer: repair=('clip', "
                "'drop') recorta lo que se sale y quita lo que no sirve, sin tocar los originales.",
                self.report,
            )
        if strict and not counts:
            raise AnnotationError(
                f"No queda ninguna caja en {name}.\n{self.report}\nAnota al menos un objeto.",
                self.report,
            )
        return Dataset(self.annotations, list(labels), self.report, name)

    def _typos(self, counts: dict[str, int]) -> None:
        total = sum(counts.values())
        for label, times in counts.items():
            common = [other for other in counts if counts[other] > 10 * times]
            near = closest(label, common)
            if near and (times < RARE * total or label.casefold() == near.casefold()):
                self.report.add("rare-label", "labels", label, f"aparece solo {times} "
                                f"ve{'z' if times == 1 else 'ces'}. ¿Querías decir «{near}»?",
                                "Si es una errata, corrígela.", serious=False)  # fmt: skip
