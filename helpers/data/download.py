"""Descargas que se pueden dejar a medias: se reanudan, se comprueban y solo entonces se guardan."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from helpers.data.transfer import DataError, Interrupted, Refused, discard, transfer


@dataclass(frozen=True)
class Policy:
    """Paciencia: segundos sin recibir nada, intentos seguidos sin avanzar y primera pausa."""

    timeout: float = 30.0
    attempts: int = 4
    pause: float = 1.0


PATIENT = Policy()


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
                resumed = transfer(url, part, size, policy.timeout, progress)
                if verify(part):
                    os.replace(part, target)
                    discard(part)
                    return
                discard(part)
                if not resumed:
                    raise Refused("lo que llega no es el archivo original (su huella no coincide)")
                reason = "lo reanudado no encajaba"  # se repite desde cero
            except Interrupted as error:
                reason = str(error)
            except Refused as error:
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
