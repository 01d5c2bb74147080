"""Arranque de un cuaderno: semilla, dispositivo, perfil, origen de los datos y estilo gráfico.

Se explica en el cuaderno 01.
"""

import ast
import contextlib
import json
import os
import random
import sys
from dataclasses import dataclass
from pathlib import Path

from helpers import paths
from helpers.console import someone_is_watching, wrapped

PROFILES = ("cpu", "gpu")
DATA_MODES = ("sample", "original")
PRECISIONS = ("float32", "mixed_bfloat16", "mixed_float16")  # las de Keras que admiten las redes
# Lo que Keras trae de fábrica, que es con lo que están hechos los cuadernos.
KERAS_SETTINGS = {"backend": "tensorflow", "image_data_format": "channels_last",
                  "floatx": "float32", "epsilon": 1e-7}  # fmt: skip
KERAS_LIMITS = ("KERAS_MAX_EPOCHS", "KERAS_MAX_STEPS_PER_EPOCH")


@dataclass(frozen=True)
class Runtime:
    """Cómo se ejecuta este cuaderno.

    Attributes:
        profile: ``"cpu"`` (presupuestos de minutos) o ``"gpu"`` (los largos).
        data: ``"sample"`` (incluidos, sin red) u ``"original"`` (los públicos).
    """

    profile: str
    data: str

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


def foreign_keras_settings() -> str:
    """Lo que este equipo pide a Keras por otro proyecto, y dónde; vacío si no pide nada.

    Keras lo lee al importarse, de ``keras.json`` (en ``KERAS_HOME`` o en ``~/.keras``) y de las
    variables ``KERAS_BACKEND``, ``KERAS_MAX_EPOCHS`` y ``KERAS_MAX_STEPS_PER_EPOCH``.
    """
    asked = [f"{name}={os.environ[name]}" for name in KERAS_LIMITS if os.environ.get(name)]
    if os.environ.get("KERAS_BACKEND", "") not in ("", "tensorflow"):
        asked.append(f"KERAS_BACKEND={os.environ['KERAS_BACKEND']}")
    file = Path(os.environ.get("KERAS_HOME") or "~/.keras").expanduser() / "keras.json"
    if file.exists():
        try:
            stored = json.loads(file.read_text(encoding="utf-8"))
            wrong = [f"{name} {json.dumps(stored[name])}" for name, value in KERAS_SETTINGS.items()
                     if stored.get(name, value) != value]  # fmt: skip
        except (OSError, ValueError, AttributeError):
            wrong = ["está dañado"]
        if wrong:
            asked.append(f"{file} ({', '.join(wrong)})")
    return " y ".join(asked)


def ignore_keras_settings() -> str:
    """Hace que Keras, al importarse, no vea :func:`foreign_keras_settings`, y devuelve su texto.

    No cambia ningún archivo del lector: solo las variables de entorno de este proceso.
    """
    asked = foreign_keras_settings()
    os.environ["KERAS_BACKEND"] = "tensorflow"
    for name in KERAS_LIMITS:
        os.environ.pop(name, None)
    if "keras.json" in asked:
        os.environ["KERAS_HOME"] = str(paths.CACHE / "keras")
    return asked


def _use_series_settings(keras) -> None:
    """Pone en ``keras``, si alguien lo importó antes, los ajustes de los cuadernos."""
    if keras.config.backend() != KERAS_SETTINGS["backend"]:
        raise RuntimeError(
            f"Keras ya estaba cargado con otro motor, «{keras.config.backend()}». Reinicia el "
            "núcleo y ejecuta runtime.start() antes de importar Keras."
        )
    keras.config.set_image_data_format(KERAS_SETTINGS["image_data_format"])
    keras.config.set_epsilon(KERAS_SETTINGS["epsilon"])
    keras.config.set_max_epochs(None)
    keras.config.set_max_steps_per_epoch(None)
    if keras.config.floatx() != KERAS_SETTINGS["floatx"]:
        keras.config.set_floatx(KERAS_SETTINGS["floatx"])
        keras.config.set_dtype_policy(KERAS_SETTINGS["floatx"])


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


