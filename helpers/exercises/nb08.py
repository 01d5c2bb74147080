"""Ejercicios del cuaderno 08: formatos, responsables, umbrales y recuento."""

import numpy as np

from helpers.exercises.base import close, exercise, items, rejects, require, same


@exercise(
    "De YOLO a Pascal VOC",
    statement="Escribe a_voc(linea, ancho, alto): de una línea «clase cx cy w h», entre 0 y 1, a "
    "(clase, xmin, ymin, xmax, ymax) en píxeles; lo demás se rechaza con ValueError.",
    hints=(
        "linea.split() da los cinco textos; int y float los convierten.",
        "xmin está medio ancho a la izquierda del centro: cx − w/2.",
        "Las x se multiplican por el ancho de la imagen y las y, por el alto.",
    ),
    praise="¡Correcto! Ya puedes entrenar con anotaciones hechas para cualquier YOLO.",
)
def ejercicio_1(answer):
    cases = [
        ("0 0.5 0.5 0.5 0.5", 200, 100),
        ("2 0.25 0.75 0.1 0.2", 640, 480),
        ("1 0.9 0.1 0.2 0.2", 416, 300),
        ("3 0.5 0.5 1 1", 320, 240),
    ]
    for line, width, height in cases:
        given = items(
            answer(line, width, height), 5, "Devuelve cinco valores: clase, xmin, ymin, xmax, ymax."
        )
        right = a_voc(line, width, height)
        require(
            not isinstance(given[0], str) and given[0] == right[0],
            f"La clase de «{line}» es el entero {right[0]}, el primer número de la línea.",
        )
        box = np.asarray(given[1:], dtype=float)
        require(
            box.max() > 1, "Las esquinas van en píxeles: multiplica por el ancho y por el alto."
        )
        _, cx, cy, w, h = map(float, line.split())
        corner = np.array([cx, cy, cx + w, cy + h]) * [width, height, width, height]
        require(
            not same(box, corner),
            "Los dos primeros números son el centro, no la esquina: réstale la mitad del lado.",
        )
        require(
            not same(box, a_voc(line, height, width)[1:]),
            "Has cambiado el ancho por el alto: las x van con el ancho.",
        )
        close(
            box,
            right[1:],
            f"Con «{line}» no sale: xmin = (cx − w/2) · ancho; ymin = (cy − h/2) · alto.",
            1e-4,
        )
    bad = {
        "0 0.5 0.5 0.5": "tiene cuatro números, y hacen falta cinco.",
        "0 0.5 0.5 0.5 0.5 0.9": "tiene seis números, y hacen falta cinco.",
        "0 320 240 64 48": "está en píxeles, no entre 0 y 1: saldría una caja gigante.",
    }
    for position, name in enumerate(("cx", "cy", "w", "h"), 1):
        for value in ("1.2", "-0.1"):
            parts = ["0", "0.5", "0.5", "0.5", "0.5"]
            parts[position] = value
            bad[" ".join(parts)] = f"tiene {name} = {value}, que no está entre 0 y 1."
    for line, reason in bad.items():
        rejects(lambda line=line: answer(line, 640, 480), f"La línea «{line}» {reason}")


@ejercicio_1.solved_by
def a_voc(linea, ancho, alto):
    """De una línea de YOLO a la clase y las esquinas en píxeles."""
    partes = linea.split()
    if len(partes) != 5:
        raise ValueError(f"Hacen falta cinco números y hay {len(partes)}: «{linea}».")
    clase, (cx, cy, w, h) = int(partes[0]), map(float, partes[1:])
    if not all(0 <= v <= 1 for v in (cx, cy, w, h)):
        raise ValueError(f"Hay valores fuera de 0 a 1: «{linea}».")
    xmin, ymin = (cx - w / 2) * ancho, (cy - h / 2) * alto
    return clase, xmin, ymin, xmin + w * ancho, ymin + h * alto


@exercise(
    "¿Quién responde por esta caja?",
    statement="Escribe responsable(caja, tamaño, celdas, anclas): la fila, la columna y el ancla a "
    "las que toca un objeto. El ancla es la de mayor IoU con la caja, con el mismo centro.",
    hints=(
        "El centro en celdas es cx / ancho · columnas; su parte entera, la columna.",
        "min(…, columnas − 1) salva el borde.",
        "La IoU de dos formas con el mismo centro: min(w, aw) · min(h, ah) entre la unión.",
    ),
    praise="¡Correcto! Con esto y un logaritmo tienes los objetivos de la red.",
)
def ejercicio_2(answer):
    anchors = [(30, 30), (20, 60), (60, 20), (100, 100), (50, 50)]
    for box, size, cells in _boxes(anchors):
        right = responsable(box, size, cells, anchors)
        given = items(
            answer(box, size, cells, list(anchors)),
            3,
            "Devuelve tres enteros: fila, columna y ancla.",
        )
        row, column, anchor = (float(v) for v in given)
        where = f"Para la caja {box} en una imagen de {size[1]}×{size[0]}"
        require(row == int(row) and column == int(column), "La fila y la columna son enteros.")
        corner = int(box[1] / size[0] * cells[0]), int(box[0] / size[1] * cells[1])
        if (row, column) == right[1::-1]:
            mistake = "has cambiado la fila (que va con la y) por la columna."
        elif (row, column) == corner:
            mistake = "responde la celda del centro, no la de la esquina."
        else:
            mistake = f"hay {cells[0]}×{cells[1]} celdas y el centro cae en la {right[:2]}: "
            mistake += "quédate con la parte entera, sin redondear."
        require((row, column) == right[:2], f"{where}: {mistake}")
        require(
            anchor == right[2],
            f"{where}, el ancla que le toca es la {right[2]} y dices {anchor:g}: compara la IoU de "
            "las dos formas con el mismo centro, no la distancia, el área ni la proporción.",
        )
    for box, name in (((200, 60, 216, 76), "derecho"), ((60, 200, 76, 216), "inferior")):
        edge = items(answer(box, (208, 208), (13, 13), list(anchors)), 3, "Devuelve tres enteros.")
        require(
            (edge[0], edge[1]) == responsable(box, (208, 208), (13, 13), anchors)[:2],
            f"Un centro justo en el borde {name} (208 de 208) debe caer en la última celda, la 12.",
        )


