"""Ejercicios del cuaderno 02: pesos, racha, descanso, eliminatorias, Elo a mano y tu red."""

from datetime import timedelta
from functools import cache

import keras
import numpy as np
import pandas as pd

from helpers.data import matches
from helpers.exercises.base import (
    Wrong,
    check_network,
    close,
    exercise,
    output_of,
    rejects,
    require,
)
from helpers.football import problem, scoring
from helpers.nets import network

CUT = "2018-06-14"  # hasta el corte se valida y después se examina
ELO_GOAL, NET_GOAL = 0.08, 0.06  # mejoras que se piden


@exercise(
    "Contar pesos",
    "De la entrada (12) a la oculta (8) hay 12 × 8 conexiones. ¿Y qué más tiene cada neurona?",
    "Cada neurona que no es de entrada tiene un sesgo: (12 + 1) × 8 en la primera.",
    "zip(sizes, sizes[1:]) te da las parejas de capas contiguas.",
    praise="¡Correcto! Así se sabe lo que cuesta una red antes de entrenarla.",
)
def ejercicio_1(answer):
    for sizes in ((12, 8, 3), (12, 16, 16, 3), (12, 3), (5, 1), (2, 16, 1)):
        connections = sum(a * b for a, b in zip(sizes, sizes[1:]))
        mistakes = {
            "Faltan los sesgos, uno por neurona que no sea de entrada.": connections,
            "Las neuronas de entrada no tienen sesgo: no calculan nada.": connections + sum(sizes),
        }
        hint = "Ve capa a capa: (neuronas de antes + 1) × neuronas de esta."
        close(answer(sizes), count(sizes), hint, mistakes)


@ejercicio_1.solved_by
def count(sizes):
    """Cada neurona tiene un peso por neurona de la capa anterior, y un sesgo."""
    return sum((before + 1) * after for before, after in zip(sizes, sizes[1:]))


@exercise(
    "La racha actual",
    "Recorre la lista al revés: reversed(results).",
    "En cuanto un resultado no sea 1, break.",
    "La lista vacía, antes de dividir: raise ValueError(…).",
    praise="¡Correcto! Ya tienes una entrada nueva que probar en la red.",
)
def ejercicio_2(answer):
    lost = "Acaba de perder: su racha de ahora es 0, aunque antes ganara."
    hint = "Cuenta desde el final, que es lo más reciente, hacia atrás y párate en el primero que "
    hint += "no ganó; divide entre todos los jugados."
    for results in ([1], [0], [1, 1, -1], [-1, 1, 1], [1, 0, 1, 1], [1, 1, 1, 1], [1, 1, 1, 0, 1]):
        reason = lost if results[-1] < 0 else hint
        close(answer(results), current_streak(results), reason)
    rejects("Con una lista vacía habría que dividir entre 0.", answer, [])


@ejercicio_2.solved_by
def current_streak(results):
    """Se cuenta desde el final hasta el primer partido que no ganó."""
    if len(results) == 0:
        raise ValueError("Sin partidos no hay racha.")
    run = 0
    for result in reversed(results):
        if result <= 0:
            break
        run += 1
    return run / len(results)


@exercise(
    "Los días de descanso",
    "Lo primero, tirar lo que no es pasado: matches[matches['date'] < pd.Timestamp(day)].",
    "Los partidos del equipo: local o visitante, con | entre los dos paréntesis. De ellos, la "
    "fecha mayor: .max().",
    "Una resta de fechas es un Timedelta; su número de días es .days.",
    praise="¡Correcto! Ni el futuro ni el propio día: ya tienes otra entrada que probar.",
)
def ejercicio_3(answer):
    league, day = _league(), "2020-09-06"  # ese domingo se juega
    for team in ("Leones", "Tigres", "Osos", "Lobos"):
        wanted = rest_days(league, team, day)
        given = answer(league, team, day)
        is_time = isinstance(given, (timedelta, np.timedelta64))
        is_number = np.ndim(given) == 0 and np.asarray(given).dtype.kind in "iuf"
        yield {
            "Devuelves un Timedelta: su número de días es .days.": is_time,
            f"Devuelve un número, y no {type(given).__name__}.": not is_number,
        }
        yield {
            "Cuentas el partido de ese mismo día. Quédate con las fechas < day, sin =.": given == 0,
            f"¿Miras después de {day}, o al revés?": given < 0,
        }
        past = league[league.date < day]
        last_home, last_away = (
            (pd.Timestamp(day) - past[past[side] == team].date.max()).days
            for side in ("home_team", "away_team")
        )
        mistakes = {
            "Solo miras los partidos en casa: en los otros también se cansa.": last_home,
            "Solo miras los partidos de visitante: en los otros también se cansa.": last_away,
        }
        hint = "¿Es su último partido? La tabla puede venir desordenada."
        close(given, wanted, hint, mistakes)
        mixed = answer(league.sample(frac=1, random_state=1), team, day)
        close(mixed, wanted, "Con la tabla desordenada da otra cosa: busca la fecha mayor.")
    hint = "El 5 de enero de 2020 los Leones aún no han jugado."
    rejects(hint, answer, league, "Leones", "2020-01-05")
    rejects("Los Pumas no existen.", answer, league, "Pumas", day)


