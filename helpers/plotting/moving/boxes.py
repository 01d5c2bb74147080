"""Las cajas que quedan según la confianza y la IoU: la NMS, paso a paso. Cuaderno 08."""

import base64
from pathlib import Path

import numpy as np

from helpers.plotting import style
from helpers.plotting.moving import moving

CONFIDENCES = [round(0.05 * step, 2) for step in range(1, 20)]
OVERLAPS = [round(0.1 * step, 1) for step in range(1, 10)] + [1.0]  # con 1 no se quita ninguna
FRAME = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">
<image width="{width}" height="{height}" href="data:image/{kind};base64,{photo}"/>
<g class="boxes" fill="none" font-family="sans-serif" font-size="{size}">{boxes}</g></svg>"""
SCRIPT = """
  function draw(confidence, limit) {
    const able = data.boxes.filter((b) => b[4] >= data.confidences[confidence]);
    const stays = (b, i) => data.stays[limit][i] === "1";
    part("boxes").textContent = "";
    const box = (b, look) => make(part("boxes"), "rect", {
      x: b[0], y: b[1], width: b[2] - b[0], height: b[3] - b[1], ...look,
    });
    able.filter((b, i) => !stays(b, i)).forEach((b) => box(b, {
      stroke: data.faint, "stroke-width": data.line / 2, "stroke-dasharray": 2 * data.line,
    }));
    const kept = able.filter(stays);
    kept.forEach((b) => {
      box(b, {stroke: data.strong, "stroke-width": data.line});
      make(part("boxes"), "text", {
        x: b[0] + data.line, y: Math.max(b[1] - data.line, 5 * data.line), fill: "#fff",
        stroke: "#000", "stroke-width": data.line, "paint-order": "stroke",
      }, Math.round(100 * b[4]) + " %");
    });
    return able.length + " cajas llegan a la confianza; la NMS deja " + kept.length + "." +
      (data.objects === null ? "" : " En la foto hay " + data.objects + ".");
  }
"""


def survivors(boxes, overlap: float) -> np.ndarray:
    """Qué cajas deja la NMS, ``(n,)``; como va de la más segura a la menos, las de una confianza
    mínima mayor son las primeras de estas.

    Args:
        boxes: ``(n, 5)``: x1, y1, x2, y2 y confianza, de mayor a menor confianza.
    """
    areas, stays = np.prod(boxes[:, 2:4] - boxes[:, :2], axis=1), np.zeros(len(boxes), bool)
    for i, box in enumerate(boxes):
        kept = boxes[stays]
        sides = np.minimum(kept[:, 2:4], box[2:4]) - np.maximum(kept[:, :2], box[:2])
        common = np.prod(np.maximum(sides, 0), axis=1)
        stays[i] = (common <= overlap * (areas[stays] + areas[i] - common)).all()
    return stays


def boxes(photo, found, scores, *, alt: str, objects: int | None = None,
          start: tuple[float, float] = (0.3, 0.5), name: str = "cajas"):  # fmt: skip
    """Una foto y sus cajas, con dos deslizadores: la confianza mínima y la IoU máxima.

    Args:
        photo: ruta de un JPEG o un PNG; se guarda dentro de la figura tal cual.
        found: ``(n, 4)``, cajas candidatas (x1, y1, x2, y2) en píxeles, antes de la NMS.
        scores: ``(n,)``, su confianza, de 0 a 1. alt: qué se ve en la foto.
        objects: cuántos objetos hay de verdad, si se sabe.
        start: confianza e IoU del primer fotograma.

    Raises:
        ValueError: si no hay una confianza por caja, la foto no es JPEG ni PNG o ``start`` no está
            entre las posiciones.
    """
    from PIL import Image

    found, scores = np.asarray(found, float).reshape(-1, 4), np.asarray(scores, float).ravel()
    if len(found) != len(scores):
        raise ValueError(f"Hay {len(found)} cajas y {len(scores)} confianzas.")
    if start[0] not in CONFIDENCES or start[1] not in OVERLAPS:
        raise ValueError(f"start={start}: la confianza va de 0.05 en 0.05 y la IoU, de 0.1 en 0.1.")
    with Image.open(photo) as picture:
        (width, height), kind = picture.size, (picture.format or "").lower()
    if kind not in ("jpeg", "png"):
        raise ValueError(f"{Path(photo).name} es «{kind}»: hace falta un JPEG o un PNG.")
    every = np.c_[found, scores][np.argsort(-scores, kind="stable")]
    every = np.c_[every[:, :4].round(), every[:, 4].round(2)]  # como las verá el guion
    every = every[every[:, 4] >= CONFIDENCES[0]]
    line = max(width, height) / 208
    stays = {limit: survivors(every, limit) for limit in OVERLAPS}
    able = every[every[:, 4] >= start[0]]
    kept = stays[start[1]][: len(able)]
    shapes = [
        f'<rect x="{x1:g}" y="{y1:g}" width="{x2 - x1:g}" height="{y2 - y1:g}" stroke="{tone}" '
        f'stroke-width="{thick:g}"/>'
        for group, tone, thick in ((~kept, style.YELLOW, line / 2), (kept, style.ORANGE, line))
        for x1, y1, x2, y2, _ in able[group]
    ]
    svg = FRAME.format(
        width=width, height=height, kind=kind, size=round(7 * line), boxes="".join(shapes),
        photo=base64.b64encode(Path(photo).read_bytes()).decode(),
    )  # fmt: skip
    said = f"{len(able)} cajas llegan a la confianza; la NMS deja {kept.sum()}."
    said += f" En la foto hay {objects}." if objects is not None else ""
    percents = [f"{100 * value:.0f} %" for value in CONFIDENCES]
    limits = [f"{value:g}" for value in OVERLAPS[:-1]] + ["1 (sin NMS)"]
    data = {"boxes": every.tolist(), "confidences": CONFIDENCES, "objects": objects,
            "stays": ["".join(f"{stay:d}" for stay in every) for every in stays.values()],
            "strong": style.ORANGE, "faint": style.YELLOW, "line": line}  # fmt: skip
    return moving(
        name, "Las cajas según la confianza y la IoU", svg, f"{alt} {said}", said,
        {"confianza mínima": (percents, CONFIDENCES.index(start[0])),
         "IoU máxima entre dos": (limits, OVERLAPS.index(start[1]))},
        SCRIPT, data,
    )  # fmt: skip
