"""Respuestas buenas y malas a los ejercicios del cuaderno 08."""

import numpy as np

from helpers.exercises.nb08 import a_voc, contar, giou, localizador, mejor_umbral, responsable


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


def ignores_the_sixth(line, width, height):
    return a_voc(" ".join(line.split()[:5]), width, height)


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
    from helpers.yolo import targets

    scale = np.array(cells[::-1]) / size[::-1]  # de píxeles a celdas
    low, high = np.array(box[:2]) * scale, np.array(box[2:]) * scale
    centre = np.minimum((low + high) / 2, np.array(cells[::-1]) - 1e-6)
    anchors = np.array(anchors) * scale
    grid = targets.encode([[*centre, *(high - low)]], [0], anchors, cells, 1).grid
    return np.argwhere(grid[..., 4])[0].tolist()


def swapped(box, size, cells, anchors):
    row, column, anchor = responsable(box, size, cells, anchors)
    return column, row, anchor


def corner_cell(box, size, cells, anchors):
    anchor = responsable(box, size, cells, anchors)[2]
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


def first_come(frames, minimo=0.3, follows=lambda value, minimo: value >= minimo):
    """Cada caja toma la mejor de las libres, en el orden de la lista."""
    total, before = 0, []
    for boxes in frames:
        free = list(before)
        for box in boxes:
            best = max(free, key=lambda other: iou(box, other), default=None)
            if best is not None and follows(iou(box, best), minimo):
                free.remove(best)
            else:
                total += 1
        before = boxes
    return np.int64(total)


def hungarian(frames, minimo=0.3):
    """El mejor emparejamiento entre todos, con SciPy."""
    from scipy.optimize import linear_sum_assignment

    total, before = 0, []
    for boxes in frames:
        table = np.array([[iou(a, b) for b in before] for a in boxes]).reshape(
            len(boxes), len(before)
        )
        table = np.where(table >= minimo, table, 0)
        pairs = linear_sum_assignment(table, maximize=True)
        total += len(boxes) - int((table[pairs] > 0).sum())
        before = boxes
    return total


def with_identifiers(frames, minimo=0.3):
    """Un número por objeto: cuántos números distintos se han dado."""
    names, before = [], {}
    for boxes in frames:
        now = {}
        pairs = sorted(((iou(b, p), k, n) for k, b in enumerate(boxes) for n, p in before.items()),
                       key=lambda pair: -pair[0])  # fmt: skip
        for value, k, name in pairs:
            if value >= minimo and name not in now.values() and k not in now:
                now[k] = name
        for k in range(len(boxes)):
            if k not in now:
                now[k] = len(names)
                names.append(now[k])
        before = {name: boxes[k] for k, name in now.items()}
    return len(set(names))


def reuses_boxes(frames, minimo=0.3):
    total, before = 0, []
    for boxes in frames:
        total += sum(not any(iou(a, b) >= minimo for a in before) for b in boxes)
        before = boxes
    return total


def by_position(frames, minimo=0.3):
    total, before = 0, []
    for boxes in frames:
        total += len(boxes) - sum(iou(a, b) >= minimo for a, b in zip(before, boxes))
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


def layer(name, *args, **options):
    import keras

    return lambda: getattr(keras.layers, name)(*args, **options)


PLAIN = (strided(16), strided(32), layer("Flatten"), layer("Dense", 64, activation="relu"))
POOLED = (layer("Conv2D", 16, 3, padding="same", activation="relu"), layer("MaxPooling2D", 2),
          layer("Conv2D", 32, 3, padding="same", activation="relu"), layer("MaxPooling2D", 4),
          layer("Flatten"))  # fmt: skip


