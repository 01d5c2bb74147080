"""Lo que acompaña a la atención: red por posición, suma y normalización (cuaderno 09).

Fuente: Vaswani et al. (2017), §3.1, §3.3 y §5.4; la normalización delante (``norm="pre"``), Xiong
et al. (2020), arXiv:2002.04745.
"""

import keras

from helpers.transformer.attention import build_once, positive

NORMS = ("post", "pre")
ACTIVATIONS = ("relu", "gelu")


@keras.saving.register_keras_serializable("aprende")
class FeedForward(keras.layers.Layer):
    """Dos capas densas, las mismas en cada posición: ``(B, T, d_model)`` → ``(B, T, d_model)``.

    Args:
        d_model: números por vector a la entrada y a la salida.
        d_ff: números en medio (el artículo original, ``4 · d_model``).
        activation: ``"relu"`` (§3.3) o ``"gelu"`` (BERT, GPT, ViT).
    """

    def __init__(self, d_model, d_ff, activation="relu", **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True
        positive(d_model=d_model, d_ff=d_ff)
        if activation not in ACTIVATIONS:
            raise ValueError(f"activation es «{activation}»; puede ser {' o '.join(ACTIVATIONS)}.")
        self.d_model, self.d_ff, self.activation = d_model, d_ff, activation
        self.expand = keras.layers.Dense(d_ff, activation, name="expand", dtype=self.dtype_policy)
        self.shrink = keras.layers.Dense(d_model, name="shrink", dtype=self.dtype_policy)

    def build(self, input_shape):
        """Crea las dos capas densas."""
        build_once(self.expand, input_shape)
        self.shrink.build((*input_shape[:-1], self.d_ff))
        self.built = True

    def call(self, x):
        """``max(0, x·W₁ + b₁)·W₂ + b₂``."""
        return self.shrink(self.expand(x))

    def get_config(self):
        """Lo necesario para volver a crearla."""
        mine = {"d_model": self.d_model, "d_ff": self.d_ff, "activation": self.activation}
        return super().get_config() | mine


@keras.saving.register_keras_serializable("aprende")
class AddNorm(keras.layers.Layer):
    """Conexión residual y normalización alrededor de una subcapa.

    Se usa en dos tiempos: ``y = subcapa(add_norm.enter(x))`` y ``x = add_norm(x, y)``.

    - ``norm="post"`` (artículo original): ``LayerNorm(x + Dropout(subcapa(x)))``.
    - ``norm="pre"`` (modelos modernos): ``x + Dropout(subcapa(LayerNorm(x)))``.

    Args:
        norm: ``"post"`` o ``"pre"``.
        residual: ``False`` no suma ``x`` (para ver cuánto vale).
        dropout: probabilidad de apagar cada número de la subcapa al entrenar.
    """

    def __init__(self, norm="post", residual=True, dropout=0.0, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True
        if norm not in NORMS:
            raise ValueError(f"norm es «{norm}»; puede ser {' o '.join(NORMS)}.")
        self.norm, self.residual, self.rate = norm, residual, dropout
        self.normalization = keras.layers.LayerNormalization(
            epsilon=1e-6, name="normalization", dtype=self.dtype_policy
        )
        self.dropout = keras.layers.Dropout(dropout, dtype=self.dtype_policy)

    def build(self, x_shape, update_shape=None):
        """Crea la escala y el desplazamiento de la normalización."""
        build_once(self.normalization, x_shape)
        self.built = True

    def enter(self, x):
        """Lo que entra en la subcapa."""
        return self.normalization(x) if self.norm == "pre" else x

    def call(self, x, update, training=None):
        """Junta ``x`` con lo que salió de la subcapa, de la misma forma."""
        update = self.dropout(update, training=training)
        joined = x + update if self.residual else update
        return joined if self.norm == "pre" else self.normalization(joined)

    def get_config(self):
        """Lo necesario para volver a crearla."""
        mine = {"norm": self.norm, "residual": self.residual, "dropout": self.rate}
        return super().get_config() | mine
