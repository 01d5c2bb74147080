"""Un conjunto de fotos con cajas: qué es, el informe de lo que falla, y cómo se separa en dos.

Las funciones se usan como ``splits.by_group``. Si de una misma foto hay varias variantes, o la
misma foto con dos nombres, repartirlas sin mirar deja copias de lo entrenado en la prueba, y la
nota sale inflada. Cuaderno 08.
"""

import functools
import numbers
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from helpers.console import counted, number, say, wrapped
from helpers.data import images

SHOWN = 20  # líneas que se enseñan de cada parte de un informe; el resto se cuenta


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
class Problem:
    """Algo que no cuadra en unas anotaciones.

    Attributes:
        kind: clase de problema, como ``"outside"`` (lo usan las pruebas y los filtros).
        file: archivo en el que está.
        item: qué objeto, como «objeto 2 (lego)»; vacío si es el archivo entero.
        message: qué pasa y qué hacer.
        serious: ``False`` si es un aviso que no impide entrenar.
        action: qué se ha cambiado al leer; vacío si nada. Los originales no se tocan.
        lost: cuántas cajas no se pueden usar, o no se usan, por este problema.
    """

    kind: str
    file: str
    item: str
    message: str
    serious: bool = True
    action: str = ""
    lost: int = 0

    def __str__(self):
        where = f"{self.file}, {self.item}" if self.item else self.file
        return f"{where}: {self.message}" + (f" → {self.action}" if self.action else "")


@dataclass
class Report:
    """Todos los problemas encontrados al leer unas anotaciones, en el orden en que aparecieron.

    Attributes:
        problems: cada :class:`Problem`; también salen al recorrer el informe con ``for``.
        files: cuántos archivos de anotaciones se miraron.
    """

    problems: list[Problem] = field(default_factory=list)
    files: int = 0

    def __iter__(self):
        return iter(self.problems)

    def add(self, *args, **kwargs) -> None:
        """Apunta un :class:`Problem` con esos datos."""
        self.problems.append(Problem(*args, **kwargs))

    @property
    def pending(self) -> list[Problem]:
        """Los graves que siguen sin arreglar: impiden entrenar."""
        return [p for p in self.problems if p.serious and not p.action]

    @property
    def changes(self) -> list[Problem]:
        """Lo que se arregló, se unió o se quitó al leer, y qué se hizo."""
        return [p for p in self.problems if p.action]

    @property
    def ok(self) -> bool:
        """¿Se puede entrenar con lo leído?"""
        return not self.pending

    def kinds(self) -> dict[str, int]:
        """Cuántos problemas hay de cada clase."""
        return dict(Counter(problem.kind for problem in self.problems))

    def __str__(self):
        total, looked = len(self.problems), counted(self.files, "archivo")
        found = counted(total, "problema") if total else "ningún problema"
        lines = [f"{looked} de anotaciones: {found}."]
        for title, problems in (
            ("Hay que arreglar", self.pending),
            ("Cambiado al leer (los originales siguen igual)", self.changes),
            ("Avisos", [p for p in self.problems if not p.serious and not p.action]),
        ):
            lost = sum(p.lost for p in problems if p.action)
            unused = counted(lost, "caja que no se usa", "cajas que no se usan")
            shown = [wrapped(f"  · {problem}", "    ") for problem in problems[:SHOWN]]
            if len(problems) > SHOWN:
                shown.append(f"  · … y {len(problems) - SHOWN} más (están todos en .problems)")
            if problems:
                lines += [f"{title}: {len(problems)}{f' ({unused})' if lost else ''}", *shown]
        return "\n".join(lines)


class AnnotationError(ValueError):
    """Las anotaciones no se pueden usar; el mensaje dice dónde, por qué y qué hacer.

    Attributes:
        report: el informe completo, si se llegó a hacer.
    """

    def __init__(self, message: str, report: Report | None = None):
        super().__init__(message)
        self.report = report


@dataclass(frozen=True)
class Dataset(Sequence):
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
        found = Counter(box.label for box in self.boxes)
        return {label: found[label] for label in self.labels}

    def select(self, which: Iterable[int], name: str = "") -> "Dataset":
        """Un conjunto con las imágenes de los números ``which``, en ese orden."""
        return replace(self, annotations=[self.annotations[i] for i in which], name=name)

    def __repr__(self):
        classes = ", ".join(f"{name} {number(n)}" for name, n in self.counts().items())
        boxes, empty, changes = len(self.boxes), len(self.negatives), len(self.report.changes)
        changed = f"; {counted(changes, 'cambio')} al leer, en .report" if changes else ""
        text = (
            f"{counted(len(self), 'imagen', 'imágenes')}, {counted(boxes, 'caja')} "
            f"({classes or 'ninguna clase'}), {number(empty)} sin objetos{changed}"
        )
        return wrapped(f"<{self.name or 'Dataset'}: {text}>", "  ")


