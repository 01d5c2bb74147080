"""Ejercicios del cuaderno 02: pesos, racha actual, la víspera, reglas y eliminatorias."""

from functools import cache

import numpy as np
import pandas as pd

from helpers.exercises.base import Wrong, close, exercise, rejects, require
from helpers.football import scoring

CUT, GOAL = "2018-06-14", 0.06  # hasta el corte se valida y después se examina; mejora que se pide


@exercise(
    "Contar pesos",
    statement="Escribe count(sizes): cuántos números hay que aprender en una red densa, sesgos "
    "incluidos.",
    hints=(
        "De la entrada (12) a la oculta (8) hay 12 × 8 conexiones. ¿Y qué más tiene cada neurona?",
        "Cada neurona que no es de entrada tiene un sesgo: (12 + 1) × 8 en la primera.",
        "zip(sizes, sizes[1:]) te da las parejas de capas contiguas.",
    ),
    praise="¡Correcto! Así se sabe lo que cuesta una red antes de entrenarla.",
)
def ejercicio_1(answer):
    for sizes in ((12, 8, 3), (12, 16, 16, 3), (12, 3), (5, 1), (2, 16, 1)):
        given, wanted = answer(sizes), count(sizes)
        connections = sum(a * b for a, b in zip(sizes, sizes[1:]))
        if np.array_equal(given, connections):
            raise Wrong(
                f"Con {sizes} te salen {given}: faltan los sesgos, uno por neurona que no sea de "
                "entrada."
            )
        if np.array_equal(given, connections + sum(sizes)):
            raise Wrong("Las neuronas de entrada no tienen sesgo: no calculan nada.")
        close(
            given,
            wanted,
            f"Con {sizes} devuelves {given!r} y son {wanted}. Ve capa a capa: (neuronas de antes "
            "+ 1) × neuronas de esta.",
        )


@ejercicio_1.solved_by
def count(sizes):
    """Cada neurona tiene un peso por neurona de la capa anterior, y un sesgo."""
    return sum((before + 1) * after for before, after in zip(sizes, sizes[1:]))


@exercise(
    "La racha actual",
    statement="Escribe current_streak(results): victorias seguidas al final de la lista, entre los "
    "partidos jugados. Sin partidos, ValueError.",
    hints=(
        "Recorre la lista al revés: reversed(results).",
        "En cuanto un resultado no sea 1, break.",
        "La lista vacía, antes de dividir: raise ValueError(…).",
    ),
    praise="¡Correcto! Ya tienes una entrada nueva que probar en la red.",
)
def ejercicio_2(answer):
    for results in ([1], [0], [1, 1, -1], [-1, 1, 1], [1, 0, 1, 1], [1, 1, 1, 1], [1, 1, 1, 0, 1]):
        given, wanted = answer(list(results)), current_streak(results)
        hint = f"Con {results} (el último es el más reciente) debería dar {wanted:g}. "
        if results == [1, 1, -1] and given:
            hint += "Acaba de perder: su racha de ahora es 0, aunque antes ganara."
        else:
            hint += (
                "Cuenta desde el final hacia atrás y párate en el primero que no ganó; divide "
                "entre todos los jugados."
            )
        close(given, wanted, hint)
    rejects(lambda: answer([]), "Con una lista vacía habría que dividir entre 0.")


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
    "La víspera",
    statement="Escribe last_goals(matches, team, day, n): media de goles en los n partidos "
    "anteriores a day.",
    hints=(
        "Lo primero, tirar lo que no es pasado: matches[matches['date'] < pd.Timestamp(day)].",
        "Los partidos del equipo: local o visitante, con | entre los dos paréntesis.",
        "np.where(own['home_team'] == team, own['home_score'], own['away_score']).",
    ),
    praise="¡Correcto! Ni el futuro ni el propio día: así se construyen las entradas.",
)
def ejercicio_3(answer):
    league, day = _league(), "2020-09-06"  # ese domingo se juega
    for team, n in (("Leones", 5), ("Osos", 3), ("Lobos", 12)):
        wanted = last_goals(league, team, day, n)
        altered = league.copy()
        altered.loc[altered["date"] >= pd.Timestamp(day), ["home_score", "away_score"]] = 50
        given, changed = answer(league.copy(), team, day, n), answer(altered, team, day, n)
        require(np.ndim(given) == 0, f"Devuelve un número, la media, y no {type(given).__name__}.")
        require(
            np.isclose(given, changed),
            "He cambiado lo que pasó ese día y después, y tu respuesta también: está mirando el "
            "futuro. Quédate con las fechas < day, sin =.",
        )
        at_home = league[(league.date < day) & (league.home_team == team)].home_score
        require(
            np.isclose(given, wanted) or not np.isclose(given, at_home.iloc[-n:].mean()),
            "Solo cuentas los partidos en casa: de visitante también marca goles.",
        )
        close(
            given,
            wanted,
            f"Para {team}, {n} partidos antes del {day}, debería dar {wanted:.3f}. ¿Son los "
            "últimos? ¿Y los goles suyos, no del rival?",
        )
    rejects(
        lambda: answer(league.copy(), "Leones", "2020-01-12", 5),
        "El 12 de enero de 2020 los Leones solo han jugado un partido.",
    )
    rejects(lambda: answer(league.copy(), "Pumas", day, 1), "Los Pumas no existen.")


@ejercicio_3.solved_by
def last_goals(matches, team, day, n):
    """Primero se tira todo lo que no es pasado; después se busca al equipo."""
    past = matches[matches["date"] < pd.Timestamp(day)]
    own = past[(past["home_team"] == team) | (past["away_team"] == team)]
    if len(own) < n:
        raise ValueError(f"{team} ha jugado {len(own)} partidos antes del {day}, y hacen falta {n}")
    goals = np.where(own["home_team"] == team, own["home_score"], own["away_score"])
    return goals[-n:].mean()


