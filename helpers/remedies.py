"""Qué hacer ante cada problema conocido del entorno (solo biblioteca estándar)."""

import re

from helpers import environment
from helpers.environment import ACTIVE

LAB = "Ejecuta «python -m helpers lab»: crea el entorno .venv e instala lo que falta en él."
COLAB = "Ejecuta la celda de arranque del cuaderno: instala en Colab solo lo que falta."
REINSTALL = 'python -m pip install --force-reinstall --no-cache-dir "{requirement}"'
HEADLESS = (
    "A este Linux le falta una biblioteca gráfica. «python -m helpers lab» lo repara; a mano, "
    f"{ACTIVE}"
    'python -m pip install --force-reinstall --no-deps "opencv-python-headless{version}" '
    "(o, como administrador, apt install libgl1 libglib2.0-0)."
)
NUMPY = (
    "NumPy y un paquete compilado no encajan (se actualizó uno sin el otro). Reinstálalos juntos, "
    f"{ACTIVE}python -m pip install --force-reinstall -r requirements.txt, y reinicia el núcleo."
)
REDISTRIBUTABLE = (
    "A Windows le falta «Microsoft Visual C++ Redistributable»: descárgalo de la web de "
    "Microsoft, instálalo y reinicia."
)
AVX = (
    "El procesador no tiene las instrucciones (AVX) que usa TensorFlow, o la instalación está "
    "rota. Reinstala tensorflow; si sigue igual, usa Google Colab."
)
CAUSES = (
    (r"lib(GL|gthread|glib|SM|Xext|Xrender|EGL)\S*\.so", HEADLESS),
    (r"numpy\.dtype size changed|compiled using NumPy 1|_ARRAY_API|numpy\.core\.multiarray"
     r"|numpy\.\S+ .*incompatible|RuntimeError: module compiled against", NUMPY),
    (r"DLL load failed", REDISTRIBUTABLE),
    (r"GLIBC(XX)?_[\d.]+' not found", "Este Linux es demasiado antiguo para el paquete: usa uno "
     "más reciente, conda (Miniforge) o Google Colab."),
    (r"Illegal instruction|señal 4\b", AVX),
    (r"MemoryError|señal 9\b", "Se ha acabado la memoria: cierra programas y cuadernos abiertos."),
)  # fmt: skip


def remedy_for(error: str, requirement: str) -> str:
    """Qué hacer ante el error de importación ``error`` del paquete ``requirement``."""
    for pattern, remedy in CAUSES:
        if re.search(pattern, error):
            version = environment.installed_version("opencv-python")
            return remedy.format(version=f"=={version}") if remedy is HEADLESS else remedy
    return f"Reinstálalo, {ACTIVE}" + REINSTALL.format(requirement=requirement)
