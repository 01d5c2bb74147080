"""Un pronosticador completo: se entrena con el pasado de una fecha y responde a preguntas.

Cuaderno 02.
"""

import difflib

import numpy as np
import pandas as pd
from sklearn.preprocessing import StandardScaler

from helpers.football import baselines, elo, form, problem, scoring
from helpers.nets import network, training

HELD_OUT = 0.15  # última parte del pasado, para decidir cuándo parar
MAX_AHEAD = 400  # días: más allá, la forma sería demasiado vieja


def train_networks(inputs, targets, validation, seeds, hidden=(8,), *, epochs=20, batch_size=256,
                   learning_rate=0.005) -> training.Training:  # fmt: skip
    """Una red por semilla, con Adam y mini-lotes; cada una se queda con su mejor época.

    Args:
        inputs, targets: ``(m, entradas)`` y ``(m, 3)``.
        validation: otros partidos, ``(entradas, salidas)``, para decidir cuándo parar.
    """
    return training.train(
        network.glorot((inputs.shape[1], *hidden, 3), seeds), inputs, targets, epochs, loss="cce",
        optimizer=training.Adam(learning_rate), batches=training.shuffled(batch_size),
        validation=validation,
    )  # fmt: skip


class ForecastError(ValueError):
    """No se puede pronosticar ese partido; el mensaje dice por qué y qué hacer."""


