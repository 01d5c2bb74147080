"""De un deporte y un número de clip, sus fotogramas; siempre los mismos. Cuaderno 05."""

import numpy as np

from sports_recipe import (
    american_football,
    baseball,
    basketball,
    boxing,
    cycling,
    football,
    formula1,
    golf,
    shared,
    swimming,
    tennis,
)
from sports_recipe.canvas import MARGIN_X, MARGIN_Y
from sports_recipe.shot import film

SEED = 5
SPORTS = {  # en el orden del artículo, con sus planos propios
    "golf": (golf.fairway, golf.swing, golf.green),
    "basket": (basketball.wide, basketball.hoop, basketball.player),
    "tenis": (tennis.wide, tennis.player, tennis.net),
    "natacion": (swimming.lanes, swimming.front, swimming.close,
                 swimming.blocks),
    "ciclismo": (cycling.bunch, cycling.side, cycling.aerial),
    "beisball": (baseball.pitch, baseball.field, baseball.batter),
    "futbol": (football.wide, football.goal, football.player),
    "americano": (american_football.scrimmage, american_football.player, american_football.endzone),
    "f1": (formula1.front, formula1.side, formula1.onboard),
    "boxeo": (boxing.ring, boxing.fight, boxing.corner),
}  # fmt: skip
COUNTS = (9768, 8823, 8937, 5172, 7533, 7752, 7617, 9348, 5053, 7125)  # las del artículo: 77 128
SHARED = ((shared.close_up, 0.07), (shared.celebration, 0.03), (shared.scenery, 0.02))
SHORTEST, LONGEST = 6, 14  # fotogramas de un clip


def shot(rng: np.random.Generator, sport: str):
    """Un plano al azar de ese deporte."""
    chance = rng.random()
    for build, share in SHARED:
        if chance < share:
            return build(rng, sport)
        chance -= share
    own = SPORTS[sport]
    return own[int(rng.integers(len(own)))](rng)


def _rng(sport: str, number: int, seed: int) -> np.random.Generator:
    return np.random.default_rng([seed, list(SPORTS).index(sport), number])


def length(sport: str, number: int, seed: int = SEED) -> int:
    """Cuántos fotogramas tiene ese clip, sin pintarlo: entre 6 y 14."""
    return int(_rng(sport, number, seed).integers(SHORTEST, LONGEST + 1))


def clip(sport: str, number: int, seed: int = SEED) -> np.ndarray:
    """Los fotogramas del clip ``number`` de ese deporte.

    Returns:
        ``uint8`` (fotogramas, 21, 28, 3) en RGB. Depende solo de los argumentos.
    """
    rng = _rng(sport, number, seed)
    frames = int(rng.integers(SHORTEST, LONGEST + 1))
    return film(rng, shot(rng, sport), frames)


def still(sport: str, number: int, seed: int = SEED) -> np.ndarray:
    """Una «foto» del clip ``number`` sin reducir: lo que ve la cámara a la mitad, en reposo.

    Returns:
        ``uint8`` (84, 112, 3) en RGB: cuatro veces mayor que un fotograma.
    """
    rng = _rng(sport, number, seed)
    rng.integers(SHORTEST, LONGEST + 1)
    plan = shot(rng, sport)
    canvas = plan.background.copy()
    plan.draw(canvas, 0.5)
    return canvas.pixels[MARGIN_Y:-MARGIN_Y, MARGIN_X:-MARGIN_X].copy()


def counts(total: int) -> dict[str, int]:
    """Reparte ``total`` imágenes entre los deportes, en la proporción del artículo."""
    exact = np.array(COUNTS) * (total / sum(COUNTS))
    whole = np.floor(exact).astype(int)
    rest = np.argsort(-(exact - whole), kind="stable")[: total - whole.sum()]
    whole[rest] += 1
    return dict(zip(SPORTS, whole.tolist()))
