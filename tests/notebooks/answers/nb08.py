"""Respuestas buenas y malas a los ejercicios del cuaderno 08."""

import numpy as np

from helpers.exercises.nb08 import (
    best_threshold,
    build_locator,
    count_objects,
    giou,
    responsible,
    to_voc,
)


# 1. De YOLO a VOC
def checking(is_bad):
    """Convierte la línea, y la rechaza si ``is_bad(cx, cy, w, h)``."""

    def answer(line, width, height):
        kind, *values = line.split()
        cx, cy, w, h = map(float, values)
        if is_bad(cx, cy, w, h):
            raise ValueError("fuera de 0 a 1")
        return [int(kind), width * (cx - w / 2), height * (cy - h / 2),
                width * (cx + w / 2), height * (cy + h / 2)]  # fmt: skip

    return answer


def with_numpy(line, width, height):
    values = np.array(line.split(), "float64")
    if values.shape != (5,) or np.any((values[1:] < 0) | (values[1:] > 1)):
        raise ValueError("no es una línea de YOLO")
    low, high = values[1:3] - values[3:] / 2, values[1:3] + values[3:] / 2
    return np.concatenate([values[:1], low * [width, height], high * [width, height]])


def with_keras(line, width, height):
    from keras.utils.bounding_boxes import convert_format

    kind, *box = line.split()
    box = np.array(box, "float32")
    if len(box) != 4 or not ((box >= 0) & (box <= 1)).all():
        raise ValueError("no es una línea de YOLO")
    box = box * np.array([width, height, width, height], "float32")
    return (np.int64(kind), *convert_format(box[None], "center_xywh", "xyxy")[0])


def corner_first(line, width, height):
    kind, x, y, w, h = map(float, line.split())
    return int(kind), x * width, y * height, (x + w) * width, (y + h) * height


def by_hand(line, width, height):
    """Sin compresiones: una comprobación detrás de otra."""
    numbers = [float(text) for text in line.split()]
    if len(numbers) == 5 and max(numbers[1:]) <= 1 and min(numbers[1:]) >= 0:
        w, h = numbers[3] * width, numbers[4] * height
        x, y = numbers[1] * width - w / 2, numbers[2] * height - h / 2
        return [int(numbers[0]), x, y, x + w, y + h]
    raise ValueError(f"línea mala: {line}")


def with_fractions(line, width, height):
    from fractions import Fraction

    kind, *box = line.split()
    cx, cy, w, h = map(Fraction, box)  # con otro número de valores falla, y es un ValueError
    if not all(0 <= value <= 1 for value in (cx, cy, w, h)):
        raise ValueError
    half = w / 2, h / 2
    return (int(kind), (cx - half[0]) * width, (cy - half[1]) * height,
            (cx + half[0]) * width, (cy + half[1]) * height)  # fmt: skip


def excludes_the_ends(line, width, height):
    if not all(0 < float(value) < 1 for value in line.split()[1:]):
        raise ValueError("fuera de rango")
    return to_voc(line, width, height)


def ignores_the_sixth(line, width, height):
    return to_voc(" ".join(line.split()[:5]), width, height)


# 2. Responsable
def owner(anchor_of, cell=lambda v, cells: min(int(v), cells - 1)):
    """La celda del centro y el ancla de mayor ``anchor_of(w, h, aw, ah)``."""

    def answer(box, size, cells, anchors):
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        w, h = box[2] - box[0], box[3] - box[1]
        found = np.argmax([anchor_of(w, h, *anchor) for anchor in anchors])
        row, column = cell(y / size[0] * cells[0], cells[0]), cell(x / size[1] * cells[1], cells[1])
        return row, column, int(found)

    return answer


def shape_iou(w, h, aw, ah):
    common = min(w, aw) * min(h, ah)
    return common / (w * h + aw * ah - common)


def vectorized(box, size, cells, anchors):
    low, high = np.array(box[:2], float), np.array(box[2:], float)
    cell = np.floor((low + high)[::-1] / 2 / size * cells)
    cell = np.minimum(cell, np.array(cells) - 1)
    common = np.minimum(high - low, anchors).prod(axis=1)
    union = (high - low).prod() + np.prod(anchors, axis=1) - common
    return np.append(cell, np.argmax(common / union))


