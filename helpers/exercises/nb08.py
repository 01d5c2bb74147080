"""Ejercicios del cuaderno 08: formatos, responsables, umbrales, recuento, GIoU y una red."""

import itertools

import keras
import numpy as np

from helpers.exercises.base import (
    check_network,
    close,
    exercise,
    items,
    output_of,
    rejects,
    same,
)
from helpers.yolo import boxes as geometry


@exercise(
    "De YOLO a Pascal VOC",
    "line.split() da los cinco textos; int y float los convierten.",
    "xmin está medio ancho a la izquierda del centro: cx − w/2.",
    "Las x se multiplican por el ancho de la imagen y las y, por el alto.",
    praise="¡Correcto! Ya puedes entrenar con anotaciones hechas para cualquier YOLO.",
    on_error="¿Rechazas una línea que es buena? 0 y 1 también valen.",
)
def ejercicio_1(answer):
    cases = (
        ("0 0.5 0.5 0.5 0.5", 200, 100),
        ("2 0.25 0.75 0.1 0.2", 640, 480),
        ("1 0.9 0.1 0.2 0.2", 416, 300),
        ("3 0.5 0.5 1 1", 320, 240),
    )
    wanted = "Devuelve cinco valores: clase, xmin, ymin, xmax, ymax."
    for line, width, height in cases:
        kind, *corners = items(answer(line, width, height), 5, wanted)
        label, *right = to_voc(line, width, height)
        other = isinstance(kind, str) or kind != label
        yield {f"La clase de «{line}» es el entero {label}, el primer número de la línea.": other}
        box = np.asarray(corners, dtype=float)
        rounded = same(box, box.round()) and not same(box, right) and same(box, right, 1)
        yield {
            "Las esquinas van en píxeles: multiplica por el ancho y por el alto.": box.max() <= 1,
            "Devuelve las esquinas sin redondear ni cortar los decimales.": rounded,
        }
        swapped = to_voc(line, height, width)[1:]
        _, cx, cy, w, h = map(float, line.split())
        mistakes = {
            "Los dos primeros números son el centro, no la esquina: réstale la mitad del "
            "lado.": np.array([cx, cy, cx + w, cy + h]) * [width, height, width, height],
            "Has cambiado el ancho por el alto: las x van con el ancho.": swapped,
        }
        hint = "No sale: xmin = (cx − w/2) · ancho; ymin = (cy − h/2) · alto."
        close(box, right, hint, mistakes, 1e-4)
    bad = {
        "0 0.5 0.5 0.5": "tiene cuatro números, y hacen falta cinco.",
        "0 0.5 0.5 0.5 0.5 0.9": "tiene seis números, y hacen falta cinco.",
        "0 320 240 64 48": "está en píxeles, no entre 0 y 1: saldría una caja gigante.",
    }
    for name, value in itertools.product(("cx", "cy", "w", "h"), ("1.2", "-0.1")):
        numbers = {"cx": "0.5", "cy": "0.5", "w": "0.5", "h": "0.5", name: value}
        line = " ".join(["0", *numbers.values()])
        bad[line] = f"tiene {name} = {value}, que no está entre 0 y 1."
    for line, reason in bad.items():
        rejects(f"La línea «{line}» {reason}", answer, line, 640, 480)


@ejercicio_1.solved_by
def to_voc(line, width, height):
    """De una línea de YOLO a la clase y las esquinas en píxeles."""
    parts = line.split()
    if len(parts) != 5:
        raise ValueError(f"Hacen falta cinco números y hay {len(parts)}: «{line}».")
    kind, (cx, cy, w, h) = int(parts[0]), map(float, parts[1:])
    if not all(0 <= v <= 1 for v in (cx, cy, w, h)):
        raise ValueError(f"Hay valores fuera de 0 a 1: «{line}».")
    xmin, ymin = (cx - w / 2) * width, (cy - h / 2) * height
    return kind, xmin, ymin, xmin + w * width, ymin + h * height