class Forecaster:
    """Redes y rating entrenados con lo anterior a ``cut``, y la forma de todos en esa fecha.

    Args:
        data: el problema (:func:`helpers.football.problem.prepare`).
        cut: nada de ese día ni posterior se usa para nada.
        model: ``"forma"``, ``"forma y rating"`` (redes) o ``"rating"`` (Elo y logística).
        seeds: una red por semilla; el pronóstico es la media de todas.
        hidden: neuronas de las capas ocultas.

    Raises:
        ValueError: si no hay datos antes de ``cut`` o el modelo no existe.
    """

    def __init__(self, data, cut, model="forma", *, seeds=range(5), hidden=(8,), settings=None):
        self.cut, self.kind, self.data = pd.Timestamp(cut), model, data
        past = data.matches[data.matches["date"] < self.cut]
        self.teams = set(past["home_team"]) | set(past["away_team"])
        self.last = past["date"].max()
        self.form = form.latest(past, self.cut, data.window)
        self.elo = elo.latest(past, self.cut)
        rows = data.rows(problem.FIRST, self.cut)
        if model == "rating":
            self.rating = baselines.RatingModel().fit(
                data.elo[rows], data.neutral[rows], data.results[rows]
            )
            return
        inputs, targets = data.inputs(model)[rows], data.targets[rows]
        learn = int(len(rows) * (1 - HELD_OUT))
        self.scaler = StandardScaler().fit(inputs[:learn])  # se escala con lo que se aprende
        x = self.scaler.transform(inputs)
        self.history = train_networks(
            x[:learn], targets[:learn], (x[learn:], targets[learn:]), seeds, hidden,
            **(settings or {}),
        )  # fmt: skip

    def each(self, form_rows, ratings, neutral) -> np.ndarray:
        """Pronóstico de cada red, ``(redes, n, 3)``, para entradas ya calculadas.

        En terreno neutral no hay local: se pregunta con los equipos en los dos órdenes y se
        promedia, para que el resultado no dependa de quién se escribe primero.
        """
        form_rows, ratings = np.asarray(form_rows, float), np.asarray(ratings, float)
        neutral = np.asarray(neutral, dtype=bool)
        direct = self._ask(form_rows, ratings, neutral)
        swapped = self._ask(np.roll(form_rows, 6, axis=1), ratings[:, ::-1], neutral)
        return np.where(neutral[:, None], (direct + swapped[..., ::-1]) / 2, direct)

    def _ask(self, form_rows, ratings, neutral):
        if self.kind == "rating":
            return self.rating.predict(ratings, neutral)[None]
        inputs = problem.assemble(form_rows, ratings, neutral, self.kind)
        return self.history.predict(self.scaler.transform(inputs))

    def frozen(self, matches, average=True) -> np.ndarray:
        """Pronóstico de ``matches`` con lo que se sabía en ``cut``: ``(n, 3)``.

        Con ``average=False``, el de cada red: ``(redes, n, 3)``.

        Raises:
            ForecastError: si algún equipo no tiene historia suficiente.
        """
        pairs = list(zip(matches["home_team"], matches["away_team"]))
        form_rows, ratings = self._known(pairs)
        every = self.each(form_rows, ratings, matches["neutral"].to_numpy())
        return every.mean(axis=0) if average else every

    def matrix(self, teams, hosts=()) -> np.ndarray:
        """``(n, n, 3)``: todos contra todos en ``cut``; solo los anfitriones juegan en casa."""
        pairs = [(a, b) for a in teams for b in teams]
        form_rows, ratings = self._known(pairs)
        at_home = np.array([(a in hosts) - (b in hosts) for a, b in pairs])
        p = self.each(form_rows, ratings, at_home != 1)
        away = at_home == -1  # el anfitrión va segundo: se le da la vuelta
        turned = self.each(np.roll(form_rows, 6, axis=1), ratings[:, ::-1], ~away)[..., ::-1]
        p = np.where(away[:, None], turned, p).mean(axis=0)
        return p.reshape(len(teams), len(teams), 3)

    def predict(self, home: str, away: str, day=None, *, neutral: bool = False) -> dict:
        """Pronóstico de un partido: ``{"Local": …, "Empate": …, "Visitante": …}``.

        Args:
            home, away: los equipos, escritos como en los datos.
            day: fecha del partido (desde ``cut``); sin ella, ``cut``.
            neutral: si nadie juega en casa.

        Raises:
            ForecastError: equipo desconocido o sin partidos suficientes, los dos iguales, o fecha
                que no vale.
        """
        for team in (home, away):
            self._check(team)
        if home == away:
            raise ForecastError(f"{home} no puede jugar contra sí mismo.")
        if day is not None:
            self._check_day(day)
        form_rows, ratings = self._known([(home, away)])
        p = self.each(form_rows, ratings, [neutral]).mean(axis=0)[0]
        return dict(zip(scoring.OUTCOMES, (float(value) for value in p)))

    def _check_day(self, day):
        try:
            when = pd.Timestamp(day)
        except (ValueError, TypeError):
            when = pd.NaT
        if when is pd.NaT:
            raise ForecastError(f"«{day}» no es una fecha. Escríbela como 2026-06-11.")
        if when < self.cut:
            raise ForecastError(f"El {when:%Y-%m-%d} es anterior al corte ({self.cut:%Y-%m-%d}): "
                                "el modelo ya conoce ese resultado y no sería un pronóstico. Crea "
                                "otro con un corte anterior.")  # fmt: skip
        if (when - self.last).days > MAX_AHEAD:
            raise ForecastError(f"El {when:%Y-%m-%d} está a más de {MAX_AHEAD} días del último "
                                "partido conocido: para entonces la forma será otra.")  # fmt: skip

    def _check(self, team):
        if team in self.form:
            return
        if team in self.teams:
            raise ForecastError(f"{team} ha jugado menos de {self.data.window} partidos antes del "
                                f"{self.cut:%Y-%m-%d}: no hay forma que medir.")  # fmt: skip
        near = difflib.get_close_matches(str(team), self.teams, n=1, cutoff=0.6)
        hint = f"¿Querías decir «{near[0]}»?" if near else "Mira cómo se llama en los datos."
        raise ForecastError(f"No conozco al equipo «{team}». {hint}")

    def _known(self, pairs):
        for team in dict.fromkeys(team for pair in pairs for team in pair):
            self._check(team)
        form_rows = np.array([np.r_[self.form[a], self.form[b]] for a, b in pairs])
        return form_rows, np.array([[self.elo[a], self.elo[b]] for a, b in pairs])
