"""Anotar imágenes dentro del cuaderno con ``jupyter-bbox-widget`` (opcional). Cuaderno 08.

Se instala aparte: ``python -m pip install "jupyter-bbox-widget>=0.7"``. Cada imagen se guarda en
su propio XML al pasar a la siguiente: no se pierde nada aunque se cierre el cuaderno.
"""

from pathlib import Path

import numpy as np

from helpers import paths
from helpers.data import images
from helpers.data.boxes import voc
from helpers.data.boxes.dataset import Annotation, AnnotationError, Box
from helpers.data.boxes.files import Photos, as_labels, as_number, same

MISSING = (
    "Para anotar dentro del cuaderno hace falta jupyter-bbox-widget: ejecuta en una celda "
    "«%pip install 'jupyter-bbox-widget>=0.7'» y reinicia el núcleo. O anota con Label Studio o "
    "CVAT y exporta en formato Pascal VOC."
)


def to_boxes(bboxes, width: int, height: int) -> tuple[Box, ...]:
    """Lo que da el widget (``x, y, width, height, label``) → cajas dentro de la imagen.

    Los clics sueltos (menos de un píxel) se descartan.

    Raises:
        AnnotationError: si a una caja le falta la clase o un número.
    """
    boxes = []
    for number, item in enumerate(bboxes, 1):
        label = str(item.get("label") or "").strip()
        values = [as_number(item.get(key)) for key in ("x", "y", "width", "height")]
        if not label or None in values:
            raise AnnotationError(f"A la caja {number} le falta la clase o alguna coordenada.")
        x, y, w, h = values
        edges = np.sort([[x, x + w], [y, y + h]]).round().clip(0, [[width], [height]])
        (x0, x1), (y0, y1) = edges.tolist()
        if x1 - x0 >= 1 and y1 - y0 >= 1:
            boxes.append(Box(label, x0, y0, x1, y1))
    return tuple(boxes)


def to_bboxes(boxes) -> list[dict]:
    """Cajas → la lista que entiende el widget."""
    return [{"x": b.xmin, "y": b.ymin, "width": b.width, "height": b.height, "label": b.label}
            for b in boxes]  # fmt: skip


class Annotator:
    """Recorre una carpeta de imágenes y guarda las cajas que dibujas.

    Muestra el widget con ``display(annotator.widget)``: «Submit» guarda y pasa a la siguiente,
    «Skip» pasa sin guardar.

    Args:
        image_dir: carpeta de las imágenes.
        xml_dir: dónde se guardan los XML; las que ya lo tienen se enseñan con sus cajas.
        labels: las clases que se pueden elegir.
        widget: para las pruebas, algo con ``image_bytes``, ``bboxes``, ``on_submit`` y ``on_skip``.

    Raises:
        AnnotationError: si falta la carpeta, no hay imágenes o no está el widget.
    """

    def __init__(self, image_dir, xml_dir, labels, widget=None):
        self.labels = as_labels(labels)
        if self.labels is None:
            raise AnnotationError("Di qué clases vas a anotar: labels=['perro', 'gato'].")
        self.files = Photos(image_dir).files
        stems = [same(file.stem) for file in self.files]
        twice = sorted({stem for stem in stems if stems.count(stem) > 1})
        if twice:
            raise AnnotationError(
                f"Hay dos imágenes que se llaman «{twice[0]}» con distinta extensión y tendrían el "
                "mismo XML. Cambia el nombre de una."
            )
        self.xml_dir = paths.given(xml_dir, AnnotationError, "xml_dir")
        self._written = {same(file.stem): file for file in self.xml_dir.glob("*.[xX][mM][lL]")}
        self.widget = _new_widget(self.labels) if widget is None else widget
        self.widget.on_submit(self.submit)
        self.widget.on_skip(self.skip)
        todo = [k for k, file in enumerate(self.files) if not self._xml(file).exists()]
        self._show(todo[0] if todo else 0)

    @property
    def current(self) -> Path:
        """La imagen que se está anotando."""
        return self.files[self.position]

    def _xml(self, file: Path) -> Path:
        return self._written.get(same(file.stem), self.xml_dir / f"{file.stem}.xml")

    def _show(self, start: int) -> None:
        """Enseña la imagen número ``start`` o, si no se puede, la primera de las siguientes."""
        count = len(self.files)
        for position in (k % count for k in range(start, start + count)):
            file = self.files[position]
            try:
                image = images.read(file)
                saved = self._saved(self._xml(file), image.shape[1::-1])
            except (images.ImageError, AnnotationError) as error:
                print(f"Me salto {file.name}: {error}")
                continue
            self.position, self._size, self._before = position, image.shape[1::-1], saved
            self.widget.image_bytes = images.encode(image)
            self.widget.bboxes = to_bboxes(saved[0])
            return
        raise AnnotationError("No puedo enseñar ninguna de las imágenes: arriba está el porqué.")

    def _saved(self, xml: Path, size) -> tuple[tuple[Box, ...], tuple[int, int] | None]:
        """Las cajas que ya tenía una imagen y el (ancho, alto) que dice su XML, si lo hay."""
        if not xml.exists():
            return (), None
        raw = voc.read(xml)
        if raw.fault:
            raise AnnotationError(f"{xml.name} {raw.fault}")
        good = [o for o in raw.objects if o.label and not o.fault]
        boxes = [Box(o.label, *o.corners, o.difficult, o.truncated) for o in good]
        if not len(raw.objects) == len(boxes) == len(to_boxes(to_bboxes(boxes), *size)):
            raise AnnotationError(
                f"{xml.name} tiene objetos sin <bndbox>, o con uno que no vale: aquí se perderían. "
                "Edítalo en otro programa."
            )
        return tuple(boxes), raw.size

    def submit(self) -> Path:
        """Guarda las cajas de la imagen (ninguna es un ejemplo negativo) y pasa a la siguiente.

        Si no has cambiado nada, su XML se queda como estaba.
        """
        drawn, (before, size) = to_boxes(self.widget.bboxes, *self._size), self._before
        # El widget no guarda decimales, «difficult» ni «truncated»: lo no tocado los recupera.
        known = dict(zip(to_boxes(to_bboxes(before), *self._size), before))
        boxes = tuple(known.get(box, box) for box in drawn)
        path = self._xml(self.current)
        if (boxes, self._size) != (before, size):
            annotation = Annotation(self.current, *self._size, boxes)
            path = voc.write_voc(annotation, path, overwrite=True)
        self.skip()
        return path

    def skip(self) -> None:
        """Pasa a la siguiente sin guardar; tras la última, vuelve a la primera."""
        self._show(self.position + 1)


def _new_widget(labels):
    try:
        from jupyter_bbox_widget import BBoxWidget
    except ImportError:
        raise AnnotationError(MISSING) from None
    return BBoxWidget(classes=list(labels))
