"""La revisión de unas anotaciones, la misma para todos los formatos. Cuaderno 08.

Cada lector (``voc``, ``coco``, ``yolo_txt``) entiende su formato y da un :class:`Sheet` por imagen;
aquí se busca la imagen, se mira cada caja, se repara lo que se pida y todo queda en el informe.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

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
SMALLEST = 2.0  # píxeles: por debajo suele ser un clic sin querer
RARE = 0.02  # una clase con menos de esta parte de las cajas puede ser una errata
SLACK = 0.005  # parte del lado: lo que se sale menos que esto es un redondeo
ROUNDING = 0.01  # píxeles: lo que se pierde al escribir una fracción con decimales
FEW = 10  # cajas: con menos no se sabe cómo están escritas


class Raw(NamedTuple):
    """Un objeto tal como está escrito; ``fault``, por qué no se entiende."""

    label: str
    corners: tuple[float, float, float, float] | None = None  # xmin, ymin, xmax, ymax
    difficult: bool = False
    truncated: bool = False
    fault: str = ""


class Sheet(NamedTuple):
    """Lo que unas anotaciones dicen de una imagen.

    Attributes:
        file: dónde lo dicen, para los mensajes.
        filename, stem: cómo llaman a la imagen, y con qué otro nombre se puede buscar.
        size: (ancho, alto) que declaran; ``None`` si falta o no se entiende.
        fractions: las esquinas van de 0 a 1 y no hay tamaño que declarar, como en YOLO.
        notice: qué se ha supuesto al leerlas.
        fault: por qué no sirven.
    """

    file: str
    filename: str
    stem: str
    size: tuple[int, int] | None = None
    objects: Sequence[Raw] = ()
    fractions: bool = False
    notice: str = ""
    fault: str = ""


class Review:
    """Revisa lo que da un lector y entrega un conjunto correcto, con su informe.

    Args:
        photos: las imágenes.
        labels, repair, ignore, unannotated: como en :func:`helpers.data.boxes.load_voc`.
        known: las clases que dice el formato; se usan si ``labels`` no dice ninguna.
        source: de dónde salen las clases, para los mensajes.
    """

    def __init__(self, photos: Photos, labels, repair, ignore, unannotated, known=(), source=""):
        self.photos, self.report = photos, Report()
        several = isinstance(repair, list | tuple | set)
        self.repair = set(repair) if several else {repair} if repair else set()
        for name in self.repair - set(REPAIRS):
            options = ", ".join(f"'{key}' ({what})" for key, what in REPAIRS.items())
            raise AnnotationError(f"repair={name!r} no existe. Usa {options}, varias o ninguna.")
        if unannotated not in ("warn", "negative"):
            raise AnnotationError(f"unannotated={unannotated!r} no existe: warn o negative.")
        self.negative = unannotated == "negative"
        self.ignored = dict.fromkeys(as_labels(ignore, "ignore") if ignore else (), 0)
        mine = as_labels(labels) or [label for label in known if label not in self.ignored]
        if both := sorted(set(self.ignored) & set(mine)):
            raise AnnotationError(f"{', '.join(both)} está en labels y en ignore a la vez.")
        self.labels, self.source = mine or None, source or "labels"
        self.used: dict[Path, str] = {}  # cada imagen con anotación, sirva o no, y cuál es
        self.orphans: list[str] = []  # anotaciones con cajas de las que no se sabe la imagen
        self.unread: list[Path] = []  # lo que hay además y puede ser la anotación de una imagen
        self.annotations: list[Annotation] = []

    def note(self, place, kind, message, *, action="", serious=False, lost=0) -> None:
        """Apunta un aviso o, con ``action``, algo cambiado; ``place`` es el archivo y el objeto."""
        self.report.add(kind, *place, message, serious, action, lost)

    def fault(self, place, kind, message, lost=1) -> None:
        """Apunta un problema que impide entrenar; con «drop», queda dicho que se quita."""
        action = ("caja quitada" if place[1] else "no se usa") if "drop" in self.repair else ""
        self.note(place, kind, message, action=action, serious=True, lost=lost)

    def leave(self, odd: list[Path], others: list[Path], where: str) -> None:
        """Apunta lo que no se lee, y sus fotos no serán negativas: los archivos que no parecen de
        anotaciones (``odd``) y las anotaciones que no están en ``where`` (``others``).
        """
        for file in odd:
            what = "no se lee: no parece de anotaciones. Si lo es, corrígelo; si no, no pasa nada."
            self.note((file.name, ""), "odd-name", what)
        for folder, count in Counter(file.parent for file in others).items():
            what = f"tiene anotaciones ({count}) y no se leen: se leen las de «{where}»."
            what += " Si son de este conjunto, ponlas en la misma carpeta."
            self.note((folder.name, ""), "other-folder", what)
        self.unread = odd + others

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
        for file in self.unread:
            stem = re.sub(r"(?i)\.(xml|txt)\b.*", "", file.name)
            self.used |= dict.fromkeys(self.photos.find("", stem), file.name)
        doubt = self.orphans[0] if self.orphans else ""
        for path in [path for path in self.photos.files if path not in self.used]:
            place = path.name, ""
            if not self.negative:
                what = "no tiene anotación y no se usa. Anótala o, si no tiene objetos, pasa "
                self.note(place, "no-annotation", f"{what}unannotated='negative'.")
            elif doubt:
                what = (
                    f"no tiene anotación, pero puede ser suya la de {doubt}, que está sin imagen."
                )
                action = "no se usa: no se sabe si es un negativo"
                self.note(place, "doubtful", what, action=action)
            else:
                self._sheet(Sheet(path.name, path.name, path.stem, fractions=True))
        counts = Counter(label for a in self.annotations for label in a.labels)
        self._classes(counts)
        if not counts and self.report.ok:
            what = "no queda ninguna caja: anota al menos un objeto."
            self.note((name, ""), "no-boxes", what, serious=True)
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
        written = [(raw.label, sheet.file) for sheet in sheets for raw in sheet.objects]
        self.classes = {label: clean(label) for label, _ in written}
        self.first = {self.classes[label]: file for label, file in reversed(written)}
        counts = Counter(self.classes[label] for label, _ in written)
        for text, forms in Counter(self.classes.values()).items():
            if forms > 1:
                what = "su tilde está escrita de dos maneras que se ven igual (NFC y NFD)."
                action = "leída como una sola clase"
                self.note((self.first[text], text), "same-text", what, action=action)
        mine, families = self.labels or [], {}
        for text in sorted({*mine, *counts} - {"", *self.ignored}):
            families.setdefault(fold(text), []).append(text)
        for names in families.values():
            best, *others = sorted(names, key=lambda t: (t not in mine, -counts[t], len(t)))
            for text in others:
                what = f"solo se distingue de «{best}» en mayúsculas, espacios o tildes"
                place = self.first.get(text, self.source), text
                if "merge" in self.repair and text not in mine:
                    action = f"unida a ella: {counted(counts[text], 'caja')}"
                    self.note(place, "similar", f"{what}.", action=action)
                    self.classes = {f: best if t == text else t for f, t in self.classes.items()}
                elif not mine or text in mine:  # si no está en labels, ya se dice en cada caja
                    what += f" ({counts[text]} y {counts[best]} cajas). ¿Son la misma? Corrígelas, "
                    self.note(place, "similar", f"{what}o usa repair='merge' para unirlas.")

    def _sheet(self, sheet: Sheet) -> None:
        """Revisa una imagen y sus cajas, y la añade al conjunto si sirve."""
        note = partial(self.note, (sheet.file, ""))
        if sheet.notice:
            note("encoding", f"{sheet.notice}.")
        photo = self._photo(sheet)
        if photo is None:
            return
        boxes, seen, lost = [], {}, False
        for count, raw in enumerate(sheet.objects, 1):
            label = self.classes[raw.label]
            if label in self.ignored:
                self.ignored[label] += 1
                continue
            place = sheet.file, f"objeto {count} ({label})" if label else f"objeto {count}"
            corners = self._corners(place, raw._replace(label=label), photo, sheet.fractions)
            twins = seen.setdefault(corners, {})  # clase → número de los que ocupan lo mismo
            if corners is None:
                lost = True
                continue
            if twins:
                first = twins.get(label) or min(twins.values())
                what = (
                    f"repite la caja del objeto {first}: borra una, o comprueba cuál es la clase."
                )
                say = self.fault if label in twins else self.note
                say(place, "duplicate", what)
            if label not in twins:
                twins[label] = count
                boxes.append(Box(label, *corners, raw.difficult, raw.truncated))
        if lost and not boxes and "drop" in self.repair:
            action = "imagen quitada: no es un negativo, hay objetos en ella"
            note("emptied", "se queda sin ninguna caja correcta.", serious=True, action=action)
        else:
            self.annotations.append(replace(photo, boxes=tuple(boxes)))

    def _photo(self, sheet: Sheet) -> Annotation | None:
        """La imagen de unas anotaciones, aún sin cajas; ``None``, y queda dicho, si no sirve."""
        note = partial(self.note, (sheet.file, ""))
        fault = partial(self.fault, (sheet.file, ""), lost=len(sheet.objects))
        found = self.photos.find(sheet.filename, sheet.stem)
        names = " o ".join(path.name for path in found)
        before = [self.used[path] for path in found if path in self.used]
        for path in found:
            self.used.setdefault(path, sheet.file)
        if not found and (sheet.fault or sheet.objects):
            self.orphans.append(sheet.file)
        if sheet.fault:
            return fault("unreadable", sheet.fault)
        if not found:
            name, where = sheet.filename or sheet.stem, paths.relative(self.photos.path)
            few = len(self.report.problems) < SHOWN  # comparar con miles de nombres es lento
            near = closest(name, [file.name for file in self.photos.files]) if few else ""
            what = f"no encuentro su imagen «{name}» en {where}: cópiala ahí o borra la anotación."
            return fault("no-image", what + near)
        if len(found) > 1:
            what = f"su imagen puede ser {names}: deja una sola, o escribe cuál en <filename>."
            return fault("ambiguous-image", what)
        if before:
            what = f"anota {names}, que ya está en {before[0]}: une las dos, o borra una."
            return fault("same-image", what)
        try:
            info = images.inspect(found[0])
        except images.ImageError as error:
            return fault("bad-image", str(error))
        size, actual = (info.width, info.height), f"{info.width}×{info.height}"
        if sheet.size not in (None, size):
            what = "dice que la imagen mide {}×{}, pero".format(*sheet.size)
            advice = (
                "¿Se redimensionó después de anotarla? Recupera la original o corrige las cajas."
            )
            if sheet.size == size[::-1]:
                advice = "¿Se anotó tumbada? Ábrela, guárdala derecha y anótala de nuevo."
            return fault("wrong-size", f"{what} {names} mide {actual}. {advice}")
        if sheet.size is None and not sheet.fractions:
            note("no-size", f"no dice el tamaño de la imagen; se usa el real, {actual}.")
        if same(found[0].stem) != same(sheet.stem):
            note("other-name", f"usa la imagen {names}, de otro nombre: comprueba que es la suya.")
        told = sheet.size is not None and info.width != info.height and info.orientation > 4
        if info.orientation > 1 and sheet.objects and not told:
            what = f"{names} lleva una marca EXIF de giro y se lee ya derecha. Comprueba sus "
            note("exif", f"{what}cajas: hay programas que anotan sin girarla.")
        return Annotation(found[0], *size)

    def _corners(self, place, raw: Raw, photo: Annotation, fractions: bool):
        """Las esquinas en píxeles, dentro de la imagen y en orden, o ``None``."""
        note, fault = partial(self.note, place), partial(self.fault, place)
        if raw.fault:
            advice = "Corrígelo o dibuja su caja; si pasa en todos, expórtalos como cajas."
            return fault("bad-object", f"{raw.fault} {advice}")
        if not raw.label:
            return fault("no-name", "no dice de qué clase es: ponle un nombre o bórralo.")
        if self.labels and raw.label not in self.labels:
            what = f"la clase «{raw.label}» no está en labels.{closest(raw.label, self.labels)}"
            advice = "Corrígela, añádela a labels o, si no te interesa, a ignore."
            return fault("unknown-label", f"{what} {advice}")
        corners, sides = raw.corners, (photo.width, photo.height) * 2
        small = not fractions and self.fractions and _is_fraction(corners)
        if small and "scale" not in self.repair:
            what = f"la caja {_text(corners)} va de 0 a 1, y debe estar en píxeles"
            return fault("fractions", f"{what}: usa repair='scale'.")
        if small or fractions:
            pixels = [value * side for value, side in zip(corners, sides)]
            corners = [float(round(v)) if abs(v - round(v)) < ROUNDING else v for v in pixels]
        if small:
            action = f"pasada a {_text(corners)}"
            note("fractions", f"la caja {_text(raw.corners)} va de 0 a 1.", action=action)
        if corners[2] < corners[0] or corners[3] < corners[1]:
            what = f"la caja {_text(corners)} está invertida: el máximo es menor que el mínimo."
            return fault("inverted", f"{what} Intercambia los valores.")
        inside = tuple(float(min(max(v, 0), side)) for v, side in zip(corners, sides))
        narrow = min(inside[2] - inside[0], inside[3] - inside[1])
        image = f"de la imagen, que mide {photo.width}×{photo.height}"
        if narrow <= 0:
            what = f"la caja {_text(corners)} no tiene área, o está entera fuera {image}"
            return fault("no-area", f"{what}. Bórrala o vuelve a dibujarla.")
        over = [abs(a - b) for a, b in zip(corners, inside)]
        if max(over) >= ROUNDING:
            slight = all(v <= SLACK * side for v, side in zip(over, sides))
            what = f"la caja {_text(corners)} se sale {image}"
            if not slight and "clip" not in self.repair:
                return fault("outside", f"{what}. Corrígela, o usa repair='clip' para recortarla.")
            note("outside", f"{what}.", action=f"recortada a {_text(inside)}")
        if narrow < SMALLEST:
            note("tiny", f"la caja {_text(inside)} es diminuta: puede ser un clic sin querer.")
        return inside

    def _classes(self, counts: Counter) -> None:
        """Avisa de las clases que no se usan, no tienen cajas o parecen una errata."""
        for label, count in self.ignored.items():
            what = f"cajas de esta clase: {count}"
            what += "." if count else ". Comprueba cómo está escrita en ignore."
            action = "no se usan, como has pedido" if count else ""
            self.note(("ignore", label), "ignored", what, action=action, lost=count)
        for label in self.labels or ():
            if label not in counts:
                what = "no hay ninguna caja de esta clase: compruébala, o quítala."
                self.note((self.source, label), "no-examples", what)
        for label, count in () if self.labels else counts.items():
            common = [other for other in counts if counts[other] > 10 * count]
            near = closest(label, [other for other in common if fold(other) != fold(label)])
            if near and count < RARE * counts.total():
                what = f"aparece solo {counted(count, 'vez', 'veces')}: ¿es una errata?{near}"
                self.note((self.first[label], label), "rare-label", what)


def refuse_corners(sheets: list[Sheet], file: str, right: str) -> None:
    """Comprueba que las cajas no estén escritas con dos esquinas donde va un tamaño (``right``).

    Lo están si, leídas así, caben todas en su imagen y, leídas como deben ser, muchas se salen.
    """
    found = [(sheet, raw.corners) for sheet in sheets for raw in sheet.objects if raw.corners]
    low, high = np.array([corners for _, corners in found]).reshape(-1, 2, 2).swapaxes(0, 1)
    sides = np.array([sheet.size or (1, 1) for sheet, _ in found]).reshape(-1, 2)
    centred = np.array([sheet.fractions for sheet, _ in found]).reshape(-1, 1)
    size = high - low
    place = np.where(centred, (low + high) / 2, low)  # con el tamaño, lo que está escrito
    fits = (place < size) & (size <= sides)
    out = ((low < 0) | (high > sides)).any(axis=1)
    if len(found) >= FEW and fits.all() and out.mean() > 1 / FEW:
        raise AnnotationError(
            f"{file}: parece que cada caja son dos esquinas, x e y mínimas y máximas, y deben ser "
            f"{right}: así se salen de su imagen {out.sum()} de {len(found)}. Expórtalas de nuevo."
        )


def _is_fraction(corners) -> bool:
    return all(-0.05 <= value <= 1.05 for value in corners)


def _text(corners) -> str:
    """«(10, 20)–(30, 40)», para los mensajes."""
    x0, y0, x1, y1 = (number(float(c), 2) for c in corners)
    return f"({x0}, {y0})–({x1}, {y1})"
