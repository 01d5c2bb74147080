"""Calidad a igual presupuesto: el Transformer de helpers, el de las capas de Keras y las LSTM.

No forma parte de las pruebas normales: entrena minutos. Los presupuestos son segundos de procesador
sumados los núcleos (720 son 6 minutos de 2 núcleos), así que valen con la máquina ocupada:
    NB_DATA=original python tests/benchmarks/bench_translation.py --cpu 720 helpers keras
"""

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import recipes

from helpers.data import pairs
from helpers.transformer import metrics
from helpers.transformer.model import Transformer
from helpers.transformer.tokenizers import BytePairTokenizer, WordTokenizer

STUDY = recipes.load("datasets/studies/nb09.py")
ATTENTION = {"d_model": 128, "heads": 4, "layers": 2, "d_ff": 256, "norm": "pre"}
LARGE = {"d_model": 192, "heads": 4, "layers": 3, "d_ff": 384, "norm": "pre"}


def network(name: str, large: bool) -> dict:
    """Clase y tamaños de cada competidor."""
    sizes = LARGE if large else ATTENTION
    return {
        "helpers": {"network": Transformer, **sizes},
        "keras": {"network": STUDY.KerasTransformer, **sizes},
        "lstm": {"network": STUDY.RecurrentTranslator, "d_model": 192 if large else 128},
    }[name]


def train(corpus, tokenizers, options, seconds: float, seed: int, dropout: float, **settings):
    """Entrena las épocas que caben en ``seconds`` de procesador."""
    translator, epochs, spent = STUDY.budget.train(
        corpus, tokenizers, seconds, seed=seed, max_length=48, fit=settings, dropout=dropout,
        **options,
    )  # fmt: skip
    print(f"  {translator.model.count_params()} parámetros; {epochs} épocas; {spent:.0f} s de CPU")
    return translator


def main() -> None:
    """Entrena y compara."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("networks", nargs="+", choices=("helpers", "keras", "lstm"))
    parser.add_argument("--cpu", type=float, default=720, help="segundos de procesador")
    parser.add_argument("--test", type=int, default=1000, help="frases de prueba")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--tokens", type=int, default=2000, help="vocabulario con NB_DATA=original")
    options = parser.parse_args()
    corpus = pairs.load()
    large = corpus.name == "Tatoeba"
    sides = [[pair[side] for pair in corpus.train] for side in (0, 1)]
    if large:
        tokenizers = [BytePairTokenizer.learn(side, options.tokens) for side in sides]
    else:
        tokenizers = [WordTokenizer.learn(side) for side in sides]
    test = corpus.test[: options.test]
    references, found = [tokenizers[1].normalize(target) for _, target in test], {}
    for name in options.networks:
        print(name, flush=True)
        translator = train(
            corpus, tokenizers, network(name, large), options.cpu, options.seed, options.dropout,
            batch=options.batch, learning_rate=options.rate,
        )  # fmt: skip
        found[name] = translator.translate([source for source, _ in test])
        exact = np.mean([a == b for a, b in zip(found[name], references)])
        for label, metric in (("BLEU", metrics.bleu), ("chrF", metrics.chrf)):
            score = STUDY.confidence(metric, found[name], references)
            print(f"  {label} {score.value:.1f} ({score.low:.1f}–{score.high:.1f})", flush=True)
        print(f"  exactas {exact:.3f}")
        for (source, _), mine, wanted in list(zip(test, found[name], references))[:6]:
            print(f"    {source} → {mine} | {wanted}")
    first, *others = found
    for other in others:
        gap = STUDY.difference(metrics.bleu, found[first], found[other], references)
        print(f"{first} − {other}: {gap.value:+.1f} BLEU ({gap.low:+.1f} a {gap.high:+.1f})")


if __name__ == "__main__":
    main()