RIGHT = {
    1: [checking(lambda *values: any(not 0 <= v <= 1 for v in values)), with_numpy, with_keras],
    2: [owner(shape_iou), vectorized, by_the_encoder],
    3: [with_scikit, one_formula, between_scores],
    4: [first_come, hungarian, with_identifiers],
    5: [giou_with_loops, giou_in_float32, giou_with_keras],
    6: [
        localizador,
        network(*PLAIN, loss="mse"),
        network(*POOLED, layer("Dense", 64, activation="relu"), activation="linear"),
        network(layer("Flatten"), layer("Dense", 256, activation="relu")),  # sin convoluciones
    ],
}

WRONG = {
    1: [
        (corner_first, "son el centro, no la esquina"),
        (lambda line, width, height: a_voc(line, 1, 1), "van en píxeles"),
        (lambda line, width, height: a_voc(line, height, width), "las x van con el ancho"),
        (lambda line, *size: (line[0], *a_voc(line, *size)[1:]), "el entero 0"),
        (lambda *a: a_voc(*a)[1:], "Devuelve cinco valores"),
        (checking(lambda *values: False), "está en píxeles"),
        (checking(lambda *values: max(values) > 1), "cx = -0.1"),
        (checking(lambda cx, cy, w, h: not 0 <= w <= 1), "cx = 1.2"),
        (checking(lambda cx, cy, w, h: not (0 <= cx <= 1 and 0 <= cy <= 1)), "w = 1.2"),
        (ignores_the_sixth, "tiene seis números"),
    ],
    2: [
        (swapped, "has cambiado la fila"),
        (corner_cell, "no la de la esquina"),
        (owner(shape_iou, cell=lambda v, cells: min(round(v), cells - 1)), "sin redondear"),
        (owner(shape_iou, cell=lambda v, cells: int(v)), "la última celda"),
        (owner(lambda w, h, aw, ah: -abs(w * h - aw * ah)), "el ancla que le toca"),
        (owner(lambda w, h, aw, ah: -np.hypot(w - aw, h - ah)), "no la distancia"),
        (owner(lambda w, h, aw, ah: -abs(np.log(w / h * ah / aw))), "ni la proporción"),
        (owner(lambda w, h, aw, ah: min(w, aw) * min(h, ah)), "el ancla que le toca"),
        (lambda *a: responsable(*a)[:2], "Devuelve tres enteros"),
    ],
    3: [
        (lambda hits, scores, objects: mejor_umbral(hits, scores, sum(hits)), "entre «objetos»"),
        (strict, ">= y no >"),
        (one_by_one, "todas aunque empaten"),
        (half, "Hay un umbral mejor que 0.50"),
        (lambda hits, scores, objects: (max(scores), 1.0), "y has dicho 1.000"),
        (lambda *a: mejor_umbral(*a)[::-1], "Van al revés"),
        (lambda *a: mejor_umbral(*a)[0], "Devuelve dos números"),
    ],
    4: [
        (lambda frames, minimo=0.3: sum(map(len, frames)), "sigue siendo una"),
        (lambda frames, minimo=0.3: max(map(len, frames)), "solo miras el fotograma anterior"),
        (reuses_boxes, "se usa una sola vez"),
        (by_position, "El orden de las cajas"),
        (lambda frames, minimo=0.3: contar(frames), "«minimo» es un argumento"),
        (lambda frames, minimo=0.3: first_come(frames, minimo, float.__gt__), "es >="),
    ],
    5: [
        (only_iou, "Eso es la IoU"),
        (lambda a, b: np.maximum(giou(a, b), 0), "no los recortes a 0"),
        (over_the_union, "no entre la unión"),
        (not_clipped, "la intersección mide 0"),
        (lambda a, b: giou(a, b).mean(), "uno por pareja"),
        (lambda a, b: 1 - giou(a, b), "iguales"),
    ],
    6: [
        (network(*PLAIN, compiled=False), "no está compilada"),
        (network(strided(16), strided(32), layer("GlobalAveragePooling2D")), "olvida dónde"),
        (network(*PLAIN, outputs=5), "4 números por imagen"),
        (network(*PLAIN, rate=1.0), "IoU media es"),
        (lambda: network(*PLAIN), "Devuelve la red de Keras"),
    ],
}  # fmt: skip
