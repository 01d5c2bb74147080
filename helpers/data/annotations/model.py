"""Qué es una caja, una imagen anotada y un conjunto de ellas. Cuaderno 08."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path

from helpers.console import number, wrapped
from helpers.data.annotations.problems import Report

CORNERS = ("xmin", "ymin", "xmax", "ymax")


@dataclass(frozen=True)
class Box:
    """Un rectángulo alrededor de un objeto, en píxeles de la imagen.

    Las coordenadas son las de sus bordes, contadas desde la esquina superior izquierda: la imagen
    entera es ``(0, 0, ancho, alto)`` y el área es ``(xmax − xmin) · (ymax − ymin)``. No son «alto
    y ancho», sino dos esquinas, como en Pascal VOC (Everingham et al., 2010).

    Attributes:
        label: clase del objeto.
        difficult: un objeto difícil, que Pascal VOC no cuenta al evaluar.
        truncated: el objeto continúa fuera de la foto o detrás de otra cosa.
    """

    label: str
    xmin: float
    ymin: float
    xmax: float
    ymax: float
    difficult: bool = False
    truncated: bool = False

    @property
    def corners(self) -> tuple[float, float, float, float]:
        """``(xmin, ymin, xmax, ymax)``, en píxeles."""
        return self.xmin, self.ymin, self.xmax, self.ymax

    @property
    def width(self) -> float:
        """Ancho en píxeles."""
        return self.xmax - self.xmin

    @property
    def height(self) -> float:
        """Alto en píxeles."""
        return self.ymax - self.ymin

    @property
    def area(self) -> float:
        """Área en píxeles cuadrados."""
        return self.width * self.height


@dataclass(frozen=True)
class Annotation:
    """Una imagen con sus cajas; sin ninguna caja, es un ejemplo negativo.

    Attributes:
        image_path: dónde está la imagen.
        width, height: su tamaño en píxeles, tal como se ve (ya girada según sus datos EXIF).
    """

    image_path: Path
    width: int
    height: int
    boxes: tuple[Box, ...] = ()

    @property
    def name(self) -> str:
        """Nombre del archivo sin carpeta ni extensión, como ``escena_017_b``."""
        return self.image_path.stem

    @property
    def labels(self) -> tuple[str, ...]:
        """La clase de cada caja."""
        return tuple(box.label for box in self.boxes)


@dataclass(frozen=True)
class Dataset:
    """Imágenes anotadas y revisadas: todas sus cajas son correctas.

    Attributes:
        annotations: una :class:`Annotation` por imagen, negativas incluidas.
        labels: las clases, en el orden en que las numera la red.
        report: qué se encontró, y qué se cambió, al leerlas.
    """

    annotations: list[Annotation]
    labels: list[str]
    report: Report = field(default_factory=Report, compare=False)
    name: str = ""

    def __len__(self):
        return len(self.annotations)

    def __iter__(self):
        return iter(self.annotations)

    def __getitem__(self, index) -> Annotation:
        return self.annotations[index]

    @property
    def boxes(self) -> list[Box]:
        """Todas las cajas, una tras otra."""
        return [box for annotation in self.annotations for box in annotation.boxes]

    @property
    def negatives(self) -> list[Annotation]:
        """Las imágenes sin ningún objeto."""
        return [annotation for annotation in self.annotations if not annotation.boxes]

    def counts(self) -> dict[str, int]:
        """Cuántas cajas hay de cada clase, en el orden de ``labels`` (0 si no hay)."""
        found = dict.fromkeys(self.labels, 0)
        for box in self.boxes:
            found[box.label] += 1
        return found

    def index(self, label: str) -> int:
        """El número de la clase ``label``.

        Raises:
            ValueError: si no es una de las clases.
        """
        if label not in self.labels:
            raise ValueError(f"«{label}» no es una de las clases: {', '.join(self.labels)}.")
        return self.labels.index(label)

    def select(self, which: Iterable[int], name: str = "") -> "Dataset":
        """Un conjunto con las imágenes de los números ``which``, en ese orden."""
        return replace(self, annotations=[self.annotations[i] for i in which], name=name)

    def where(self, keep: Callable[[Annotation], bool], name: str = "") -> "Dataset":
        """Un conjunto con las imágenes para las que ``keep(annotation)`` es cierto."""
        return replace(self, annotations=[a for a in self.annotations if keep(a)], name=name)

    def summary(self) -> str:
        """Una frase: imágenes, cajas, clases y negativos."""
        classes = ", ".join(f"{name} {number(n)}" for name, n in self.counts().items())
        boxes, empty = len(self.boxes), len(self.negatives)
        return (
            f"{number(len(self))} imágenes, {number(boxes)} cajas ({classes or 'ninguna clase'}), "
            f"{number(empty)} sin objetos"
        )

    def __repr__(self):
        return wrapped(f"<{self.name or 'Dataset'}: {self.summary()}>", "  ")

    def _repr_html_(self):
        rows = "".join(
            f"<tr><td>{escape(label)}</td><td>{number(total)}</td></tr>"
            for label, total in self.counts().items()
        )
        return (
            f"<p>{escape(self.summary())}</p>"
            f"<table><tr><th>clase</th><th>cajas</th></tr>{rows}</table>"
        )
