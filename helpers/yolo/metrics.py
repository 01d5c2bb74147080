"""Precisión media (AP) y mAP, al modo de Pascal VOC y al de COCO (cuaderno 08).

La AP es el área bajo la curva de precisión y exhaustividad (*precision–recall*) de una clase, con
un umbral de IoU; la mAP, su media entre clases. No es un F1: no depende de un umbral de confianza.

Fuentes: Everingham et al. (2010), §4.2; Lin et al. (2014) y ``pycocotools``, que es el oráculo.
"""

from dataclasses import dataclass

import numpy as np

from helpers.yolo.boxes import pairwise_iou
from helpers.yolo.decoding import Detection, arrays, check_fraction

COCO_IOUS = tuple(np.linspace(0.5, 0.95, 10).round(2).tolist())
STYLES = ("voc", "coco")
LIMIT = 100  # detecciones por imagen y clase que se miran, como mucho
COPIED = 30  # cajas que copia quien no mira


@dataclass(frozen=True)
class Curve:
    """Precisión y exhaustividad de una clase al bajar el umbral de confianza.

    Attributes:
        recall, precision, scores: ``(n,)``, una entrada por detección, de más a menos segura.
        objects: objetos verdaderos de la clase.
        ap: precisión media; NaN si la clase no tiene objetos.
    """

    recall: np.ndarray
    precision: np.ndarray
    scores: np.ndarray
    objects: int
    ap: float


@dataclass(frozen=True)
class Evaluation:
    """Resultado de :func:`evaluate`.

    Attributes:
        curves: ``{etiqueta: Curve}``.
        iou: umbral de IoU.
        style: ``"voc"`` o ``"coco"``.
    """

    curves: dict
    iou: float
    style: str

    @property
    def ap(self) -> dict[str, float]:
        """AP de cada clase."""
        return {label: curve.ap for label, curve in self.curves.items()}

    @property
    def map(self) -> float:
        """Media de las clases que tienen objetos; NaN si ninguna los tiene."""
        values = [ap for ap in self.ap.values() if not np.isnan(ap)]
        return float(np.mean(values)) if values else float("nan")


def match(truth, found, threshold, style="voc", ignored=None):
    """Empareja las detecciones de una imagen y una clase con sus objetos.

    Args:
        truth: ``(m, 4)`` esquinas verdaderas.
        found: ``(n, 4)`` esquinas detectadas, de mayor a menor puntuación.
        threshold: IoU mínima.
        style: ``"voc"``: cada detección mira solo el objeto que más solapa, y si ya está cogido es
            un error. ``"coco"``: mira el que más solapa de entre los libres.
        ignored: ``(m,)`` bool, objetos difíciles: ni suman ni restan (solo VOC).

    Returns:
        ``(n,)``: 1 acierto, 0 error, −1 no cuenta.
    """
    verdict, taken = np.zeros(len(found), dtype=int), np.zeros(len(truth), dtype=bool)
    if not len(truth):
        return verdict
    ignored = taken.copy() if ignored is None else np.asarray(ignored, dtype=bool)
    threshold = min(threshold, 1 - 1e-10)
    for i, overlap in enumerate(pairwise_iou(np.asarray(found, float), np.asarray(truth, float))):
        if style == "coco":
            overlap = np.where(taken, -1, overlap)
        best = len(overlap) - 1 - overlap[::-1].argmax() if style == "coco" else overlap.argmax()
        if overlap[best] < threshold:
            continue
        if ignored[best]:
            verdict[i] = -1
        elif not taken[best]:
            verdict[i], taken[best] = 1, True
    return verdict


def average_precision(recall, precision, style="voc") -> float:
    """Área bajo la curva, con la precisión hecha decreciente.

    ``"voc"``: área exacta (desde VOC 2010). ``"coco"``: media en 101 niveles de exhaustividad.
    """
    recall, precision = np.asarray(recall, float), np.asarray(precision, float)
    if not len(recall):
        return 0.0
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    if style == "voc":
        return float((np.diff(recall, prepend=0) * envelope).sum())
    where = np.searchsorted(recall, np.linspace(0, 1, 101), side="left")
    return float(np.append(envelope, 0)[where].mean())