@cache
def _league() -> pd.DataFrame:
    """Cuatro equipos y sesenta domingos."""
    rng = np.random.default_rng(5)
    rows = []
    for day in pd.date_range("2020-01-05", periods=60, freq="7D"):
        a, b, c, d = rng.permutation(["Leones", "Tigres", "Osos", "Lobos"])
        for home, away in ((a, b), (c, d)):
            rows.append((day, home, away, int(rng.poisson(1.8)), int(rng.poisson(1.1))))
    columns = ["date", "home_team", "away_team", "home_score", "away_score"]
    return pd.DataFrame(rows, columns=columns)


@exercise(
    "Mejores reglas",
    statement="Escribe my_rules(home, away): tres probabilidades que mejoren a las frecuencias en "
    "0.06 de log-loss. La nota de validación, con los partidos anteriores al Mundial, la verás "
    "siempre; cuando llegue, se examinan con los posteriores.",
    hints=(
        "Las reglas del cuaderno mueven 5 puntos tanto si la diferencia es de un gol como de "
        "treinta.",
        "La diferencia de goles (a favor menos en contra) de cada equipo resume casi todo.",
        "Con ventaja = diferencia local - diferencia visitante, softmax de (0.4 + 0.025·ventaja, "
        "-0.25, -0.025·ventaja).",
    ),
    praise="¡Correcto! Mejores que las reglas del cuaderno, y sin entrenar nada.",
)
def ejercicio_4(answer):
    validation, exam = _halves()
    gain = _gain(answer, *validation)
    require(
        gain >= GOAL,
        f"En validación mejoras a las frecuencias en {gain:.3f}, y se pide {GOAL:.3f}. Prueba con "
        "algo que crezca con la diferencia, como softmax, en lugar de escalones; ni tan tímido que "
        "apenas se mueva ni tan seguro que un fallo cueste caro.",
    )
    unseen = _gain(answer, *exam)
    require(
        unseen >= GOAL,
        f"En validación mejoras en {gain:.3f}, pero en el examen, con partidos que no habías "
        f"visto, solo en {unseen:.3f}: tus reglas valen para unos y no para otros. Simplifícalas.",
    )
    return f"En validación mejoras a las frecuencias en {gain:.3f}; en el examen, en {unseen:.3f}."


@ejercicio_4.solved_by
def my_rules(home, away):
    """Una sola cuenta, la diferencia de goles de cada equipo, y una softmax."""
    advantage = (home[3] - home[4]) - (away[3] - away[4])
    z = np.array([0.4 + 0.025 * advantage, -0.25, -0.025 * advantage])
    powers = np.exp(z - z.max())
    return powers / powers.sum()


def _gain(answer, inputs, results, flat) -> float:
    """Lo que mejora a ``flat`` la log-loss de las reglas, con las milésimas que se escriben."""
    given = [answer(row[:6].copy(), row[6:].copy()) for row in inputs]
    require(
        all(np.shape(p) == (3,) for p in given),
        "Devuelve tres números: Local, Empate y Visitante.",
    )
    try:
        loss = scoring.log_loss(scoring.check_probabilities(given), results)
    except ValueError as error:
        raise Wrong(str(error)) from None
    require(
        np.isfinite(loss),
        "Das un 0 a algo que ocurrió: el coste es infinito. No digas nunca «imposible».",
    )
    return round(float(flat - loss), 3)


@cache
def _halves():
    """Entradas, resultados y log-loss de las frecuencias, antes y después del corte."""
    from helpers.data import matches
    from helpers.football import problem

    data = problem.prepare(matches.load(matches.SAMPLE, report=lambda text: None))
    past, future = data.rows(until=CUT), data.rows(since=CUT)
    frequencies = np.bincount(data.results[past]) / len(past)
    return [
        (
            data.form[rows],
            data.results[rows],
            scoring.log_loss(np.tile(frequencies, (len(rows), 1)), data.results[rows]),
        )
        for rows in (past, future)
    ]


@exercise(
    "Una eliminatoria",
    statement="Escribe advance(p): probabilidad de que pase el local si el empate va a cara o "
    "cruz. Si p no son probabilidades, ValueError.",
    hints=(
        "Pasa si gana, y también la mitad de las veces que empata.",
        "scoring.check_probabilities(p) lanza ValueError si no son probabilidades, y devuelve una "
        "tabla: la fila 0 es la tuya.",
    ),
    praise="¡Correcto! Es lo que hace el simulador en cada cruce del Mundial.",
)
def ejercicio_5(answer):
    for p, wanted in (([0.6, 0.25, 0.15], 0.725), ([0.2, 0.3, 0.5], 0.35), ([0, 1, 0], 0.5)):
        given = answer(p)
        if p[1] and np.array_equal(given, p[0]):
            raise Wrong("Te dejas los empates: la mitad los gana el local a cara o cruz.")
        close(given, wanted, f"Con {p} debería dar {wanted}: gana, o empata y acierta la moneda.")
    for wrong in ([0.6, 0.25, 0.25], [1.2, -0.1, -0.1]):
        rejects(lambda wrong=wrong: answer(wrong), f"{wrong} no son probabilidades.")


@ejercicio_5.solved_by
def advance(p):
    """Gana, o empata y gana a cara o cruz."""
    home, draw, _ = scoring.check_probabilities(p)[0]
    return home + draw / 2