@exercise(
    "¿Quién responde por esta caja?",
    "El centro en celdas es cx / ancho · columnas; su parte entera, la columna.",
    "min(…, columnas − 1) salva el borde.",
    "La IoU de dos formas con el mismo centro: min(w, aw) · min(h, ah) entre la unión.",
    praise="¡Correcto! Con esto y un logaritmo tienes los objetivos de la red.",
)
def ejercicio_2(answer):
    anchors = [(30, 30), (20, 60), (60, 20), (100, 100), (50, 50)]
    wanted = "Devuelve tres enteros: fila, columna y ancla."
    for box, size, cells in _boxes(anchors):
        row, column, best = responsible(box, size, cells, anchors)
        given = items(answer(box, size, cells, anchors), 3, wanted)
        whole = [np.ndim(v) == 0 and float(v) == int(v) for v in given]
        yield {
            "El ancla es su posición en la lista: 0, 1, 2…": not whole[2],
            "La fila y la columna son enteros.": not all(whole[:2]),
        }
        turned = responsible(box, size[::-1], cells, anchors)[:2]
        corner = int(box[1] / size[0] * cells[0]), int(box[0] / size[1] * cells[1])
        mistakes = {
            "Has cambiado la fila (que va con la y) por la columna.": (column, row),
            "Responde la celda del centro, no la de la esquina.": corner,
            "Filas y columnas se cuentan desde 0.": (row + 1, column + 1),
            "size es (alto, ancho), y lo has leído al revés.": turned,
        }
        hint = f"En {size[1]}×{size[0]} píxeles hay {cells[0]}×{cells[1]} celdas: cuánto mide una "
        hint += "depende de «size» y de «cells»; quédate con la parte entera, sin redondear."
        close(given[:2], (row, column), hint, mistakes)
        yield {
            f"A esta caja, el ancla que le toca es la {best} y dices {given[2]}: compara la IoU de "
            "las dos formas con el mismo centro, no la distancia, el área ni la "
            "proporción.": given[2] != best
        }
    for box, name in (((200, 60, 216, 76), "derecho"), ((60, 200, 76, 216), "inferior")):
        given = items(answer(box, (208, 208), (13, 13), anchors), 3, wanted)
        hint = f"Un centro justo en el borde {name} (208 de 208) debe caer en la última celda, la "
        close(given[:2], responsible(box, (208, 208), (13, 13), anchors)[:2], hint + "12.")


@ejercicio_2.solved_by
def responsible(box, size, cells, anchors):
    """La fila, la columna y el ancla que responden por una caja."""
    xmin, ymin, xmax, ymax = box
    (height, width), (rows, columns) = size, cells
    column = min(int((xmin + xmax) / 2 / width * columns), columns - 1)
    row = min(int((ymin + ymax) / 2 / height * rows), rows - 1)
    w, h = xmax - xmin, ymax - ymin
    alike = []
    for aw, ah in anchors:
        common = min(w, aw) * min(h, ah)
        alike.append(common / (w * h + aw * ah - common))
    return row, column, int(np.argmax(alike))


def _boxes(anchors):
    """Cajas fáciles y, después, al azar: sin dudas de redondeo ni empates entre anclas."""
    yield (40, 10, 60, 70), (208, 208), (13, 13)
    yield (100, 150, 160, 170), (208, 208), (13, 13)
    yield (10, 100, 40, 130), (192, 256), (12, 16)
    rng = np.random.default_rng(2)
    for size, cells in 20 * [((208, 208), (13, 13)), ((192, 256), (12, 16)), ((192, 256), (6, 8))]:
        x, y = rng.integers(0, size[1] - 10), rng.integers(0, size[0] - 10)
        w, h = rng.integers(10, size[1] - x + 1), rng.integers(10, size[0] - y + 1)
        iou = np.sort(geometry.shape_iou([(w, h)], anchors)[0])
        centre = (x + w / 2) / size[1] * cells[1], (y + h / 2) / size[0] * cells[0]
        if iou[-1] - iou[-2] > 0.01 and all(0.01 < c % 1 < 0.99 for c in centre):
            yield (int(x), int(y), int(x + w), int(y + h)), size, cells


