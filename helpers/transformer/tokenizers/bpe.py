"""Pares de bytes (byte-pair encoding, BPE): palabras frecuentes enteras y raras en trozos.

Se parte cada palabra en letras y se une, una y otra vez, el par de trozos contiguos más repetido.
De Sennrich, Haddow y Birch (2016), «Neural Machine Translation of Rare Words with Subword Units»,
§3.2, que marca el final de palabra; aquí se marca la continuación (``##``), como en BERT.
``tests/unit/test_tokenizers.py`` la compara con una versión ingenua. Cuaderno 09.
"""

import heapq
from collections import Counter, defaultdict

from helpers.transformer.tokenizers import text as texts_
from helpers.transformer.tokenizers.base import Tokenizer, TokenizerError, clean_corpus, reserved
from helpers.transformer.tokenizers.special import GLUE, SPECIAL


def letters(word: str) -> list[str]:
    """``casa`` → ``c ##a ##s ##a``."""
    return [letter if k == 0 else GLUE + letter for k, letter in enumerate(word)]


def merge(pieces: list[str], pair: tuple[str, str]) -> list[str]:
    """Une cada aparición de ``pair``, de izquierda a derecha."""
    merged, k = [], 0
    while k < len(pieces):
        if tuple(pieces[k : k + 2]) == pair:
            merged.append(pieces[k] + pieces[k + 1].removeprefix(GLUE))
            k += 2
        else:
            merged.append(pieces[k])
            k += 1
    return merged


def learn_merges(words: dict[str, int], merges: int) -> list[tuple[str, str]]:
    """Los pares que se unen, por orden: siempre el más repetido (a igualdad, el menor).

    Solo se vuelven a contar las palabras que contienen el par unido, y un montículo (heap) da el
    mayor sin mirarlos todos: 4000 uniones en segundos.

    Args:
        words: ``{palabra: veces que aparece}``.
        merges: cuántas uniones como mucho; se para antes si ningún par se repite.
    """
    splits = {word: letters(word) for word in words}
    counts, where = Counter(), defaultdict(set)
    for word, pieces in splits.items():
        for pair in zip(pieces, pieces[1:]):
            counts[pair] += words[word]
            where[pair].add(word)
    queue = [(-count, pair) for pair, count in counts.items()]
    heapq.heapify(queue)
    learned = []
    while queue and len(learned) < merges:
        count, best = heapq.heappop(queue)
        if -count != counts[best]:
            continue  # apuntado antes de que cambiara
        if -count < 2:
            break
        learned.append(best)
        changed = set()
        for word in where.pop(best):
            for sign, pieces in ((-1, splits[word]), (1, merge(splits[word], best))):
                for pair in zip(pieces, pieces[1:]):
                    counts[pair] += sign * words[word]
                    where[pair].add(word)
                    changed.add(pair)
            splits[word] = pieces
        for pair in changed:
            heapq.heappush(queue, (-counts[pair], pair))
    return learned


def apply_merges(word: str, ranks: dict[tuple[str, str], int]) -> list[str]:
    """Parte ``word`` uniendo primero los pares que se aprendieron antes."""
    pieces = letters(word)
    while len(pieces) > 1:
        best = min(zip(pieces, pieces[1:]), key=lambda pair: ranks.get(pair, len(ranks)))
        if best not in ranks:
            break
        pieces = merge(pieces, best)
    return pieces


class BytePairTokenizer(Tokenizer):
    """Trozos de palabra: con letras conocidas no hay palabras desconocidas.

    Args:
        alphabet: los caracteres conocidos.
        merges: los pares que se unen, por orden.
        lowercase: pasar todo a minúsculas.
    """

    kind = "bpe"

    def __init__(self, alphabet, merges, lowercase: bool = True):
        self.characters = sorted(set(alphabet))
        self.ranks = {tuple(pair): rank for rank, pair in enumerate(merges)}
        joined = (a + b.removeprefix(GLUE) for a, b in self.ranks)
        super().__init__(dict.fromkeys((*base_pieces(self.characters), *joined)), lowercase)
        self._known: dict[str, list[str]] = {}

    @classmethod
    def learn(cls, texts, vocab_size: int, lowercase: bool = True):
        """Aprende los trozos hasta tener ``vocab_size`` tokens (menos, si no hay más que unir).

        Raises:
            TokenizerError: si no hay texto o ``vocab_size`` no da ni para las letras.
        """
        words = Counter(word for text in clean_corpus(texts, lowercase)
                        for word in texts_.split(text) if word not in reserved())  # fmt: skip
        alphabet = sorted(set("".join(words)))
        fixed = len(SPECIAL) + len(base_pieces(alphabet))
        if vocab_size < fixed:
            raise TokenizerError(
                f"vocab_size vale {vocab_size} y solo las letras de estos textos ya ocupan {fixed}."
            )
        return cls(alphabet, learn_merges(words, vocab_size - fixed), lowercase)

    def split_word(self, word: str) -> list[str]:
        """Los trozos de una palabra; cada palabra se parte una sola vez."""
        if word in reserved():
            return [word]
        if word not in self._known:
            self._known[word] = apply_merges(word, self.ranks)
        return self._known[word]

    def get_config(self) -> dict:
        """Con ``alphabet`` (cadena) y ``merges`` (lista de pares)."""
        return {**super().get_config(), "alphabet": "".join(self.characters),
                "merges": [list(pair) for pair in self.ranks]}  # fmt: skip


def base_pieces(alphabet) -> list[str]:
    """El vocabulario antes de unir nada: espaciado, letras iniciales y letras interiores."""
    inside = [GLUE + letter for letter in alphabet if letter.isalnum() or letter in "_'-"]
    return [*reserved(), *alphabet, *inside]
