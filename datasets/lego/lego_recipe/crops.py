"""De una foto, sus variantes con zoom y recorte, y las cajas de lo que se ve. Cuaderno 08."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from helpers.data.boxes import Annotation, Box
from lego_recipe import scenes, toys

SIDE = 416  # píxeles de cada imagen
CUT = 0.9  # se anota como cortada («truncated») si se ve menos de esta parte


def whole(photo: scenes.Photo) -> tuple[int, int, int, int]:
    """La ventana que abarca la foto entera."""
    height, width = photo.owner.shape
    return 0, 0, width, height


def random_window(rng: np.random.Generator, photo: scenes.Photo, tries=60):
    """Una ventana cuadrada al azar, casi siempre con alguna figura y sin ninguna dudosa."""
    height, width = photo.owner.shape
    figures = [k + 1 for k, thing in enumerate(photo.things) if thing.is_figure]
    for _ in range(tries):
        side = int(min(width, height) * rng.uniform(0.6, 0.92))
        centre = rng.uniform(0.2, 0.8, 2) * (width, height)
        if figures and rng.random() < 0.9:
            rows, columns = np.nonzero(photo.owner == figures[int(rng.integers(len(figures)))])
            if len(rows):
                centre = np.array([columns.mean(), rows.mean()]) + rng.normal(0, side * 0.24, 2)
        x0 = int(np.clip(centre[0] - side / 2, 0, width - side))
        y0 = int(np.clip(centre[1] - side / 2, 0, height - side))
        window = (x0, y0, x0 + side, y0 + side)
        if not scenes.unclear(photo, window):
            return window
    return whole(photo)


def annotate(photo: scenes.Photo, window, path: Path, size=(SIDE, SIDE)) -> Annotation:
    """Las cajas de lo que se ve en ``window``, en píxeles de una imagen de ese tamaño.

    La clase de una figura es su tipo; :func:`only_figures` la cambia por «lego».
    """
    x0, y0, x1, y1 = window
    owner = photo.owner[y0:y1, x0:x1]
    factor = np.array([size[0] / (x1 - x0), size[1] / (y1 - y0)] * 2)
    boxes = []
    for k, share in enumerate(scenes.visible(photo, window)):
        thing = photo.things[k]
        if share <= scenes.HIDDEN or not (thing.is_figure or thing.label == toys.CAR):
            continue
        rows, columns = np.nonzero(owner == k + 1)
        corners = np.array([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]) * factor
        corners = [float(c) for c in np.round(corners)]
        if corners[2] - corners[0] >= 4 and corners[3] - corners[1] >= 4:
            label = thing.kind or thing.label
            boxes.append(Box(label, *corners, truncated=share < CUT))
    return Annotation(path, *size, tuple(boxes))


def only_figures(annotation: Annotation) -> Annotation:
    """La misma imagen con una sola clase, «lego», y sin los coches."""
    boxes = [replace(b, label="lego") for b in annotation.boxes if b.label != toys.CAR]
    return replace(annotation, boxes=tuple(boxes))


def picture(photo: scenes.Photo, window, rng: np.random.Generator, size=(SIDE, SIDE)) -> np.ndarray:
    """La imagen RGB ``uint8`` de una ventana, con su grano."""
    x0, y0, x1, y1 = window
    small = cv2.resize(photo.pixels[y0:y1, x0:x1], size, interpolation=cv2.INTER_AREA)
    if rng.random() < 0.12:  # la mano tembló
        length, angle = int(rng.integers(3, 6)), rng.uniform(0, np.pi)
        kernel = np.zeros((7, 7), "float32")
        step = np.array([np.cos(angle), np.sin(angle)]) * length / 2
        ends = [tuple(int(v) for v in np.round(3 + s * step)) for s in (-1, 1)]
        cv2.line(kernel, *ends, 1.0)
        small = cv2.filter2D(small, -1, kernel / kernel.sum())
    sigma = rng.uniform(0.6, 4.0)
    grain = rng.normal(0, sigma, small.shape[:2])[..., None] + rng.normal(0, sigma / 2, small.shape)
    return np.clip(small + grain, 0, 255).astype("uint8")
