"""Los rivales de la red: sin mirar, con reglas escritas a mano y con un rating. Cuaderno 02."""

import numpy as np

from helpers.football.scoring import one_hot


def always_home(count: int) -> np.ndarray:
    """«Gana el local» con toda seguridad en ``count`` partidos: ``(count, 3)``."""
    return np.tile([1.0, 0.0, 0.0], (count, 1))


def frequencies(results, count: int) -> np.ndarray:
    """Las frecuencias de ``results`` (los de entrenamiento), repetidas ``count`` veces."""
    return np.tile(one_hot(results).mean(axis=0), (count, 1))


def rules(home, away) -> np.ndarray:
    """El programa «tradicional»: probabilidades con condiciones escritas a mano.

    Args:
        home, away: las seis entradas de cada equipo (``helpers.football.form.FEATURES``).

    Returns:
        ``(3,)``: Local, Empate y Visitante.
    """
    local, empate, visitante = 0.46, 0.26, 0.28  # jugar en casa ayuda
    paso = 0.05
    for mejor in (0, 3, 5):  # más ganados, más goles a favor, mejor racha
        if home[mejor] > away[mejor]:
            local, visitante = local + paso, visitante - paso
        elif home[mejor] < away[mejor]:
            local, visitante = local - paso, visitante + paso
    for peor in (2, 4):  # más perdidos, más goles en contra
        if home[peor] < away[peor]:
            local, visitante = local + paso, visitante - paso
        elif home[peor] > away[peor]:
            local, visitante = local - paso, visitante + paso
    return np.array([local, empate, visitante])


def rules_for_all(inputs) -> np.ndarray:
    """:func:`rules` en cada fila de ``(n, 12)``."""
    return np.array([rules(row[:6], row[6:]) for row in np.asarray(inputs)])


class RatingModel:
    """Del Elo a las tres probabilidades: regresión logística con dos entradas.

    Las entradas son la diferencia de Elo (entre 400) y si alguien juega en casa. Es el rival
    serio: no sabe nada de redes, y resume bien la historia de cada equipo.
    """

    def __init__(self):
        from sklearn.linear_model import LogisticRegression

        self.model = LogisticRegression(C=1e6, max_iter=2000)

    @staticmethod
    def _inputs(elo, neutral):
        elo = np.asarray(elo, dtype=float)
        return np.column_stack([(elo[:, 0] - elo[:, 1]) / 400, ~np.asarray(neutral, dtype=bool)])

    def fit(self, elo, neutral, results) -> "RatingModel":
        """Ajusta con ``(n, 2)`` ratings de la víspera, terreno neutral (bool) y resultados."""
        self.model.fit(self._inputs(elo, neutral), results)
        return self

    def predict(self, elo, neutral) -> np.ndarray:
        """Probabilidades ``(n, 3)``."""
        return self.model.predict_proba(self._inputs(elo, neutral))
