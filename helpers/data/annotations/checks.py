"""Revisa cada caja y cada clase antes de entrenar; repara solo lo que se le pide. Cuaderno 08."""

import difflib
import math
from collections.abc import Iterable, Mapping

from helpers.console import number
from helpers.data.annotations.model import CORNERS, Box
from helpers.data.annotations.problems import AnnotationError, Report

CLIP, DROP = "clip", "drop"
REPAIRS = (CLIP, DROP)
SMALLEST = 2.0  # píxeles: por debajo suele ser un clic sin querer


def as_repairs(repair) -> frozenset[str]:
    """``repair`` como conjunto: ``None``, ``"clip"``, ``"drop"`` o varias en una tupla.

    Raises:
        AnnotationError: si alguna no existe.
    """
    chosen = (repair,) if isinstance(repair, str) else tuple(repair or ())
    for name in chosen:
        if name not in REPAIRS:
            raise AnnotationError(
                f"repair={name!r} no existe. Usa 'clip' (recorta lo que se sale de la imagen), "
                "'drop' (quita lo que no tiene arreglo), las dos, o None."
            )
    return frozenset(chosen)


def as_labels(labels, argument: str = "labels") -> list[str] | None:
    """``labels`` como lista de textos; ``None`` (las que haya) se queda igual.

    Raises:
        AnnotationError: si es un texto suelto, está vacía o repite alguna.
    """
    if labels is None:
        return None
    if isinstance(labels, str):
        raise AnnotationError(f'{argument} debe ser una lista: escribe ["{labels}"].')
    names = list(labels)
    if not names:
        raise AnnotationError(
            f"{argument} está vacía. Escribe tus clases, como ['perro', 'gato'], o None para usar "
            "las que haya en las anotaciones."
        )
    for name in names:
        if not isinstance(name, str) or not name.strip():
            raise AnnotationError(f"{argument}: {name!r} no es el nombre de una clase.")
    names = [name.strip() for name in names]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise AnnotationError(f"{argument} repite {', '.join(repeated)}. Deja cada clase una vez.")
    return names


def closest(name: str, options: Iterable[str]) -> str | None:
    """La opción que más se parece a ``name``, si alguna se parece bastante."""
    folded = {option.casefold(): option for option in options}
    near = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
    return folded[near[0]] if near else None


def as_number(value) -> float | None:
    """``value`` (texto o número) como número finito, o ``None``; admite la coma decimal."""
    try:
        result = float(value.strip().replace(",", ".") if isinstance(value, str) else value)
    except (TypeError, ValueError):
        return None
    return result if math.isfinite(result) else None


def size_of(corners) -> str:
    """«(10, 20)–(30, 40)», para los mensajes."""
    x0, y0, x1, y1 = (number(c, 2) for c in corners)
    return f"({x0}, {y0})–({x1}, {y1})"


