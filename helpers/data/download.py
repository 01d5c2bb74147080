"""Descargas que se pueden dejar a medias: se reanudan, se comprueban y solo entonces se guardan.

Mientras llega, el archivo se llama ``<nombre>.part``; a su lado, ``<nombre>.part.json`` recuerda de
qué versión es (su ``ETag``). Fuente: RFC 9110, secciones 13.1.5 (If-Range) y 14 (Range).
"""

import http.client
import json
import os
import re
import shutil
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

CHUNK = 1 << 16  # bytes
RETRY_STATUS = (408, 425, 429, 500, 502, 503, 504)
AGENT = "aprende-deep-learning"


class DataError(Exception):
    """No se pueden usar unos datos; el mensaje dice cuáles, por qué y qué hacer."""


class _Interrupted(Exception):
    """La conexión falló; merece la pena repetir."""


class _Refused(Exception):
    """Ese servidor no tiene lo que buscamos; repetir no sirve."""


@dataclass(frozen=True)
class Policy:
    """Paciencia: segundos sin recibir nada, intentos seguidos sin avanzar y primera pausa."""

    timeout: float = 30.0
    attempts: int = 4
    pause: float = 1.0


PATIENT = Policy()


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
            raise _Interrupted(f"el servidor está ocupado (código {error.code})") from None
        raise _Refused(f"el servidor responde con el código {error.code}") from None
    except urllib.error.URLError as error:
        if isinstance(error.reason, ssl.SSLCertVerificationError):
            raise _Refused(
                "el certificado no es de confianza (revisa la fecha del equipo; en macOS, ejecuta "
                "«Install Certificates.command» de la carpeta de Python)"
            ) from None
        if isinstance(error.reason, TimeoutError):
            raise _Interrupted(_explain(error.reason)) from None
        raise _Interrupted(f"no hay conexión ({error.reason})") from None
    except (OSError, http.client.HTTPException) as error:
        raise _Interrupted(_explain(error)) from None


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
    """Bytes del archivo completo según el servidor, si lo dice."""
    if start:
        match = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", response.headers.get("Content-Range", ""))
        if not match or int(match[1]) != start:
            raise _Refused("el servidor no sabe continuar una descarga")
        return int(match[2])
    length = response.headers.get("Content-Length", "")
    return int(length) if length.isdigit() else None


def discard(part: Path) -> None:
    """Borra una descarga a medias y su nota."""
    part.unlink(missing_ok=True)
    part.with_name(part.name + ".json").unlink(missing_ok=True)


def _transfer(url, part, size, timeout, progress) -> bool:
    """Una petición: deja ``part`` completo. ``True`` si ha continuado uno a medias."""
    validator = _recorded(part, url)
    start = part.stat().st_size if validator and part.is_file() else 0
    if size and start >= size:
        start = 0
    response = _open(url, start, validator, timeout)
    if response is None:
        discard(part)
        raise _Interrupted("el archivo del servidor ha cambiado")
    with response:
        if response.status != 206 or _validator(response) not in ("", validator):
            if response.status == 206:
                discard(part)
                raise _Interrupted("el archivo del servidor ha cambiado")
            start = 0
        total = _total(response, start)
        if size and total not in (None, size):
            raise _Refused(f"el servidor ofrece {total} bytes y deberían ser {size}")
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
                    raise _Interrupted(_explain(error)) from None
                if not block:
                    break
                out.write(block)
                done += len(block)
                if wanted and done > wanted:
                    raise _Refused(f"el servidor envía más de los {wanted} bytes previstos")
                progress(done, wanted or done)
    if wanted and done < wanted:
        raise _Interrupted(f"la conexión se cortó tras {done} de {wanted} bytes")
    return start > 0


def fetch(
    urls: tuple[str, ...],
    target: Path,
    verify: Callable[[Path], bool],
    *,
    part: Path | None = None,
    size: int | None = None,
    policy: Policy = PATIENT,
    progress: Callable[[int, int], None] = lambda done, total: None,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Descarga en ``target`` la primera de ``urls`` que pase ``verify``.

    ``target`` solo aparece, de una vez, cuando el archivo está completo y comprobado.

    Args:
        verify: recibe el archivo completo y dice si es el auténtico.
        part: dónde se guarda mientras llega; por omisión, ``<target>.part``.
        size: bytes esperados, si se conocen.
        progress: se llama con (bytes recibidos, bytes totales).

    Raises:
        DataError: si ninguna dirección lo da; el mensaje dice qué falló en cada una.
        OSError: si no se puede escribir.
    """
    part = part or target.with_name(target.name + ".part")
    failures = []
    for url in urls:
        attempt = 0
        while attempt < policy.attempts:
            before = part.stat().st_size if part.is_file() else 0
            try:
                resumed = _transfer(url, part, size, policy.timeout, progress)
                if verify(part):
                    os.replace(part, target)
                    discard(part)
                    return
                discard(part)
                if not resumed:
                    raise _Refused(
                        "lo que llega no es el archivo auténtico (su huella no coincide)"
                    )
                reason = "lo reanudado no encajaba"  # se repite desde cero
            except _Interrupted as error:
                reason = str(error)
            except _Refused as error:
                discard(part)
                failures.append(f"{url}: {error}")
                break
            moved = part.is_file() and part.stat().st_size > before
            attempt = 1 if moved else attempt + 1
            if attempt < policy.attempts:
                sleep(policy.pause * 2 ** (attempt - 1))
        else:
            failures.append(f"{url}: {reason}")
    raise DataError("\n".join(failures))
