"""La instalación completa en un Linux mínimo de verdad: sin libGL, y primero sin «ensurepip».

Descarga paquetes y necesita ser administrador, así que solo se ejecuta si se pide. Se prepara una
carpeta con un Debian mínimo y se le da a la prueba::

    debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates \
        bookworm CARPETA
    cp /etc/resolv.conf CARPETA/etc/
    mount -t proc proc CARPETA/proc && mount --bind /dev CARPETA/dev
    NB_TEST_CHROOT=CARPETA python -m pytest tests/system -s
"""

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from helpers import paths

FOLDER = os.environ.get("NB_TEST_CHROOT", "")
pytestmark = pytest.mark.skipif(not FOLDER, reason="NB_TEST_CHROOT no indica un Debian mínimo")
PLACE = "/srv/mis cuadernos – año 1"
PASS_ON = re.compile(r"^(PIP_\w+|SSL_\w+|HTTPS?_PROXY|https?_proxy)$")
SHARED_LIBRARIES = "import ctypes.util; print(ctypes.util.find_library('GL'))"


def inside(*command, cwd=PLACE):
    """Ejecuta ``command`` dentro del Debian mínimo; devuelve su código y lo que escribió."""
    env = {key: value for key, value in os.environ.items() if PASS_ON.match(key)}
    env |= {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/srv/casa", "LANG": "C.UTF-8"}
    script = 'cd "$0" && exec "$@"'
    result = subprocess.run(
        ["chroot", FOLDER, "/bin/sh", "-c", script, cwd, *command], env=env, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    print(result.stdout)
    return result.returncode, result.stdout


@pytest.fixture(scope="module")
def project():
    """Una copia de los archivos del proyecto, con una carpeta de usuario nueva."""
    place = Path(FOLDER + PLACE)
    for folder in (place, Path(FOLDER, "srv/casa")):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    listing = subprocess.run(["git", "ls-files"], cwd=paths.ROOT, capture_output=True, text=True)
    for name in listing.stdout.splitlines():
        if (paths.ROOT / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(paths.ROOT / name, place / name)
    yield place
    shutil.rmtree(place, ignore_errors=True)


def test_the_library_is_really_absent():
    """Si estuviera, lo demás no probaría nada."""
    code, text = inside("python3", "-c", SHARED_LIBRARIES, cwd="/")
    assert (code, text.strip()) == (0, "None")


def test_without_ensurepip_it_says_what_to_install(project):
    [module] = Path(FOLDER).glob("usr/lib/python3.*/ensurepip")
    hidden = module.rename(module.with_name("ensurepip.oculto"))
    try:
        code, text = inside("python3", "-m", "helpers", "lab", "--", "--version")
    finally:
        hidden.rename(module)
    assert code == 1
    assert re.search(r"sudo apt install python3\.\d+-venv", text)


def test_it_installs_and_repairs_opencv(project):
    code, text = inside("python3", "-m", "helpers", "lab", "--", "--version")
    assert code == 0, text[-2000:]
    assert "está a medias o roto" in text  # lo que dejó la prueba anterior
    assert re.search(r"Reparado: OpenCV [\d.]+ funciona sin lib\S+\.so", text)
    code, text = inside(".venv/bin/python", "-c", "import cv2; print(cv2.getNumThreads() > 0)")
    assert (code, text) == (0, "True\n")


def test_the_second_time_starts_at_once_and_doctor_is_happy(project):
    begin = time.perf_counter()
    code, text = inside("python3", "-m", "helpers", "run", "99")
    assert code == 1 and "No existe el cuaderno «99»" in text
    assert time.perf_counter() - begin < 3
    code, text = inside("python3", "-m", "helpers", "doctor")
    assert code == 0
