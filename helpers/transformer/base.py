"""Lo común a los modelos de texto: precisión, tokenizadores y parámetros (cuaderno 09)."""

import keras
from keras import ops

from helpers.runtime import PRECISIONS
from helpers.transformer.tokenizers import restore


def check_choice(name: str, value, choices) -> None:
    """Comprueba que ``value`` es una de las opciones.

    Raises:
        ValueError: si no lo es; el mensaje las enumera.
    """
    if value not in choices:
        raise ValueError(f"{name} es «{value}»; puede ser {', '.join(map(str, choices))}.")


def parameters(model) -> dict[str, int]:
    """Parámetros de cada parte de un modelo, por nombre y en orden; no repite los compartidos."""
    seen, table = set(), {}
    for part in model._flatten_layers(include_self=False, recursive=False):
        new = [w for w in part.trainable_weights if id(w) not in seen]
        seen |= {id(w) for w in new}
        if new:
            table[part.name] = sum(int(ops.size(w)) for w in new)
    return table


class TokenModel(keras.Model):
    """Lo común a los modelos de texto: precisión, tokenizadores y configuración.

    Los tokenizadores van en la configuración, para que el archivo ``.keras`` sirva sin nada más.
    """

    def __init__(self, settings, tokenizers=(), precision="float32", name=None):
        check_choice("precision", precision, PRECISIONS)
        super().__init__(name=name, dtype=precision)
        self.settings, self.precision = dict(settings), precision
        self.tokenizers = tuple(tokenizers)

    def get_config(self):
        """Todo lo necesario para volver a montar el modelo, tokenizadores incluidos."""
        tokenizers = [tokenizer.get_config() for tokenizer in self.tokenizers]
        mine = {"tokenizers": tokenizers, "precision": self.precision, "name": self.name}
        return self.settings | mine

    @classmethod
    def from_config(cls, config):
        """La inversa de ``get_config``."""
        config = dict(config)
        tokenizers = [restore(saved) for saved in config.pop("tokenizers", ())]
        return cls(tokenizers=tokenizers, **config)
