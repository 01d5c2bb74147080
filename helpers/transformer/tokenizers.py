"""De texto a números y vuelta, por trozos de palabra. Cuaderno 09.

    from helpers.transformer.tokenizers import BytePairTokenizer

    tokenizer = BytePairTokenizer.learn(texts, vocab_size=2000)
    ids = tokenizer.encode("El perro duerme.")      # lista de enteros, sin START ni END
    tokenizer.tokens("El perro duerme.")            # ['el', 'perro', 'duerm', '##e', '.']
    tokenizer.decode(ids)                           # 'el perro duerme.'
    tokenizer.batch(texts, start=True, end=True)    # int32 [n, L], relleno con PAD = 0
    restore(tokenizer.get_config())                 # otro igual (config se puede guardar en JSON)

Ids reservados: PAD = 0, START = 1, END = 2, UNK = 3, MASK = 4. Por omisión todo pasa a
minúsculas (``lowercase=True``): ``decode(encode(t)) == tokenizer.normalize(t)`` si se conocen todas
las letras. Python puro: sin Keras.

BPE (*byte-pair encoding*): se parte cada palabra en letras y se une, una y otra vez, el par de
trozos contiguos más repetido. De Sennrich, Haddow y Birch (2016), «Neural Machine Translation of
Rare Words with Subword Units», §3.2, que marca el final de palabra; aquí se marca la continuación
(``##``), como en BERT. ``tests/unit/test_tokenizers.py`` la compara con una versión ingenua.
"""

import heapq
from collections import Counter, defaultdict
from functools import cached_property

import numpy as np

from helpers.transformer import text as texts_
from helpers.transformer.text import END, GLUE, PAD, RESERVED, SPACE, SPECIAL, START, UNK


class TokenizerError(ValueError):
    """El texto o el tokenizador no se pueden usar; el mensaje dice por qué y qué hacer."""