def evaluate(truths, detections, labels, iou=0.5, style="voc") -> Evaluation:
    """AP de cada clase en un conjunto de imágenes, con ``LIMIT`` detecciones de cada una, o menos.

    Args:
        truths: una lista de cajas verdaderas por imagen (con ``label`` y esquinas; ``difficult``,
            si lo llevan, solo cuenta en VOC).
        detections: una lista de :class:`helpers.yolo.decoding.Detection` por imagen. Para que la
            curva esté entera, con un umbral de confianza muy bajo.
        labels: nombres de las clases.
        iou: umbral de IoU.
        style: ``"voc"`` o ``"coco"``.

    Returns:
        :class:`Evaluation`.

    Raises:
        ValueError: si no hay imágenes, no casan, ``iou`` no está entre 0 y 1, o hay etiquetas
            desconocidas.
    """
    if style not in STYLES:
        raise ValueError(f"No conozco el estilo «{style}»: puede ser {' o '.join(STYLES)}.")
    check_fraction(iou, "iou")
    if not len(truths) or len(truths) != len(detections):
        raise ValueError(
            f"Hay {len(truths)} imágenes anotadas y detecciones de {len(detections)}: deben ser "
            "las mismas, y al menos una."
        )
    real = [(*arrays(t, labels), np.array([getattr(b, "difficult", False) for b in t], bool))
            for t in truths]  # fmt: skip
    seen = [(*arrays(d, labels), np.array([b.score for b in d], float)) for d in detections]
    curves = {}
    for c, label in enumerate(labels):
        verdicts, points, objects = [], [], 0
        for (boxes, kinds, hard), (found, classes, scores) in zip(real, seen):
            own, hard = boxes[kinds == c], hard[kinds == c] & (style == "voc")
            mine = np.flatnonzero(classes == c)
            mine = mine[np.argsort(-scores[mine], kind="stable")][:LIMIT]
            verdicts.append(match(own, found[mine], iou, style, hard))
            points.append(scores[mine])
            objects += int((~hard).sum())
        curves[label] = _curve(np.concatenate(verdicts), np.concatenate(points), objects, style)
    return Evaluation(curves, iou, style)


def blind(train, test, labels) -> float:
    """mAP (IoU 0.5) de no mirar: en todas las fotos, las mismas cajas, copiadas del entrenamiento.

    Args:
        train, test: conjuntos anotados.
        labels: nombres de las clases.
    """
    known = [box for annotation in train for box in annotation.boxes]
    chosen = np.random.default_rng(0).permutation(len(known))[:COPIED]
    copied = [Detection(known[i].label, 1 - n / 100, *known[i].corners)
              for n, i in enumerate(chosen)]  # fmt: skip
    return evaluate([a.boxes for a in test], [copied] * len(test), labels).map


def coco_summary(truths, detections, labels) -> dict[str, float]:
    """Las tres cifras de COCO: ``AP`` (media de IoU 0.5 a 0.95), ``AP50`` y ``AP75``."""
    by_iou = {t: evaluate(truths, detections, labels, t, "coco").map for t in COCO_IOUS}
    return {"AP": float(np.mean(list(by_iou.values()))), "AP50": by_iou[0.5], "AP75": by_iou[0.75]}


def _curve(verdicts, scores, objects, style) -> Curve:
    order = np.argsort(-scores, kind="stable")
    verdicts, scores = verdicts[order], scores[order]
    counted = verdicts >= 0
    hits, scores = verdicts[counted] == 1, scores[counted]
    right, total = np.cumsum(hits), np.arange(1, len(hits) + 1)
    precision = right / total
    recall = right / max(objects, 1)
    ap = average_precision(recall, precision, style) if objects else float("nan")
    return Curve(recall, precision, scores, objects, ap)
