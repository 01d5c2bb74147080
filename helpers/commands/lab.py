"""«python -m helpers lab»: abre JupyterLab en la página de inicio de la serie."""

import os
import signal
import subprocess
import sys

from helpers import paths
from helpers.console import say


def start_page() -> str:
    """La URL de inicio: ``index.ipynb`` o, si no está, la carpeta de los cuadernos."""
    index = paths.NOTEBOOKS / "index.ipynb"
    page = index if index.is_file() else paths.NOTEBOOKS
    return f"/lab/tree/{paths.relative(page)}" if page.exists() else "/lab"


def has_screen() -> bool:
    """¿Se puede abrir un navegador en este equipo? En un servidor o por SSH, no."""
    if os.environ.get("SSH_CONNECTION"):
        return False
    if sys.platform.startswith("linux"):
        return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
                    or "microsoft" in os.uname().release.lower())  # fmt: skip
    return True


def arguments(options) -> list[str]:
    """La orden completa que abre JupyterLab."""
    command = [
        sys.executable, "-m", "jupyterlab",
        f"--ServerApp.root_dir={paths.ROOT}",
        f"--LabApp.default_url={start_page()}",
        "--log-level=WARN",
        "--LabApp.log_level=WARN",
        "--ServerApp.answer_yes=True",  # un Ctrl+C basta
        # Ni noticias ni búsqueda de versiones o extensiones por la red.
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
    ]  # fmt: skip
    if options.no_browser or not has_screen():
        command.append("--no-browser")
    if options.port:
        command.append(f"--port={options.port}")
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # lo normal dentro de un contenedor
        command.append("--allow-root")
    return command + options.extra


def environment() -> dict[str, str]:
    """Variables de JupyterLab: las de ahora y la carpeta con nuestros ajustes de fábrica.

    Esos ajustes evitan que el navegador pregunte si queremos noticias; los del lector mandan.
    """
    folders = [str(paths.ROOT / "helpers" / "jupyter"), os.environ.get("JUPYTER_CONFIG_PATH", "")]
    return {**os.environ, "JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, folders))}


def main(options) -> int:
    """Abre JupyterLab y espera a que termine. Devuelve 0, o su código si no pudo abrirse."""
    command = arguments(options)
    say("Abro JupyterLab. Para cerrarlo, pulsa Ctrl+C en esta ventana.")
    if "--no-browser" in command:
        say("Copia en tu navegador la dirección con «token» que saldrá aquí abajo.")
    if os.environ.get("SSH_CONNECTION"):
        port = options.port or 8888
        say(f"Desde tu equipo, abre antes un túnel: ssh -L {port}:localhost:{port} …")
    process = subprocess.Popen(command, cwd=paths.ROOT, env=environment())
    if os.name != "nt":  # quien nos termine a nosotros, termina también a JupyterLab
        for name in ("SIGTERM", "SIGHUP"):
            signal.signal(getattr(signal, name), lambda *_: process.terminate())
    closed = False
    while True:
        try:
            code = process.wait()
            break
        except KeyboardInterrupt:  # JupyterLab también lo recibe y guarda lo que deba
            closed = True
    if code and not closed:
        say(f"JupyterLab ha terminado con el código {code}.", sys.stderr)
        return code if code > 0 else 0
    say("JupyterLab cerrado. ¡Hasta la próxima!")
    return 0