@ejercicio_2.solved_by
def responsable(caja, tamaño, celdas, anclas):
    """La fila, la columna y el ancla que responden por una caja."""
    xmin, ymin, xmax, ymax = caja
    (alto, ancho), (filas, columnas) = tamaño, celdas
    columna = min(int((xmin + xmax) / 2 / ancho * columnas), columnas - 1)
    fila = min(int((ymin + ymax) / 2 / alto * filas), filas - 1)
    w, h = xmax - xmin, ymax - ymin
    parecidos = []
    for aw, ah in anclas:
        comun = min(w, aw) * min(h, ah)
        parecidos.append(comun / (w * h + aw * ah - comun))
    return fila, columna, int(np.argmax(parecidos))


def _boxes(anchors):
    """Cajas fáciles y, después, al azar: sin dudas de redondeo ni empates entre anclas."""
    yield (40, 10, 60, 70), (208, 208), (13, 13)
    yield (100, 150, 160, 170), (208, 208), (13, 13)
    yield (10, 100, 40, 130), (192, 256), (12, 16)
    rng = np.random.default_rng(2)
    for size, cells in 20 * [((208, 208), (13, 13)), ((192, 256), (12, 16)), ((192, 256), (6, 8))]:
        x, y = rng.integers(0, size[1] - 10), rng.integers(0, size[0] - 10)
        w, h = rng.integers(10, size[1] - x + 1), rng.integers(10, size[0] - y + 1)
        common = [min(w, aw) * min(h, ah) for aw, ah in anchors]
        iou = sorted(c / (w * h + aw * ah - c) for c, (aw, ah) in zip(common, anchors))
        centre = (x + w / 2) / size[1] * cells[1], (y + h / 2) / size[0] * cells[0]
        if iou[-1] - iou[-2] > 0.01 and all(0.01 < c % 1 < 0.99 for c in centre):
            yield (int(x), int(y), int(x + w), int(y + h)), size, cells


