"""Correctores de los ejercicios del cuaderno 08: rechazan cada error típico con su pista."""

import numpy as np

from helpers.exercises.base import close, require
from helpers.exercises.nb08_solutions import a_voc, contar, mejor_umbral, responsable


def _rejects(answer, line) -> bool:
    try:
        answer(line, 640, 480)
    except ValueError:
        return True
    except (IndexError, TypeError):
        return False
    return False


def check_voc(answer):
    """Ejercicio 1."""
    cases = [
        ("0 0.5 0.5 0.5 0.5", 200, 100),
        ("2 0.25 0.75 0.1 0.2", 640, 480),
        ("1 0.9 0.1 0.2 0.2", 416, 300),
    ]
    for line, width, height in cases:
        got, right = answer(line, width, height), a_voc(line, width, height)
        require(
            isinstance(got, (tuple, list)) and len(got) == 5,
            "Devuelve cinco valores: clase, xmin, ymin, xmax, ymax.",
        )
        require(
            isinstance(got[0], (int, np.integer)) and got[0] == right[0],
            f"La clase de «{line}» es el entero {right[0]}, el primer número de la línea.",
        )
        box = np.asarray(got[1:], dtype=float)
        require(
            box.max() > 1, "Las esquinas van en píxeles: multiplica por el ancho y por el alto."
        )
        _, cx, cy, w, h = map(float, line.split())
        asked = np.array([cx, cy, cx + w, cy + h]) * [width, height, width, height]
        require(
            not np.allclose(box, asked),
            "Los dos primeros números son el centro, no la esquina: réstale la mitad del lado.",
        )
        turned = a_voc(line, height, width)
        require(
            not np.allclose(box, turned[1:]),
            "Has cambiado el ancho por el alto: las x van con el ancho.",
        )
        close(box, right[1:], "xmin = (cx − w/2) · ancho; ymin = (cy − h/2) · alto.", 1e-6)
    require(_rejects(answer, "0 0.5 0.5 0.5"), "Con cuatro números, lanza ValueError.")
    require(
        _rejects(answer, "0 320 240 64 48"),
        "«0 320 240 64 48» está en píxeles, no entre 0 y 1: lanza ValueError en lugar de "
        "devolver una caja gigante.",
    )


def check_owner(answer):
    """Ejercicio 2."""
    anchors = [(30, 30), (20, 60), (60, 20), (100, 100), (50, 50)]
    cases = [
        ((40, 10, 60, 70), (208, 208), (13, 13)),
        ((100, 150, 160, 170), (208, 208), (13, 13)),
        ((10, 100, 40, 130), (192, 256), (12, 16)),
        ((200, 20, 251, 71), (192, 256), (12, 16)),
        ((0, 92, 100, 192), (192, 256), (6, 8)),
    ]
    for box, size, cells in cases:
        got, right = answer(box, size, cells, anchors), responsable(box, size, cells, anchors)
        require(
            isinstance(got, (tuple, list)) and len(got) == 3,
            "Devuelve tres enteros: fila, columna y ancla.",
        )
        row, column, anchor = (float(v) for v in got)
        where = f"Para la caja {box} en una imagen de {size[1]}×{size[0]}"
        require(
            (row, column) == right[:2] or (column, row) != right[:2] or right[0] == right[1],
            f"{where}: has cambiado la fila (que va con la y) por la columna.",
        )
        require(row == int(row) and column == int(column), "La fila y la columna son enteros.")
        corner = int(box[1] / size[0] * cells[0]), int(box[0] / size[1] * cells[1])
        require(
            (row, column) == right[:2] or (row, column) != corner,
            f"{where}: responde la celda del centro, no la de la esquina.",
        )
        require(
            (row, column) == right[:2],
            f"{where}, con {cells[0]}×{cells[1]} celdas, el centro cae en la celda "
            f"{right[:2]}: quédate con la parte entera, sin redondear.",
        )
        require(
            anchor == right[2],
            f"{where}, el ancla más parecida es la {right[2]}: compara la IoU de las dos formas "
            "con el mismo centro, no la distancia ni el área.",
        )
    edge = answer((200, 200, 216, 216), (208, 208), (13, 13), anchors)
    require(
        tuple(edge)[:2] == (12, 12),
        "Un centro justo en el borde (208 de 208) debe caer en la última celda, la 12.",
    )