@ejercicio_3.solved_by
def rest_days(matches, team, day):
    """Primero se tira todo lo que no es pasado; después se busca al equipo."""
    past = matches[matches["date"] < pd.Timestamp(day)]
    own = past[(past["home_team"] == team) | (past["away_team"] == team)]
    if own.empty:
        raise ValueError(f"{team} no ha jugado antes del {day}.")
    return (pd.Timestamp(day) - own["date"].max()).days


@cache
def _league() -> pd.DataFrame:
    """Cuatro equipos y sesenta domingos; algunos, un equipo descansa."""
    rng = np.random.default_rng(5)
    rows = []
    for day in pd.date_range("2020-01-05", periods=60, freq="7D"):
        a, b, c, d = rng.permutation(["Leones", "Tigres", "Osos", "Lobos"])
        games = ((a, b), (c, d)) if day == pd.Timestamp("2020-09-06") else ((a, b),)
        for home, away in games:
            rows.append((day, home, away, int(rng.poisson(1.8)), int(rng.poisson(1.1))))
    columns = ["date", "home_team", "away_team", "home_score", "away_score"]
    return pd.DataFrame(rows, columns=columns)


@exercise(
    "Una eliminatoria",
    "Pasa si gana, y también la mitad de las veces que empata.",
    "Antes: ninguna puede ser negativa (min(p) < 0) y deben sumar 1, con un margen como 1e-6 para "
    "el redondeo. Si no, raise ValueError(…).",
    praise="¡Correcto! Es lo que hace el simulador en cada cruce del Mundial.",
    on_error="¿Rechazas algo que sí son probabilidades? Al sumar decimales queda una pizca de "
    "error: compara la suma con 1 dejando un margen, como 1e-6.",
)
def ejercicio_4(answer):
    # El último suma 0.9999999999999999.
    for p in ([0.6, 0.25, 0.15], [0.2, 0.3, 0.5], [0.0, 1.0, 0.0], [0.7, 0.2, 0.1]):
        draws = {"Te dejas los empates: la mitad los gana el local a cara o cruz.": p[0]}
        close(answer(np.array(p)), advance(p), "Gana, o empata y acierta la moneda.", draws)
    for wrong in ([0.6, 0.25, 0.25], [1.2, -0.1, -0.1]):
        rejects(f"{wrong} no son probabilidades.", answer, np.array(wrong))


@ejercicio_4.solved_by
def advance(p):
    """Gana, o empata y gana a cara o cruz."""
    if min(p) < 0 or abs(sum(p) - 1) > 1e-6:
        raise ValueError(f"No son probabilidades: {list(p)}.")
    home, draw, _ = p
    return home + draw / 2


@exercise(
    "Del Elo a tres probabilidades, a mano",
    "La fórmula de Elo da los puntos esperados del local: 1 por ganar y ½ por empatar. No olvides "
    "la ventaja de jugar en casa.",
    "Si sabes la probabilidad de empate, lo demás sale solo: esperado = ganar + empate / 2. Y el "
    "empate es más probable cuanto más igualados: con uno fijo te quedas corto.",
    "expected = 1 / (1 + 10 ** (-(home - away + 100) / 400)), sin el 100 en terreno neutral; "
    "draw = expected * (1 - expected), que vale ¼ con equipos iguales.",
    praise="¡Correcto! Sin aprender nada: una fórmula y una idea.",
)
def ejercicio_5(answer):
    data, parts = _problem()
    gains = []
    for part in (1, 2):  # la validación y el examen
        rows = parts[part]
        given = [
            answer(float(home), float(away), bool(neutral))
            for (home, away), neutral in zip(data.elo[rows], data.neutral[rows])
        ]
        three = all(np.shape(p) == (3,) for p in given)
        yield {"Devuelve tres números: Local, Empate y Visitante.": not three}
        answer.call = ""  # la nota es de todos los partidos, no del último
        gains.append(_gain(given, part))
        yield {
            f"En validación mejoras a las frecuencias en {gains[0]:.3f}, y se pide {ELO_GOAL:.3f}. "
            "¿Sube tu Local con la ventaja de rating? ¿Baja el empate cuando son desiguales? Ni "
            "tan tímido que apenas se mueva ni tan seguro que un fallo cueste "
            "caro.": gains[0] < ELO_GOAL,
            f"En validación mejoras en {gains[0]:.3f}, pero en el examen, con partidos que no "
            f"habías visto, solo en {gains[-1]:.3f}: vale para unos y no para otros. "
            "Simplifícalo.": gains[-1] < ELO_GOAL,
        }
    return "En validación mejoras a las frecuencias en {:.3f}; en el examen, en {:.3f}.".format(
        *gains
    )


