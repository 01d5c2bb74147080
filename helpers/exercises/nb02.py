"""Ejercicios del cuaderno 02: pesos, racha actual, la víspera, reglas y eliminatorias."""

from functools import cache

import numpy as np
import pandas as pd

from helpers.exercises import nb02_solutions as solutions
from helpers.exercises.base import Exercise, Wrong, close, require

CUT, GOAL, EXAM = "2018-06-14", 0.08, 600  # corte, mejora que se pide y partidos del examen


def _must_reject(call, why):
    try:
        call()
    except ValueError:
        return
    raise Wrong(f"{why} Lanza ValueError.")


def _check_count(answer):
    for sizes in ((12, 8, 3), (12, 16, 16, 3), (12, 3), (5, 1), (2, 16, 1)):
        given, wanted = answer(sizes), solutions.count(sizes)
        pairs = list(zip(sizes, sizes[1:]))
        if given == sum(a * b for a, b in pairs):
            raise Wrong(f"Con {sizes} te salen {given}: faltan los sesgos, uno por neurona que no "
                        "sea de entrada.")  # fmt: skip
        if given == sum(a * b for a, b in pairs) + sum(sizes):
            raise Wrong("Las neuronas de entrada no tienen sesgo: no calculan nada.")
        require(given == wanted, f"Con {sizes} devuelves {given!r} y son {wanted}. Ve capa a capa: "
                "(neuronas de antes + 1) × neuronas de esta.")  # fmt: skip


def _check_streak(answer):
    cases = ([1], [0], [1, 1, -1], [-1, 1, 1], [1, 0, 1, 1], [1, 1, 1, 1], [1, 1, 1, 0, 1])
    for results in cases:
        given, wanted = answer(list(results)), solutions.current_streak(results)
        hint = f"Con {results} (el último es el más reciente) debería dar {wanted:g}. "
        if results == [1, 1, -1] and given:
            hint += "Acaba de perder: su racha de ahora es 0, aunque antes ganara."
        else:
            hint += "Cuenta desde el final hacia atrás y párate en el primero que no ganó; divide "
            hint += "entre todos los jugados."
        close(given, wanted, hint)
    _must_reject(lambda: answer([]), "Con una lista vacía habría que dividir entre 0.")


@cache
def _league() -> pd.DataFrame:
    rng = np.random.default_rng(5)
    days = pd.date_range("2020-01-05", periods=60, freq="7D")
    rows = []
    for day in days:
        a, b, c, d = rng.permutation(["Leones", "Tigres", "Osos", "Lobos"])
        for home, away in ((a, b), (c, d)):
            rows.append((day, home, away, int(rng.poisson(1.8)), int(rng.poisson(1.1))))
    columns = ["date", "home_team", "away_team", "home_score", "away_score"]
    return pd.DataFrame(rows, columns=columns)


def _check_last_goals(answer):
    league, day = _league(), "2020-09-06"  # ese domingo se juega
    for team, n in (("Leones", 5), ("Osos", 3), ("Lobos", 12)):
        wanted = solutions.last_goals(league, team, day, n)
        altered = league.copy()
        altered.loc[altered["date"] >= pd.Timestamp(day), ["home_score", "away_score"]] = 50
        given, changed = answer(league.copy(), team, day, n), answer(altered, team, day, n)
        require(given is not None, "No ha llegado ningún valor: ¿falta un «return»?")
        if not np.isclose(given, changed):
            raise Wrong("He cambiado lo que pasó ese día y después, y tu respuesta también: está "
                        "mirando el futuro. Quédate con las fechas < day, sin =.")  # fmt: skip
        at_home = league[(league.date < day) & (league.home_team == team)].home_score
        if np.isclose(given, at_home.iloc[-n:].mean()) and not np.isclose(given, wanted):
            raise Wrong("Solo cuentas los partidos en casa: de visitante también marca goles.")
        close(given, wanted, f"Para {team}, {n} partidos antes del {day}, debería dar "
              f"{wanted:.3f}. ¿Son los últimos? ¿Y los goles suyos, no del rival?")  # fmt: skip
    _must_reject(lambda: answer(league, "Leones", "2020-01-12", 5),
                 "El 12 de enero de 2020 los Leones solo han jugado un partido.")  # fmt: skip
    _must_reject(lambda: answer(league, "Pumas", day, 1), "Los Pumas no existen.")


@cache
def _exam():
    from helpers.data import matches
    from helpers.football import baselines, contest, problem, scoring

    data = problem.prepare(matches.load(matches.SAMPLE, report=lambda text: None))
    learn, _, test = contest.split(data, CUT)
    test = test[-EXAM:]
    flat = baselines.frequencies(data.results[learn], len(test))
    truth = data.results[test]
    return data.form[test], truth, scoring.log_loss(flat, truth)


