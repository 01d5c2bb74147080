"""Soluciones de los ejercicios del cuaderno 07: lo que enseña ``solucion()``."""

from datetime import date

import numpy as np


def preparar(ventas, pasos):
    """Ventanas escaladas con el pasado; las 30 últimas validan."""
    ventas = np.asarray(ventas, dtype=float)
    pasado = ventas[:-30]  # la escala no ve la validación
    minimo, maximo = pasado.min(), pasado.max()
    escala = 2 * (ventas - minimo) / (maximo - minimo) - 1
    x = np.array([escala[i : i + pasos] for i in range(len(escala) - pasos)])
    y = escala[pasos:]
    return x[:-30], y[:-30], x[-30:], y[-30:]


def años(fechas):
    """Años con decimales desde el 1 de enero del primero."""
    primero = fechas[0].year
    resultado = []
    for fecha in fechas:
        inicio, fin = date(fecha.year, 1, 1), date(fecha.year + 1, 1, 1)
        fraccion = (fecha - inicio).days / (fin - inicio).days  # 365 o 366
        resultado.append(fecha.year - primero + fraccion)
    return resultado


def tabla(clima, pasos):
    """Las tres variables de los días anteriores, y la temperatura del día."""
    clima = np.asarray(clima, dtype=float)
    x = [clima[i : i + pasos].ravel() for i in range(len(clima) - pasos)]
    return np.array(x), clima[pasos:, 0]


def errores(peticion):
    """Los campos mal de una petición."""
    mal = []
    try:
        texto = peticion["desde"]
        if date.fromisoformat(texto).isoformat() != texto:  # «2018-W48-6» también es ISO
            mal.append("desde")
    except (KeyError, TypeError, ValueError):
        mal.append("desde")
    dias = peticion.get("dias", 7)
    if type(dias) is not int or not 1 <= dias <= 31:
        mal.append("dias")
    return mal


def importancia(predecir, x, y, columna, rng):
    """Cuánto aumenta el error al barajar una columna."""
    barajada = x.copy()
    barajada[:, columna] = rng.permutation(x[:, columna])
    antes = np.abs(y - predecir(x)).mean()
    despues = np.abs(y - predecir(barajada)).mean()
    return despues - antes
