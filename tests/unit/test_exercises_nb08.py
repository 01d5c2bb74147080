"""Los ejercicios del cuaderno 08: la solución pasa; el hueco y los errores típicos, no."""

import numpy as np
import pytest

from helpers.exercises import nb08
from helpers.exercises import nb08_solutions as right
from helpers.yolo import metrics, targets


def stub(*_):
    raise NotImplementedError


# 1. De YOLO a VOC
def corner_first(line, width, height):
    kind, x, y, w, h = right.a_voc(line, 1, 1)[0], *map(float, line.split()[1:])
    return kind, x * width, y * height, (x + w) * width, (y + h) * height


def fractions(line, width, height):
    return right.a_voc(line, 1, 1)


def sides_swapped(line, width, height):
    return right.a_voc(line, height, width)


def believes_pixels(line, width, height):
    kind, cx, cy, w, h = line.split()
    cx, cy, w, h = float(cx) * width, float(cy) * height, float(w) * width, float(h) * height
    return int(kind), cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2


def class_as_text(line, width, height):
    return (line.split()[0], *right.a_voc(line, width, height)[1:])


# 2. Responsable
def row_and_column_swapped(box, size, cells, anchors):
    row, column, anchor = right.responsable(box, size, cells, anchors)
    return column, row, anchor


def corner_cell(box, size, cells, anchors):
    anchor = right.responsable(box, size, cells, anchors)[2]
    return int(box[1] / size[0] * cells[0]), int(box[0] / size[1] * cells[1]), anchor


def rounds(box, size, cells, anchors):
    anchor = right.responsable(box, size, cells, anchors)[2]
    row = round((box[1] + box[3]) / 2 / size[0] * cells[0])
    return row, round((box[0] + box[2]) / 2 / size[1] * cells[1]), anchor


def closest_area(box, size, cells, anchors):
    row, column, _ = right.responsable(box, size, cells, anchors)
    area = (box[2] - box[0]) * (box[3] - box[1])
    return row, column, int(np.argmin([abs(area - w * h) for w, h in anchors]))


def no_edge(box, size, cells, anchors):
    _, _, anchor = right.responsable(box, size, cells, anchors)
    row = int((box[1] + box[3]) / 2 / size[0] * cells[0])
    return row, int((box[0] + box[2]) / 2 / size[1] * cells[1]), anchor


# 3. Umbral
def only_found_objects(hits, scores, objects):
    return right.mejor_umbral(hits, scores, sum(hits))


def half(hits, scores, objects):
    kept = np.asarray(scores) >= 0.5
    good = int(np.asarray(hits)[kept].sum())
    return 0.5, 2 * good / (kept.sum() + objects)


def best_precision(hits, scores, objects):
    return max(scores), 1.0


def swapped_pair(hits, scores, objects):
    return right.mejor_umbral(hits, scores, objects)[::-1]


def one_number(hits, scores, objects):
    return right.mejor_umbral(hits, scores, objects)[0]


# 4. Contar
def sums_everything(frames, minimum=0.3):
    return sum(map(len, frames))


def most_at_once(frames, minimum=0.3):
    return max(map(len, frames))


def reuses_boxes(frames, minimum=0.3):
    total, before = 0, []
    for boxes in frames:
        total += sum(not any(right.contar([[a], [b]], minimum) == 1 for a in before) for b in boxes)
        before = boxes
    return total


def by_position(frames, minimum=0.3):
    total, before = 0, []
    for boxes in frames:
        pairs = [right.contar([[a], [b]], minimum) == 1 for a, b in zip(before, boxes)]
        total += len(boxes) - sum(pairs)
        before = boxes
    return total


def fixed_minimum(frames, minimum=0.3):
    return right.contar(frames)


WRONG = {
    1: [corner_first, fractions, sides_swapped, believes_pixels, class_as_text],
    2: [row_and_column_swapped, corner_cell, rounds, closest_area, no_edge],
    3: [only_found_objects, half, best_precision, swapped_pair, one_number],
    4: [sums_everything, most_at_once, reuses_boxes, by_position, fixed_minimum],
}
CASES = [(number, wrong) for number, group in WRONG.items() for wrong in group]


@pytest.mark.parametrize("exercise", nb08.EXERCISES, ids=lambda e: e.title)
def test_the_solution_passes_and_the_stub_does_not(exercise):
    assert exercise.comprobar(exercise.solution)
    verdict = exercise.comprobar(stub)
    assert not verdict and "Todavía no hay respuesta" in verdict.message


@pytest.mark.parametrize(("number", "wrong"), CASES, ids=lambda v: getattr(v, "__name__", v))
def test_typical_mistakes_get_a_hint(number, wrong):
    verdict = nb08.EXERCISES[number - 1].comprobar(wrong)
    assert not verdict, wrong.__name__
    assert verdict.message.startswith("Aún no: ") and len(verdict.message) > 40, verdict.message


def test_hints_differ_between_mistakes():
    for number, group in WRONG.items():
        said = {nb08.EXERCISES[number - 1].comprobar(w).message for w in group}
        assert len(said) >= 3, number


def test_owner_agrees_with_the_encoder():
    rng = np.random.default_rng(3)
    anchors = rng.uniform(10, 90, (5, 2))
    for _ in range(100):
        low = rng.uniform(0, 120, 2)
        box = (*low, *(low + rng.uniform(5, 85, 2)))
        row, column, anchor = right.responsable(box, (208, 256), (13, 16), anchors)
        center = np.array([box[0] + box[2], box[1] + box[3], 2 * (box[2] - box[0]),
                           2 * (box[3] - box[1])]) / 2 / 16  # fmt: skip
        grid = targets.encode([center], [0], anchors / 16, (13, 16), 1).grid
        assert np.argwhere(grid[..., 4]).tolist() == [[row, column, anchor]]


def test_best_threshold_agrees_with_the_curve():
    rng = np.random.default_rng(4)
    scores = np.sort(rng.uniform(size=50))[::-1]
    hits = rng.uniform(size=50) < scores
    curve = metrics._curve(hits.astype(int), scores, 60, "voc")
    f1 = 2 * curve.precision * curve.recall / np.maximum(curve.precision + curve.recall, 1e-12)
    threshold, best = right.mejor_umbral(hits, scores, 60)
    assert best == pytest.approx(f1.max()) and threshold == scores[f1.argmax()]