def _check_rules(answer):
    from helpers.football import scoring

    inputs, truth, flat = _exam()
    given = [answer(row[:6].copy(), row[6:].copy()) for row in inputs]
    require(all(np.shape(p) == (3,) for p in given),
            "Devuelve tres números: Local, Empate y Visitante.")  # fmt: skip
    try:
        p = scoring.check_probabilities(given)
    except ValueError as error:
        raise Wrong(str(error)) from None
    gain = flat - scoring.log_loss(p, truth)
    if not np.isfinite(gain):
        raise Wrong(
            "Das un 0 a algo que ocurrió: el coste es infinito. No digas nunca «imposible»."
        )
    require(gain >= GOAL, f"Mejoras a las frecuencias en {gain:.3f} y se pide {GOAL}. Prueba con "
            "algo que crezca con la diferencia, como softmax, en lugar de escalones.")  # fmt: skip


def _check_advance(answer):
    for p, wanted in (([0.6, 0.25, 0.15], 0.725), ([0.2, 0.3, 0.5], 0.35), ([0, 1, 0], 0.5)):
        given = answer(p)
        if given is not None and np.ndim(given) == 0 and np.isclose(given, p[0]) and p[1]:
            raise Wrong("Te dejas los empates: la mitad los gana el local a cara o cruz.")
        close(given, wanted, f"Con {p} debería dar {wanted}: gana, o empata y acierta la moneda.")
    for wrong in ([0.6, 0.25, 0.25], [1.2, -0.1, -0.1]):
        _must_reject(lambda wrong=wrong: answer(wrong), f"{wrong} no son probabilidades.")


ejercicio_1 = Exercise(
    1, "Contar pesos",
    "Escribe count(sizes): cuántos números hay que aprender en una red densa, sesgos incluidos.",
    ("De la entrada (12) a la oculta (8) hay 12 × 8 conexiones. ¿Y qué más tiene cada neurona?",
     "Cada neurona que no es de entrada tiene un sesgo: (12 + 1) × 8 en la primera.",
     "zip(sizes, sizes[1:]) te da las parejas de capas contiguas."),
    _check_count, solutions.count,
    "¡Correcto! Así se sabe lo que cuesta una red antes de entrenarla.",
)  # fmt: skip
ejercicio_2 = Exercise(
    2, "La racha actual",
    "Escribe current_streak(results): victorias seguidas al final, entre partidos jugados.",
    ("Recorre la lista al revés: reversed(results).",
     "En cuanto un resultado no sea 1, break.",
     "La lista vacía, antes de dividir: raise ValueError(…)."),
    _check_streak, solutions.current_streak,
    "¡Correcto! Ya tienes una entrada nueva que probar en la red.",
)  # fmt: skip
ejercicio_3 = Exercise(
    3, "La víspera",
    "Escribe last_goals(matches, team, day, n): media de goles en los n partidos anteriores a day.",
    ("Lo primero, tirar lo que no es pasado: matches[matches['date'] < pd.Timestamp(day)].",
     "Los partidos del equipo: local o visitante, con | entre los dos paréntesis.",
     "np.where(own['home_team'] == team, own['home_score'], own['away_score'])."),
    _check_last_goals, solutions.last_goals,
    "¡Correcto! Ni el futuro ni el propio día: así se construyen las entradas.",
)  # fmt: skip
ejercicio_4 = Exercise(
    4, "Mejores reglas",
    "Escribe my_rules(home, away): tres probabilidades que mejoren a las frecuencias en 0.08.",
    ("Las reglas del cuaderno mueven 5 puntos tanto si la diferencia es de un gol como de treinta.",
     "La diferencia de goles (a favor menos en contra) de cada equipo resume casi todo.",
     "Con ventaja = diferencia local - diferencia visitante, softmax de (0.4 + 0.025·ventaja, "
     "-0.25, -0.025·ventaja)."),
    _check_rules, solutions.my_rules,
    "¡Correcto! Con una sola cuenta y dos números has alcanzado a la red: la entrada lo era todo.",
)  # fmt: skip
ejercicio_5 = Exercise(
    5, "Una eliminatoria",
    "Escribe advance(p): probabilidad de que pase el local si el empate va a cara o cruz.",
    ("Pasa si gana, y también la mitad de las veces que empata.",
     "scoring.check_probabilities(p) lanza ValueError si no son probabilidades, y devuelve una "
     "tabla: la fila 0 es la tuya."),
    _check_advance, solutions.advance,
    "¡Correcto! Es lo que hace el simulador en cada cruce del Mundial.",
)  # fmt: skip
EXERCISES = [ejercicio_1, ejercicio_2, ejercicio_3, ejercicio_4, ejercicio_5]
