"""De un deporte y un número de clip, sus fotogramas; siempre los mismos. Cuaderno 05."""

import numpy as np

from helpers.data.sports import close_scenes as close
from helpers.data.sports import court_scenes as court
from helpers.data.sports import diamond_scenes as diamond
from helpers.data.sports import grass_scenes as grass
from helpers.data.sports import road_scenes as road
from helpers.data.sports import water_ring_scenes as water
from helpers.data.sports.shot import film

SEED = 5
SPORTS = {  # en el orden del artículo, con sus planos propios
    "golf": (grass.golf_fairway, grass.golf_swing, grass.golf_green),
    "basket": (court.basket_wide, court.basket_hoop, court.basket_player),
    "tenis": (court.tenis_wide, court.tenis_player, court.tenis_net),
    "natacion": (water.natacion_lanes, water.natacion_front, water.natacion_close,
                 water.natacion_blocks),
    "ciclismo": (road.ciclismo_bunch, road.ciclismo_side, road.ciclismo_aerial),
    "beisball": (diamond.beisball_pitch, diamond.beisball_field, diamond.beisball_batter),
    "futbol": (grass.futbol_wide, grass.futbol_goal, grass.futbol_player),
    "americano": (diamond.americano_scrimmage, diamond.americano_player, diamond.americano_endzone),
    "f1": (road.f1_front, road.f1_side, road.f1_onboard),
    "boxeo": (water.boxeo_ring, water.boxeo_fight, water.boxeo_corner),
}  # fmt: skip
COUNTS = (9768, 8823, 8937, 5172, 7533, 7752, 7617, 9348, 5053, 7125)  # las del artículo: 77 128
SHARED = ((close.close_up, 0.07), (close.celebration, 0.03), (close.scenery, 0.02))
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


def counts(total: int) -> dict[str, int]:
    """Reparte ``total`` imágenes entre los deportes, en la proporción del artículo."""
    exact = np.array(COUNTS) * (total / sum(COUNTS))
    whole = np.floor(exact).astype(int)
    rest = np.argsort(-(exact - whole), kind="stable")[: total - whole.sum()]
    whole[rest] += 1
    return dict(zip(SPORTS, whole.tolist()))
