"""Lo que comparten los tokenizadores: vocabulario, ids, lotes y errores. Cuaderno 09."""

from functools import cached_property

import numpy as np

from helpers.transformer.tokenizers import text as texts_
from helpers.transformer.tokenizers.special import END, GLUE, PAD, SPACE, SPECIAL, START, UNK


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

    def batch(self, texts, length: int | None = None, start=False, end=False) -> np.ndarray:
        """Varios textos en una tabla ``int32 [n, L]``, rellena a la derecha con PAD.

        Args:
            length: L; por omisión, lo que mida el más largo.
            start, end: poner START delante, END detrás.

        Raises:
            TokenizerError: si no hay textos, uno no sirve o no cabe; el mensaje dice cuál.
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
        width = max(map(len, rows)) if length is None else length
        table = np.full((len(rows), width), PAD, "int32")
        for position, row in enumerate(rows):
            if len(row) > width:
                raise TokenizerError(
                    f"La frase {position} («{str(texts[position])[:40]}…») ocupa {len(row)} tokens "
                    f"y el máximo es {width}. Acórtala, pártela en dos o aumenta length."
                )
            table[position, : len(row)] = row
        return table

    def get_config(self) -> dict:
        """Lo necesario para volver a crearlo; solo textos, números y listas (vale para JSON)."""
        return {"kind": self.kind, "lowercase": self.lowercase}

    @classmethod
    def from_config(cls, config: dict) -> "Tokenizer":
        """La inversa de :meth:`get_config`.

        Raises:
            TokenizerError: si le falta algo.
        """
        try:
            return cls(**{key: value for key, value in config.items() if key != "kind"})
        except (TypeError, ValueError) as error:
            raise TokenizerError(f"Configuración de tokenizador incompleta: {error}") from None


def clean_corpus(texts, lowercase: bool) -> list[str]:
    """Los textos de los que se aprende, normalizados y sin los vacíos.

    Raises:
        TokenizerError: si es un solo texto o no queda ninguno.
    """
    if isinstance(texts, str):
        raise TokenizerError("Se aprende de una lista de frases, no de una sola cadena.")
    clean = [line for text in texts if (line := texts_.normalize(text, lowercase))]
    if not clean:
        raise TokenizerError("No hay ninguna frase de la que aprender.")
    return clean


def reserved() -> list[str]:
    """Los dos tokens de espaciado, que todos los vocabularios tienen al principio."""
    return [GLUE, SPACE]
