"""Cajas sobre imágenes, en figuras y pintadas en los píxeles. Cuaderno 08.

Una imagen es ``(H, W, 3)`` uint8 RGB. Una caja, un objeto con ``label``, ``xmin``, ``ymin``,
``xmax``, ``ymax`` y, si es una detección, ``score``. ``labels`` son todas las clases, para que cada
una tenga siempre su color.
"""

import matplotlib.pyplot as plt
import numpy as np

from helpers.plotting import style
from helpers.plotting.pictures import table

# Tonos claros (Okabe e Ito, 2008): se ven sobre una foto y dejan leer el texto negro.
COLORS = (style.YELLOW, "#56B4E9", "#CC79A7", "#2CB88A", "#E69F00", "#F2703A")


def _color(label: str, labels) -> str:
    place = list(labels).index(label) if labels and label in labels else 0
    return COLORS[place % len(COLORS)]


def _text(box) -> str:
    score = getattr(box, "score", None)
    return box.label if score is None else f"{box.label} {score:.2f}"


def rectangle(ax, corners, **look) -> None:
    """Un rectángulo de esquinas ``xmin, ymin, xmax, ymax``; hueco, si ``look`` no dice ``fc``."""
    xmin, ymin, xmax, ymax = corners
    look = {"fc": "none", **look}
    ax.add_patch(plt.Rectangle((xmin, ymin), xmax - xmin, ymax - ymin, **look))


def show_boxes(
    image, boxes, ax=None, *, labels=None, color=None, text=True, title="", dashed=False
):
    """Dibuja ``boxes`` sobre ``image`` con Matplotlib.

    Args:
        image: ``None`` para dibujar sobre lo que ya haya en ``ax``.
        ax: ejes; sin ellos se crea una figura.
        color: un color para todas.
        text: escribe la clase y la puntuación.
        dashed: línea discontinua, para distinguir lo anotado de lo detectado.
    """
    if ax is None:
        _, ax = plt.subplots(figsize=(5, 5))
    if image is not None:
        ax.imshow(image)
    for box in boxes:
        tone = color or _color(box.label, labels)
        corners = box.xmin, box.ymin, box.xmax, box.ymax
        rectangle(ax, corners, ec=tone, lw=2, ls="--" if dashed else "-")
        if text:  # encima de la caja; si se sale de la imagen, dentro
            inside = box.ymin < 0.06 * max(ax.get_ylim())
            ax.text(
                box.xmin, box.ymin, f" {_text(box)} ", fontsize=8, color=style.BLACK, clip_on=True,
                va="top" if inside else "bottom", bbox={"fc": tone, "ec": "none", "pad": 1},
            )  # fmt: skip
    ax.set(xticks=[], yticks=[], title=title)
    ax.grid(False)
    return ax


def gallery(pictures, boxes, *, columns=3, labels=None, titles=None, size=3.4, **options):
    """Varias imágenes con sus cajas, en filas.

    Args:
        pictures, boxes: lista de imágenes, y una lista de cajas por imagen.
        columns: imágenes por fila.
        titles: un título por imagen.
        size: ancho de cada una, en pulgadas; el alto, el que le toque por su forma.
        options: las demás de :func:`show_boxes`.

    Returns:
        Array de ejes.

    Raises:
        ValueError: si no hay una lista de cajas por imagen.
    """
    if len(pictures) != len(boxes) or not len(pictures):
        raise ValueError(f"Hay {len(pictures)} imágenes y {len(boxes)} listas de cajas.")
    tall = size * max(picture.shape[0] / picture.shape[1] for picture in pictures)
    tall += 0.3 if titles else 0  # el sitio de los títulos
    axes = table(len(pictures), min(columns, len(pictures)), size, tall)
    titles = titles or [""] * len(pictures)
    for ax, picture, own, title in zip(axes.flat, pictures, boxes, titles):
        show_boxes(picture, own, ax, labels=labels, title=title, **options)
    return axes


def paint(image, boxes, *, labels=None) -> np.ndarray:
    """Pinta ``boxes`` en una **copia** de ``image``, que devuelve: para guardar fotos y vídeos."""
    import cv2
    from matplotlib.colors import to_rgb

    out = np.array(image)
    height, width = out.shape[:2]
    thick = max(1, round(min(height, width) / 200))
    scale = max(0.35, min(height, width) / 900)
    for box in boxes:
        tone = tuple(round(255 * c) for c in to_rgb(_color(box.label, labels)))
        low, high = (round(box.xmin), round(box.ymin)), (round(box.xmax), round(box.ymax))
        cv2.rectangle(out, low, high, tone, thick)
        # Las fuentes de OpenCV no tienen tildes ni eñes.
        words = _text(box).encode("ascii", "replace").decode()
        (wide, tall), under = cv2.getTextSize(words, cv2.FONT_HERSHEY_SIMPLEX, scale, 1)
        x = min(max(low[0], 0), max(width - wide, 0))
        y = low[1] if low[1] >= tall + under else min(max(low[1], 0) + tall + under, height)
        cv2.rectangle(out, (x, y - tall - under), (x + wide, y), tone, -1)
        cv2.putText(out, words, (x, y - under), cv2.FONT_HERSHEY_SIMPLEX, scale, (20, 20, 20), 1,
                    cv2.LINE_AA)  # fmt: skip
    return out
