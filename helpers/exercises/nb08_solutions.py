"""Soluciones de los ejercicios del cuaderno 08: lo que enseña ``solucion()``."""

import numpy as np


def a_voc(linea, ancho, alto):
    """De una línea de YOLO a la clase y las esquinas en píxeles."""
    partes = linea.split()
    if len(partes) != 5:
        raise ValueError(f"Hacen falta cinco números y hay {len(partes)}: «{linea}».")
    clase, (cx, cy, w, h) = int(partes[0]), map(float, partes[1:])
    if not all(0 <= v <= 1 for v in (cx, cy, w, h)):
        raise ValueError(f"Hay valores fuera de 0 a 1: «{linea}».")
    return (clase, (cx - w / 2) * ancho, (cy - h / 2) * alto,
            (cx + w / 2) * ancho, (cy + h / 2) * alto)  # fmt: skip


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


def contar(fotogramas, minimo=0.3):
    """Cuántos objetos distintos hay, siguiéndolos de un fotograma al siguiente."""

    def parecido(a, b):
        ancho = max(min(a[2], b[2]) - max(a[0], b[0]), 0)
        alto = max(min(a[3], b[3]) - max(a[1], b[1]), 0)
        areas = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1])
        return ancho * alto / (areas - ancho * alto)

    total, anteriores = 0, []
    for cajas in fotogramas:
        parejas = [(parecido(a, b), i, j) for i, a in enumerate(cajas)
                   for j, b in enumerate(anteriores)]  # fmt: skip
        seguidas, usadas = set(), set()
        for valor, i, j in sorted(parejas, reverse=True):
            if valor >= minimo and i not in seguidas and j not in usadas:
                seguidas.add(i)
                usadas.add(j)
        total += len(cajas) - len(seguidas)
        anteriores = cajas
    return total
