"""Ejercicios del cuaderno 07: ventanas, años, clima, validación e importancia."""

from datetime import date

import numpy as np

from helpers.exercises.base import close, exercise, items, require, same

VALIDATION = 30


@exercise(
    "Cualquier número de pasos",
    statement="Escribe preparar(ventas, pasos): ventanas de cualquier longitud, con reparto "
    "cronológico y la escala del pasado.",
    hints=(
        "Escala primero toda la serie, con el mínimo y el máximo de ventas[:-30].",
        "La ventana i es escala[i : i + pasos] y su respuesta, escala[i + pasos].",
        "Con x e y completos, x[:-30] entrena y x[-30:] valida.",
    ),
    praise="¡Correcto! Ahora entrena con pasos=4 y pasos=10: models.build_dense(pasos).",
)
def ejercicio_1(answer):
    rng = np.random.default_rng(7)
    for steps in (7, 4, 10):
        sales = [int(v) for v in rng.integers(50, 500, 120)]
        sales[-3] = 900  # el máximo está en la validación: no debe verse
        expected = preparar(sales, steps)
        parts = items(
            answer(list(sales), steps), 4, "Devuelve cuatro cosas: x_train, y_train, x_val, y_val."
        )
        x_train, y_train, x_val, y_val = (np.asarray(part, dtype=float) for part in parts)
        require(
            x_train.ndim == 2 and x_train.shape[1] == steps,
            f"Con pasos={steps}, x_train debe tener {steps} columnas: no des por hecho que son 7.",
        )
        require(
            len(x_train) == len(expected[0]) and len(x_val) == VALIDATION,
            "Las 30 últimas ventanas son de validación y no pueden estar en el entrenamiento: "
            f"de 120 valores con pasos={steps} quedan {len(expected[0])} para entrenar.",
        )
        require(
            abs(y_train).max() <= 1 + 1e-6 and np.max(y_val) > 1,
            "La escala mira la validación (o no se ajusta a [−1, 1]): calcula el mínimo y el "
            "máximo sin los 30 últimos valores.",
        )
        require(
            not same(x_train[:, ::-1], expected[0]),
            "Las columnas van al revés: el valor más antiguo es el primero.",
        )
        for part, right, name in zip(parts, expected, ("x_train", "y_train", "x_val", "y_val")):
            close(part, right, f"{name} no es lo que debe: revisa dónde empieza cada ventana.")


@ejercicio_1.solved_by
def preparar(ventas, pasos):
    """Ventanas escaladas con el pasado; las 30 últimas validan."""
    ventas = np.asarray(ventas, dtype=float)
    pasado = ventas[:-30]  # la escala no ve la validación
    minimo, maximo = pasado.min(), pasado.max()
    escala = 2 * (ventas - minimo) / (maximo - minimo) - 1
    x = np.array([escala[i : i + pasos] for i in range(len(escala) - pasos)])
    y = escala[pasos:]
    return x[:-30], y[:-30], x[-30:], y[-30:]


@exercise(
    "Y si hubiera más años",
    statement="Escribe años(fechas): el tiempo transcurrido en años, con decimales, un número que "
    "sí se puede extrapolar.",
    hints=(
        "fecha.year - fechas[0].year da los años enteros.",
        "La fracción es (fecha - date(fecha.year, 1, 1)).days entre los días de ese año.",
        "Los días del año son (date(a + 1, 1, 1) - date(a, 1, 1)).days: 365 o 366.",
    ),
    praise="¡Correcto! Ese número, y no un Embedding, es lo que deja ver una tendencia.",
)
def ejercicio_2(answer):
    days = [date(2017, 1, 2), date(2018, 1, 1), date(2018, 7, 2), date(2019, 1, 1),
            date(2020, 12, 31), date(2030, 1, 1)]  # fmt: skip
    got = np.asarray(answer(list(days)), dtype=float)
    require(got.shape == (len(days),), f"Devuelve un número por fecha: {len(days)}.")
    require(abs(got).max() < 100, "Resta el año de la primera fecha: 2019 debe ser 2, no 2019.")
    require(
        not np.allclose(got, np.round(got)),
        "Faltan los decimales: el 2 de julio ya ha pasado medio año.",
    )
    require(got[-1] > 5, "2030 no está entre los años vistos, pero su número es 13, no otra clase.")
    right = np.array(años(days))
    whole = [1, 3, 5]
    close(got[whole], right[whole], "El 1 de enero debe dar un número entero exacto.")
    require(got[4] < 4, "2020 es bisiesto: divide entre 366 o el 31 de diciembre llegará a 2021.")
    close(got, right, "Divide los días pasados desde el 1 de enero entre los días de ese año.")


