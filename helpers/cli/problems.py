"""Los fallos de una instalación, explicados: qué ha pasado y qué hacer."""

import platform
import re
import sys
from pathlib import Path

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
    "Se ha llenado el disco. Hacen falta unos 4 GB libres.\n"
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
NO_VENV = (
    "A este Python le falta el módulo «venv», con el que se crean los entornos.\n"
    f"  En Debian o Ubuntu:  sudo apt install python3.{sys.version_info[1]}-venv\n"
    "  Sin permisos de administrador, usa un Python de Miniforge. Después, repite la orden."
)
ANOTHER_PYTHON = "Prueba con otro Python, entre el 3.11 y el 3.13, y repite la orden."
# En este orden: la primera que aparece manda (sin red, pip también dice «no matching»).
SIGNS = (
    (r"No space left on device|Errno 28|WinError 112", DISK),
    (r"CERTIFICATE_VERIFY_FAILED|SSLCertVerification", CERTIFICATE),
    (r"ensurepip is not\s+available|No module named '?(venv|ensurepip)", NO_VENV),
    (r"NewConnectionError|Failed to establish a new connection|Name or service not known|"
     r"Temporary failure in name resolution|getaddrinfo failed|Max retries exceeded|"
     r"ConnectTimeout|ReadTimeout|timed out|ProxyError|Connection (refused|reset|aborted)|"
     r"Could not fetch URL|Network is unreachable", NETWORK),
    (r"LongPathsEnabled|[Ll]ong [Pp]ath|WinError 206", LONG_PATH),
    (r"Permission denied|Read-only file system|Errno 13|Errno 30|WinError (5|32)\b", PERMISSION),
    (r"DO NOT MATCH THE HASHES|IncompleteRead|BadZipFile", INTERRUPTED_DOWNLOAD),
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
            f"{platform.system()} {platform.machine()}).\n  {unpublished() or ANOTHER_PYTHON}\n"
            "  También puedes abrir los cuadernos en Google Colab, sin instalar nada."
        )
    last = [line for line in output.strip().splitlines() if line.strip()][-6:]
    detail = "\n".join("    " + line for line in last) or "    (no dijo por qué)"
    return f"Ha fallado este paso: {step}.\n  Lo último que dijo:\n{detail}"


def unpublished() -> str:
    """Por qué TensorFlow no se publica para este equipo y qué hacer; vacío si se publica."""
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
    return ""