def by_the_encoder(box, size, cells, anchors):
    """El oráculo: los objetivos con los que entrena el detector del cuaderno."""
    from helpers.yolo.loss import encode

    scale = np.array(cells[::-1]) / size[::-1]  # de píxeles a celdas
    low, high = np.array(box[:2]) * scale, np.array(box[2:]) * scale
    centre = np.minimum((low + high) / 2, np.array(cells[::-1]) - 1e-6)
    anchors = np.array(anchors) * scale
    grid = encode([[*centre, *(high - low)]], [0], anchors, cells, 1)
    return np.argwhere(grid[..., 4])[0].tolist()


def with_digitize(box, size, cells, anchors):
    """La celda, buscando el centro entre los bordes; el ancla, con un bucle."""
    row, column = (
        min(np.digitize((box[k] + box[k + 2]) / 2, np.linspace(0, side, n + 1)) - 1, n - 1)
        for k, side, n in ((1, size[0], cells[0]), (0, size[1], cells[1]))
    )
    best = -1, None
    for i, anchor in enumerate(anchors):
        best = max(best, (shape_iou(box[2] - box[0], box[3] - box[1], *anchor), i))
    return [row, column, best[1]]


def with_keras_iou(box, size, cells, anchors):
    from keras.utils import bounding_boxes

    def at_zero(sides):
        return np.hstack([np.negative(sides), sides]).astype("float32") / 2

    own = np.array([[box[2] - box[0], box[3] - box[1]]])
    overlap = np.array(bounding_boxes.compute_iou(at_zero(own), at_zero(np.array(anchors)), "xyxy"))
    row = (box[1] + box[3]) * cells[0] // (2 * size[0])
    column = (box[0] + box[2]) * cells[1] // (2 * size[1])
    return row - (row == cells[0]), column - (column == cells[1]), overlap[0].argmax()


def swapped(box, size, cells, anchors):
    row, column, anchor = responsible(box, size, cells, anchors)
    return column, row, anchor


def corner_cell(box, size, cells, anchors):
    anchor = responsible(box, size, cells, anchors)[2]
    return int(box[1] / size[0] * cells[0]), int(box[0] / size[1] * cells[1]), anchor


# 3. Umbral
def with_scikit(hits, scores, objects):
    """El oráculo: precisión y exhaustividad de scikit-learn, que trata los empates."""
    from sklearn.metrics import precision_recall_curve

    precision, recall, thresholds = precision_recall_curve(hits, scores)
    recall = recall * sum(hits) / objects
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    return thresholds[f1[:-1].argmax()], f1[:-1].max()


def one_formula(hits, scores, objects):
    pairs = [(s, 2 * sum(h for h, o in zip(hits, scores) if o >= s)
              / (sum(o >= s for o in scores) + objects)) for s in scores]  # fmt: skip
    return max(pairs, key=lambda pair: pair[1])


def between_scores(hits, scores, objects):
    """Umbrales a medio camino entre dos puntuaciones."""
    ordered = np.unique(scores)
    middle = np.r_[ordered[0] / 2, (ordered[1:] + ordered[:-1]) / 2]
    kept = np.array(scores) >= middle[:, None]
    f1 = 2 * (kept & np.array(hits, bool)).sum(1) / (kept.sum(1) + objects)
    return np.array([middle[f1.argmax()], f1.max()], "float32")


def with_pandas(hits, scores, objects):
    import pandas as pd

    table = pd.DataFrame({"hits": hits, "scores": scores}).groupby("scores").hits
    table = table.agg(["sum", "count"]).sort_index(ascending=False).cumsum()
    f1 = 2 * table["sum"] / (table["count"] + objects)
    return f1.idxmax(), f1.max()