@ejercicio_2.solved_by
def años(fechas):
    """Años con decimales desde el 1 de enero del primero."""
    from datetime import date

    primero = fechas[0].year
    resultado = []
    for fecha in fechas:
        inicio, fin = date(fecha.year, 1, 1), date(fecha.year + 1, 1, 1)
        fraccion = (fecha - inicio).days / (fin - inicio).days  # 365 o 366
        resultado.append(fecha.year - primero + fraccion)
    return resultado


@exercise(
    "El tiempo de mañana",
    statement="Escribe tabla(clima, pasos): ventanas de tres variables sin un solo dato del día "
    "que se predice.",
    hints=(
        "clima[i : i + pasos] son los días anteriores al día i + pasos.",
        "Aplana cada ventana con .ravel().",
        "y es clima[pasos:, 0].",
    ),
    praise="¡Correcto! Ni rastro del futuro en las entradas.",
)
def ejercicio_3(answer):
    climate = np.random.default_rng(3).normal(size=(40, 3))
    for steps in (1, 5):
        pair = items(answer(climate.copy(), steps), 2, "Devuelve dos cosas: x e y.")
        x, y = (np.asarray(part, dtype=float) for part in pair)
        require(
            x.ndim == 2 and len(x) == 40 - steps,
            f"Con 40 días y pasos={steps}, x debe tener {40 - steps} filas y dos ejes.",
        )
        changed = climate.copy()
        changed[steps:] += 100  # el primer objetivo y todo lo que viene después
        require(
            same(answer(changed, steps)[0][0], x[0]),
            "En x hay datos del propio día que se predice: hoy no conoces la presión de mañana.",
        )
        require(
            x.shape[1] == 3 * steps,
            f"x debe tener 3 × {steps} columnas: las tres variables de cada día anterior.",
        )
        right_x, right_y = tabla(climate, steps)
        close(y, right_y, "y es la temperatura (columna 0) del día que sigue a cada ventana.")
        close(x, right_x, "Ordena x por días, del más antiguo al más reciente.")


@ejercicio_3.solved_by
def tabla(clima, pasos):
    """Las tres variables de los días anteriores, y la temperatura del día."""
    clima = np.asarray(clima, dtype=float)
    x = [clima[i : i + pasos].ravel() for i in range(len(clima) - pasos)]
    return np.array(x), clima[pasos:, 0]


@exercise(
    "Un portero para tu API",
    statement="Escribe errores(peticion): la lista de campos mal de una petición; vacía si todo "
    "está bien.",
    hints=(
        "date.fromisoformat lanza ValueError si la fecha no existe y TypeError si no es un texto.",
        "Hay otros formatos que se leen igual: comprueba que .isoformat() devuelve el mismo texto.",
        "peticion.get('dias', 7) da 7 cuando el campo no está.",
        "type(True) is bool, aunque isinstance(True, int) sea cierto.",
    ),
    praise="¡Correcto! Nada raro pasará de esa puerta.",
)
def ejercicio_4(answer):
    good, format_hint = {"desde": "2018-12-01"}, "no tiene la forma 2018-12-01: cuatro cifras, dos "
    format_hint += "y dos. Mira si la fecha que entiendes, con .isoformat(), da el mismo texto."
    cases = [
        (good, [], "Sin «dias», la petición es correcta."),
        ({**good, "dias": 7}, [], "Con 7 días, la petición es correcta."),
        ({**good, "dias": 1}, [], "Un día se admite."),
        ({**good, "dias": 31}, [], "31 días se admiten."),
        ({"dias": 7}, ["desde"], "Falta «desde» y no lo has dicho."),
        ({"desde": "ayer"}, ["desde"], "«ayer» no es una fecha."),
        ({"desde": "2018-02-30"}, ["desde"], "El 30 de febrero no existe: usa date.fromisoformat."),
        ({"desde": 20181201}, ["desde"], "La fecha debe ser un texto, no un número."),
        ({"desde": None}, ["desde"], "«desde» puede llegar como None."),
        ({"desde": "2018-W48-6"}, ["desde"], f"«2018-W48-6» {format_hint}"),
        ({"desde": "2018-1-5"}, ["desde"], f"«2018-1-5» {format_hint}"),
        ({"desde": "20181201"}, ["desde"], f"«20181201» {format_hint}"),
        ({"desde": "2018-12-01 10:00"}, ["desde"], f"«2018-12-01 10:00» {format_hint}"),
        ({**good, "dias": 0}, ["dias"], "0 días no se admiten."),
        ({**good, "dias": 32}, ["dias"], "32 días no se admiten."),
        ({**good, "dias": "7"}, ["dias"], "El texto «7» no es un entero."),
        ({**good, "dias": 2.5}, ["dias"], "2.5 días no es un entero."),
        ({**good, "dias": True}, ["dias"], "True no es un número de días: mira type()."),
        ({**good, "dias": None}, ["dias"], "Si «dias» está y es None, también está mal."),
        ({"dias": 99}, ["desde", "dias"], "Di todos los campos que están mal, no solo el primero."),
    ]
    for request, expected, hint in cases:
        got = answer(dict(request))
        require(isinstance(got, (list, tuple, set)), "Devuelve una lista con los campos mal.")
        require(sorted(map(str, got)) == expected, f"Con {request}: {hint}")