def start(seed: int = 42) -> Runtime:
    """Prepara el cuaderno y devuelve su :class:`Runtime`.

    Importa Keras sin avisos, fija las semillas, comprueba ``NB_PROFILE`` y ``NB_DATA``, aplica el
    estilo de las figuras y, si hay alguien delante, hace que un ``assert`` que falla avise y deje
    seguir (:class:`GentleAsserts`). Con el mismo equipo y las mismas versiones, dos ejecuciones
    dan los mismos números; entre equipos distintos pueden cambiar las últimas cifras.

    Si este equipo tiene una configuración de Keras de otro proyecto, no le hace caso y lo dice
    (:func:`foreign_keras_settings`).

    Raises:
        ValueError: si ``NB_PROFILE`` o ``NB_DATA`` no son válidas.
        RuntimeError: si se pide el perfil ``gpu`` y TensorFlow no ve ninguna, o si Keras ya estaba
            cargado con otro motor.
    """
    profile, data = _setting("NB_PROFILE", PROFILES), data_mode()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
    ignored = ignore_keras_settings()
    with quiet_stderr():
        import keras
        import tensorflow as tf

        gpus = tf.config.list_physical_devices("GPU")
    tf.get_logger().setLevel("ERROR")  # en un cuaderno escribiría sus avisos entre las salidas
    if profile == "gpu" and not gpus:
        raise RuntimeError(
            "Has pedido NB_PROFILE=gpu, pero TensorFlow no ve ninguna GPU. "
            "Ejecuta «python -m helpers doctor» para saber por qué, o usa NB_PROFILE=cpu."
        )
    _use_series_settings(keras)
    keras.utils.set_random_seed(seed)

    from helpers.plotting import style

    style.apply()
    soften_asserts()
    if ignored:
        print(f"Aquí no hago caso de {ignored}: es de otro proyecto.")
    origin = "datos de muestra" if data == "sample" else "datos originales"
    print(f"Listo: semilla {seed} · perfil {profile} · {origin}")
    return Runtime(profile, data)


@contextlib.contextmanager
def seeded(seed: int):
    """Los pesos que se creen dentro salen de ``seed`` (Keras toma sus semillas de ``random``)."""
    before = random.getstate()
    random.seed(seed)
    try:
        yield
    finally:
        random.setstate(before)


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


def no_longer_holds(code: str, message=None) -> None:
    """Dice que una comprobación del cuaderno ha dejado de cumplirse, sin pararlo.

    Args:
        code: lo que se comprobaba, como está escrito.
        message: el texto que llevaba el ``assert``; si lo hay, se escribe en lugar del código.
    """
    what = f"«{message}»" if message else f"`{code}`"
    print(wrapped(f"Con tus cambios, esta comprobación ya no coincide: {what}. El cuaderno sigue."))


class GentleAsserts(ast.NodeTransformer):
    """Con alguien delante, un ``assert`` de la celda que falla avisa y deja seguir.

    Quien cambia un número del cuaderno ve qué comprobación depende de él y puede seguir leyendo.
    Sin nadie delante no toca nada: al ejecutarlo un programa, el ``assert`` falla como siempre.
    Tampoco toca los de dentro de funciones y clases, que son de quien las llama, ni los de un
    ``try``, que ya dice qué hacer si fallan.
    """

    def visit_Module(self, node):
        """La celda entera."""
        return self.generic_visit(node) if someone_is_watching() else node

    def visit_Assert(self, node):
        """Cambia ``assert test, message`` por ``if not test: no_longer_holds(…)``."""
        # Por el nombre del módulo: la celda podría haber borrado cualquier otro.
        here = f"__import__({__name__!r}, fromlist=['*'])"
        call = ast.parse(f"{here}.no_longer_holds({ast.unparse(node.test)!r})").body[0]
        for part in ast.walk(call):
            ast.copy_location(part, node)
        if node.msg:
            call.value.args.append(node.msg)
        gentle = ast.copy_location(ast.If(ast.UnaryOp(ast.Not(), node.test), [call], []), node)
        return ast.fix_missing_locations(gentle)

    def _leave(self, node):
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = _leave
    visit_Try = visit_TryStar = _leave


def soften_asserts() -> None:
    """Aplica :class:`GentleAsserts` desde la celda siguiente; llamarla dos veces da lo mismo."""
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None:
        return
    # Por el nombre y no por la clase: si el módulo se recarga, la de antes es otra.
    name = GentleAsserts.__name__
    others = [t for t in shell.ast_transformers if type(t).__name__ != name]
    shell.ast_transformers[:] = [*others, GentleAsserts()]
