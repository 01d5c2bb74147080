"""Cuántos parámetros tiene un Transformer, pieza a pieza, sin construirlo. Cuaderno 09.

    transformer(37_000)                 # {'embeddings': 18944000, 'encoder': …, 'decoder': …}
    sum(decoder_only(50_257, 768, 12, 1024).values())       # GPT-2 pequeño: 124439808
    table()                             # los modelos conocidos, con lo que se publicó

Cada función devuelve ``{parte: parámetros}``. Coinciden con ``count_params()`` de los modelos de
este proyecto. Las cuentas no dependen de las cabezas: reparten las mismas matrices.
"""

from typing import NamedTuple


def norm(d_model: int) -> int:
    """Una normalización: escala y desplazamiento de cada dimensión."""
    return 2 * d_model


def block(d_model: int, d_ff: int, cross: bool = False) -> int:
    """Un bloque: atención propia (y cruzada) y red densa, cada una con su normalización.

    Cada atención tiene W^Q, W^K, W^V y W^O, con sus sesgos: ``4d² + 4d`` (Vaswani et al. 2017,
    §3.2.2); la red densa, dos capas (§3.3).
    """
    attention = 4 * (d_model * d_model + d_model)
    feed_forward = d_model * d_ff + d_ff + d_ff * d_model + d_model
    return (1 + cross) * (attention + norm(d_model)) + feed_forward + norm(d_model)


def transformer(
    vocabulary: int, target_vocabulary: int | None = None, *, d_model: int = 512, layers: int = 6,
    d_ff: int = 2048, prenorm: bool = False,
) -> dict[str, int]:  # fmt: skip
    """El modelo completo; por omisión, el «base» del artículo, con posiciones sin parámetros.

    Args:
        vocabulary: el común a las dos lenguas, con una sola tabla (§3.4); o el de la original.
        target_vocabulary: el de la otra lengua, con otra tabla, que también da la salida.
        prenorm: normalizar antes de cada subcapa: hace falta una normalización más al final.
    """
    final = prenorm * norm(d_model)
    return {
        "embeddings": (vocabulary + (target_vocabulary or 0)) * d_model,
        "encoder": layers * block(d_model, d_ff) + final,
        "decoder": layers * block(d_model, d_ff, cross=True) + final,
    }


def encoder_only(vocabulary: int, d_model: int, layers: int, context: int = 512, *,
                 d_ff: int | None = None, segments: int = 2, embedding_norm: bool = True,
                 pooler: bool = True, prenorm: bool = False) -> dict[str, int]:  # fmt: skip
    """Solo el codificador, como BERT (Devlin et al. 2018), sin la cabeza que adivina palabras.

    Args:
        context: posiciones aprendidas.
        segments: vectores que dicen de cuál de las dos frases es un token.
        embedding_norm: normalización tras sumar las tablas.
        pooler: capa densa sobre el primer token, para clasificar.
    """
    rows = vocabulary + context + segments
    parts = {"embeddings": rows * d_model + embedding_norm * norm(d_model)}
    parts["encoder"] = layers * block(d_model, d_ff or 4 * d_model)
    parts["encoder"] += prenorm * norm(d_model)
    if pooler:
        parts["output"] = d_model * d_model + d_model
    return parts


def decoder_only(vocabulary: int, d_model: int, layers: int, context: int, *,
                 d_ff: int | None = None, final_norm: bool = True) -> dict[str, int]:  # fmt: skip
    """Solo el decodificador, como GPT: ``V·d + T·d + L(12d² + 13d) + 2d`` (sin atención cruzada).

    La salida usa la tabla de entrada: no añade nada.

    Args:
        context: T, posiciones aprendidas.
        final_norm: normalización al final (la tienen GPT-2 y GPT-3; GPT no).
    """
    parts = {"embeddings": (vocabulary + context) * d_model}
    parts["decoder"] = layers * block(d_model, d_ff or 4 * d_model)
    parts["decoder"] += final_norm * norm(d_model)
    return parts


class Known(NamedTuple):
    """Un modelo conocido: lo que sale de la cuenta y lo que se publicó, que está redondeado."""

    name: str
    parts: dict[str, int]
    published: int
    source: str

    @property
    def total(self) -> int:
        """Parámetros calculados."""
        return sum(self.parts.values())


VASWANI = "Vaswani et al. (2017), tabla 3"
DEVLIN = "Devlin et al. (2018), §3"
RADFORD = "Radford et al. (2019), tabla 2 (corregida por OpenAI en su repositorio)"
BROWN = "Brown et al. (2020), tabla 2.1"
GPT2_SIZES = (("small", 12, 768, 124), ("medium", 24, 1024, 355), ("large", 36, 1280, 774),
              ("XL", 48, 1600, 1558))  # fmt: skip
GPT3_SIZES = (  # nombre, capas, d_model, millones publicados
    ("Small", 12, 768, 125), ("Medium", 24, 1024, 350), ("Large", 24, 1536, 760),
    ("XL", 24, 2048, 1300), ("2.7B", 32, 2560, 2700), ("6.7B", 32, 4096, 6700),
    ("13B", 40, 5140, 13_000), ("175B", 96, 12_288, 175_000),
)  # fmt: skip


def table() -> list[Known]:
    """Los modelos del artículo y sus hermanos.

    Todo lo publicado está redondeado. El Transformer es el que más se aparta: su vocabulario es «de
    unos 37 000» tokens. De GPT-2 se publicaron primero 117, 345, 762 y 1542 millones, mal contados;
    aquí van los que OpenAI dio después (124M, 355M, 774M y 1558M, los nombres de sus carpetas).
    """
    rows = [
        Known("Transformer base", transformer(37_000), 65_000_000, VASWANI),
        Known("Transformer big", transformer(37_000, d_model=1024, d_ff=4096), 213_000_000,
              VASWANI),
        Known("BERT base", encoder_only(30_522, 768, 12), 110_000_000, DEVLIN),
        Known("BERT large", encoder_only(30_522, 1024, 24), 340_000_000, DEVLIN),
        Known("GPT (2018)", decoder_only(40_478, 768, 12, 512, final_norm=False), 117_000_000,
              "Radford et al. (2018); citado en Devlin et al. (2018), §3"),
    ]  # fmt: skip
    for name, layers, d_model, millions in GPT2_SIZES:
        parts = decoder_only(50_257, d_model, layers, 1024)
        rows.append(Known(f"GPT-2 {name}", parts, millions * 10**6, RADFORD))
    for name, layers, d_model, millions in GPT3_SIZES:
        parts = decoder_only(50_257, d_model, layers, 2048)
        rows.append(Known(f"GPT-3 {name}", parts, millions * 10**6, BROWN))
    return rows