def fine_grid(hits, scores, objects):
    """Veinte mil umbrales entre 0 y 1, sin mirar las puntuaciones."""
    grid = np.linspace(0, 1, 20001)
    kept = np.array(scores)[None] >= grid[:, None]
    right, wrong = (kept * np.array(hits)).sum(1), (kept * (1 - np.array(hits))).sum(1)
    f1 = right / (right + (wrong + objects - right) / 2)
    return grid[f1.argmax()], f1.max()


def mean_of_both(hits, scores, objects):
    pairs = []
    for threshold in scores:
        kept = [h for h, s in zip(hits, scores) if s >= threshold]
        pairs.append((threshold, (sum(kept) / len(kept) + sum(kept) / objects) / 2))
    return max(pairs, key=lambda pair: pair[1])


def strict(hits, scores, objects):
    pairs = []
    for threshold in [0.0, *scores]:
        kept = [h for h, s in zip(hits, scores) if s > threshold]
        pairs.append((threshold, 2 * sum(kept) / (len(kept) + objects)))
    return max(pairs, key=lambda pair: pair[1])


def one_by_one(hits, scores, objects):
    """Sin mirar los empates."""
    order = np.argsort(scores)[::-1]
    f1 = 2 * np.cumsum(np.array(hits)[order]) / (np.arange(1, len(hits) + 1) + objects)
    return scores[order[f1.argmax()]], f1.max()


def half(hits, scores, objects):
    kept = np.asarray(scores) >= 0.5
    return 0.5, 2 * np.asarray(hits)[kept].sum() / (kept.sum() + objects)


# 4. Contar
def iou(a, b):
    w = max(0, min(a[2], b[2]) - max(a[0], b[0]))
    h = max(0, min(a[3], b[3]) - max(a[1], b[1]))
    return w * h / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - w * h)


def first_come(frames, minimum=0.3, follows=lambda value, minimum: value >= minimum):
    """Cada caja toma la mejor de las libres, en el orden de la lista."""
    total, before = 0, []
    for boxes in frames:
        free = list(before)
        for box in boxes:
            best = max(free, key=lambda other: iou(box, other), default=None)
            if best is not None and follows(iou(box, best), minimum):
                free.remove(best)
            else:
                total += 1
        before = boxes
    return np.int64(total)


def hungarian(frames, minimum=0.3):
    """El mejor emparejamiento entre todos, con SciPy."""
    from scipy.optimize import linear_sum_assignment

    total, before = 0, []
    for boxes in frames:
        table = np.array([[iou(a, b) for b in before] for a in boxes]).reshape(
            len(boxes), len(before)
        )
        table = np.where(table >= minimum, table, 0)
        pairs = linear_sum_assignment(table, maximize=True)
        total += len(boxes) - int((table[pairs] > 0).sum())
        before = boxes
    return total


def any_that_follows(frames, minimum=0.3):
    """La primera libre que llegue al mínimo, no la mejor."""
    total, before = 0, []
    for boxes in frames:
        free = list(before)
        for box in boxes:
            found = next((other for other in free if iou(box, other) >= minimum), None)
            if found is None:
                total += 1
            else:
                free.remove(found)
        before = boxes
    return total


def the_old_ones_choose(frames, minimum=0.3):
    """Cada caja del fotograma anterior busca la suya en el nuevo; con recursión."""
    if len(frames) < 2:
        return sum(map(len, frames))
    free = list(frames[-1])
    for old in frames[-2]:
        best = max(free, key=lambda box: iou(old, box), default=None)
        if best is not None and iou(old, best) >= minimum:
            free.remove(best)
    return the_old_ones_choose(frames[:-1], minimum) + len(free)


def never_forgets(frames, minimum=0.3):
    seen = []
    for box in (box for boxes in frames for box in boxes):
        best = max(seen, key=lambda other: iou(box, other), default=None)
        if best is None or iou(box, best) < minimum:
            seen.append(box)
        else:
            seen[seen.index(best)] = box
    return len(seen)


def negative_sides(frames, minimum=0.3):
    total, before = 0, []
    for boxes in frames:
        free = list(before)
        for a in boxes:
            for b in free:
                w, h = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
                areas = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1])
                if w * h / (areas - w * h) >= minimum:
                    free.remove(b)
                    break
            else:
                total += 1
        before = boxes
    return total


