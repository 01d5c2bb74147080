"""Ejercicios del cuaderno 07: ventanas, años, clima, validación e importancia."""

from datetime import date

import numpy as np

from helpers.exercises.base import Exercise, close, require
from helpers.exercises.nb07_solutions import años, errores, importancia, preparar, tabla

VALIDATION = 30


# --- Correctores ----------------------------------------------------------------------------


def _check_preparar(answer):
    rng = np.random.default_rng(7)
    for steps in (7, 4, 10):
        sales = [int(v) for v in rng.integers(50, 500, 120)]
        sales[-3] = 900  # el máximo está en la validación: no debe verse
        parts = answer(list(sales), steps)
        require(
            isinstance(parts, (tuple, list)) and len(parts) == 4,
            "Devuelve cuatro cosas: x_train, y_train, x_val, y_val.",
        )
        expected = preparar(sales, steps)
        x_train = np.asarray(parts[0], dtype=float)
        require(
            x_train.ndim == 2 and x_train.shape[1] == steps,
            f"Con pasos={steps}, x_train debe tener {steps} columnas: no des por hecho que son 7.",
        )
        require(
            len(x_train) == len(expected[0]) and len(parts[2]) == VALIDATION,
            "Las 30 últimas ventanas son de validación y no pueden estar en el entrenamiento: "
            f"de 120 valores con pasos={steps} quedan {len(expected[0])} para entrenar.",
        )
        require(
            abs(np.asarray(parts[1], dtype=float)).max() <= 1 + 1e-9 and np.max(parts[3]) > 1,
            "La escala mira la validación (o no se ajusta a [−1, 1]): calcula el mínimo y el "
            "máximo sin los 30 últimos valores.",
        )
        require(
            not np.allclose(x_train[:, ::-1], expected[0]),
            "Las columnas van al revés: el valor más antiguo es el primero.",
        )
        for part, right, name in zip(parts, expected, ("x_train", "y_train", "x_val", "y_val")):
            close(part, right, f"{name} no es lo que debe: revisa dónde empieza cada ventana.")


def _check_years(answer):
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
    require(
        abs(got[4] - right[4]) < 1e-9 or got[4] >= 4,
        "2020 es bisiesto: su 31 de diciembre es el día 365 de 366, contando desde 0.",
    )
    require(got[4] < 4, "2020 es bisiesto: divide entre 366 o el 31 de diciembre llegará a 2021.")
    close(got, right, "Divide los días pasados desde el 1 de enero entre los días de ese año.")


def _check_weather(answer):
    rng = np.random.default_rng(3)
    climate = rng.normal(size=(40, 3))
    for steps in (1, 5):
        x, y = answer(climate.copy(), steps)
        x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
        require(
            x.ndim == 2 and len(x) == 40 - steps,
            f"Con 40 días y pasos={steps}, x debe tener {40 - steps} filas y dos ejes.",
        )
        changed = climate.copy()
        changed[steps:] += 100  # el primer objetivo y todo lo que viene después
        first = np.asarray(answer(changed, steps)[0], dtype=float)[0]
        require(
            np.allclose(first, x[0]),
            "En x hay datos del propio día que se predice: hoy no conoces la presión de mañana.",
        )
        require(
            x.shape[1] == 3 * steps,
            f"x debe tener 3 × {steps} columnas: las tres variables de cada día anterior.",
        )
        expected = tabla(climate, steps)
        close(y, expected[1], "y es la temperatura (columna 0) del día que sigue a cada ventana.")
        close(x, expected[0], "Ordena x por días, del más antiguo al más reciente.")


def _check_errors(answer):
    good = {"desde": "2018-12-01"}
    cases = [
        (good, [], "Sin «dias», la petición es correcta."),
        ({**good, "dias": 7}, [], "Con 7 días, la petición es correcta."),
        ({**good, "dias": 31}, [], "31 días se admiten."),
        ({"dias": 7}, ["desde"], "Falta «desde» y no lo has dicho."),
        ({"desde": "ayer"}, ["desde"], "«ayer» no es una fecha."),
        ({"desde": "2018-02-30"}, ["desde"], "El 30 de febrero no existe: usa date.fromisoformat."),
        ({"desde": 20181201}, ["desde"], "La fecha debe ser un texto, no un número."),
        ({"desde": None}, ["desde"], "«desde» puede llegar como None."),
        ({"desde": "2018-W48-6"}, ["desde"],
         "fromisoformat admite otros formatos: mira si .isoformat() devuelve el mismo texto."),
        ({**good, "dias": 0}, ["dias"], "0 días no se admiten."),
        ({**good, "dias": 32}, ["dias"], "32 días no se admiten."),
        ({**good, "dias": "7"}, ["dias"], "El texto «7» no es un entero."),
        ({**good, "dias": 2.5}, ["dias"], "2.5 días no es un entero."),
        ({**good, "dias": True}, ["dias"], "True no es un número de días: mira type()."),
        ({**good, "dias": None}, ["dias"], "Si «dias» está y es None, también está mal."),
        ({"dias": 99}, ["desde", "dias"], "Di todos los campos que están mal, no solo el primero."),
    ]  # fmt: skip
    for request, expected, hint in cases:
        got = answer(dict(request))
        require(isinstance(got, (list, tuple, set)), "Devuelve una lista con los campos mal.")
        require(sorted(got) == expected, f"Con {request}: {hint}")


