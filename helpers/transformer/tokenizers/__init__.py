"""De texto a números y vuelta: por palabras o por trozos de palabra. Cuaderno 09.

    from helpers.transformer.tokenizers import BytePairTokenizer, WordTokenizer

    tokenizer = BytePairTokenizer.learn(texts, vocab_size=2000)
    ids = tokenizer.encode("El perro duerme.")      # lista de enteros, sin START ni END
    tokenizer.tokens("El perro duerme.")            # ['el', 'perro', 'duerm', '##e', '.']
    tokenizer.decode(ids)                           # 'el perro duerme.'
    tokenizer.batch(texts, start=True, end=True)    # int32 [n, L], relleno con PAD = 0
    restore(tokenizer.get_config())                 # otro igual (config se puede guardar en JSON)

Ids reservados: PAD = 0, START = 1, END = 2, UNK = 3, MASK = 4. Por omisión todo pasa a
minúsculas (``lowercase=True``): ``decode(encode(t)) == tokenizer.normalize(t)`` si se conocen todas
las letras (con palabras: todas las palabras), y :func:`sentence_case` pone mayúsculas para
enseñarlo. Python puro: sin Keras.
"""

from helpers.transformer.tokenizers.base import Tokenizer, TokenizerError
from helpers.transformer.tokenizers.bpe import BytePairTokenizer, apply_merges, learn_merges
from helpers.transformer.tokenizers.special import END, MASK, PAD, SPECIAL, START, UNK
from helpers.transformer.tokenizers.text import normalize, sentence_case
from helpers.transformer.tokenizers.words import WordTokenizer

__all__ = [
    "END", "MASK", "PAD", "SPECIAL", "START", "UNK", "BytePairTokenizer", "Tokenizer",
    "TokenizerError", "WordTokenizer", "apply_merges", "learn_merges", "normalize", "restore",
    "sentence_case",
]  # fmt: skip


def restore(config: dict) -> Tokenizer:
    """El tokenizador que guardó ``get_config()``.

    Raises:
        TokenizerError: si no es la configuración de uno de ellos.
    """
    kinds = {kind.kind: kind for kind in (WordTokenizer, BytePairTokenizer)}
    if not isinstance(config, dict) or config.get("kind") not in kinds:
        raise TokenizerError(
            f"Esta no es la configuración de un tokenizador (kind: {', '.join(kinds)}). Usa la que "
            "da tokenizer.get_config()."
        )
    return kinds[config["kind"]].from_config(config)