def counts_the_old_ones(frames, minimum=0.3):
    """Resta una nueva por cada vieja que sigue, aunque dos sigan en la misma."""
    total = len(frames[0])
    for before, now in zip(frames, frames[1:]):
        total += max(0, len(now) - sum(any(iou(a, b) >= minimum for b in now) for a in before))
    return total


def with_identifiers(frames, minimum=0.3):
    """Un número por objeto: cuántos números distintos se han dado."""
    names, before = [], {}
    for boxes in frames:
        now = {}
        pairs = sorted(((iou(b, p), k, n) for k, b in enumerate(boxes) for n, p in before.items()),
                       key=lambda pair: -pair[0])  # fmt: skip
        for value, k, name in pairs:
            if value >= minimum and name not in now.values() and k not in now:
                now[k] = name
        for k in range(len(boxes)):
            if k not in now:
                now[k] = len(names)
                names.append(now[k])
        before = {name: boxes[k] for k, name in now.items()}
    return len(set(names))


def reuses_boxes(frames, minimum=0.3):
    total, before = 0, []
    for boxes in frames:
        total += sum(not any(iou(a, b) >= minimum for a in before) for b in boxes)
        before = boxes
    return total


def by_position(frames, minimum=0.3):
    total, before = 0, []
    for boxes in frames:
        total += len(boxes) - sum(iou(a, b) >= minimum for a, b in zip(before, boxes))
        before = boxes
    return total


# 5. GIoU
def giou_with_loops(a, b):
    values = []
    for one, other in zip(a.tolist(), b.tolist()):
        w = max(min(one[2], other[2]) - max(one[0], other[0]), 0)
        h = max(min(one[3], other[3]) - max(one[1], other[1]), 0)
        both = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)) - w * h
        wide = max(one[2], other[2]) - min(one[0], other[0])
        tall = max(one[3], other[3]) - min(one[1], other[1])
        values.append(w * h / both - 1 + both / (wide * tall))
    return values


def giou_in_float32(a, b):
    return giou(a.astype("float32"), b.astype("float32")).astype("float32")


def giou_with_keras(a, b):
    """El oráculo: la IoU de Keras y, con cada caja que abarca, otra vez su IoU."""
    import keras

    overlap = np.diagonal(keras.utils.bounding_boxes.compute_iou(a, b, "xyxy"))
    low, high = keras.ops.minimum(a[:, :2], b[:, :2]), keras.ops.maximum(a[:, 2:], b[:, 2:])
    outer = keras.ops.prod(high - low, axis=1)
    areas = keras.ops.prod(a[:, 2:] - a[:, :2], 1) + keras.ops.prod(b[:, 2:] - b[:, :2], 1)
    return overlap - 1 + areas / (1 + overlap) / outer


def giou_with_tensorflow(a, b):
    import tensorflow as tf

    side = tf.minimum(a[:, 2:], b[:, 2:]) - tf.maximum(a[:, :2], b[:, :2])
    common = tf.reduce_prod(tf.maximum(side, 0), axis=1)
    union = sum(tf.reduce_prod(x[:, 2:] - x[:, :2], axis=1) for x in (a, b)) - common
    outer = tf.reduce_prod(tf.maximum(a[:, 2:], b[:, 2:]) - tf.minimum(a[:, :2], b[:, :2]), axis=1)
    return common / union - (outer - union) / outer


def giou_stacked(a, b):
    """Las dos pilas juntas, y el resultado, una tupla."""
    low, high = np.stack([a, b])[..., :2], np.stack([a, b])[..., 2:]
    common = np.clip(high.min(0) - low.max(0), 0, None).prod(-1)
    union = (high - low).prod(-1).sum(0) - common
    return tuple(common / union + union / (high.max(0) - low.min(0)).prod(-1) - 1)


