"""La revisión de unas anotaciones, la misma para todos los formatos. Cuaderno 08.

Cada lector (``voc``, ``coco``, ``yolo_txt``) entiende su formato y da un :class:`Sheet` por imagen;
aquí se busca la imagen, se mira cada caja, se repara lo que se pida y todo queda en el informe.
"""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from helpers import paths
from helpers.console import counted, number
from helpers.data import images
from helpers.data.boxes.dataset import SHOWN, Annotation, AnnotationError, Box, Dataset, Report
from helpers.data.boxes.files import Photos, as_labels, clean, same
from helpers.data.text import closest, fold

REPAIRS = {
    "clip": "recorta lo que se sale de la imagen",
    "drop": "quita lo que no tiene arreglo",
    "merge": "une las clases que solo cambian en mayúsculas, espacios o tildes",
    "scale": "pasa a píxeles las coordenadas entre 0 y 1",
}
UNANNOTATED = ("warn", "negative")
SMALLEST = 2.0  # píxeles: por debajo suele ser un clic sin querer
RARE = 0.02  # una clase con menos de esta parte de las cajas puede ser una errata
SLACK = 0.005  # parte del lado: lo que se sale menos que esto es un redondeo
ROUNDING = 0.01  # píxeles: lo que se pierde al escribir una fracción con decimales

MESSAGES = {
    "no-image": "no encuentro su imagen «{name}» en {where}.{near}",
    "ambiguous-image": "su imagen puede ser {names}.",
    "same-image": "anota {name}, que ya está en {other}.",
    "other-name": "usa la imagen {name}, de otro nombre.",
    "wrong-size": "dice que la imagen mide {seen}, pero {name} mide {actual}.",
    "lying-down": "dice que la imagen mide {seen}, pero {name} mide {actual}.",
    "no-size": "no dice el tamaño de la imagen; se usa el real, {actual}.",
    "exif": "{name} lleva una marca EXIF de giro y se lee ya derecha.",
    "no-annotation": "no tiene anotación y no se usa.",
    "other-folder": "tiene anotaciones ({count}) y no se leen: se leen las de «{where}».",
    "doubtful": "no tiene anotación, pero puede ser suya la de {other}, que no tiene imagen.",
    "emptied": "se queda sin ninguna caja correcta.",
    "no-name": "no dice de qué clase es.",
    "unknown-label": "la clase «{label}» no está en labels.{near}",
    "fractions": "la caja {box} va de 0 a 1, y debe estar en píxeles.",
    "inverted": "la caja {box} está invertida: el máximo es menor que el mínimo.",
    "zero-area": "la caja {box} no tiene área.",
    "wholly-outside": "la caja {box} está entera fuera de la imagen, que mide {actual}.",
    "outside": "la caja {box} se sale de la imagen, que mide {actual}.",
    "tiny": "la caja {box} es diminuta.",
    "duplicate": "repite la caja del objeto {other}.",
    "two-labels": "tiene la misma caja que el objeto {other} ({label}).",
    "same-text": "su tilde está escrita de dos maneras que se ven igual (NFC y NFD).",
    "merged": "es «{other}», escrita de otro modo.",
    "similar": "solo se distingue de «{other}» en mayúsculas, espacios o tildes ({counts} cajas).",
    "ignored": "cajas de esta clase: {count}.",
    "no-examples": "no hay ninguna caja de esta clase.",
    "no-boxes": "no queda ninguna caja.",
    "rare-label": "aparece solo {count}.{near}",
}
REMEDIES = {
    "no-image": "Cópiala ahí, o borra la anotación.",
    "ambiguous-image": "Deja una sola, o escribe cuál en <filename>.",
    "same-image": "Une las dos anotaciones o borra una.",
    "other-name": "Comprueba que es la suya.",
    "wrong-size": "¿Se redimensionó después de anotarla? Recupera la original o corrige las cajas.",
    "lying-down": "Parece anotada con la foto tumbada: "
    "ábrela, guárdala derecha y anótala de nuevo.",
    "exif": "Comprueba sus cajas: hay programas que anotan sin girarla.",
    "no-annotation": "Anótala o, si no tiene objetos, pasa unannotated='negative'.",
    "other-folder": "Si son de este conjunto, ponlas en la misma carpeta.",
    "no-name": "Ponle un nombre o bórralo.",
    "no-box": "Dibuja su caja o borra el objeto; si lo son todos, expórtalos como cajas.",
    "unknown-label": "Corrígela, añádela a labels o, si no te interesa, a ignore.",
    "missing": "Vuelve a dibujar la caja.",
    "not-a-number": "Corrígelo o vuelve a dibujar la caja.",
    "fractions": "Usa repair='scale' para multiplicarla por el ancho y el alto.",
    "inverted": "Intercambia los valores.",
    "zero-area": "Bórrala o vuelve a dibujarla.",
    "wholly-outside": "¿Se anotó otra imagen? Bórrala o corrígela.",
    "outside": "Corrígela, o usa repair='clip' para recortarla.",
    "tiny": "Compruébala: puede ser un clic sin querer.",
    "duplicate": "Borra una de las dos.",
    "two-labels": "Comprueba cuál es la clase.",
    "similar": "¿Son la misma? Corrígelas, o usa repair='merge' para unirlas.",
    "ignored": "Comprueba cómo está escrita en ignore.",
    "no-examples": "Compruébala, o quítala.",
    "rare-label": "Si es una errata, corrígela.",
    "no-boxes": "Anota al menos un objeto.",
    "odd-name": "Si lo es, corrígelo; si no, no pasa nada.",
}


