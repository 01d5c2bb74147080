"""Estudio del cuaderno 09: el traductor y la LSTM, cada pieza, frases reales, imágenes y ventas.

Cada parte se puede repetir sola («python -m helpers study 09 --part ablation»):

============ =========================================================================
``embedded`` combinaciones nuevas: Transformer, LSTM y LSTM con atención, mismo tiempo
``ablation`` el Transformer sin una pieza cada vez, con menos épocas
``vision``   dígitos: Vision Transformer y convolucional, con los mismos parámetros
``series``   ventas: Transformer y la red del cuaderno 07
``original`` Tatoeba (hace falta el original): 20 000 parejas y seis minutos por modelo
``longer``   Tatoeba, con todas las parejas y el doble de tiempo
============ =========================================================================

Los presupuestos son segundos de procesador, sumados los dos núcleos.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import budget
from intervals import confidence, difference
from keras_transformer import KerasTransformer
from recurrent_translator import RecurrentTranslator

from helpers.data import digits
from helpers.data import pairs as pairs_data
from helpers.data import sales as sales_data
from helpers.forecasting import published
from helpers.transformer import applications
from helpers.transformer.metrics import bleu, chrf
from helpers.transformer.tokenizers import BytePairTokenizer
from helpers.transformer.translator import Translator

SEEDS, PAIR, MANY = (0, 1, 2), (0, 1), (0, 1, 2, 3, 4)
SIZES = {"d_model": 128, "heads": 4, "layers": 2, "d_ff": 256, "dropout": 0.1, "norm": "pre"}
LARGE = {"d_model": 192, "heads": 4, "layers": 3, "d_ff": 384, "dropout": 0.1, "norm": "pre"}
SHORT = 2  # épocas
VOCABULARY, REAL_VOCABULARY = 1600, 2000
SECONDS, REAL_SECONDS = 110, 720  # de procesador; 110 son la mitad que en el cuaderno
LONG_SECONDS, ALL_PAIRS = 1440, 1_000_000
TEST, REAL_TEST = 500, 1000  # frases de prueba
RECURRENT = {"network": RecurrentTranslator, "d_model": 128, "units": 256, "dropout": 0.1}
RECURRENT["fit"] = {"learning_rate": 4e-3}  # con 2e-3, el del Transformer, aprende menos
VARIANTS = {
    "completo": {},
    "sin posiciones": {"positions": "none"},
    "una cabeza": {"heads": 1},
    "sin dividir entre √d_k": {"scale": False},
    "sin atajos": {"residual": False},
    "normalización después": {"norm": "post"},
}


def tokenizers(corpus, size: int = VOCABULARY):
    """Los tokenizadores de las dos lenguas."""
    return [BytePairTokenizer.learn([pair[side] for pair in corpus.train], size) for side in (0, 1)]


def translations(translator, pairs):
    """``(traducciones, referencias)``."""
    said = translator.translate([source for source, _ in pairs])
    return said, [translator.target.normalize(target) for _, target in pairs]


def embedded(step) -> list[dict]:
    """Los tres modelos con el mismo tiempo, en combinaciones que no han visto."""
    corpus = pairs_data.load(original=False)
    toks, results = tokenizers(corpus), []
    for name, options in (
        ("Transformer", SIZES),
        ("LSTM", RECURRENT),
        ("LSTM con atención", RECURRENT | {"attention": True}),
    ):
        row = {"model": name, "bleu": [], "chrf": [], "seconds": [], "epochs": []}
        for seed in SEEDS:
            translator, epochs, seconds = budget.train(corpus, toks, SECONDS, seed=seed, **options)
            said, right = translations(translator, corpus.test[:TEST])
            row["bleu"].append(round(bleu(said, right), 2))
            row["chrf"].append(round(chrf(said, right), 2))
            row["seconds"].append(round(seconds))
            row["epochs"].append(epochs)
            step(3 * len(SEEDS))
        results.append(row | {"parameters": translator.model.count_params()})
    return results


def ablation(step) -> list[dict]:
    """BLEU sin una pieza cada vez, con las mismas épocas."""
    corpus = pairs_data.load(original=False)
    toks, results = tokenizers(corpus), []
    for name, change in VARIANTS.items():
        scores = []
        for seed in PAIR:
            translator = Translator(*toks, max_length=64, seed=seed, **(SIZES | change))
            translator.fit(corpus.train, epochs=SHORT, seed=seed, progress=False)
            scores.append(round(bleu(*translations(translator, corpus.test[:TEST])), 2))
            step(len(VARIANTS) * len(PAIR))
        results.append({"variant": name, "bleu": scores, "epochs": SHORT})
    return results


def vision(step) -> list[dict]:
    """Aciertos con dígitos de personas que no han visto."""
    images, labels = digits.small()
    images = (images[..., None] / 16).astype("float32")
    cut, results = 1200, []  # el corte que usa el cuaderno
    for name, build in (
        ("Vision Transformer", applications.vit),
        ("convolucional", applications.cnn),
    ):
        row = {"model": name, "accuracy": []}
        for seed in MANY:
            model = applications.fit(build, images[:cut], labels[:cut], seed=seed)
            row["accuracy"].append(
                round(applications.accuracy(model, images[cut:], labels[cut:]), 4)
            )
            step(2 * len(MANY))
        results.append(row | {"parameters": model.count_params()})
    return results


def series(step) -> list[dict]:
    """Error medio, en unidades, en las 30 ventas de validación del cuaderno 07."""
    sales = sales_data.load(sales_data.SAMPLE, report=lambda message: None)
    framed = published.frame_st1(sales)
    results = [{"model": "repetir la última venta", "error": [applications.naive_error(framed)]}]
    for name, build in (
        ("Transformer", applications.forecaster),
        ("red del cuaderno 07", published.build_st1),
    ):
        errors = []
        for seed in MANY:
            errors.append(round(applications.series(framed, seed=seed, build=build).error, 2))
            step(2 * len(MANY))
        results.append({"model": name, "error": errors})
    return results


def real(step, models: dict, *, pairs: int, vocabulary: int, seconds: int) -> list[dict]:
    """Frases de Tatoeba: cada modelo con ``seconds``, e intervalos de confianza del 95 %."""
    corpus = pairs_data.load(original=True, train_pairs=pairs)
    toks = tokenizers(corpus, vocabulary)
    results, first = [], None
    for name, options in models.items():
        translator, epochs, spent = budget.train(corpus, toks, seconds, **options)
        said, right = translations(translator, corpus.test[:REAL_TEST])
        first = first or said
        row = {"model": name, "pairs": len(corpus.train), "epochs": epochs, "seconds": round(spent)}
        row["parameters"] = translator.model.count_params()
        for label, metric in (("bleu", bleu), ("chrf", chrf)):
            measured = confidence(metric, said, right)
            row[label] = round(measured.value, 2)
            row[f"{label}_interval"] = [round(measured.low, 2), round(measured.high, 2)]
        gap = difference(bleu, first, said, right)
        row["behind"] = [round(gap.value, 2), round(gap.low, 2), round(gap.high, 2)]
        row["examples"] = [[es, en] for (es, _), en in zip(corpus.test[:8], said)]
        results.append(row)
        step(len(models))
    return results


def original(step) -> list[dict]:
    """20 000 parejas y seis minutos de dos núcleos: el nuestro y uno con las capas de Keras."""
    models = {"Transformer": LARGE, "capas de Keras": LARGE | {"network": KerasTransformer}}
    return real(step, models, pairs=20_000, vocabulary=REAL_VOCABULARY, seconds=REAL_SECONDS)


def longer(step) -> list[dict]:
    """Con todas las parejas que quedan y más tiempo, en las mismas frases de prueba."""
    return real(step, {"Transformer": LARGE}, pairs=ALL_PAIRS, vocabulary=2 * REAL_VOCABULARY,
                seconds=LONG_SECONDS)  # fmt: skip


PARTS = {
    "embedded": embedded, "ablation": ablation, "vision": vision, "series": series,
    "original": original, "longer": longer,
}  # fmt: skip