def giou_parts(a, b, clip=True):
    side = np.minimum(a[:, 2:], b[:, 2:]) - np.maximum(a[:, :2], b[:, :2])
    common = (np.maximum(side, 0) if clip else side).prod(axis=1)
    union = (a[:, 2:] - a[:, :2]).prod(1) + (b[:, 2:] - b[:, :2]).prod(1) - common
    outer = (np.maximum(a[:, 2:], b[:, 2:]) - np.minimum(a[:, :2], b[:, :2])).prod(axis=1)
    return common, union, outer


def only_iou(a, b):
    common, union, _ = giou_parts(a, b)
    return common / union


def over_the_union(a, b):
    common, union, outer = giou_parts(a, b)
    return common / union - (outer - union) / union


def not_clipped(a, b):
    common, union, outer = giou_parts(a, b, clip=False)
    return common / union - (outer - union) / outer


def minus_everything_outside(a, b):
    common, union, outer = giou_parts(a, b)
    return common / union - (outer - common) / outer


# 6. Localizador
def network(*body, loss="mae", outputs=4, activation="sigmoid", rate=1e-3, compiled=True):
    """Función que crea una red con esas capas, recién hechas, y una densa al final."""

    def answer():
        import keras

        stack = [keras.Input((32, 32, 1)), *(layer() for layer in body)]
        model = keras.Sequential([*stack, keras.layers.Dense(outputs, activation)])
        if compiled:
            model.compile(keras.optimizers.Adam(rate), loss)
        return model

    return answer


def strided(filters):
    import keras

    return lambda: keras.layers.Conv2D(filters, 3, 2, padding="same", activation="relu")


def two_heads():
    """El centro por un lado y los lados por otro, con entropía cruzada."""
    import keras
    from keras import layers

    image = keras.Input((32, 32, 1))
    x = strided(16)()(image)
    x = layers.Dense(64, activation="relu")(layers.Flatten()(strided(16)()(x)))
    halves = [layers.Dense(2, activation="sigmoid")(x) for _ in range(2)]
    model = keras.Model(image, layers.Concatenate()(halves))
    model.compile(keras.optimizers.AdamW(2e-3), "binary_crossentropy")
    return model


def layer(name, *args, **options):
    import keras

    return lambda: getattr(keras.layers, name)(*args, **options)


PLAIN = (strided(16), strided(32), layer("Flatten"), layer("Dense", 64, activation="relu"))
POOLED = (layer("Conv2D", 16, 3, padding="same", activation="relu"), layer("MaxPooling2D", 2),
          layer("Conv2D", 32, 3, padding="same", activation="relu"), layer("MaxPooling2D", 4),
          layer("Flatten"))  # fmt: skip


RIGHT = {
    1: [
        checking(lambda *values: any(not 0 <= v <= 1 for v in values)),
        with_numpy,
        with_keras,
        by_hand,
        with_fractions,
    ],
    2: [owner(shape_iou), vectorized, by_the_encoder, with_digitize, with_keras_iou],
    3: [with_scikit, one_formula, between_scores, with_pandas, fine_grid],
    4: [first_come, hungarian, with_identifiers, any_that_follows, the_old_ones_choose],
    5: [giou_with_loops, giou_in_float32, giou_with_keras, giou_with_tensorflow, giou_stacked],
    6: [
        build_locator,
        network(*PLAIN, loss="mse"),
        network(*POOLED, layer("Dense", 64, activation="relu"), activation="linear"),
        network(layer("Flatten"), layer("Dense", 256, activation="relu")),  # sin convoluciones
        two_heads,
    ],
}

