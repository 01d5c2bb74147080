"""Un token por palabra: lo más sencillo, y lo que hace el artículo. Cuaderno 09."""

from collections import Counter

from helpers.transformer.tokenizers import text as texts_
from helpers.transformer.tokenizers.base import Tokenizer, TokenizerError, clean_corpus, reserved
from helpers.transformer.tokenizers.special import SPECIAL


class WordTokenizer(Tokenizer):
    """Cada palabra o signo es un token; las que no se aprendieron son UNK.

    Args:
        words: el vocabulario, por orden de id.
        lowercase: pasar todo a minúsculas.
    """

    kind = "words"

    def __init__(self, words, lowercase: bool = True):
        super().__init__((*reserved(), *words), lowercase)

    @classmethod
    def learn(cls, texts, vocab_size: int | None = None, lowercase: bool = True):
        """Aprende las palabras más frecuentes (a igualdad, por orden alfabético).

        Args:
            texts: frases.
            vocab_size: tamaño máximo del vocabulario, con los especiales; ``None``, todas.

        Raises:
            TokenizerError: si no hay texto o ``vocab_size`` es demasiado pequeño.
        """
        counts = Counter(word for text in clean_corpus(texts, lowercase)
                         for word in texts_.split(text) if word not in reserved())  # fmt: skip
        words = sorted(counts, key=lambda word: (-counts[word], word))
        fixed = len(SPECIAL) + len(reserved())
        if vocab_size is not None and vocab_size <= fixed:
            raise TokenizerError(f"vocab_size debe ser mayor que {fixed}, y vale {vocab_size}.")
        return cls(words[: None if vocab_size is None else vocab_size - fixed], lowercase)

    def split_word(self, word: str) -> list[str]:
        """La propia palabra."""
        return [word]

    def get_config(self) -> dict:
        """Con ``words``, las palabras por orden."""
        return {**super().get_config(), "words": list(self.vocabulary[len(SPECIAL) + 2 :])}