def check_threshold(answer):
    """Ejercicio 3."""
    rng = np.random.default_rng(8)
    cases = [
        ([1, 1, 0, 1, 0], [0.9, 0.8, 0.7, 0.6, 0.5], 4),
        ([1, 0, 1, 0], [0.4, 0.9, 0.8, 0.2], 3),
    ]
    for _ in range(6):
        scores = rng.uniform(size=30).round(2)
        cases.append(((rng.uniform(size=30) < scores).astype(int).tolist(), scores.tolist(), 40))
    for hits, scores, objects in cases:
        got, right = answer(list(hits), list(scores), objects), mejor_umbral(hits, scores, objects)
        require(
            isinstance(got, (tuple, list)) and len(got) == 2,
            "Devuelve dos números: el umbral y su F1.",
        )
        threshold, f1 = float(got[0]), float(got[1])
        kept = np.asarray(scores) >= threshold
        good = int(np.asarray(hits)[kept].sum())
        true_f1 = 2 * good / (kept.sum() + objects)
        found = int(np.sum(hits))
        blind = 2 * good / (kept.sum() + found) if found else 0
        require(
            abs(f1 - true_f1) < 1e-6 or abs(f1 - blind) > 1e-6,
            "Los objetos que nadie ha detectado también cuentan: la exhaustividad se divide entre "
            "«objetos», no entre los aciertos posibles.",
        )
        require(
            abs(f1 - true_f1) < 1e-6,
            f"Con el umbral {threshold:.2f} el F1 es {true_f1:.3f}, y has dicho {f1:.3f}: quédate "
            "con las detecciones de ese umbral o más, y calcula ahí precisión y exhaustividad.",
        )
        require(
            abs(f1 - right[1]) < 1e-6,
            f"Hay un umbral mejor: {right[0]:.2f}, con F1 {right[1]:.3f}. Prueba con todas las "
            "puntuaciones como umbral.",
        )


def _walk(start, steps, dx, dy=0.0, size=(20, 40)):
    return [(start[0] + i * dx, start[1] + i * dy, start[0] + i * dx + size[0],
             start[1] + i * dy + size[1]) for i in range(steps)]  # fmt: skip


def check_count(answer):
    """Ejercicio 4."""
    one = [[box] for box in _walk((0, 0), 8, 4)]
    two = [[a, b] for a, b in zip(_walk((0, 0), 8, 4), _walk((100, 0), 8, -2))]
    gone = [*one[:4], [], *one[4:]]
    arrives = [*one[:3], *([a[0], b] for a, b in zip(one[3:], _walk((80, 10), 5, 2)))]
    splits = [[(0, 0, 20, 40)], [(0, 0, 20, 40), (3, 0, 23, 40)]]
    swaps = [boxes[:: 1 if i % 2 else -1] for i, boxes in enumerate(two)]
    jump = [[(0, 0, 20, 40)], [(15, 0, 35, 40)]]
    cases = [
        (one, "Una figura que anda ocho fotogramas sigue siendo una."),
        (two, "Dos figuras a la vez son dos."),
        ([[], []], "Sin cajas, el total es 0."),
        (gone, "Si desaparece un fotograma y vuelve, aquí cuenta como otra: solo miras el "
               "fotograma anterior."),
        (arrives, "Empieza una y luego llega otra: son dos, aunque la primera ya estuviera."),
        (splits, "Dos cajas no pueden ser continuación de la misma: cada una del fotograma "
                 "anterior se usa una sola vez."),
        (swaps, "El orden de las cajas dentro de un fotograma no significa nada."),
        (jump, "Si la IoU con la anterior no llega al mínimo, es otro objeto."),
    ]  # fmt: skip
    for frames, hint in cases:
        got = answer([list(boxes) for boxes in frames])
        right = contar(frames)
        require(isinstance(got, (int, np.integer)), "Devuelve un número entero.")
        require(got == right, f"{hint} Aquí salen {got} y son {right}.")
    require(
        answer([list(b) for b in jump], 0.1) == 1,
        "«minimo» es un argumento: con 0.1, un salto grande sigue siendo el mismo objeto.",
    )
