"""Genera ``frases.tsv.gz``: 22 000 pares de frases que prueban combinaciones nuevas.

    python datasets/frases/generate.py

Una combinación es una pareja de palabras de contenido: (house, green), (dog, sleep), (read, book)…
Cada una es de entrenamiento, de validación o de prueba, y no cambia nunca. En una frase de
entrenamiento todas son de entrenamiento; una de prueba tiene alguna que jamás se ha visto, aunque
todas sus palabras sí. Es generalización sistemática (Lake y Baroni, 2018), no memoria.
"""

import gzip
import io
import re
import sys
import zlib
from collections import Counter
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import grammar.sentences

from helpers.data import pairs

SEED = 9
SIZES = {"train": 20_000, "validation": 1000, "test": 1000}
MIN_HELD, MIN_SEEN = 1500, 3
TEST_SHARE, VALIDATION_SHARE = 14, 7  # de cada cien combinaciones
# Las combinaciones que hacen falta para traducir las frases del artículo: de prueba.
HELD_OUT = frozenset({("hello", "friend"), ("house", "green"), ("dog", "sleep"),
                      ("living room", "quiet")})  # fmt: skip


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


def generate(train: int = SIZES["train"], seed: int = SEED):
    """Genera el corpus: siempre el mismo para una semilla.

    Ninguna frase española se repite y ninguna inglesa está en dos partes. En validación y prueba
    toda palabra, tal cual, está tres veces o más en el entrenamiento.

    Args:
        train: cuántos pares de entrenamiento.

    Returns:
        ``(parts, combos)``: nombre de la parte → pares ``(español, inglés)``, y frase española →
        sus combinaciones.
    """
    rng = Random(seed)
    parts: dict[str, list] = {name: [] for name in SIZES}
    combos, owner, article = {}, {}, {es.lower() for es, _ in pairs.ARTICLE[1:]}
    while len(parts["train"]) < train or min(map(len, parts.values())) < MIN_HELD:
        es, en, used = grammar.sentences.sentence(rng)
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
    return parts, {es: combos[es] for part in parts.values() for es, _ in part}


def forms(text: str) -> list[str]:
    """Las palabras de una frase, en minúsculas."""
    return re.findall(r"[\w']+", text.lower())


def table(parts: dict, combos: dict) -> str:
    """El TSV: encabezado y, por línea, español, inglés, parte y combinaciones."""
    lines = ["\t".join(pairs.COLUMNS)]
    for name, part in parts.items():
        for es, en in part:
            used = ";".join(sorted("+".join(combo) for combo in combos[es]))
            lines.append(f"{es}\t{en}\t{name}\t{used}")
    return "\n".join(lines) + "\n"


def compressed(text: str) -> bytes:
    """``text`` en gzip, sin fecha ni nombre: el mismo texto da siempre los mismos bytes."""
    stream = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=stream, mtime=0) as file:
        file.write(text.encode())
    return stream.getvalue()


if __name__ == "__main__":
    pairs.SAMPLE.write_bytes(compressed(table(*generate())))
    print(f"{pairs.SAMPLE.name}: {pairs.SAMPLE.stat().st_size} bytes")
