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
from helpers.transformer.decoding import Generator
from helpers.transformer.model import Transformer
from helpers.transformer.training import compile_model

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


class Recomputing:
    """Escribe con ``model`` sin caché: el estado es lo escrito, y cada paso lo calcula todo."""

    def __init__(self, model):
        self.model, self.max_length = model, model.max_length

    def start(self, source, length):
        """Lo escrito, vacío, y la frase original leída."""
        shape = (keras.ops.shape(source)[0], length)
        return keras.ops.zeros(shape, "int32"), *self.model.encode(source)

    def step(self, ids, position, state):
        """Un token más."""
        written, context, mask = state
        here = keras.ops.arange(written.shape[1]) == position
        written = keras.ops.where(here, ids[:, None], written)
        scores = self.model.decode(written, context, mask)
        return keras.ops.take(scores, position, axis=1), (written, context, mask)


def decoding(repeats: int) -> None:
    """Caché contra recalcular, en las mismas condiciones y compilado todo."""
    rng = np.random.default_rng(0)
    model = endless(Transformer(VOCABULARY, VOCABULARY, **SIZES))
    source = rng.integers(5, VOCABULARY, (ROWS, LENGTH))
    full, cached = Generator(Recomputing(model), LENGTH), Generator(model, LENGTH)
    whole = seconds(lambda: full.generate(source), repeats)
    fast = seconds(lambda: cached.generate(source), repeats)
    same = np.array_equal(cached.generate(source), full.generate(source))
    written = cached.generate(source)
    assert (written != 0).all(), "alguna frase ha terminado antes: la comparación no vale"
    report("greedy, recalculando todo", f"{ROWS * LENGTH / whole:.0f} tokens por segundo de CPU")
    report("greedy, con caché", f"{ROWS * LENGTH / fast:.0f} tokens por segundo de CPU")
    report("caché contra recalcular", f"{whole / fast:.1f} veces (objetivo: {GOAL})")
    report("escriben lo mismo", "sí" if same else "NO")


def training(repeats: int) -> None:
    """Tokens por segundo al entrenar, mi modelo y el mismo con las capas de Keras."""
    rng = np.random.default_rng(0)
    lengths = rng.integers(4, 14, 64 * 8 * repeats)
    texts = [rng.integers(5, VOCABULARY, n).tolist() for n in lengths]
    models, spent = {"helpers": Transformer, "Keras": KerasTransformer}, {}
    for name, kind in models.items():
        keras.utils.set_random_seed(0)
        models[name] = kind(VOCABULARY, VOCABULARY, **SIZES)
        compile_model(models[name], 1000)
        spent[name] = []
    batches = Batches(texts, texts, batch=64)
    for turn in range(repeats + 3):  # alternos, para que la carga de la máquina sea la misma
        for name, model in models.items():
            begin = time.process_time()
            model.fit(batches.dataset(), shuffle=False, verbose=0)
            spent[name] += [time.process_time() - begin] if turn else []  # la 1.ª, de compilar
    speeds = {name: batches.tokens() / np.median(times) for name, times in spent.items()}
    for name, speed in speeds.items():
        report(f"entrenar, {name}", f"{speed:.0f} tokens por segundo de CPU")
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