@exercise(
    "El mejor umbral",
    "Los únicos umbrales que cambian algo son las propias puntuaciones.",
    "Precisión: aciertos entre detecciones que quedan; exhaustividad: aciertos entre objetos.",
    "F1 = 2·P·R / (P + R), y 0 si no hay ningún acierto.",
    praise="¡Correcto! La mAP resume la curva entera; esto elige el punto en el que vas a "
    "trabajar.",
)
def ejercicio_3(answer):
    rng = np.random.default_rng(8)
    cases = [
        ([1, 1, 0, 1, 0], [0.9, 0.8, 0.7, 0.65, 0.5], 6),
        ([1, 0, 1, 0], [0.4, 0.9, 0.8, 0.2], 5),
        ([1, 0, 1, 0, 0], [0.9, 0.7, 0.7, 0.7, 0.1], 6),  # con empates
    ]
    for _ in range(6):
        scores = rng.uniform(size=30)
        cases.append(((rng.uniform(size=30) < scores).astype(int).tolist(), scores.tolist(), 40))

    def f1(kept, objects):  # lo mismo que con precisión y exhaustividad
        return float(2 * np.asarray(hits)[kept].sum() / (kept.sum() + objects))

    for hits, scores, objects in cases:
        best, best_f1 = best_threshold(hits, scores, objects)
        wanted = "Devuelve dos números: el umbral y su F1."
        given = items(answer(hits, scores, objects), 2, wanted)
        yield {"Van al revés: primero el umbral, y luego su F1.": same(given, (best_f1, best))}
        threshold, said = map(float, given)
        kept, above = np.asarray(scores) >= threshold, np.asarray(scores) > threshold
        case = f"Con el umbral {threshold:.2f} el F1 es {f1(kept, objects):.3f}, y has dicho "
        case += f"{said:.3f}: "
        mistakes = {
            f"{case}los objetos que nadie ha detectado también cuentan: la exhaustividad se divide "
            "entre «objects», no entre los aciertos posibles.": f1(kept, sum(hits)),
            f"{case}has dejado fuera las que tienen justo esa confianza: se quedan las de "
            "confianza igual o mayor, >= y no >.": f1(above, objects),
        }
        hint = f"{case}quédate con las de ese umbral o más, todas aunque empaten, y calcula ahí "
        close(said, f1(kept, objects), hint + "precisión y exhaustividad.", mistakes)
        hint = f"Hay un umbral mejor que {threshold:.2f}: {best:.2f}, con F1 {best_f1:.3f}. Prueba "
        close(said, best_f1, hint + "con todas las puntuaciones como umbral.")


@ejercicio_3.solved_by
def best_threshold(hits, scores, objects):
    """El umbral con mayor F1, y ese F1."""
    best = (1.0, 0.0)
    for threshold in sorted(set(scores), reverse=True):
        kept = np.asarray(scores) >= threshold
        right = int(np.asarray(hits)[kept].sum())
        precision, recall = right / kept.sum(), right / objects
        if right:
            f1 = 2 * precision * recall / (precision + recall)
            best = max(best, (threshold, f1), key=lambda pair: pair[1])
    return best


@exercise(
    "Contar sin repetir",
    "Guarda las cajas del fotograma anterior y compáralas con las de este.",
    "Empareja primero las que más se solapan, y no uses ninguna dos veces.",
    "Cada caja que se queda sin pareja es un objeto nuevo.",
    praise="¡Correcto! Acabas de escribir un seguidor de objetos (tracker): pásale el vídeo.",
)
def ejercicio_4(answer):
    one = [[box] for box in _walk((0, 0), 8, 4)]
    two = [[a, b] for a, b in zip(_walk((0, 0), 8, 4), _walk((100, 0), 8, -2))]
    late = [[a[0], b] for a, b in zip(one[3:], _walk((80, 10), 5, 2))]
    first, split, other = (0, 0, 20, 40), (3, 0, 23, 40), (100, 0, 120, 40)
    shuffled = [boxes[:: 1 if i % 2 else -1] for i, boxes in enumerate(two)]
    jump = [[first], [(15, 0, 35, 40)]]
    cases = {
        "Una figura que anda ocho fotogramas sigue siendo una.": one,
        "Dos figuras a la vez son dos.": two,
        "Sin cajas, el total es 0.": [[], []],
        "Si desaparece un fotograma y vuelve, aquí cuenta como otra: solo miras el fotograma "
        "anterior.": [*one[:4], [], *one[4:]],
        "Empieza una y luego llega otra: son dos, aunque la primera ya estuviera.": one[:3] + late,
        "Dos cajas no pueden ser continuación de la misma: cada una del fotograma anterior se usa "
        "una sola vez.": [[first], [first, split]],
        "Una caja nueva continúa a una sola del fotograma anterior, y la que no continúa a ninguna "
        "es otro objeto.": [[first, split], [(1, 0, 21, 40), other]],
        "Dos cajas que no se tocan tienen IoU 0: si un lado de la intersección sale negativo, vale "
        "0.": [[first], [(40, 70, 60, 110)]],
        "El orden de las cajas dentro de un fotograma no significa nada.": shuffled,
        "Si la IoU con la anterior no llega al mínimo, es otro objeto.": jump,
    }
    for hint, frames in cases.items():
        close(answer(frames), count_objects(frames), hint)
    hint = "«minimum» es un argumento: con 0.1, un salto grande sigue siendo el mismo."
    close(answer(jump, 0.1), 1, hint)
    hint = "La IoU es justo 0.5 y el mínimo, 0.5: «al menos» es >=."
    close(answer([[first], [(0, 0, 20, 20)]], 0.5), 1, hint)


