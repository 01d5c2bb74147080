"""El corpus incluido: se genera con semilla fija y prueba combinaciones nuevas. Cuaderno 09.

Una combinación es una pareja de palabras de contenido: (house, green), (dog, sleep), (read, book)…
Cada una es de entrenamiento, de validación o de prueba, y no cambia nunca. En una frase de
entrenamiento todas son de entrenamiento; una de prueba tiene alguna que jamás se ha visto, aunque
todas sus palabras sí. Es generalización sistemática (Lake y Baroni, 2018), no memoria.
"""

import re
import zlib
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from helpers.data.translation.sentences import sentence

SEED = 9
SIZES = {"train": 20_000, "validation": 1000, "test": 1000}
MIN_HELD, MIN_SEEN = 1500, 3
TEST_SHARE, VALIDATION_SHARE = 14, 7  # de cada cien combinaciones

# Las frases del artículo, y las combinaciones que hacen falta para traducirlas: de prueba.
ARTICLE = (
    ("Hola", "Hello"),
    ("Hola amigos", "Hello friends"),
    ("La casa es verde.", "The house is green."),
    ("El perro estaba en el salón, durmiendo tranquilo.",
     "The dog was in the living room, sleeping peacefully."),
    ("El perro estaba durmiendo en un salón tranquilo.",
     "The dog was sleeping in a quiet living room."),
)  # fmt: skip
HELD_OUT = frozenset({("hello", "friend"), ("house", "green"), ("dog", "sleep"),
                      ("living room", "quiet")})  # fmt: skip


@dataclass(frozen=True)
class Generated:
    """Lo generado: ``parts`` (nombre → pares) y ``combos`` (frase española → combinaciones)."""

    parts: dict
    combos: dict


def part_of(combo: tuple[str, str]) -> str:
    """De qué parte es una combinación: ``train``, ``validation`` o ``test``."""
    if combo in HELD_OUT:
        return "test"
    roll = zlib.crc32("+".join(combo).encode()) % 100
    if roll < TEST_SHARE:
        return "test"
    return "validation" if roll < TEST_SHARE + VALIDATION_SHARE else "train"


def part_of_sentence(combos) -> str | None:
    """De qué parte es una frase; ``None`` si mezcla combinaciones de validación y de prueba."""
    parts = {part_of(combo) for combo in combos} - {"train"}
    return "train" if not parts else parts.pop() if len(parts) == 1 else None


@lru_cache(maxsize=2)
def generate(train: int = SIZES["train"], seed: int = SEED) -> Generated:
    """Genera el corpus: siempre el mismo para una semilla.

    Ninguna frase española se repite y ninguna inglesa está en dos partes. En validación y prueba
    toda palabra, tal cual, está tres veces o más en el entrenamiento.

    Args:
        train: cuántos pares de entrenamiento.
    """
    rng = Random(seed)
    parts: dict[str, list] = {name: [] for name in SIZES}
    combos, owner, article = {}, {}, {es.lower() for es, _ in ARTICLE[1:]}
    while len(parts["train"]) < train or min(map(len, parts.values())) < MIN_HELD:
        es, en, used = sentence(rng)
        name = part_of_sentence(used)
        if (
            name is None
            or es in combos
            or es.lower() in article
            or owner.setdefault(en, name) != name
        ):
            continue
        parts[name].append((es, en))
        combos[es] = used
    parts["train"] = parts["train"][:train]
    known = Counter(word for pair in parts["train"] for text in pair for word in forms(text))
    for name in ("validation", "test"):
        fair = [
            pair
            for pair in parts[name]
            if all(known[word] >= MIN_SEEN for text in pair for word in forms(text))
        ]
        parts[name] = fair[: SIZES[name]]
    return Generated(parts, {es: combos[es] for part in parts.values() for es, _ in part})


def forms(text: str) -> list[str]:
    """Las palabras de una frase, en minúsculas."""
    return re.findall(r"[\w']+", text.lower())
