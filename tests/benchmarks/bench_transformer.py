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
import page_transformer
from table import report

from helpers.transformer.batches import batches
from helpers.transformer.decoding import Generator
from helpers.transformer.model import Transformer
from helpers.transformer.translator import compile_model

SIZES = {"d_model": 256, "heads": 4, "layers": 3, "d_ff": 512, "max_length": 64}
VOCABULARY, ROWS, LENGTH = 4000, 64, 40
TOKENS = 700  # al entrenar, la red y el vocabulario de la página
GOAL = 8  # la caché, al menos tantas veces más rápida; y al entrenar, como las capas de Keras


def seconds(action, repeats: int) -> float:
    """Mediana de ``repeats`` tiempos de procesador, después de una vez sin contar."""
    action()
    times = []
    for _ in range(repeats):
        begin = time.process_time()
        action()
        times.append(time.process_time() - begin)
    return float(np.median(times))


def endless(model):
    """``model``, que nunca escribe ``END``: así todas las frases miden ``LENGTH``."""
    tokens = model.target.tokens.embeddings
    table = keras.ops.convert_to_numpy(tokens).copy()
    table[2] = 0.0  # puntuación 0 siempre; las demás tienen alguna mayor
    tokens.assign(table)
    return model


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


def with_keras_layers():
    """La red de la página, con ``keras.layers.MultiHeadAttention`` por atención."""
    model = page_transformer.Transformer(TOKENS, TOKENS, attention=page_transformer.KerasAttention)
    model((np.ones((1, 2), "int32"), np.ones((1, 2), "int32")))
    return model


def training(repeats: int) -> None:
    """Tokens por segundo al entrenar, con la atención de helpers y con la de Keras."""
    rng = np.random.default_rng(0)
    lengths = rng.integers(4, 14, 64 * 8 * repeats)
    texts = [rng.integers(5, TOKENS, n).tolist() for n in lengths]
    models = {"helpers": Transformer(TOKENS, TOKENS), "Keras": with_keras_layers()}
    assert models["helpers"].count_params() == models["Keras"].count_params()
    spent = {name: [] for name in models}
    for model in models.values():
        compile_model(model, 1000)
    made = batches(texts, texts)
    for turn in range(repeats + 3):  # alternos, para que la carga de la máquina sea la misma
        for name, model in models.items():
            begin = time.process_time()
            model.fit(made, shuffle=False, verbose=0)
            spent[name] += [time.process_time() - begin] if turn else []  # la 1.ª, de compilar
    speeds = {name: (lengths + 1).sum() / np.median(times) for name, times in spent.items()}
    for name, speed in speeds.items():
        report(f"entrenar, {name}", f"{speed:.0f} tokens por segundo de CPU")
    ratio = speeds["helpers"] / speeds["Keras"]
    report("entrenar: helpers contra Keras", f"{ratio:.2f} veces (objetivo: 1)")


def main() -> None:
    """Todo, o una pasada corta."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rapido", action="store_true", help="menos repeticiones")
    repeats = 1 if parser.parse_args().rapido else 5
    decoding(repeats)
    training(repeats)


if __name__ == "__main__":
    main()
