"""Los cuadros de los Mundiales: quién se cruza con quién al salir de los grupos.

Fuentes: reglamentos de la FIFA de las Copas Mundiales de 2018 (8 grupos) y 2026 (12 grupos, con
los ocho mejores terceros). Cuaderno 02.
"""

from functools import cache
from itertools import combinations

import numpy as np

# Cada cruce: puesto y grupo. Los ganadores se enfrentan de dos en dos, en este orden.
ROUND_OF_16 = ("1A 2B", "1C 2D", "1E 2F", "1G 2H", "1B 2A", "1D 2C", "1F 2E", "1H 2G")
# En 2026, «3ABCDF» es un tercero de uno de esos grupos. Partidos 74, 77, 73, 75, 83, 84, 81, 82,
# 76, 78, 79, 80, 86, 88, 85 y 87 del calendario oficial.
ROUND_OF_32 = (
    "1E 3ABCDF", "1I 3CDFGH", "2A 2B", "1F 2C", "2K 2L", "1H 2J", "1D 3BEFIJ", "1G 3AEHIJ",
    "1C 2F", "2E 2I", "1A 3CEFHI", "1L 3EHIJK", "1J 2H", "2D 2G", "1B 3EFGIJ", "1K 3DEIJL",
)  # fmt: skip
FORMATS = {8: ROUND_OF_16, 12: ROUND_OF_32}  # número de grupos: primera ronda
STAGES = {
    8: ("octavos", "cuartos", "semifinales", "final", "campeón"),
    12: ("dieciseisavos", "octavos", "cuartos", "semifinales", "final", "campeón"),
}
# Cabeza de serie de cada grupo: los datos no traen la letra.
HEADS = {
    2018: ("Rusia", "Portugal", "Francia", "Argentina", "Brasil", "Alemania", "Bélgica", "Polonia"),
    2022: ("Catar", "Inglaterra", "Argentina", "Francia", "España", "Bélgica", "Brasil",
           "Portugal"),
    2026: ("México", "Canadá", "Brasil", "Estados Unidos", "Alemania", "Países Bajos", "Bélgica",
           "España", "Francia", "Argentina", "Portugal", "Inglaterra"),
}  # fmt: skip


def third_slots() -> list[str]:
    """Los grupos de los que puede venir cada uno de los ocho terceros, en el orden del cuadro."""
    return [text.split()[1][1:] for text in ROUND_OF_32 if text.split()[1][0] == "3"]


def place_thirds(groups) -> list[str]:
    """Reparte ocho terceros (las letras de sus grupos) en los ocho huecos del cuadro.

    La FIFA publica una tabla con los 495 casos; muchos admiten varios repartos. Aquí se toma el
    primero que cumple las condiciones: una simplificación.

    Returns:
        La letra que va a cada hueco.

    Raises:
        ValueError: si no son ocho grupos distintos de la A a la L.
    """
    groups = sorted(groups)
    if len(groups) != 8 or len(set(groups)) != 8 or not set(groups) <= set("ABCDEFGHIJKL"):
        raise ValueError(f"Hacen falta ocho grupos distintos de la A a la L, y llegan {groups}.")
    slots, chosen = third_slots(), []

    def fill(left):
        if not left:
            return True
        for letter in left:
            if letter in slots[len(chosen)]:
                chosen.append(letter)
                if fill([other for other in left if other != letter]):
                    return True
                chosen.pop()
        return False

    if not fill(groups):
        raise ValueError(f"No hay reparto posible para los terceros de {groups}.")
    return chosen


@cache
def thirds_table() -> np.ndarray:
    """``(4096, 8)``: para cada conjunto de grupos (en bits), el grupo de cada hueco; -1 si no hay.

    El bit 0 es el grupo A.
    """
    table = np.full((4096, 8), -1)
    for groups in combinations(range(12), 8):
        letters = place_thirds("ABCDEFGHIJKL"[g] for g in groups)
        table[sum(1 << g for g in groups)] = ["ABCDEFGHIJKL".index(letter) for letter in letters]
    return table
