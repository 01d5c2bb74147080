"""Una petición de descarga: empieza un archivo o continúa uno a medias.

Mientras llega, el archivo se llama ``<nombre>.part``; a su lado, ``<nombre>.part.json`` recuerda de
qué versión es (su ``ETag``). Fuente: RFC 9110, secciones 13.1.5 (If-Range) y 14 (Range).
"""

import http.client
import json
import re
import shutil
import ssl
import urllib.error
import urllib.request
from pathlib import Path

CHUNK = 1 << 16  # bytes
RETRY_STATUS = (408, 425, 429, 500, 502, 503, 504)
AGENT = "aprende-deep-learning"


class DataError(Exception):
    """No se pueden usar unos datos; el mensaje dice cuáles, por qué y qué hacer."""


class Interrupted(Exception):
    """La conexión falló; merece la pena repetir."""


class Refused(Exception):
    """Ese servidor no tiene lo que buscamos; repetir no sirve."""


def _explain(error) -> str:
    if isinstance(error, TimeoutError):
        return "el servidor no responde"
    return f"la conexión se cortó ({error})" if str(error) else "la conexión se cortó"


def _open(url: str, start: int, validator: str, timeout: float):
    headers = {"User-Agent": AGENT, "Accept-Encoding": "identity"}
    if start:
        headers |= {"Range": f"bytes={start}-", "If-Range": validator}
    request = urllib.request.Request(url, headers=headers)
    try:
        return urllib.request.urlopen(request, timeout=timeout)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == 416 and start:
            return None  # lo que teníamos ya no encaja con el archivo del servidor
        if error.code in RETRY_STATUS:
            raise Interrupted(f"el servidor está ocupado (código {error.code})") from None
        raise Refused(f"el servidor responde con el código {error.code}") from None
    except urllib.error.URLError as error:
        if isinstance(error.reason, ssl.SSLCertVerificationError):
            raise Refused(
                "el certificado no es de confianza (revisa la fecha del equipo; en macOS, ejecuta "
                "«Install Certificates.command» de la carpeta de Python)"
            ) from None
        if isinstance(error.reason, TimeoutError):
            raise Interrupted(_explain(error.reason)) from None
        raise Interrupted(f"no hay conexión ({error.reason})") from None
    except (OSError, http.client.HTTPException) as error:
        raise Interrupted(_explain(error)) from None


def _validator(response) -> str:
    """Lo que identifica esta versión del archivo; una ETag débil no sirve para reanudar."""
    etag = response.headers.get("ETag", "")
    return etag if etag and not etag.startswith("W/") else response.headers.get("Last-Modified", "")


def _recorded(part: Path, url: str) -> str:
    """El identificador guardado de lo ya descargado; vacío si no es de ``url``."""
    try:
        note = json.loads(part.with_name(part.name + ".json").read_text(encoding="utf-8"))
        return str(note["validator"]) if note["url"] == url else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _total(response, start: int) -> int | None:
    """Bytes del archivo completo según el servidor; -1 si lo que continúa no encaja."""
    if start:
        match = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", response.headers.get("Content-Range", ""))
        return int(match[2]) if match and int(match[1]) == start else -1
    length = response.headers.get("Content-Length", "")
    return int(length) if length.isdigit() else None


def discard(part: Path) -> None:
    """Borra una descarga a medias y su nota."""
    part.unlink(missing_ok=True)
    part.with_name(part.name + ".json").unlink(missing_ok=True)


def transfer(url: str, part: Path, size: int | None, timeout: float, progress) -> bool:
    """Deja en ``part`` el archivo completo, en una petición.

    Returns:
        ``True`` si ha continuado uno a medias.

    Raises:
        Interrupted: si la conexión falla; lo recibido queda en ``part``.
        Refused: si ese servidor no puede darlo.
        DataError: si no cabe en el disco.
    """
    validator = _recorded(part, url)
    start = part.stat().st_size if validator and part.is_file() else 0
    if size and start >= size:
        start = 0
    response = _open(url, start, validator, timeout)
    if response is None:
        discard(part)
        raise Interrupted("el archivo del servidor ha cambiado")
    with response:
        if response.status != 206:
            start = 0  # el servidor manda el archivo entero: se empieza de nuevo
        total = _total(response, start)
        if start and (total == -1 or _validator(response) not in ("", validator)):
            discard(part)
            raise Interrupted("el servidor no puede continuar la descarga")
        if size and total not in (None, size):
            raise Refused(f"el servidor ofrece {total} bytes y deberían ser {size}")
        wanted = total or size
        free = shutil.disk_usage(part.parent).free
        if wanted and wanted - start > free:
            raise DataError(
                f"No cabe en el disco: hacen falta {(wanted - start) / 1e6:.0f} MB y en "
                f"{part.parent} quedan {free / 1e6:.0f} MB. Libera espacio o define NB_CACHE_DIR "
                "con una carpeta de otro disco."
            )
        note = {"url": url, "validator": _validator(response)}
        part.with_name(part.name + ".json").write_text(json.dumps(note), encoding="utf-8")
        done = start
        with open(part, "ab" if start else "wb") as out:
            while True:
                try:
                    block = response.read(CHUNK)
                except (OSError, http.client.HTTPException) as error:
                    raise Interrupted(_explain(error)) from None
                if not block:
                    break
                out.write(block)
                done += len(block)
                if wanted and done > wanted:
                    raise Refused(f"el servidor envía más de los {wanted} bytes previstos")
                progress(done, wanted or done)
    if wanted and done < wanted:
        raise Interrupted(f"la conexión se cortó tras {done} de {wanted} bytes")
    return start > 0