@ejercicio_4.solved_by
def count_objects(frames, minimum=0.3):
    """Cuántos objetos distintos hay, siguiéndolos de un fotograma al siguiente."""

    def iou(a, b):
        wide = max(min(a[2], b[2]) - max(a[0], b[0]), 0)
        tall = max(min(a[3], b[3]) - max(a[1], b[1]), 0)
        areas = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1])
        return wide * tall / (areas - wide * tall)

    total, before = 0, []
    for boxes in frames:
        pairs = [(iou(a, b), i, j) for i, a in enumerate(boxes) for j, b in enumerate(before)]
        followed, used = set(), set()
        for value, i, j in sorted(pairs, reverse=True):
            if value >= minimum and i not in followed and j not in used:
                followed.add(i)
                used.add(j)
        total += len(boxes) - len(followed)
        before = boxes
    return total


def _walk(start, steps, dx):
    """Las cajas de una figura de 20 × 40 que avanza ``dx`` píxeles por fotograma."""
    x, y = start
    return [(x + i * dx, y, x + i * dx + 20, y + 40) for i in range(steps)]


@exercise(
    "Otra IoU que enseña el camino",
    "La caja que las abarca va de la menor esquina baja a la mayor esquina alta.",
    "La parte vacía: su área menos la de la unión, entre su área.",
    "Si no se tocan, los lados de la intersección salen negativos: np.maximum(…, 0).",
    praise="¡Correcto! Con 1 − GIoU se puede entrenar, aunque las cajas no se toquen.",
)
def ejercicio_5(answer):
    first, second = _pairs()
    right = giou(first, second)
    given = answer(first, second)
    yield {
        f"Con arrays de forma {first.shape} devuelve {len(first)} valores, uno por pareja; la "
        f"forma de lo que llega es {np.shape(given)}.": np.shape(given) != right.shape
    }
    iou, both = geometry.iou(first, second), geometry.area(first) + geometry.area(second)
    union = both / (1 + iou)
    low, high = np.maximum(first, second)[:, :2], np.minimum(first, second)[:, 2:]
    outer = (np.maximum(first, second)[:, 2:] - np.minimum(first, second)[:, :2]).prod(axis=1)
    signed = (high - low).prod(axis=1)
    positive, near = np.maximum(right, 0), iou - (outer - union) / union
    wrong = both - signed  # la unión, si la intersección no se recorta a 0
    mistakes = {
        "Eso es la IoU: falta restarle la parte vacía.": iou,
        "Las cajas separadas dan valores negativos, hasta −1: no los recortes a 0.": positive,
        "La parte vacía se divide entre el área de la que abarca a ambas, no entre la unión.": near,
        "La parte vacía es una proporción: (|C| − |A∪B|) / |C|.": iou - outer,
        "Si las cajas no se tocan, la intersección mide 0: dos lados negativos se multiplican y "
        "parecen un área.": signed / np.where(wrong == 0, 1, wrong) - (outer - wrong) / outer,
    }
    hint = "Con cajas al azar no sale: repasa la caja que las abarca."
    names = ("iguales", "solapadas", "una dentro de otra", "que se tocan", "separadas en diagonal")
    for name, one, other, said, value in zip(names, first, second, np.asarray(given, float), right):
        if not same(said, value):
            hint = f"Con dos cajas {name}, {one.tolist()} y {other.tolist()}, es {value:.3f} y has "
            hint += f"dado {said:.3f}."
            break
    close(given, right, hint, mistakes, 1e-4)
    hint = "Da igual cuál va primero: giou(a, b) = giou(b, a)."
    close(answer(second, first), right, hint, tolerance=1e-4)