@ejercicio_5.solved_by
def from_elo(home, away, neutral):
    """Los puntos esperados son ganar más medio empate; el empate, más raro si son desiguales."""
    expected = 1 / (1 + 10 ** (-(home - away + (0 if neutral else 100)) / 400))
    draw = expected * (1 - expected)
    return np.array([expected - draw / 2, draw, 1 - expected - draw / 2])


def _gain(given, part: int) -> float:
    """Lo que mejora ``given`` la log-loss de las frecuencias, con las milésimas que se escriben."""
    data, parts = _problem()
    truth = data.results[parts[part]]
    flat = np.tile(data.targets[parts[0]].mean(axis=0), (len(truth), 1))
    try:
        loss = scoring.log_loss(scoring.check_probabilities(given), truth)
    except ValueError as error:
        raise Wrong(str(error)) from None
    require(
        np.isfinite(loss),
        "Das un 0 a algo que ocurrió: el coste es infinito. No digas nunca «imposible».",
    )
    return round(scoring.log_loss(flat, truth) - loss, 3)


@cache
def _problem():
    """El mundo inventado, y sus filas para aprender, validar y examinar."""
    data = problem.prepare(matches.load(matches.SAMPLE, report=lambda text: None))
    return data, data.split(CUT)


@exercise(
    "Tu propia red",
    "Es la red del cuaderno con keras.Input(shape=(15,)): crea, compile, fit y «return».",
    "Si no llega, quizá le falten épocas o pasos más largos; si llega y luego empeora, para a "
    "tiempo con EarlyStopping y validation_data=(x_val, y_val).",
    "Con 8 neuronas ocultas, Adam(0.005), lotes de 64 y 20 épocas basta.",
    praise="¡Correcto! Tu primera red de principio a fin, examinada con partidos que no ha visto.",
    on_error="Entran 15 columnas y salen 3, porque «y» es one-hot: si usas "
    '"sparse_categorical_crossentropy", pásale y.argmax(axis=1).',
)
def ejercicio_6(answer):
    data, parts = _problem()
    inputs, targets = data.inputs("forma y rating"), data.targets
    learn, held, _ = parts
    x = ((inputs - inputs[learn].mean(axis=0)) / inputs[learn].std(axis=0)).astype("float32")
    keras.utils.set_random_seed(7)
    model = answer(x[learn], targets[learn], x[held], targets[held])
    check_network(model)
    gains = []
    for part, name in ((1, "En validación"), (2, "En el examen")):
        gains.append(_gain(_probabilities(model, x[parts[part]]), part))
        yield {
            f"{name} mejora a las frecuencias en {gains[-1]:.3f}, y se pide {NET_GOAL:.3f}. ¿La "
            "has entrenado con fit? ¿Le faltan épocas, o le sobran y ha "
            "memorizado?": gains[-1] < NET_GOAL
        }
    return "En validación mejora a las frecuencias en {:.3f}; en el examen, en {:.3f}.".format(
        *gains
    )


def _probabilities(model, inputs) -> np.ndarray:
    """Lo que responde ``model``; si son números sin softmax, y su coste lo sabe, se la pone."""
    given = output_of(model, inputs, (3,), "Aquí hacen falta tres salidas, una por resultado.")
    if np.allclose(given.sum(axis=1), 1, atol=1e-3):
        return given / given.sum(axis=1, keepdims=True)
    require(
        getattr(model.loss, "from_logits", False),
        'Las tres salidas no suman 1: la última capa necesita activation="softmax".',
    )
    return network.softmax(given)


@ejercicio_6.solved_by
def forecaster(x, y, x_val, y_val):
    """La red 15-8-3 del cuaderno, parando a tiempo."""
    model = keras.Sequential(
        [
            keras.Input(shape=(15,)),
            keras.layers.Dense(8, activation="relu"),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile(keras.optimizers.Adam(0.005), "categorical_crossentropy")
    stop = keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)
    model.fit(x, y, batch_size=64, epochs=20, validation_data=(x_val, y_val), callbacks=[stop],
              verbose=0)  # fmt: skip
    return model
