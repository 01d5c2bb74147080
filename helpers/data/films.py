"""Notas inventadas de unas películas muy conocidas, para el filtrado colaborativo. Cuaderno 07."""

from dataclasses import dataclass

import numpy as np

# Posición inventada de cada película: (infantil −1 … adulta +1, comercial −1 … artística +1).
FILMS = {
    "Toy Story": (-0.9, -0.7),
    "El rey león": (-0.8, -0.5),
    "Buscando a Nemo": (-1.0, -0.4),
    "Mi vecino Totoro": (-0.9, 0.7),
    "El viaje de Chihiro": (-0.5, 0.8),
    "Wallace y Gromit": (-0.7, 0.4),
    "Titanic": (0.5, -0.7),
    "Fast & Furious": (0.7, -1.0),
    "Jungla de cristal": (0.9, -0.8),
    "Amélie": (0.5, 0.6),
    "El séptimo sello": (0.9, 1.0),
    "Cuentos de Tokio": (0.8, 0.9),
}


@dataclass(frozen=True)
class Ratings:
    """Notas de 1 a 5, una por fila: quién (``user``), qué (``film``) y cuánto (``stars``)."""

    user: np.ndarray
    film: np.ndarray
    stars: np.ndarray

    def __len__(self):
        return len(self.stars)


def positions() -> np.ndarray:
    """Las posiciones escondidas de las películas, forma ``(12, 2)``."""
    return np.array(list(FILMS.values()))


def generate(users: int = 120, seen: float = 0.6, seed: int = 0) -> tuple[Ratings, Ratings]:
    """Notas para entrenar (80 %) y para comprobar (20 %).

    Cada persona tiene un gusto escondido, otro punto del mismo plano: puntúa más alto las
    películas que caen en su dirección. La red solo verá las notas, nunca los planos.

    Args:
        users: cuántas personas.
        seen: fracción de las películas que ha visto cada una.
    """
    if users < 2 or not 0 < seen <= 1:
        raise ValueError(f"users={users}, seen={seen}: usa 2 personas o más y 0 < seen ≤ 1.")
    rng = np.random.default_rng(seed)
    tastes = rng.normal(size=(users, 2))
    mood = rng.normal(0, 0.3, users)  # hay quien puntúa alto y quien puntúa bajo
    stars = 3 + mood[:, None] + 1.2 * tastes @ positions().T
    stars = np.clip(np.round(stars + rng.normal(0, 0.4, stars.shape)), 1, 5)
    user, film = np.nonzero(rng.random(stars.shape) < seen)
    order = rng.permutation(len(user))
    cut = int(0.8 * len(order))
    parts = []
    for rows in (order[:cut], order[cut:]):
        parts.append(Ratings(user[rows].astype("int32"), film[rows].astype("int32"),
                             stars[user[rows], film[rows]].astype("float32")))  # fmt: skip
    return parts[0], parts[1]