@ejercicio_5.solved_by
def giou(a, b):
    """La IoU menos la parte vacía de la caja que abarca a las dos."""

    def area(boxes):
        sides = np.maximum(boxes[:, 2:] - boxes[:, :2], 0)
        return sides[:, 0] * sides[:, 1]

    common = area(np.hstack([np.maximum(a[:, :2], b[:, :2]), np.minimum(a[:, 2:], b[:, 2:])]))
    outer = area(np.hstack([np.minimum(a[:, :2], b[:, :2]), np.maximum(a[:, 2:], b[:, 2:])]))
    union = area(a) + area(b) - common
    return common / union - (outer - union) / outer


def _pairs():
    """Parejas con nombre y, después, al azar."""
    first = [[0, 0, 4, 2], [0, 0, 4, 4], [0, 0, 8, 8], [0, 0, 2, 2], [0, 0, 2, 2]]
    second = [[0, 0, 4, 2], [2, 1, 6, 5], [2, 2, 4, 6], [2, 0, 4, 2], [5, 5, 9, 8]]
    rng = np.random.default_rng(3)
    low = rng.uniform(0, 10, (2, 40, 2))
    boxes = np.concatenate([low, low + rng.uniform(0.5, 8, (2, 40, 2))], axis=-1)
    return np.concatenate([first, boxes[0]]), np.concatenate([second, boxes[1]])


@exercise(
    "Un localizador en diez líneas",
    "Dos o tres convoluciones con strides=2 y activación relu resumen la imagen.",
    "Flatten conserva dónde está cada cosa; GlobalAveragePooling2D lo olvida.",
    'Acaba con Dense(4, activation="sigmoid") y compila con loss="mae" o "mse" y Adam.',
    praise="¡Correcto!",
)
def ejercicio_6(answer):
    check_network(answer, compiled=True)
    images, boxes = _rectangles(1200, seed=0)
    output_of(answer, images[:2], (4,), "La salida son 4 números por imagen.")
    answer.fit(images, boxes, epochs=12, batch_size=32, verbose=0)
    images, boxes = _rectangles(300, seed=1)
    said = answer.predict(images, verbose=0)
    corners = [np.hstack([b[:, :2] - b[:, 2:] / 2, b[:, :2] + b[:, 2:] / 2]) for b in (said, boxes)]
    average = float(geometry.iou(*corners).mean())
    constant = said.std(axis=0).max() < 0.02
    pooled = any(type(layer).__name__.startswith("Global") for layer in answer.layers)
    low, goal = average < 0.5, f"La IoU media es {average:.2f} y hace falta 0.50. "
    yield {
        "La red da valores que no son números (NaN): baja la tasa.": not np.isfinite(said).all(),
        f"{goal}Los cuatro números suman siempre 1: eso es una softmax, que reparte. Aquí cada uno "
        "va por su cuenta: «sigmoid».": low and np.allclose(said.sum(axis=1), 1, atol=1e-3),
        f"{goal}Da casi la misma caja en todas: ¿compilaste con una pérdida de regresión, como "
        "«mae», y una tasa razonable, como 0.001?": low and constant and not pooled,
        f"{goal}Si la red promedia toda la imagen (GlobalAveragePooling2D) olvida dónde estaba; y "
        "con pocas capas o pocos filtros no llega.": low,
    }
    return (
        f"IoU media {average:.2f}. Con un objeto basta; con varios no sabría cuál de los cuatro "
        "números es de quién: para eso están las celdas."
    )


@ejercicio_6.solved_by
def build_locator():
    """Una red que dice dónde está el único objeto de la imagen."""
    layers = keras.layers
    model = keras.Sequential([keras.Input((32, 32, 1))])
    for filters in (16, 32, 64):
        model.add(layers.Conv2D(filters, 3, 2, padding="same", activation="relu"))
    model.add(layers.Flatten())
    model.add(layers.Dense(64, activation="relu"))
    model.add(layers.Dense(4, activation="sigmoid"))
    model.compile(optimizer="adam", loss="mae")
    return model


def _rectangles(count: int, seed: int):
    """Imágenes ``(n, 32, 32, 1)`` con un rectángulo claro y ruido, y sus ``cx, cy, w, h``."""
    rng = np.random.default_rng(seed)
    images = rng.normal(0.2, 0.1, (count, 32, 32, 1))
    side = rng.integers(6, 17, (count, 2))
    low = (rng.uniform(size=(count, 2)) * (33 - side)).astype(int)
    for image, (x, y), (w, h) in zip(images, low, side):
        image[y : y + h, x : x + w] += rng.uniform(0.4, 0.8)
    boxes = np.hstack([low + side / 2, side]) / 32
    return images.astype("float32"), boxes.astype("float32")
