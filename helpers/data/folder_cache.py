"""Guardar las imágenes ya decodificadas, y no usarlas nunca si algo ha cambiado. Cuaderno 05.

Un archivo por carpeta en ``datasets/cache/imagenes``: la huella de los archivos (nombres, tamaños
y fechas), las etiquetas y los píxeles. Si la huella no es la de ahora, o el archivo está dañado,
es como si no existiera: se decodifica otra vez y se sustituye.
"""

import contextlib
import hashlib
import json
import os
import tempfile
from pathlib import Path

import numpy as np

MAGIC = b"NBIMAG1\n"
ALIGN = 1 << 16  # en Windows, un archivo se proyecta en trozos de 64 kB
PREFIX = len(MAGIC) + 8 + 16


def _digest(head: bytes) -> bytes:
    return hashlib.blake2b(head, digest_size=16).digest()


def location(root: Path, options: str) -> Path:
    """El archivo de la caché para esa carpeta y esas opciones."""
    from helpers.data import originals

    name = f"{os.path.realpath(root)}\0{options}".encode(errors="surrogateescape")
    code = hashlib.blake2b(name, digest_size=6).hexdigest()
    stem = "".join(c if c.isalnum() else "_" for c in Path(root).stem)[:40]
    return originals.cache_dir() / "imagenes" / f"{stem}-{code}.bin"


def _checksum(array: np.ndarray) -> int:
    """Suma de control muy rápida: cualquier byte cambiado la cambia."""
    flat = array.reshape(-1).view(np.uint8)
    cut = flat.size // 8 * 8
    words = flat[:cut].view(np.uint64)
    total = int(np.add.reduce(words, dtype=np.uint64)) + int.from_bytes(flat[cut:].tobytes())
    return total % (1 << 64)


def write(path: Path, key: str, arrays: dict[str, np.ndarray], facts: dict) -> bool:
    """Guarda ``arrays`` y ``facts`` con su huella; ``False`` si no se puede (disco lleno…)."""
    layout, at = {}, 0
    for name, array in arrays.items():
        layout[name] = [array.dtype.str, list(array.shape), at, _checksum(array)]
        at = -(-(at + array.nbytes) // ALIGN) * ALIGN
    head = json.dumps({"key": key, "arrays": layout, "facts": facts}).encode()
    start = -(-(PREFIX + len(head)) // ALIGN) * ALIGN
    draft = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(MAGIC + len(head).to_bytes(8, "little") + _digest(head) + head)
            for name, array in arrays.items():
                file.seek(start + layout[name][2])
                file.write(np.ascontiguousarray(array).data)
            file.truncate(start + at)
        os.replace(draft, path)
        return True
    except OSError:
        return False
    finally:
        with contextlib.suppress(OSError, TypeError):
            os.unlink(draft)


def read(path: Path, key: str) -> tuple[dict[str, np.ndarray], dict] | None:
    """Lo guardado con esa huella, o ``None`` si no hay, es de antes o está dañado.

    Los arrays se leen del disco según se usan y se pueden modificar: el archivo no cambia.
    """
    try:
        with open(path, "rb") as file:
            prefix = file.read(PREFIX)
            length = int.from_bytes(prefix[len(MAGIC) : len(MAGIC) + 8], "little")
            head = file.read(min(length, 1 << 28))
        if not prefix.startswith(MAGIC) or _digest(head) != prefix[len(MAGIC) + 8 :]:
            return None
        head = json.loads(head)
        if head["key"] != key:
            return None
        start, arrays = -(-(PREFIX + length) // ALIGN) * ALIGN, {}
        for name, (kind, shape, at, check) in head["arrays"].items():
            array = np.memmap(path, kind, "c", start + at, tuple(shape)).view(np.ndarray)
            if _checksum(array) != check:
                return None
            arrays[name] = array
        return arrays, head["facts"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, MemoryError):
        return None
