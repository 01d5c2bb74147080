"""Velocidad del Transformer, en una sola ejecución y en cocientes, que dependen poco de la máquina.

No forma parte de las pruebas normales, porque mide tiempos:
    python tests/benchmarks/bench_transformer.py [--rapido]

Tiempos de procesador (todos los núcleos), no de reloj: así cuenta lo mismo con la máquina ocupada.
"""

import argparse
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import keras
import numpy as np
import recipes

from helpers.transformer.batches import Batches
from helpers.transformer.beam import Beam
from helpers.transformer.decoding import Greedy
from helpers.transformer.model import Transformer
from helpers.transformer.training import Settings, compile_model

KerasTransformer = recipes.load("datasets/studies/nb09.py").KerasTransformer
SIZES = {"d_model": 256, "heads": 4, "layers": 3, "d_ff": 512, "max_length": 64, "norm": "pre"}
VOCABULARY, ROWS, LENGTH = 4000, 64, 40
GOAL = 4  # la caché, al menos tantas veces más rápida


def seconds(action, repeats: int) -> float:
    """Mediana de ``repeats`` tiempos de procesador, después de una vez sin contar."""
    action()
    times = []
    for _ in range(repeats):
        begin = time.process_time()
        action()
        times.append(time.process_time() - begin)
    return float(np.median(times))


def report(name: str, value: str) -> None:
    """Una línea de resultado."""
    print(f"{name:<58} {value}", flush=True)


def endless(model):
    """``model``, que nunca escribe ``END``: así todas las frases miden ``LENGTH``."""
    model.target_embedding.tokens.embeddings.assign(_without_end(model.target_embedding.tokens))
    return model


def _without_end(tokens):
    table = keras.ops.convert_to_numpy(tokens.embeddings).copy()
    table[2] = 0.0  # puntuación 0 siempre; las demás tienen alguna mayor
    return table


def decoding(repeats: int) -> None:
    """Caché contra recalcular, en las mismas condiciones y compilado todo."""
    rng = np.random.default_rng(0)
    model = endless(Transformer(VOCABULARY, VOCABULARY, **SIZES))
    source = rng.integers(5, VOCABULARY, (ROWS, LENGTH))
    full, cached = Greedy(model, LENGTH, cache=False), Greedy(model, LENGTH)
    whole = seconds(lambda: full.generate(source), repeats)
    fast = seconds(lambda: cached.generate(source), repeats)
    same = np.array_equal(cached.generate(source), full.generate(source))
    written = cached.generate(source)
    assert (written != 0).all(), "alguna frase ha terminado antes: la comparación no vale"
    report("greedy, recalculando todo", f"{ROWS * LENGTH / whole:.0f} tokens por segundo de CPU")
    report("greedy, con caché", f"{ROWS * LENGTH / fast:.0f} tokens por segundo de CPU")
    report("caché contra recalcular", f"{whole / fast:.1f} veces (objetivo: {GOAL})")
    report("escriben lo mismo", "sí" if same else "NO")
    beam = Beam(model, LENGTH, width=4)
    report("haz de 4 contra greedy, con caché",
           f"{seconds(lambda: beam.generate(source), 1) / fast:.1f} veces más caro")  # fmt: skip


def training(repeats: int) -> None:
    """Tokens por segundo al entrenar, mi modelo y el mismo con las capas de Keras."""
    rng = np.random.default_rng(0)
    lengths = rng.integers(4, 14, 64 * 8 * repeats)
    texts = [rng.integers(5, VOCABULARY, n).tolist() for n in lengths]
    speeds = {}
    for name, kind in (("helpers", Transformer), ("Keras", KerasTransformer)):
        keras.utils.set_random_seed(0)
        model = kind(VOCABULARY, VOCABULARY, **SIZES)
        batches = Batches(texts, texts, batch=64)
        compile_model(model, Settings(), 1000)
        spent = seconds(lambda m=model, b=batches: m.fit(b.dataset(), verbose=0), 1)
        speeds[name] = batches.tokens() / spent
        report(f"entrenar, {name}", f"{speeds[name]:.0f} tokens por segundo de CPU")
    report("entrenar: helpers contra Keras", f"{speeds['helpers'] / speeds['Keras']:.2f} veces")


def main() -> None:
    """Todo, o una pasada corta."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rapido", action="store_true", help="menos repeticiones")
    repeats = 1 if parser.parse_args().rapido else 5
    decoding(repeats)
    training(repeats)


if __name__ == "__main__":
    main()