@exercise(
    "El mejor umbral",
    statement="Escribe mejor_umbral(aciertos, puntos, objetos): recibe dos listas y un número, y "
    "devuelve el umbral de confianza que más F1 da, y cuánto da.",
    hints=(
        "Los únicos umbrales que cambian algo son las propias puntuaciones.",
        "Precisión: aciertos entre detecciones que quedan; exhaustividad: aciertos entre objetos.",
        "F1 = 2·P·R / (P + R), y 0 si no hay ningún acierto.",
    ),
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
    for hits, scores, objects in cases:
        best, best_f1 = mejor_umbral(hits, scores, objects)
        given = items(
            answer(list(hits), list(scores), objects), 2, "Devuelve dos números: el umbral y su F1."
        )
        require(not same(given, (best_f1, best)), "Van al revés: primero el umbral, y luego su F1.")
        threshold, f1 = map(float, given)
        true_f1 = _f1(hits, np.asarray(scores) >= threshold, objects)
        strict_f1 = _f1(hits, np.asarray(scores) > threshold, objects)
        blind_f1 = _f1(hits, np.asarray(scores) >= threshold, sum(hits))
        if not np.isclose(f1, true_f1) and np.isclose(f1, blind_f1):
            mistake = "los objetos que nadie ha detectado también cuentan: la exhaustividad se "
            mistake += "divide entre «objetos», no entre los aciertos posibles."
        elif np.isclose(f1, strict_f1):
            mistake = "has dejado fuera las que tienen justo esa confianza: se quedan las de "
            mistake += "confianza igual o mayor, >= y no >."
        else:
            mistake = "quédate con las de ese umbral o más, todas aunque empaten, y calcula ahí "
            mistake += "precisión y exhaustividad."
        require(
            np.isclose(f1, true_f1, atol=1e-6),
            f"Con el umbral {threshold:.2f} el F1 es {true_f1:.3f}, y has dicho {f1:.3f}: "
            f"{mistake}",
        )
        require(
            np.isclose(f1, best_f1, atol=1e-6),
            f"Hay un umbral mejor que {threshold:.2f}: {best:.2f}, con F1 {best_f1:.3f}. Prueba "
            "con todas las puntuaciones como umbral.",
        )


@ejercicio_3.solved_by
def mejor_umbral(aciertos, puntos, objetos):
    """El umbral con mayor F1, y ese F1."""
    mejor = (1.0, 0.0)
    for umbral in sorted(set(puntos), reverse=True):
        quedan = np.asarray(puntos) >= umbral
        bien = int(np.asarray(aciertos)[quedan].sum())
        precision, exhaustividad = bien / quedan.sum(), bien / objetos
        if bien:
            f1 = 2 * precision * exhaustividad / (precision + exhaustividad)
            mejor = max(mejor, (umbral, f1), key=lambda pareja: pareja[1])
    return mejor


def _f1(hits, kept, objects) -> float:
    """2·aciertos / (detecciones + objetos): lo mismo que con precisión y exhaustividad."""
    return float(2 * np.asarray(hits)[kept].sum() / (kept.sum() + objects))


@exercise(
    "Contar sin repetir",
    statement="Escribe contar(fotogramas, minimo=0.3): cuántos objetos distintos pasan por un "
    "vídeo, siguiéndolos por su IoU.",
    hints=(
        "Guarda las cajas del fotograma anterior y compáralas con las de este.",
        "Empareja primero las que más se solapan, y no uses ninguna dos veces.",
        "Cada caja que se queda sin pareja es un objeto nuevo.",
    ),
    praise="¡Correcto! Acabas de escribir un seguidor de objetos (tracker): pásale el vídeo.",
)
def ejercicio_4(answer):
    one = [[box] for box in _walk((0, 0), 8, 4)]
    two = [[a, b] for a, b in zip(_walk((0, 0), 8, 4), _walk((100, 0), 8, -2))]
    gone = [*one[:4], [], *one[4:]]
    arrives = [*one[:3], *([a[0], b] for a, b in zip(one[3:], _walk((80, 10), 5, 2)))]
    splits = [[(0, 0, 20, 40)], [(0, 0, 20, 40), (3, 0, 23, 40)]]
    swaps = [boxes[:: 1 if i % 2 else -1] for i, boxes in enumerate(two)]
    jump = [[(0, 0, 20, 40)], [(15, 0, 35, 40)]]
    half = [[(0, 0, 20, 40)], [(0, 0, 20, 20)]]
    cases = [
        (one, 0.3, "Una figura que anda ocho fotogramas sigue siendo una."),
        (two, 0.3, "Dos figuras a la vez son dos."),
        ([[], []], 0.3, "Sin cajas, el total es 0."),
        (gone, 0.3, "Si desaparece un fotograma y vuelve, aquí cuenta como otra: solo miras el "
         "fotograma anterior."),
        (arrives, 0.3, "Empieza una y luego llega otra: son dos, aunque la primera ya estuviera."),
        (splits, 0.3, "Dos cajas no pueden ser continuación de la misma: cada una del fotograma "
         "anterior se usa una sola vez."),
        (swaps, 0.3, "El orden de las cajas dentro de un fotograma no significa nada."),
        (jump, 0.3, "Si la IoU con la anterior no llega al mínimo, es otro objeto."),
        (jump, 0.1, "«minimo» es un argumento: con 0.1, un salto grande sigue siendo el mismo."),
        (half, 0.5, "La IoU es justo 0.5 y el mínimo, 0.5: «al menos» es >=."),
    ]  # fmt: skip
    for frames, minimum, hint in cases:
        copy = [list(boxes) for boxes in frames]
        got = answer(copy) if minimum == 0.3 else answer(copy, minimum)
        right = contar(frames, minimum)
        close(got, right, f"{hint} Aquí salen {got} y {'es' if right == 1 else 'son'} {right}.")


@ejercicio_4.solved_by
def contar(fotogramas, minimo=0.3):
    """Cuántos objetos distintos hay, siguiéndolos de un fotograma al siguiente."""

    def parecido(a, b):
        ancho = max(min(a[2], b[2]) - max(a[0], b[0]), 0)
        alto = max(min(a[3], b[3]) - max(a[1], b[1]), 0)
        areas = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1])
        return ancho * alto / (areas - ancho * alto)

    total, anteriores = 0, []
    for cajas in fotogramas:
        parejas = [
            (parecido(a, b), i, j) for i, a in enumerate(cajas) for j, b in enumerate(anteriores)
        ]
        seguidas, usadas = set(), set()
        for valor, i, j in sorted(parejas, reverse=True):
            if valor >= minimo and i not in seguidas and j not in usadas:
                seguidas.add(i)
                usadas.add(j)
        total += len(cajas) - len(seguidas)
        anteriores = cajas
    return total


def _walk(start, steps, dx, size=(20, 40)):
    """Las cajas de una figura que avanza ``dx`` píxeles por fotograma."""
    (x, y), (w, h) = start, size
    return [(x + i * dx, y, x + i * dx + w, y + h) for i in range(steps)]