WRONG = {
    1: [
        (corner_first, "son el centro, no la esquina"),
        (lambda line, width, height: to_voc(line, 1, 1), "van en píxeles"),
        (lambda line, width, height: to_voc(line, height, width), "las x van con el ancho"),
        (lambda line, *size: (line[0], *to_voc(line, *size)[1:]), "el entero 0"),
        (lambda *a: to_voc(*a)[1:], "Devuelve cinco valores"),
        (checking(lambda *values: False), "está en píxeles"),
        (checking(lambda *values: max(values) > 1), "cx = -0.1"),
        (checking(lambda cx, cy, w, h: not 0 <= w <= 1), "cx = 1.2"),
        (checking(lambda cx, cy, w, h: not (0 <= cx <= 1 and 0 <= cy <= 1)), "w = 1.2"),
        (ignores_the_sixth, "tiene seis números"),
        (excludes_the_ends, "0 y 1 también valen"),
        (lambda *a: [round(value) for value in to_voc(*a)], "sin redondear"),
    ],
    2: [
        (swapped, "Has cambiado la fila"),
        (corner_cell, "no la de la esquina"),
        (owner(shape_iou, cell=lambda v, cells: min(round(v), cells - 1)), "sin redondear"),
        (owner(shape_iou, cell=lambda v, cells: int(v)), "la última celda"),
        (owner(lambda w, h, aw, ah: -abs(w * h - aw * ah)), "el ancla que le toca"),
        (owner(lambda w, h, aw, ah: -np.hypot(w - aw, h - ah)), "no la distancia"),
        (owner(lambda w, h, aw, ah: -abs(np.log(w / h * ah / aw))), "ni la proporción"),
        (owner(lambda w, h, aw, ah: min(w, aw) * min(h, ah)), "el ancla que le toca"),
        (lambda *a: responsible(*a)[:2], "Devuelve tres enteros"),
        (lambda *a: [value + 1 for value in responsible(*a)], "se cuentan desde 0"),
        (lambda box, size, *rest: responsible(box, size[::-1], *rest), "es (alto, ancho)"),
        (lambda *a: (*responsible(*a)[:2], a[3][responsible(*a)[2]]), "posición en la lista"),
    ],
    3: [
        (lambda hits, scores, objects: best_threshold(hits, scores, sum(hits)), "entre «objects»"),
        (strict, ">= y no >"),
        (one_by_one, "todas aunque empaten"),
        (mean_of_both, "y has dicho"),
        (lambda hits, scores, objects: (min(scores), sum(hits) / objects), "y has dicho"),
        (half, "Hay un umbral mejor que 0.50"),
        (lambda hits, scores, objects: (max(scores), 1.0), "y has dicho 1.000"),
        (lambda *a: best_threshold(*a)[::-1], "Van al revés"),
        (lambda *a: best_threshold(*a)[0], "Devuelve dos números"),
    ],
    4: [
        (lambda frames, minimum=0.3: sum(map(len, frames)), "sigue siendo una"),
        (lambda frames, minimum=0.3: max(map(len, frames)), "solo miras el fotograma anterior"),
        (reuses_boxes, "se usa una sola vez"),
        (never_forgets, "solo miras el fotograma anterior"),
        (negative_sides, "no se tocan tienen IoU 0"),
        (counts_the_old_ones, "a una sola del fotograma anterior"),
        (by_position, "El orden de las cajas"),
        (lambda frames, minimum=0.3: count_objects(frames), "«minimum» es un argumento"),
        (lambda frames, minimum=0.3: first_come(frames, minimum, float.__gt__), "es >="),
    ],
    5: [
        (only_iou, "Eso es la IoU"),
        (lambda a, b: np.maximum(giou(a, b), 0), "no los recortes a 0"),
        (over_the_union, "no entre la unión"),
        (not_clipped, "la intersección mide 0"),
        (lambda a, b: giou(a, b).mean(), "uno por pareja"),
        (lambda a, b: 1 - giou(a, b), "iguales"),
        (lambda a, b: abs(giou(a, b)), "separadas en diagonal"),
        (minus_everything_outside, "solapadas"),
    ],
    6: [
        (network(*PLAIN, compiled=False), "no está compilada"),
        (network(strided(16), strided(32), layer("GlobalAveragePooling2D")), "olvida dónde"),
        (network(*PLAIN, activation="softmax"), "una softmax"),
        (network(*PLAIN, outputs=5), "4 números por imagen"),
        (network(*PLAIN, rate=1.0), "IoU media es"),
        (lambda: network(*PLAIN), "Devuelve la red de Keras"),
    ],
}  # fmt: skip