class Tokenizer:
    """Base: la subclase dice ``vocabulary`` y cómo se parte una palabra.

    Args:
        vocabulary: los tokens, sin los especiales; el primero recibe el id 5.
        lowercase: pasar todo a minúsculas antes de nada.
    """

    kind = ""

    def __init__(self, vocabulary, lowercase: bool = True):
        self.lowercase = bool(lowercase)
        self.vocabulary = (*SPECIAL, *vocabulary)
        self.ids = {token: number for number, token in enumerate(self.vocabulary)}
        if len(self.ids) != len(self.vocabulary):
            raise TokenizerError("El vocabulario tiene tokens repetidos.")

    @property
    def vocab_size(self) -> int:
        """Cuántos ids hay, con los especiales."""
        return len(self.vocabulary)

    @cached_property
    def alphabet(self) -> frozenset[str]:
        """Los caracteres que conoce."""
        return frozenset("".join(self.vocabulary[len(SPECIAL) :]).replace(SPACE, ""))

    def normalize(self, text: str) -> str:
        """El texto tal como se va a tokenizar (:func:`text.normalize`).

        Raises:
            TokenizerError: si no es texto o está vacío.
        """
        if not isinstance(text, str):
            raise TokenizerError(f"Esperaba un texto y he recibido {type(text).__name__}.")
        clean = texts_.normalize(text, self.lowercase)
        if not clean:
            raise TokenizerError("La frase está vacía: escribe al menos una palabra.")
        return clean

    def split_word(self, word: str) -> list[str]:
        """Los tokens de una palabra o un signo; cada uno está en el vocabulario o será UNK."""
        raise NotImplementedError

    def pieces(self, text: str) -> list[str]:
        """Los tokens del texto, aunque no estén en el vocabulario.

        Raises:
            TokenizerError: si está vacío o no se conoce ninguno de sus caracteres.
        """
        clean = self.normalize(text)
        if not self.alphabet & set(clean):
            raise TokenizerError(
                f"No conozco ningún carácter de «{clean[:40]}»: ¿está en otro alfabeto? Este "
                f"tokenizador aprendió con estos: {''.join(sorted(self.alphabet))[:80]}"
            )
        return [token for word in texts_.split(clean) for token in self.split_word(word)]

    def encode(self, text: str) -> list[int]:
        """Los ids del texto, sin START ni END; lo desconocido es UNK.

        Raises:
            TokenizerError: si el texto está vacío o en un alfabeto desconocido.
        """
        return [self.ids.get(token, UNK) for token in self.pieces(text)]

    def tokens(self, text: str) -> list[str]:
        """Los tokens del texto, para verlos: uno por id de :meth:`encode`."""
        return [self.vocabulary[number] for number in self.encode(text)]

    def decode(self, ids) -> str:
        """El texto de unos ids (lista o vector); acaba en el primer END y omite PAD y START.

        Raises:
            TokenizerError: si un id no existe.
        """
        shown = []
        for number in np.asarray(ids).reshape(-1).tolist():
            if not 0 <= number < self.vocab_size or number != int(number):
                raise TokenizerError(
                    f"No hay token número {number}: van del 0 al {self.vocab_size - 1}. ¿Es de "
                    "otro tokenizador?"
                )
            if number == END:
                break
            if number not in (PAD, START):
                shown.append(self.vocabulary[int(number)])
        return texts_.join(shown)

    def batch(self, texts, start=False, end=False) -> np.ndarray:
        """Varios textos en una tabla ``int32 (n, la mayor longitud)``, rellena con PAD.

        Args:
            start, end: poner START delante, END detrás.

        Raises:
            TokenizerError: si no hay textos o uno no sirve; el mensaje dice cuál.
        """
        if isinstance(texts, str) or not len(texts):
            raise TokenizerError("batch espera una lista de frases con una al menos.")
        rows = []
        for position, text in enumerate(texts):
            try:
                ids = self.encode(text)
            except TokenizerError as error:
                raise TokenizerError(f"Frase {position} (la primera es la 0): {error}") from None
            rows.append([START] * start + ids + [END] * end)
        return table(rows)

    def get_config(self) -> dict:
        """Lo necesario para volver a crearlo; solo textos, números y listas (vale para JSON)."""
        return {"kind": self.kind, "lowercase": self.lowercase}


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
        words = count_words(texts, lowercase)
        alphabet = sorted(set("".join(words)))
        fixed = len(SPECIAL) + len(base_pieces(alphabet))
        if vocab_size < fixed:
            raise TokenizerError(
                f"vocab_size vale {vocab_size} y solo las letras de estos textos ya ocupan {fixed}."
            )
        return cls(alphabet, learn_merges(words, vocab_size - fixed), lowercase)

    def split_word(self, word: str) -> list[str]:
        """Los trozos de una palabra; cada palabra se parte una sola vez."""
        if word in RESERVED:
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
    return [*RESERVED, *alphabet, *inside]


def count_words(texts, lowercase: bool) -> Counter:
    """Cuántas veces está cada palabra o signo en los textos de los que se aprende.

    Raises:
        TokenizerError: si es un solo texto o no queda ninguno.
    """
    if isinstance(texts, str):
        raise TokenizerError("Se aprende de una lista de frases, no de una sola cadena.")
    lines = [texts_.normalize(text, lowercase) for text in texts]
    words = Counter(word for line in lines for word in texts_.split(line))
    if not words:
        raise TokenizerError("No hay ninguna frase de la que aprender.")
    return Counter({word: count for word, count in words.items() if word not in RESERVED})


def table(rows) -> np.ndarray:
    """Filas de distinta longitud en una tabla ``(n, la mayor)`` int32, con ``PAD`` a la derecha."""
    found = np.full((len(rows), max(map(len, rows))), PAD, "int32")
    for i, row in enumerate(rows):
        found[i, : len(row)] = row
    return found


def restore(config: dict) -> Tokenizer:
    """El tokenizador que guardó ``get_config()``.

    Raises:
        TokenizerError: si no es la configuración de uno de ellos.
    """
    if not isinstance(config, dict) or config.get("kind") != BytePairTokenizer.kind:
        raise TokenizerError(
            f"Esta no es la configuración de un tokenizador (kind: {BytePairTokenizer.kind}). Usa "
            "la que da tokenizer.get_config()."
        )
    options = {name: value for name, value in config.items() if name != "kind"}
    try:
        return BytePairTokenizer(**options)
    except (TypeError, ValueError) as error:
        raise TokenizerError(f"Configuración de tokenizador incompleta: {error}") from None
