"""Separar pares de frases sin que la prueba se cuele en el entrenamiento. Cuaderno 09.

Muchas frases españolas comparten traducción («Ve», «Vete», «Vaya» → «Go»). Si se separan al azar,
la prueba pregunta por frases inglesas que ya se han visto. Aquí van juntas todas las que comparten
una frase, en cualquiera de los dos idiomas.
"""

import re
import unicodedata
from collections import defaultdict
from random import Random

from helpers.data.translation.tsv import TranslationError


def key(text: str) -> str:
    """La frase sin mayúsculas, acentos de escritura compuesta ni signos: para saber si es otra."""
    text = unicodedata.normalize("NFC", text).casefold().replace("’", "'")
    return " ".join(re.findall(r"[\w']+", text)) or text.strip()


def families(pairs) -> list[list[tuple[str, str]]]:
    """Grupos de pares unidos por compartir una frase española o una inglesa."""
    parent: dict = {}

    def root(node):
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for es, en in pairs:
        parent[root(("es", key(es)))] = root(("en", key(en)))
    groups = defaultdict(list)
    for es, en in pairs:
        groups[root(("es", key(es)))].append((es, en))
    return list(groups.values())


def by_sentence(pairs, train_pairs: int | None = None, *, seed: int, held: int | None = None):
    """``(train, validation, test)``: ninguna frase está en dos partes.

    Args:
        pairs: pares ``(español, inglés)``.
        train_pairs: máximo de pares de entrenamiento; ``None``, todos los que queden.
        held: pares de validación, y de prueba; por omisión, uno de cada diez.

    Raises:
        TranslationError: si no hay pares para las tres partes.
    """
    groups = families(sorted(set(pairs)))
    total = sum(map(len, groups))
    held = max(1, total // 10) if held is None else held
    if len(groups) < 3 or total < 2 * held + 1:
        raise TranslationError(
            f"Hay {total} pares en {len(groups)} grupos de frases distintas: no bastan para "
            "entrenar, validar y probar. Añade más pares."
        )
    rng = Random(seed)
    rng.shuffle(groups)
    small = [group for group in groups if len(group) <= max(5, held // 20)]
    parts: dict[str, list] = {"test": [], "validation": []}
    used = set()
    for part in parts.values():
        for group in small:
            if len(part) >= held:
                break
            if id(group) not in used:
                used.add(id(group))
                # De cada grupo, un par: una sola traducción de referencia por frase.
                part.append(rng.choice(group))
    train = [pair for group in groups if id(group) not in used for pair in group]
    rng.shuffle(train)
    if not train or len(parts["validation"]) < 1:
        raise TranslationError("Casi todas las frases se repiten: no quedan para entrenar.")
    return train[:train_pairs], parts["validation"], parts["test"]
