"""Un tokenizador por palabras, para el BERT en miniatura del estudio del cuaderno 09."""

from helpers.transformer.text import RESERVED
from helpers.transformer.tokenizers import Tokenizer, count_words


class WordTokenizer(Tokenizer):
    """Cada palabra o signo es un token; las que no se aprendieron son UNK."""

    @classmethod
    def learn(cls, texts):
        """Aprende todas las palabras, de más a menos frecuente (a igualdad, por el alfabeto)."""
        counts = count_words(texts, lowercase=True)
        return cls((*RESERVED, *sorted(counts, key=lambda word: (-counts[word], word))))

    def split_word(self, word: str) -> list[str]:
        """La propia palabra."""
        return [word]
