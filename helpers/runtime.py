"""Arranque de un cuaderno: semilla, dispositivo, perfil, origen de los datos y estilo gráfico.

Se explica en el cuaderno 01.
"""

import contextlib
import os
import random
import sys
from dataclasses import dataclass

PROFILES = ("cpu", "gpu")
DATA_MODES = ("sample", "original")
PRECISIONS = ("float32", "mixed_bfloat16", "mixed_float16")  # las de Keras que admiten las redes


@dataclass(frozen=True)
class Runtime:
    """Cómo se ejecuta este cuaderno.

    Attributes:
        seed: semilla fijada en Python, NumPy y Keras.
        profile: ``"cpu"`` (presupuestos de minutos) o ``"gpu"`` (los largos).
        data: ``"sample"`` (incluidos, sin red) u ``"original"`` (los públicos).
        gpus: número de GPU que ve TensorFlow.
    """

    seed: int
    profile: str
    data: str
    gpus: int

    def budget(self, cpu, gpu):
        """``cpu`` o ``gpu`` según el perfil: épocas, imágenes, lo que cueste tiempo."""
        return gpu if self.profile == "gpu" else cpu


def _setting(name: str, allowed: tuple[str, ...]) -> str:
    value = os.environ.get(name, allowed[0]).strip().lower() or allowed[0]
    if value not in allowed:
        raise ValueError(
            f"La variable de entorno {name} vale «{value}», pero solo admite "
            f"{' o '.join(allowed)}. Corrígela, o bórrala para usar «{allowed[0]}»."
        )
    return value


def data_mode() -> str:
    """``"sample"`` u ``"original"``, según la variable de entorno ``NB_DATA``."""
    return _setting("NB_DATA", DATA_MODES)


def in_colab() -> bool:
    """¿Estamos en Google Colab, en un cuaderno o en su terminal?"""
    return "google.colab" in sys.modules or "COLAB_RELEASE_TAG" in os.environ


@contextlib.contextmanager
def quiet_stderr():
    """Calla lo que escriben en la salida de errores las bibliotecas de C++.

    TensorFlow lo hace al cargarse, y OpenCV, al abrir un .webm («tag VP80 is not supported»),
    aunque lo escribe bien. Las excepciones de Python siguen llegando: solo se desvía el
    descriptor 2 mientras dura.
    """
    try:
        sys.stderr.flush()
        saved = os.dup(2)
    except (OSError, AttributeError):  # sin salida de errores (pythonw): no hay nada que callar
        yield
        return
    try:
        with open(os.devnull, "w") as devnull:
            os.dup2(devnull.fileno(), 2)
            yield
    finally:
        sys.stderr.flush()
        os.dup2(saved, 2)
        os.close(saved)


@contextlib.contextmanager
def seeded(seed: int):
    """Los pesos que se creen dentro salen de ``seed`` (Keras toma sus semillas de ``random``)."""
    before = random.getstate()
    random.seed(seed)
    try:
        yield
    finally:
        random.setstate(before)


def start(seed: int = 42, *, verbose: bool = True) -> Runtime:
    """Prepara el cuaderno y devuelve su :class:`Runtime`.

    Importa Keras sin avisos, fija las semillas, comprueba ``NB_PROFILE`` y ``NB_DATA`` y aplica
    el estilo de las figuras. Con el mismo equipo y las mismas versiones, dos ejecuciones dan los
    mismos números; entre equipos distintos pueden cambiar las últimas cifras.

    Raises:
        ValueError: si ``NB_PROFILE`` o ``NB_DATA`` no son válidas.
        RuntimeError: si se pide el perfil ``gpu`` y TensorFlow no ve ninguna.
    """
    profile, data = _setting("NB_PROFILE", PROFILES), data_mode()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
    with quiet_stderr():
        import keras
        import tensorflow as tf

        gpus = len(tf.config.list_physical_devices("GPU"))
    tf.get_logger().setLevel("ERROR")  # en un cuaderno escribiría sus avisos entre las salidas
    if profile == "gpu" and not gpus:
        raise RuntimeError(
            "Has pedido NB_PROFILE=gpu, pero TensorFlow no ve ninguna GPU. "
            "Ejecuta «python -m helpers doctor» para saber por qué, o usa NB_PROFILE=cpu."
        )
    keras.utils.set_random_seed(seed)

    from helpers.plotting import style

    style.apply()
    if verbose:
        origin = "datos de muestra" if data == "sample" else "datos originales"
        print(f"Listo: semilla {seed} · perfil {profile} · {origin}")
    return Runtime(seed, profile, data, gpus)


def strategy(kind: str = "GPU"):
    """Reparto del entrenamiento: entre todos los dispositivos si hay varios; si no, el normal.

    Úsalo al crear el modelo: ``with runtime.strategy().scope(): ...``. Con ``n`` dispositivos,
    cada lote se parte en ``n`` trozos y se promedian los gradientes: salvo el redondeo, se aprende
    lo mismo. Fuente: documentación de ``tf.distribute.MirroredStrategy``.

    Args:
        kind: ``"GPU"``; con ``"CPU"`` y varias CPU lógicas se puede probar sin tener dos GPU.
    """
    import tensorflow as tf

    devices = [device.name for device in tf.config.list_logical_devices(kind)]
    if len(devices) > 1:
        return tf.distribute.MirroredStrategy(devices)
    return tf.distribute.get_strategy()
