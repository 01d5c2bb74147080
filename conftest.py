"""Lo común a todas las pruebas: sin red, sin ventanas y sin comparar la salida de errores."""

import gc
import os
import sys
from pathlib import Path

TESTS = Path(__file__).parent / "tests"


def pytest_configure(config):
    if not (config.getoption("nbval", False) or config.getoption("nbval_lax", False)):
        # Los cuadernos no: un núcleo respeta esta variable y se quedaría sin figuras.
        os.environ.setdefault("MPLBACKEND", "agg")
    elif not config.getoption("nbval_sanitize_with", None):
        # Aquí y no en addopts: vale desde cualquier carpeta, y pytest sin nbval no la conoce.
        config.option.nbval_sanitize_with = str(TESTS / "nbval.cfg")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # «test» reparte las pruebas en procesos, y el primero no debe quedarse con toda la GPU.
    os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
    # Los núcleos de los cuadernos heredan PYTHONPATH, y con él el corte de red.
    folders = [str(TESTS / "no_network"), os.environ.get("PYTHONPATH", "")]
    os.environ["PYTHONPATH"] = os.pathsep.join(folder for folder in folders if folder)
    sys.path[:0] = [str(TESTS), str(TESTS / "no_network")]  # recipes y guard
    import guard

    guard.block_network()


def pytest_collection():
    gc.disable()


def pytest_collection_finish():
    # Lo que se ha importado se queda: sin esto, se repasa entero cada pocas pruebas.
    gc.freeze()
    gc.enable()


def pytest_unconfigure():
    gc.freeze()  # si no, al salir se repasa todo otra vez, y son segundos


def pytest_collectstart(collector):
    # TensorFlow escribe en la salida de errores líneas con hora y número de proceso.
    if hasattr(collector, "skip_compare"):
        collector.skip_compare += ("stderr",)