@ejercicio_4.solved_by
def errores(peticion):
    """Los campos mal de una petición."""
    from datetime import date

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


@exercise(
    "Qué variable importa",
    statement="Escribe importancia(predecir, x, y, columna, rng): cuánto aumenta el error absoluto "
    "medio al barajar una columna con rng.",
    hints=(
        "Empieza por una copia: barajada = x.copy().",
        "barajada[:, columna] = rng.permutation(x[:, columna]).",
        "Resta: error con la barajada menos error con la original.",
    ),
    praise="¡Correcto! Pásasela a cualquier modelo de este cuaderno: es independiente de la red.",
)
def ejercicio_5(answer):
    rng = np.random.default_rng(5)
    x = rng.normal(size=(400, 3))
    y = 3 * x[:, 0] + 0.5 * x[:, 1]

    def model(inputs):
        return 3 * inputs[:, 0] + 0.5 * inputs[:, 1]

    def mean(measure, targets, column):  # de veinte barajadas: no decide la suerte de una
        values = [measure(model, x, targets, column, np.random.default_rng(k)) for k in range(20)]
        return float(np.mean(values))

    before = x.copy()
    got = [mean(answer, y, column) for column in range(3)]
    require(np.array_equal(x, before), "Has modificado x: baraja una copia (x.copy()).")
    require(
        abs(got[2]) < 1e-9,
        "El modelo no usa la columna 2: su importancia debe ser 0. Baraja solo la columna pedida.",
    )
    require(got[0] > 0, "La columna 0 importa: el error debe aumentar. ¿Has restado al revés?")
    require(got[1] > 0 and got[1] < got[0] / 2, "La columna 1 importa, pero mucho menos que la 0.")
    for column in (0, 1):
        right = mean(importancia, y, column)
        close(
            got[column] / right,
            1,
            f"Para la columna {column} sale {got[column]:.2f} y son unas {right:.2f}: baraja sus "
            "valores, sin cambiarlos por otros, y resta los dos errores absolutos medios.",
            0.08,
        )
    close(
        mean(answer, y + 1, 0) / mean(importancia, y + 1, 0),
        1,
        "Mide el aumento: al error con la columna barajada réstale el de antes.",
        0.08,
    )
    twice = [answer(model, x, y, 0, np.random.default_rng(0)) for _ in range(2)]
    require(twice[0] == twice[1], "Con el mismo rng debe salir lo mismo: baraja con rng.")


@ejercicio_5.solved_by
def importancia(predecir, x, y, columna, rng):
    """Cuánto aumenta el error al barajar una columna."""
    barajada = x.copy()
    barajada[:, columna] = rng.permutation(x[:, columna])
    antes = np.abs(y - predecir(x)).mean()
    despues = np.abs(y - predecir(barajada)).mean()
    return despues - antes