def _check_importance(answer):
    rng = np.random.default_rng(5)
    x = rng.normal(size=(400, 3))
    y = 3 * x[:, 0] + 0.5 * x[:, 1]

    def model(inputs):
        return 3 * inputs[:, 0] + 0.5 * inputs[:, 1]

    before = x.copy()
    got = [float(answer(model, x, y, c, np.random.default_rng(c))) for c in range(3)]
    require(np.array_equal(x, before), "Has modificado x: baraja una copia (x.copy()).")
    require(got[2] == 0, "El modelo no usa la columna 2: su importancia debe ser exactamente 0.")
    require(got[0] > 0, "La columna 0 importa: el error debe aumentar. ¿Has restado al revés?")
    require(got[1] > 0 and got[1] < got[0] / 2, "La columna 1 importa, pero mucho menos que la 0.")
    right = [importancia(model, x, y, c, np.random.default_rng(c)) for c in range(3)]
    close(got, right, "Baraja solo esa columna con rng.permutation y resta los dos errores.")
    shifted = float(answer(model, x, y + 1, 0, np.random.default_rng(0)))
    base = importancia(model, x, y + 1, 0, np.random.default_rng(0))
    close(shifted, base, "Mide el aumento: al error con la columna barajada réstale el de antes.")


ejercicio_1 = Exercise(
    1, "Cualquier número de pasos",
    "Ventanas de cualquier longitud, con reparto cronológico y la escala del pasado.",
    ("Escala primero toda la serie, con el mínimo y el máximo de ventas[:-30].",
     "La ventana i es escala[i : i + pasos] y su respuesta, escala[i + pasos].",
     "Con x e y completos, x[:-30] entrena y x[-30:] valida."),
    _check_preparar, preparar,
    "¡Correcto! Ahora entrena con pasos=4 y pasos=10: models.build_dense(pasos).",
)  # fmt: skip
ejercicio_2 = Exercise(
    2, "Y si hubiera más años",
    "El tiempo transcurrido en años, con decimales: un número que sí se puede extrapolar.",
    ("fecha.year - fechas[0].year da los años enteros.",
     "La fracción es (fecha - date(fecha.year, 1, 1)).days entre los días de ese año.",
     "Los días del año son (date(a + 1, 1, 1) - date(a, 1, 1)).days: 365 o 366."),
    _check_years, años,
    "¡Correcto! Ese número, y no un Embedding, es lo que deja ver una tendencia.",
)  # fmt: skip
ejercicio_3 = Exercise(
    3, "El tiempo de mañana",
    "Ventanas de tres variables sin un solo dato del día que se predice.",
    ("clima[i : i + pasos] son los días anteriores al día i + pasos.",
     "Aplana cada ventana con .ravel().", "y es clima[pasos:, 0]."),
    _check_weather, tabla,
    "¡Correcto! Ni rastro del futuro en las entradas.",
)  # fmt: skip
ejercicio_4 = Exercise(
    4, "Un portero para tu API",
    "La lista de campos mal de una petición; vacía si todo está bien.",
    ("date.fromisoformat lanza ValueError si la fecha no existe y TypeError si no es un texto.",
     "fromisoformat admite otros formatos: comprueba que .isoformat() devuelve el mismo texto.",
     "peticion.get('dias', 7) da 7 cuando el campo no está.",
     "type(True) is bool, aunque isinstance(True, int) sea cierto."),
    _check_errors, errores,
    "¡Correcto! Nada raro pasará de esa puerta.",
)  # fmt: skip
ejercicio_5 = Exercise(
    5, "Qué variable importa",
    "Cuánto aumenta el error al barajar una columna.",
    ("Empieza por una copia: barajada = x.copy().",
     "barajada[:, columna] = rng.permutation(x[:, columna]).",
     "Resta: error con la barajada menos error con la original."),
    _check_importance, importancia,
    "¡Correcto! Pásasela a cualquier modelo de este cuaderno: es independiente de la red.",
)  # fmt: skip

EXERCISES = [ejercicio_1, ejercicio_2, ejercicio_3, ejercicio_4, ejercicio_5]
