"""Los fallos de una instalación, explicados: qué ha pasado y qué hacer."""

import os
import platform
import re
import shutil
import sys
from pathlib import Path

NEEDED_GB = 4  # el entorno ocupa unos 3 GB, y las descargas pasan antes por el disco


class SetupError(Exception):
    """No se ha podido preparar el entorno. El mensaje dice por qué y qué hacer."""


NETWORK = (
    "No se han podido descargar los paquetes: no hay conexión con el servidor.\n"
    "  Comprueba la red (y, en una empresa o universidad, el proxy: variable HTTPS_PROXY) y\n"
    "  repite la orden. Lo que ya se descargó está guardado: continuará donde lo dejó."
)
CERTIFICATE = (
    "La descarga se ha rechazado porque no se reconoce el certificado del servidor.\n"
    "  Suele pasar cuando un antivirus o el proxy de una empresa inspecciona la red. Indica su\n"
    "  certificado en las variables PIP_CERT y SSL_CERT_FILE, corrige la hora del equipo si no es\n"
    "  la buena, y repite la orden."
)
DISK = (
    f"Se ha llenado el disco. Hacen falta unos {NEEDED_GB} GB libres.\n"
    "  Borra lo que no uses («python -m pip cache purge» libera las descargas de pip), o mueve\n"
    "  esta carpeta a otro disco, y repite la orden. Si lo que se llena es la carpeta temporal,\n"
    "  indica otra en la variable TMPDIR (TEMP en Windows)."
)
PERMISSION = (
    "No hay permiso para escribir en la carpeta del entorno.\n"
    "  Cierra los programas que lo estén usando (JupyterLab, VS Code, una consola con el entorno\n"
    "  activado), comprueba que la carpeta del proyecto es tuya, y repite la orden."
)
LONG_PATH = (
    "Windows no admite rutas tan largas en esta carpeta.\n"
    "  Mueve el proyecto a una ruta corta, como C:\\aprende, o activa las rutas largas de Windows\n"
    "  (LongPathsEnabled), y repite la orden."
)
CONFLICT = (
    "pip dice que los requisitos no encajan entre sí.\n"
    "  Mira si tienes restricciones propias en la configuración de pip («python -m pip config\n"
    "  list», variable PIP_CONSTRAINT), quítalas para este proyecto y repite la orden."
)
INTERRUPTED_DOWNLOAD = (
    "Una descarga ha llegado incompleta.\n"
    "  Vacía las descargas guardadas con «python -m pip cache purge» y repite la orden."
)
# En este orden: la primera que aparece manda (sin red, pip también dice «no matching»).
SIGNS = (
    (r"No space left on device|Errno 28|os error 28|WinError 112", DISK),
    (r"CERTIFICATE_VERIFY_FAILED|SSLCertVerification|invalid peer certificate", CERTIFICATE),
    (r"NewConnectionError|Failed to establish a new connection|Name or service not known|"
     r"Temporary failure in name resolution|getaddrinfo failed|Max retries exceeded|"
     r"ConnectTimeout|ReadTimeout|timed out|ProxyError|Connection (refused|reset|aborted)|"
     r"Could not fetch URL|Network is unreachable|dns error", NETWORK),
    (r"LongPathsEnabled|[Ll]ong [Pp]ath|WinError 206", LONG_PATH),
    (r"Permission denied|Read-only file system|Errno 13|Errno 30|WinError (5|32)\b", PERMISSION),
    (r"DO NOT MATCH THE HASHES|IncompleteRead|BadZipFile|hash mismatch", INTERRUPTED_DOWNLOAD),
    (r"ResolutionImpossible|conflicting dependencies", CONFLICT),
)  # fmt: skip


def explain(output: str, step: str) -> str:
    """El mensaje para un instalador que ha fallado, según lo que escribió."""
    for pattern, message in SIGNS:
        if re.search(pattern, output):
            return message
    missing = re.search(r"No matching distribution found for (\S+)", output)
    if missing:
        return (
            f"No hay una versión de «{missing[1]}» para este Python ({platform.python_version()}, "
            f"{platform.system()} {platform.machine()}).\n  Prueba con otro Python entre 3.11 y "
            "3.13, o abre los cuadernos en Google Colab, que no necesita instalar nada."
        )
    last = [line for line in output.strip().splitlines() if line.strip()][-6:]
    detail = "\n".join("    " + line for line in last) or "    (no dijo por qué)"
    return f"Ha fallado este paso: {step}.\n  Lo último que dijo:\n{detail}"


def check_platform(system="", machine="", bits=0) -> None:
    """Detiene la instalación donde TensorFlow no se publica.

    Raises:
        SetupError: en un Mac con Intel, Windows con ARM, Alpine (musl) o un Python de 32 bits.
    """
    system, machine = system or platform.system(), (machine or platform.machine()).lower()
    bits = bits or (64 if sys.maxsize > 2**32 else 32)
    reason = ""
    if bits == 32:
        reason = "este Python es de 32 bits: instala el de 64"
    elif system == "Darwin" and machine == "x86_64":
        reason = "ya no se publica para los Mac con procesador Intel (si el tuyo es un M1 o " \
                 "posterior, instala un Python para arm64)"  # fmt: skip
    elif system == "Windows" and machine in ("arm64", "aarch64"):
        reason = "no se publica para Windows con ARM: instala el Python de 64 bits para x86-64"
    elif system == "Linux" and "musl" in (platform.libc_ver()[0] or _linker()):
        reason = "no se publica para Alpine (musl): usa una imagen de Debian o Ubuntu"
    if reason:
        raise SetupError(
            f"TensorFlow no se puede instalar aquí: {reason}.\n"
            "  También puedes abrir los cuadernos en Google Colab, sin instalar nada."
        )


def _linker() -> str:
    return "musl" if list(Path("/lib").glob("ld-musl-*")) else ""


def check_disk(folder: Path, needed_gb: float = NEEDED_GB) -> None:
    """Comprueba antes de empezar que cabe.

    Raises:
        SetupError: si en el disco de ``folder`` quedan menos de ``needed_gb``.
    """
    try:
        free = shutil.disk_usage(folder).free / 1e9
    except OSError:  # no se sabe: se intenta
        return
    if free < needed_gb:
        raise SetupError(
            f"Quedan {free:.1f} GB libres en el disco de {folder}, y el entorno necesita unos "
            f"{needed_gb} GB.\n  Borra lo que no uses, o mueve la carpeta del proyecto a otro "
            "disco, y repite la orden. No se ha instalado nada."
        )


def check_folder(folder: Path, separator: str = os.pathsep) -> None:
    """Comprueba que en esa carpeta se puede crear un entorno.

    Raises:
        SetupError: si su nombre lleva «:» (en Windows, «;»), que los entornos no admiten.
    """
    if separator in str(folder):
        raise SetupError(
            f"El nombre de la carpeta ({folder}) contiene «{separator}», y ahí no se puede crear "
            "un entorno de Python.\n  Cámbiale el nombre y repite la orden."
        )