def scene(annotation: Annotation) -> str:
    """La escena de una imagen: su nombre sin la variante (``escena_017_b`` → ``escena_017``).

    Las que Roboflow saca de una misma foto son variantes: ``lago_jpg.rf.3f9a…`` → ``lago_jpg``.
    """
    return re.sub(r"\.rf\.\w+$|[_-][a-z]$", "", annotation.name)


def by_group(
    dataset: Dataset,
    fraction: float = 0.2,
    seed: int = 0,
    key: Callable[[Annotation], str] = scene,
) -> tuple[Dataset, Dataset]:
    """(entrenamiento, prueba): ninguna escena está en los dos, ni la misma foto con dos nombres.

    Las fotos son la misma si lo son sus píxeles, ya descomprimidos y girados según EXIF; si las
    hay con nombres de escenas distintas, lo escribe y las deja en el mismo lado.

    Args:
        fraction: parte de las escenas que va a la prueba.
        key: función que dice a qué grupo pertenece cada imagen.

    Raises:
        AnnotationError: si ``fraction`` no está entre 0 y 1, ``seed`` no es un entero desde 0, no
            es un conjunto, o tiene menos de dos escenas.
    """
    if not isinstance(fraction, numbers.Real) or not 0 < fraction < 1:
        raise AnnotationError(f"fraction={fraction!r} debe estar entre 0 y 1, como 0.2 (el 20 %).")
    if not isinstance(seed, numbers.Integral) or seed < 0:
        raise AnnotationError(f"seed={seed!r} debe ser un entero de 0 en adelante.")
    if not isinstance(dataset, Dataset):
        raise AnnotationError(
            f"Se separa un conjunto, como el que da load_voc, y ha llegado {type(dataset).__name__}"
            ". Para quedarte con parte de uno, usa data.select(números)."
        )
    groups = [str(key(annotation)) for annotation in dataset]
    for twins in identical(dataset):
        together = {groups[i] for i in twins}
        if len(together) > 1:
            names = " = ".join(dataset[i].name for i in twins)
            say(f"Son la misma foto, y se quedan en el mismo lado: {names}.")
            groups = [min(together) if group in together else group for group in groups]
    total = len(set(groups))
    if total < 2:
        raise AnnotationError(
            f"No se puede separar un conjunto de {counted(len(dataset), 'imagen', 'imágenes')} de "
            "la misma escena. La escena es el nombre sin la última letra; si son fotos distintas, "
            "usa at_random."
        )
    from sklearn.model_selection import GroupShuffleSplit

    held_out = min(max(1, round(total * fraction)), total - 1)
    chooser = GroupShuffleSplit(n_splits=1, test_size=held_out, random_state=seed)
    train, test = next(chooser.split(groups, groups=groups))
    return dataset.select(train, "entrenamiento"), dataset.select(test, "prueba")


def at_random(dataset: Dataset, fraction: float = 0.2, seed: int = 0) -> tuple[Dataset, Dataset]:
    """(entrenamiento, prueba): ``fraction`` de las imágenes al azar, sin mirar de qué escena son.

    Raises:
        AnnotationError: si ``fraction`` no está entre 0 y 1, o hay menos de dos imágenes.
    """
    return by_group(dataset, fraction, seed, key=lambda annotation: annotation.image_path)


def shared_groups(first: Dataset, second: Dataset) -> list[str]:
    """La fuga que :func:`by_group` evita: escenas, y fotos idénticas, que están en los dos."""
    scenes = set(map(scene, first)) & set(map(scene, second))
    names = {_pixels(a): a.name for a in first if scene(a) not in scenes}
    pairs = ((names.get(_pixels(b)), b) for b in second if scene(b) not in scenes)
    return sorted(scenes) + sorted(f"{name} = {b.name}" for name, b in pairs if name)


def identical(dataset: Dataset) -> list[list[int]]:
    """Las imágenes que son la misma foto: los números de cada grupo de dos o más."""
    found: dict[str, list[int]] = {}
    for i, annotation in enumerate(dataset):
        found.setdefault(_pixels(annotation), []).append(i)
    return [same for same in found.values() if len(same) > 1]


def _pixels(annotation: Annotation) -> str:
    """Una huella de los píxeles; si la foto no se puede leer, su ruta, que no se repite."""
    path = annotation.image_path
    try:
        return _digest(path, path.stat().st_mtime_ns)
    except (OSError, images.ImageError):
        return str(path)


@functools.lru_cache(maxsize=100_000)
def _digest(path, stamp: int) -> str:
    """``stamp`` es la fecha: si el archivo cambia, se vuelve a leer."""
    return images.fingerprint(images.read(path))
