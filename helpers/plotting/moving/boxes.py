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
  const area = (b) => (b[2] - b[0]) * (b[3] - b[1]);
  function overlap(a, b) {
    const wide = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
    const high = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
    if (wide <= 0 || high <= 0) { return 0; }
    return wide * high / (area(a) + area(b) - wide * high);
  }
  function draw(confidence, limit) {
    const sure = data.confidences[confidence], most = data.overlaps[limit];
    const able = data.boxes.filter((b) => b[4] >= sure), kept = [], dropped = [];
    able.forEach((b) => (kept.some((k) => overlap(k, b) > most) ? dropped : kept).push(b));
    part("boxes").textContent = "";
    const box = (b, look) => make(part("boxes"), "rect", {
      x: b[0], y: b[1], width: b[2] - b[0], height: b[3] - b[1], ...look,
    });
    dropped.forEach((b) => box(b, {
      stroke: data.faint, "stroke-width": data.line / 2, "stroke-dasharray": 2 * data.line,
    }));
    kept.forEach((b) => {
      box(b, {stroke: data.strong, "stroke-width": data.line});
      make(part("boxes"), "text", {
        x: b[0] + data.line, y: Math.max(b[1] - data.line, 5 * data.line), fill: "#fff",
        stroke: "#000", "stroke-width": data.line, "paint-order": "stroke",
      }, Math.round(100 * b[4]) + " %");
    });
    return say(able.length, kept.length) + (data.objects === null ? "" :
      " En la foto hay " + data.objects + ".");
  }
  const say = (able, kept) => able + " cajas llegan a la confianza; la NMS deja " + kept + ".";
"""


def keep(boxes, confidence: float, overlap: float) -> tuple[np.ndarray, np.ndarray]:
    """La NMS del guion, aquí para el primer fotograma: las que quedan y las que se quitan.

    Args:
        boxes: ``(n, 5)``: x1, y1, x2, y2 y confianza, de mayor a menor confianza.
    """
    kept, dropped = [], []
    for box in boxes[boxes[:, 4] >= confidence]:
        sides = [np.minimum(box[2:4], k[2:4]) - np.maximum(box[:2], k[:2]) for k in kept]
        common = [max(wide, 0) * max(high, 0) for wide, high in sides]
        areas = [np.prod(k[2:4] - k[:2]) + np.prod(box[2:4] - box[:2]) for k in kept]
        covered = any(c > overlap * (a - c) for c, a in zip(common, areas))
        (dropped if covered else kept).append(box)
    return np.array(kept).reshape(-1, 5), np.array(dropped).reshape(-1, 5)


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
    kept, dropped = keep(every, *start)
    shapes = [
        f'<rect x="{x1:g}" y="{y1:g}" width="{x2 - x1:g}" height="{y2 - y1:g}" stroke="{tone}" '
        f'stroke-width="{thick:g}"/>'
        for group, tone, thick in ((dropped, style.YELLOW, line / 2), (kept, style.ORANGE, line))
        for x1, y1, x2, y2, _ in group
    ]
    svg = FRAME.format(
        width=width, height=height, kind=kind, size=round(7 * line), boxes="".join(shapes),
        photo=base64.b64encode(Path(photo).read_bytes()).decode(),
    )  # fmt: skip
    said = (f"{len(kept) + len(dropped)} cajas llegan a la confianza; la NMS deja {len(kept)}."
            + (f" En la foto hay {objects}." if objects is not None else ""))  # fmt: skip
    percents = [f"{100 * value:.0f} %" for value in CONFIDENCES]
    limits = [f"{value:g}" for value in OVERLAPS[:-1]] + ["1 (sin NMS)"]
    data = {"boxes": every.tolist(), "confidences": CONFIDENCES, "overlaps": OVERLAPS,
            "objects": objects, "strong": style.ORANGE, "faint": style.YELLOW,
            "line": line}  # fmt: skip
    return moving(
        name, "Las cajas según la confianza y la IoU", svg, f"{alt} {said}", said,
        {"confianza mínima": (percents, CONFIDENCES.index(start[0])),
         "IoU máxima entre dos": (limits, OVERLAPS.index(start[1]))},
        SCRIPT, data,
    )  # fmt: skip
