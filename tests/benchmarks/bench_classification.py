"""Velocidad del cuaderno 05 en una ejecución: leer las imágenes y entrenar los clasificadores.

El cargador se compara con el bucle del artículo; el entrenamiento, con el techo de la máquina. No
forma parte de las pruebas normales, porque mide tiempos. Las cifras son cocientes entre medidas
de la misma ejecución, con el ordenador tranquilo::

    python tests/benchmarks/bench_classification.py [--rapido] [--imagenes 77128]
"""

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import bench_images
import keras
import numpy as np

from helpers.classification import augmentation, network, throughput, training
from helpers.data import image_folder, sports

RECIPES = {"red del artículo": network.ARTICLE, "red mejorada": network.IMPROVED}


def report(name: str, value: str) -> None:
    """Una línea de resultado."""
    print(f"{name:<52} {value}", flush=True)


def compiled(recipe, steps_at_once=training.STEPS_AT_ONCE):
    """El modelo de ``recipe``, listo para ``fit``."""
    keras.utils.set_random_seed(0)
    model = network.build(recipe, (21, 28, 3), 10)
    model.compile(network.optimizer(recipe, 1000), "categorical_crossentropy",
                  steps_per_execution=steps_at_once)  # fmt: skip
    return model


def bench_throughput(images, targets, repeats):
    """Imágenes por segundo y qué parte del techo se aprovecha, con varios lotes."""
    peak = throughput.matmul_peak(2048, repeats + 2)
    report("techo: multiplicar matrices de 2048×2048", f"{peak / 1e9:.0f} GFLOP/s")
    rates = {}
    for name, recipe in RECIPES.items():
        for batch in (64, 256):
            model = compiled(recipe)
            rate = throughput.training_rate(model, images, targets, batch, repeats)
            share = throughput.BACKWARD * throughput.flops(model) * rate / peak
            rates[name, batch] = rate
            report(f"{name}, lotes de {batch}", f"{rate:.0f} imágenes/s, {share:.1%} del techo")
    ratio = rates["red mejorada", 64] / rates["red del artículo", 64]
    report("  una época de la mejorada frente a la del artículo", f"×{1 / ratio:.2f} de tiempo")


def bench_steps(images, targets, repeats):
    """Cuánto se gana con no volver a Python en cada paso."""
    one, many = (
        throughput.training_rate(compiled(network.IMPROVED, n), images, targets, 64, repeats)
        for n in (1, training.STEPS_AT_ONCE)
    )
    report(f"  {training.STEPS_AT_ONCE} pasos seguidos frente a uno", f"×{many / one:.2f}")


def bench_augmentation(images, targets, repeats):
    """Lo que encarece una época cada manera de aumentar."""
    plain = throughput.training_rate(
        compiled(network.Recipe(augmentation=None)), training.scaled(images), targets, 64, repeats
    )
    layers = throughput.training_rate(
        compiled(network.IMPROVED), training.scaled(images), targets, 64, repeats
    )
    report("aumento con capas de Keras: coste de la época", f"×{plain / layers:.2f}")
    batches = augmentation.ImgaugBatches(images, targets, 64)
    seconds = np.inf
    for _ in range(repeats):
        begin = throughput.time.perf_counter()
        for k in range(len(batches)):
            batches[k]
        seconds = min(seconds, throughput.time.perf_counter() - begin)
    report("  con imgaug, solo preparar los lotes", f"×{seconds * plain / len(images):.2f} más")


def main() -> None:
    """Todas las medidas."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rapido", action="store_true", help="menos imágenes y repeticiones")
    parser.add_argument("--imagenes", type=int, help="cuántas se pintan para medir la lectura")
    options = parser.parse_args()
    quick = options.rapido
    bench_images.run(options.imagenes or (3000 if quick else bench_images.FULL))
    data = image_folder.load(sports.ARCHIVE, size=(sports.HEIGHT, sports.WIDTH), cache=False)
    chosen = np.random.default_rng(0).permutation(len(data))[: 1536 if quick else 6144]
    images, repeats = data.images[chosen], 1 if quick else 3
    targets = keras.utils.to_categorical(data.labels[chosen], len(data.names))
    scaled = training.scaled(images)
    bench_throughput(scaled, targets, repeats)
    bench_steps(scaled, targets, repeats)
    bench_augmentation(images, targets, repeats)


if __name__ == "__main__":
    main()
