"""Velocidad del cuaderno 05 en una ejecución: leer las imágenes y entrenar los clasificadores.

El cargador se compara con el bucle del blog; el entrenamiento, con el techo de la máquina. No
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
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import bench_images
import keras
import numpy as np
import recipes
import throughput
from table import report

from helpers.classification import networks
from helpers.data import image_folder, sports

nb05 = recipes.load("datasets/studies/nb05.py")
SHAPE, CLASSES, STEPS_AT_ONCE = (21, 28, 3), 10, 16
NETWORKS = {
    "red del blog": (networks.article, lambda: nb05.adagrad(0.0)),
    "CNN del tutorial": (lambda: nb05.tutorial(SHAPE, CLASSES), keras.optimizers.Adam),
    "red mejorada": (lambda: networks.improved(SHAPE, CLASSES), lambda: networks.adam(1000)),
}


def compiled(build, optimizer, steps_at_once=1):
    """El modelo que da ``build``, listo para ``fit``."""
    keras.utils.set_random_seed(0)
    model = build()
    model.compile(optimizer(), "sparse_categorical_crossentropy", steps_per_execution=steps_at_once)
    return model


def bench_throughput(images, labels, repeats):
    """Imágenes por segundo y qué parte del techo se aprovecha, con varios lotes."""
    peak = throughput.matmul_peak(2048, repeats + 2)
    report("techo: multiplicar matrices de 2048×2048", f"{peak / 1e9:.0f} GFLOP/s")
    rates = {}
    for name, pair in NETWORKS.items():
        for batch in (64, 256):
            model = compiled(*pair)
            rate = throughput.training_rate(model, images, labels, batch, repeats)
            share = throughput.BACKWARD * throughput.flops(model) * rate / peak
            rates[name, batch] = rate
            report(f"{name}, lotes de {batch}", f"{rate:.0f} imágenes/s, {share:.1%} del techo")
    for name in list(NETWORKS)[:2]:
        ratio = rates[name, 64] / rates["red mejorada", 64]
        report(f"  una época de la mejorada frente a la {name}", f"×{ratio:.2f} de tiempo")


def bench_steps(images, labels, repeats):
    """Cuánto se gana con no volver a Python en cada paso."""
    one, many = (
        throughput.training_rate(
            compiled(*NETWORKS["red mejorada"], steps), images, labels, 64, repeats
        )
        for steps in (1, STEPS_AT_ONCE)
    )
    report(f"  {STEPS_AT_ONCE} pasos seguidos frente a uno", f"×{many / one:.2f}")


def bench_augmentation(images, labels, repeats):
    """Lo que encarecen una época las capas de aumento."""
    plain, augmented = (
        throughput.training_rate(
            compiled(
                lambda augment=augment: networks.improved(SHAPE, CLASSES, augment=augment),
                lambda: networks.adam(1000),
            ),
            images, labels, 64, repeats,
        )
        for augment in (False, True)
    )  # fmt: skip
    report("aumento con capas de Keras: coste de la época", f"×{plain / augmented:.2f}")


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
    images, labels = data.images[chosen].astype("float32") / 255, data.labels[chosen]
    repeats = 1 if quick else 3
    bench_throughput(images, labels, repeats)
    bench_steps(images, labels, repeats)
    bench_augmentation(images, labels, repeats)


if __name__ == "__main__":
    main()