class Raw(NamedTuple):
    """Un objeto tal como está escrito, o qué le pasa: (clase de problema, explicación)."""

    label: str
    corners: tuple[float, float, float, float] | None = None  # xmin, ymin, xmax, ymax
    difficult: bool = False
    truncated: bool = False
    fault: tuple[str, str] | None = None


class Sheet(NamedTuple):
    """Lo que unas anotaciones dicen de una imagen.

    Attributes:
        file: dónde lo dicen, para los mensajes.
        filename, stem: cómo llaman a la imagen, y con qué otro nombre se puede buscar.
        size: (ancho, alto) que declaran; ``None`` si falta o no se entiende.
        fractions: las esquinas van de 0 a 1 y no hay tamaño que declarar, como en YOLO.
        notes: avisos, como (clase de aviso, explicación).
        fault: por qué no sirve, como (clase de problema, explicación).
    """

    file: str
    filename: str
    stem: str
    size: tuple[int, int] | None = None
    objects: Sequence[Raw] = ()
    fractions: bool = False
    notes: tuple[tuple[str, str], ...] = ()
    fault: tuple[str, str] | None = None


class Review:
    """Revisa lo que da un lector y entrega un conjunto correcto, con su informe.

    Args:
        photos: las imágenes.
        labels, repair, ignore, unannotated: como en :func:`helpers.data.boxes.load_voc`.
        source: de dónde salen las clases, para los mensajes.

    Raises:
        AnnotationError: si alguna opción no sirve.
    """

    def __init__(self, photos: Photos, labels, repair, ignore, unannotated, source="labels"):
        self.photos, self.report, self.labels = photos, Report(), as_labels(labels)
        self.source = source
        several = isinstance(repair, list | tuple | set)
        self.repair = set(repair) if several else {repair} if repair else set()
        for name in self.repair - set(REPAIRS):
            options = ", ".join(f"'{key}' ({what})" for key, what in REPAIRS.items())
            raise AnnotationError(f"repair={name!r} no existe. Usa {options}, varias o ninguna.")
        if unannotated not in UNANNOTATED:
            options = " o ".join(UNANNOTATED)
            raise AnnotationError(f"unannotated={unannotated!r} no existe: {options}.")
        self.negative = unannotated == "negative"
        self.ignored = dict.fromkeys(as_labels(ignore, "ignore") if ignore else (), 0)
        both = sorted(set(self.ignored) & set(self.labels or ()))
        if both:
            raise AnnotationError(f"{', '.join(both)} está en labels y en ignore a la vez.")
        self.used: dict[Path, str] = {}
        self.orphans: list[str] = []  # anotaciones con cajas de las que no se sabe la imagen
        self.annotations: list[Annotation] = []

    def note(self, kind, file, item="", text="", *, action="", serious=False, lost=0, **fields):
        """Apunta un aviso o, con ``action``, algo que se ha cambiado al leer."""
        text = text or MESSAGES[kind].format(**fields)
        self.report.add(kind, file, item, text, REMEDIES.get(kind, ""), serious, action, lost)

    def fault(self, kind, file, item="", text="", *, what="caja", lost=1, **fields) -> None:
        """Apunta un problema que impide entrenar; con «drop», queda dicho que se quita."""
        action = f"{what} quitada" if "drop" in self.repair else ""
        self.note(kind, file, item, text, action=action, serious=True, lost=lost, **fields)

    def leave(self, found: list[Path], others: list[Path]) -> None:
        """Apunta las otras carpetas con anotaciones; las fotos de lo no leído no son negativas."""
        here, read = found[0].parent, {same(file.stem) for file in found}
        folders = Counter(file.parent for file in others if file.parent != here)
        for folder, count in folders.items():
            self.note("other-folder", folder.name, count=count, where=here.name)
        for file in others:
            stem = re.sub(r"(?i)\.(xml|txt)\b.*", "", file.name)
            if same(stem) not in read:
                self.used |= dict.fromkeys(self.photos.find("", stem), file.name)

    def run(self, sheets: list[Sheet], name: str, files: int | None = None) -> Dataset:
        """El conjunto revisado; ``files``, cuántos archivos eran (``None``, uno por imagen).

        Raises:
            AnnotationError: con el informe, si queda algo grave sin arreglar o ninguna caja.
        """
        self.report.files = len(sheets) if files is None else files
        self._spelling(sheets)
        pixels = [raw.corners for s in sheets if not s.fractions for raw in s.objects]
        self.fractions = any(c and _is_fraction(c) and any(v % 1 for v in c) for c in pixels)
        for sheet in sheets:
            self._sheet(sheet)
        for path in self.photos.files:
            if path not in self.used:
                self._unannotated(path)
        counts = Counter(label for a in self.annotations for label in a.labels)
        self._classes(counts)
        if not counts and self.report.ok:
            self.note("no-boxes", name, serious=True)
        if not self.report.ok:
            raise AnnotationError(
                f"Las anotaciones tienen problemas que impiden entrenar.\n{self.report}\n"
                "Corrígelos en los archivos o pide que se arreglen al leer: repair=('clip', "
                "'drop') recorta lo que se sale y quita lo que no sirve, sin tocar los originales.",
                self.report,
            )
        self.annotations.sort(key=lambda a: a.name)
        return Dataset(self.annotations, self.labels or sorted(counts), self.report, name)

    def _spelling(self, sheets: list[Sheet]) -> None:
        """Deja en ``self.classes`` la clase de cada forma de escribirla; avisa de las dudosas."""
        self.classes, self.first, counts = {}, {}, Counter()
        for file, label in [(s.file, raw.label) for s in sheets for raw in s.objects]:
            text = clean(label)
            if label not in self.classes and counts[text]:
                self.note("same-text", file, text, action="leída como una sola clase")
            self.classes[label] = text
            self.first.setdefault(text, file)
            counts[text] += 1
        mine, families = self.labels or [], {}
        for text in sorted({*mine, *counts} - {"", *self.ignored}):
            families.setdefault(fold(text), []).append(text)
        for names in families.values():
            best, *others = sorted(names, key=lambda t: (t not in mine, -counts[t], len(t)))
            for text in others:
                where = self.first.get(text, self.source)
                if "merge" in self.repair and text not in mine:
                    action = f"unida a ella: {counted(counts[text], 'caja')}"
                    self.note("merged", where, text, other=best, action=action)
                    self.classes = {f: best if t == text else t for f, t in self.classes.items()}
                elif not mine or text in mine:  # si no está en labels, ya se dice en cada caja
                    both = f"{counts[text]} y {counts[best]}"
                    self.note("similar", where, text, other=best, counts=both)

    def _sheet(self, sheet: Sheet) -> None:
        """Revisa una imagen y sus cajas, y la añade al conjunto si sirve."""
        for kind, text in sheet.notes:
            self.note(kind, sheet.file, text=text)
        path = self._image(sheet)
        if path is None:
            return
        try:
            info = images.inspect(path)
        except images.ImageError as error:
            lost = len(sheet.objects)
            return self.fault("bad-image", sheet.file, "", str(error), what="imagen", lost=lost)
        if not self._is_its_size(sheet, path, info):
            return
        size, good, lost = (info.width, info.height), [], 0
        for count, raw in enumerate(sheet.objects, 1):
            label = self.classes[raw.label]
            if label in self.ignored:
                self.ignored[label] += 1
                continue
            item = f"objeto {count} ({label})" if label else f"objeto {count}"
            corners = self._corners(sheet, item, label, raw, size)
            if corners is None:
                lost += 1
            else:
                good.append((count, Box(label, *corners, raw.difficult, raw.truncated)))
        boxes = self._unique(sheet.file, good)
        if lost and not boxes and "drop" in self.repair:
            action = "imagen quitada: no es un negativo, hay objetos en ella"
            self.note("emptied", sheet.file, serious=True, action=action)
        else:
            self.annotations.append(Annotation(path, *size, boxes))

    def _image(self, sheet: Sheet) -> Path | None:
        found, lost = self.photos.find(sheet.filename, sheet.stem), len(sheet.objects)
        before = [self.used[path] for path in found if path in self.used]
        # Tienen anotación, aunque no sirva o no se sepa cuál es la suya: no son negativas.
        self.used = dict.fromkeys(found, sheet.file) | self.used
        name, options = sheet.filename or sheet.stem, {"what": "anotación", "lost": lost}
        if not found and (sheet.fault or lost):
            self.orphans.append(sheet.file)
        if sheet.fault:
            return self.fault(sheet.fault[0], sheet.file, "", sheet.fault[1], **options)
        if not found:
            where = paths.relative(self.photos.path)
            near = ""
            if len(self.report.problems) < SHOWN:  # comparar con miles de nombres es lento
                near = closest(name, [file.name for file in self.photos.files])
            return self.fault("no-image", sheet.file, name=name, where=where, near=near, **options)
        if len(found) > 1:
            names = " o ".join(file.name for file in found)
            return self.fault("ambiguous-image", sheet.file, names=names, **options)
        if before:
            name, other = found[0].name, before[0]
            return self.fault("same-image", sheet.file, name=name, other=other, **options)
        if same(found[0].stem) != same(sheet.stem):
            self.note("other-name", sheet.file, name=found[0].name)
        return found[0]

    def _is_its_size(self, sheet: Sheet, path: Path, info: images.ImageInfo) -> bool:
        """¿Mide la imagen, ya girada según EXIF, lo que dice la anotación?"""
        size, said = (info.width, info.height), sheet.size
        actual, lost = f"{size[0]}×{size[1]}", len(sheet.objects)
        if said not in (None, size):
            kind = "lying-down" if said == size[::-1] else "wrong-size"
            seen, options = f"{said[0]}×{said[1]}", {"what": "imagen", "lost": lost}
            self.fault(kind, sheet.file, seen=seen, name=path.name, actual=actual, **options)
            return False
        if said is None and not sheet.fractions:
            self.note("no-size", sheet.file, actual=actual)
        told = said is not None and size[0] != size[1] and info.orientation > 4
        if info.orientation > 1 and lost and not told:
            self.note("exif", sheet.file, name=path.name)
        return True

    def _corners(self, sheet: Sheet, item: str, label: str, raw: Raw, size):
        """Las esquinas en píxeles, dentro de la imagen y en orden, o ``None``."""
        if raw.fault:
            return self.fault(raw.fault[0], sheet.file, item, raw.fault[1])
        if not label:
            return self.fault("no-name", sheet.file, item)
        if self.labels is not None and label not in self.labels:
            near = closest(label, self.labels)
            return self.fault("unknown-label", sheet.file, item, label=label, near=near)
        corners, actual = raw.corners, f"{size[0]}×{size[1]}"
        pixels = [value * size[k % 2] for k, value in enumerate(corners)]
        if sheet.fractions:
            corners = [float(round(v)) if abs(v - round(v)) < ROUNDING else v for v in pixels]
        elif self.fractions and _is_fraction(corners):
            if "scale" not in self.repair:
                return self.fault("fractions", sheet.file, item, box=_text(corners))
            action = f"pasada a {_text(pixels)}"
            self.note("fractions", sheet.file, item, box=_text(corners), action=action)
            corners = pixels
        box, (x0, y0, x1, y1) = _text(corners), corners
        if x1 < x0 or y1 < y0:
            return self.fault("inverted", sheet.file, item, box=box)
        if x1 == x0 or y1 == y0:
            return self.fault("zero-area", sheet.file, item, box=box)
        inside = [float(min(max(v, 0), size[k % 2])) for k, v in enumerate(corners)]
        if inside[2] <= inside[0] or inside[3] <= inside[1]:
            return self.fault("wholly-outside", sheet.file, item, box=box, actual=actual)
        over = [abs(a - b) for a, b in zip(corners, inside)]
        if max(over) >= ROUNDING:
            share = max(v / size[k % 2] for k, v in enumerate(over))
            if share > SLACK and "clip" not in self.repair:
                return self.fault("outside", sheet.file, item, box=box, actual=actual)
            action = f"recortada a {_text(inside)}"
            self.note("outside", sheet.file, item, box=box, actual=actual, action=action)
        if min(inside[2] - inside[0], inside[3] - inside[1]) < SMALLEST:
            self.note("tiny", sheet.file, item, box=_text(inside))
        return inside

    def _unique(self, file: str, boxes: list[tuple[int, Box]]) -> tuple[Box, ...]:
        """Las cajas sin repetidas; ``boxes`` son pares (número del objeto, caja)."""
        seen: dict[tuple, dict[str, int]] = {}
        kept = []
        for count, box in boxes:
            same_place, item = seen.setdefault(box.corners, {}), f"objeto {count} ({box.label})"
            if box.label in same_place:
                self.fault("duplicate", file, item, other=same_place[box.label])
                continue
            for label, other in list(same_place.items())[:1]:
                self.note("two-labels", file, item, other=other, label=label)
            same_place[box.label] = count
            kept.append(box)
        return tuple(kept)

    def _unannotated(self, path: Path) -> None:
        """Apunta, o añade como negativa, una imagen que nadie ha anotado."""
        if not self.negative:
            return self.note("no-annotation", path.name)
        if self.orphans:
            action = "no se usa: no se sabe si es un negativo"
            return self.note("doubtful", path.name, other=self.orphans[0], action=action)
        try:
            info = images.inspect(path)
        except images.ImageError as error:
            return self.fault("bad-image", path.name, "", str(error), what="imagen", lost=0)
        self.annotations.append(Annotation(path, info.width, info.height))

    def _classes(self, counts: Counter) -> None:
        """Avisa de las clases que no se usan, no tienen cajas o parecen una errata."""
        for label, count in self.ignored.items():
            action = "no se usan, como has pedido" if count else ""
            self.note("ignored", "ignore", label, count=count, action=action, lost=count)
        for label in self.labels or ():
            if label not in counts:
                self.note("no-examples", self.source, label)
        for label, count in () if self.labels else counts.items():
            common = [other for other in counts if counts[other] > 10 * count]
            near = closest(label, [other for other in common if fold(other) != fold(label)])
            if near and count < RARE * counts.total():
                times = counted(count, "vez", "veces")
                self.note("rare-label", self.first[label], label, count=times, near=near)


def _is_fraction(corners) -> bool:
    return all(-0.05 <= value <= 1.05 for value in corners)


def _text(corners) -> str:
    """«(10, 20)–(30, 40)», para los mensajes."""
    x0, y0, x1, y1 = (number(float(c), 2) for c in corners)
    return f"({x0}, {y0})–({x1}, {y1})"
