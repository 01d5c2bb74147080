"""Los fallos de una instalación, explicados: qué ha pasado y qué hacer."""

import platform
import re
import sys
from pathlib import Path

from helpers.cli import NEEDED_GB

# En este orden: la primera seña que aparece manda (sin red, pip también dice «no matching»).
SIGNS = {
    r"No space left on device|Errno 28|WinError 112": f"""\
Se ha llenado el disco. Hacen falta unos {NEEDED_GB} GB libres.
  Borra lo que no uses («python -m pip cache purge» libera las descargas de pip), o mueve
  esta carpeta a otro disco, y repite la orden. Si lo que se llena es la carpeta temporal,
  indica otra en la variable TMPDIR (TEMP en Windows).""",
    r"CERTIFICATE_VERIFY_FAILED|SSLCertVerification": """\
La descarga se ha rechazado porque no se reconoce el certificado del servidor.
  Suele pasar cuando un antivirus o el proxy de una empresa inspecciona la red. Indica su
  certificado en las variables PIP_CERT y SSL_CERT_FILE, corrige la hora del equipo si no es
  la buena, y repite la orden.""",
    r"ensurepip is not\s+available|No module named '?(venv|ensurepip)": f"""\
A este Python le falta el módulo «venv», con el que se crean los entornos.
  En Debian o Ubuntu:  sudo apt install python3.{sys.version_info[1]}-venv
  Sin permisos de administrador, usa un Python de Miniforge. Después, repite la orden.""",
    r"NewConnectionError|Failed to establish a new connection|Name or service not known|"
    r"Temporary failure in name resolution|getaddrinfo failed|Max retries exceeded|"
    r"ConnectTimeout|ReadTimeout|timed out|ProxyError|Connection (refused|reset|aborted)|"
    r"Could not fetch URL|Network is unreachable": """\
No se han podido descargar los paquetes: no hay conexión con el servidor.
  Comprueba la red (y, en una empresa o universidad, el proxy: variable HTTPS_PROXY) y
  repite la orden. Lo que ya se descargó está guardado: continuará donde lo dejó.""",
    r"LongPathsEnabled|[Ll]ong [Pp]ath|WinError 206": """\
Windows no admite rutas tan largas en esta carpeta.
  Mueve el proyecto a una ruta corta, como C:\\aprende, o activa las rutas largas de Windows
  (LongPathsEnabled), y repite la orden.""",
    r"Permission denied|Read-only file system|Errno 13|Errno 30|WinError (5|32)\b": """\
No hay permiso para escribir en la carpeta del entorno.
  Cierra los programas que lo estén usando (JupyterLab, VS Code, una consola con el entorno
  activado), comprueba que la carpeta del proyecto es tuya, y repite la orden.""",
    r"DO NOT MATCH THE HASHES|IncompleteRead|BadZipFile": """\
Una descarga ha llegado incompleta.
  Vacía las descargas guardadas con «python -m pip cache purge» y repite la orden.""",
    r"ResolutionImpossible|conflicting dependencies": """\
pip dice que los requisitos no encajan entre sí.
  Mira si tienes restricciones propias en la configuración de pip («python -m pip config
  list», variable PIP_CONSTRAINT), quítalas para este proyecto y repite la orden.""",
}


def explain(output: str, step: str) -> str:
    """El mensaje para un instalador que ha fallado, según lo que escribió."""
    for pattern, message in SIGNS.items():
        if re.search(pattern, output):
            return message
    missing = re.search(r"No matching distribution found for (\S+)", output)
    if missing:
        return (
            f"No hay una versión de «{missing[1]}» para este Python ({platform.python_version()}, "
            f"{platform.system()} {platform.machine()}).\n  {unpublished()}\n"
            "  También puedes abrir los cuadernos en Google Colab, sin instalar nada."
        )
    last = [line for line in output.strip().splitlines() if line.strip()][-6:]
    detail = "\n".join("    " + line for line in last) or "    (no dijo por qué)"
    return f"Ha fallado este paso: {step}.\n  Lo último que dijo:\n{detail}"


def unpublished() -> str:
    """Por qué TensorFlow no se publica para este equipo, o que con otro Python sí, y qué hacer."""
    system, machine = platform.system(), platform.machine().lower()
    musl = "musl" if list(Path("/lib").glob("ld-musl-*")) else ""
    if sys.maxsize < 2**32:
        return "Este Python es de 32 bits: instala el de 64 y repite la orden."
    if system == "Darwin" and machine == "x86_64":
        return (
            "TensorFlow ya no se publica para los Mac con procesador Intel (si el tuyo es un M1 o "
            "posterior, instala un Python para arm64)."
        )
    if system == "Windows" and machine in ("arm64", "aarch64"):
        return "TensorFlow no se publica para Windows con ARM: instala el Python para x86-64."
    if system == "Linux" and (platform.libc_ver()[0] or musl) == "musl":
        return "TensorFlow no se publica para Alpine (musl): usa una imagen de Debian o Ubuntu."
    return "Prueba con otro Python, entre el 3.11 y el 3.13, y repite la orden."