class Inspector:
    """Revisa cajas y apunta en ``report`` lo que encuentra.

    Args:
        labels: clases admitidas; ``None``, todas.
        ignore: clases que se saltan sin avisar.
        repair: qué arreglar, como en :func:`as_repairs`.
    """

    def __init__(self, labels, ignore, repair, report: Report):
        self.labels, self.repair, self.report = as_labels(labels), as_repairs(repair), report
        self.ignore = set(as_labels(ignore, "ignore") or ()) if ignore else set()
        both = self.ignore & set(self.labels or ())
        if both:
            raise AnnotationError(f"{', '.join(sorted(both))} está en labels y en ignore a la vez.")

    def problem(self, kind, file, item, message, remedy="", serious=True, what="caja") -> None:
        """Apunta un problema sin arreglo; con «drop», queda dicho que se quita."""
        gone = f"{what} quitada" if serious and DROP in self.repair else ""
        self.report.add(kind, file, item, message, remedy, serious, gone)

    def box(self, file, item, name, values: Mapping, size, flags: Mapping) -> Box | None:
        """La caja revisada, o ``None`` si no sirve (y entonces queda en el informe).

        Args:
            values: ``xmin``, ``ymin``, ``xmax`` e ``ymax``, como texto o número.
            size: (ancho, alto) de la imagen en píxeles.
            flags: ``difficult`` y ``truncated``.
        """
        name = (name or "").strip()
        if name in self.ignore:
            return None
        item = f"{item} ({name})" if name else item
        if not name:
            return self.problem("no-name", file, item, "no dice de qué clase es.",
                                "Ponle un nombre o bórralo.")  # fmt: skip
        if self.labels is not None and name not in self.labels:
            near = closest(name, self.labels)
            hint = f"¿Querías decir «{near}»? " if near else ""
            return self.problem(
                "unknown-label", file, item, f"la clase «{name}» no está en labels.",
                f"{hint}Corrígela, añádela a labels o, si no te interesa, a ignore.")  # fmt: skip
        missing = [c for c in CORNERS if values.get(c) is None or not str(values[c]).strip()]
        if missing:
            return self.problem("missing", file, item, f"le falta {', '.join(missing)}.",
                                "Vuelve a dibujar la caja.")  # fmt: skip
        corners = [as_number(values[c]) for c in CORNERS]
        if None in corners:
            bad = CORNERS[corners.index(None)]
            return self.problem("not-a-number", file, item,
                                f"{bad} = «{str(values[bad])[:30]}» no es un número.",
                                "Corrígelo o vuelve a dibujar la caja.")  # fmt: skip
        corners = self._corners(file, item, corners, size)
        if corners is None:
            return None
        if min(corners[2] - corners[0], corners[3] - corners[1]) < SMALLEST:
            self.problem("tiny", file, item, f"la caja {size_of(corners)} es diminuta.",
                         "Compruébala: puede ser un clic sin querer.", serious=False)  # fmt: skip
        return Box(name, *corners, **flags)

    def _corners(self, file, item, corners, size):
        """Esquinas dentro de la imagen y en orden, o ``None``."""
        x0, y0, x1, y1 = corners
        shown, (width, height) = size_of(corners), size
        if x1 < x0 or y1 < y0:
            return self.problem(
                "inverted", file, item, f"la caja {shown} está invertida: el máximo es menor "
                "que el mínimo.", "Intercambia los valores.")  # fmt: skip
        if x1 == x0 or y1 == y0:
            return self.problem("zero-area", file, item, f"la caja {shown} no tiene área.",
                                "Bórrala o vuelve a dibujarla.")  # fmt: skip
        if x0 >= 0 and y0 >= 0 and x1 <= width and y1 <= height:
            return corners
        message = f"la caja {shown} se sale de la imagen, que mide {width}×{height}."
        clipped = [max(x0, 0.0), max(y0, 0.0), min(x1, float(width)), min(y1, float(height))]
        if clipped[2] <= clipped[0] or clipped[3] <= clipped[1]:
            return self.problem(
                "outside", file, item, f"la caja {shown} está entera fuera de la imagen, que mide "
                f"{width}×{height}.", "¿Se anotó otra imagen? Bórrala o corrígela.")  # fmt: skip
        if CLIP in self.repair:
            action = f"recortada a {size_of(clipped)}"
            self.report.add("outside", file, item, message, action=action)
            return clipped
        return self.problem("outside", file, item, message,
                            "Corrígela, o usa repair='clip' para recortarla.")  # fmt: skip

    def unique(self, file, boxes: list[tuple[str, Box]]) -> tuple[Box, ...]:
        """Las cajas sin repetidas; ``boxes`` son pares (qué objeto, caja)."""
        seen: dict[tuple, dict[str, str]] = {}
        kept = []
        for item, box in boxes:
            same = seen.setdefault(box.corners, {})
            if box.label in same:
                self.problem("duplicate", file, f"{item} ({box.label})",
                             f"repite la caja del {same[box.label]}.",
                             "Borra una de las dos.")  # fmt: skip
                continue
            if same:
                label, other = next(iter(same.items()))
                self.problem(
                    "two-labels", file, f"{item} ({box.label})",
                    f"tiene la misma caja que el {other} ({label}).",
                    "Comprueba cuál es la clase.", serious=False)  # fmt: skip
            same[box.label] = item
            kept.append(box)
        return tuple(kept)
