"""Velocidad del detector, en una sola ejecución: latencia, vídeo, NMS y aumento.

No forma parte de las pruebas normales, porque mide tiempos. Cada línea da un cociente, que depende
poco de la máquina:
    python tests/benchmarks/bench_yolo.py [--rapido]
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import cv2
import numpy as np
import tensorflow as tf
from table import report

from helpers.data import images, lego, video
from helpers.plotting.boxes import paint
from helpers.yolo import network
from helpers.yolo.boxes import letterbox
from helpers.yolo.decoding import nms
from helpers.yolo.detector import Detector, optimizer
from helpers.yolo.pipeline import Batches, Policy, Samples

ARTICLE_FPS = 1.33  # 791 fotogramas en 9 min 56 s, según la salida del cuaderno del artículo
ANCHORS = [[40, 70], [55, 90], [75, 60], [90, 120], [150, 190]]


def seconds(action, repeats: int) -> float:
    """Mediana de ``repeats`` tiempos, después de una vez sin contar."""
    action()
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        action()
        times.append(time.perf_counter() - begin)
    return float(np.median(times))


def loop_nms(boxes, scores, threshold):
    """NMS con dos bucles de Python."""
    order, kept = sorted(range(len(scores)), key=lambda i: -scores[i]), []
    boxes = boxes.tolist()
    for i in order:
        a, good = boxes[i], True
        for j in kept:
            b = boxes[j]
            wide = max(min(a[2], b[2]) - max(a[0], b[0]), 0)
            tall = max(min(a[3], b[3]) - max(a[1], b[1]), 0)
            areas = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1])
            if wide * tall > threshold * (areas - wide * tall):
                good = False
                break
        if good:
            kept.append(i)
    return kept


def bench_latency(detector, repeats):
    """Una imagen, de los píxeles a las cajas."""
    picture = images.read(lego.load()[0].image_path)
    model = detector.model
    one = letterbox(picture, model.size)[0][None]
    whole = seconds(lambda: detector.predict(picture), repeats)
    alone = seconds(lambda: model.predict_on_batch(one), repeats)
    many = np.repeat(one, 16, axis=0)
    batch = seconds(lambda: model.predict_on_batch(many), max(3, repeats // 4)) / 16
    report("una imagen, de principio a fin", f"{1000 * whole:.1f} ms")
    report("  de ese tiempo, la red", f"{alone / whole:.0%} ({1000 * alone:.1f} ms)")
    report("  la red en lotes de 16, por imagen", f"{1000 * batch:.1f} ms (×{alone / batch:.1f})")


def bench_video(detector, frames):
    """Leer, detectar, pintar y escribir."""
    with video.open_video(lego.FOLDER / "paseo.webm") as source:
        clip = [frame for frame, _ in zip(source, range(frames))]
    with tempfile.TemporaryDirectory() as folder:
        start = video.write_video(Path(folder) / "clip.webm", clip, 25)
        alone = {
            "leer": lambda: list(video.open_video(start)),
            "detectar": lambda: detector.predict(clip, batch=4),
            "escribir": lambda: video.write_video(start, clip, 25, overwrite=True),
        }
        costs = {name: 1000 * seconds(part, 1) / len(clip) for name, part in alone.items()}
        target = Path(folder) / "nuevo.webm"
        detector.video(start, target, paint=paint, progress=False)
        result = detector.video(start, target, paint=paint, progress=False, overwrite=True)
    size = "×".join(map(str, clip[0].shape[1::-1]))
    report(f"vídeo de {size}, de archivo a archivo", f"{result.speed:.1f} fotogramas/s")
    report("  frente a los 1.33 del artículo", f"×{result.speed / ARTICLE_FPS:.0f}")
    for name, cost in costs.items():  # van a la vez, cada una en su hilo
        report(f"  {name}, a solas", f"{cost:.1f} ms por fotograma ({1000 / cost:.0f} por segundo)")


def bench_nms(repeats):
    """La misma NMS de cuatro maneras."""
    rng = np.random.default_rng(0)
    for count in (100, 845):
        low = rng.uniform(0, 350, (count, 2))
        boxes = np.concatenate([low, low + rng.uniform(15, 65, (count, 2))], 1).astype("float32")
        scores = rng.uniform(size=count).astype("float32")
        corner_size = np.concatenate([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], 1).tolist()
        points = scores.tolist()
        boxes_tf, scores_tf = tf.constant(boxes), tf.constant(scores)
        ways = {
            "bucle de Python": lambda b=boxes, s=scores: loop_nms(b, s, 0.45),
            "OpenCV": lambda b=corner_size, s=points: cv2.dnn.NMSBoxes(b, s, 0.0, 0.45),
            "TensorFlow": lambda b=boxes_tf, s=scores_tf, n=count: tf.image.non_max_suppression(
                b, s, n, 0.45
            ),
        }
        mine = seconds(lambda b=boxes, s=scores: nms(b, s), repeats)
        assert nms(boxes, scores).tolist() == list(ways["bucle de Python"]())
        report(f"NMS de {count} cajas", f"{1000 * mine:.2f} ms")
        for name, way in ways.items():
            other = seconds(way, repeats)
            report(f"  frente a {name}", f"×{other / mine:.2f} ({1000 * other:.2f} ms)")


def bench_training(detector, repeats):
    """¿Espera la red a los datos?"""
    samples = Samples(lego.load(), detector.labels, detector.model.size)
    batches = Batches(samples, detector.model, batch=8, policy=Policy())
    for i in range(len(samples)):
        samples[i]
    data = [0]

    def prepare():
        data[0] = (data[0] + 1) % len(batches)
        return batches[data[0]]

    model, lot = detector.model, batches[0]
    model.compile(optimizer(1000))
    step = seconds(lambda: model.train_on_batch(*lot), repeats)
    ready = seconds(prepare, repeats)
    report("un paso de entrenamiento (8 imágenes)", f"{1000 * step:.0f} ms")
    report(
        "  preparar su lote, en paralelo", f"{1000 * ready:.0f} ms ({ready / step:.0%} del paso)"
    )


def main() -> None:
    """Todas las medidas."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rapido", action="store_true", help="menos repeticiones")
    quick = parser.parse_args().rapido
    detector = Detector(["lego"], anchors=ANCHORS)
    head = detector.model.network.get_layer(network.HEAD)
    # Sin entrenar vería algo en cada celda: que dude de casi todas, como una red entrenada.
    head.bias.assign(np.tile([0, 0, 0, 0, -2, 0], len(ANCHORS)))
    bench_latency(detector, 10 if quick else 50)
    bench_video(detector, 30 if quick else 150)
    bench_nms(10 if quick else 50)
    bench_training(detector, 5 if quick else 20)


if __name__ == "__main__":
    main()
