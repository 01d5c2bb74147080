"""Un conjunto de imágenes con su clase, listo para entrenar. Cuaderno 05."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from helpers import atomic
from helpers.console import number


@dataclass(frozen=True)
class ImageSet:
    """Imágenes del mismo tamaño y la clase de cada una.

    Attributes:
        images: ``uint8`` de forma (n, alto, ancho, 3) en RGB, o (n, alto, ancho, 1) en gris.
        labels: ``int64`` de forma (n,): la posición de su clase en ``names``.
        names: nombres de las clases, en orden alfabético.
        paths: ruta de cada imagen dentro de la carpeta, con ``/``.
        groups: ``int64`` de forma (n,), el clip del que sale cada imagen, leído en el nombre de
            su archivo; o ``None`` si los nombres no lo dicen.
        unreadable: (ruta, motivo) de cada archivo que no se pudo leer y no está en ``images``.
        resized: cuántas imágenes tenían otro tamaño y se han ajustado.
    """

    images: np.ndarray
    labels: np.ndarray
    names: list[str]
    paths: list[str]
    groups: np.ndarray | None = None
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    resized: int = 0

    def __len__(self) -> int:
        return len(self.labels)

    def counts(self) -> dict[str, int]:
        """Cuántas imágenes tiene cada clase."""
        found = np.bincount(self.labels, minlength=len(self.names))
        return dict(zip(self.names, found.tolist()))

    def save(self, path, key: str) -> None:
        """Guarda el conjunto en un ``.npz``, con la huella ``key`` de los archivos de que sale.

        Raises:
            OSError: si no se puede escribir; lo que hubiera no cambia.
        """
        facts = {"key": key, "names": self.names, "paths": self.paths, "resized": self.resized}
        text = json.dumps(facts | {"unreadable": self.unreadable})  # ASCII: vale cualquier nombre
        groups = np.zeros(0, np.int64) if self.groups is None else self.groups
        with atomic.draft(path) as part:
            np.savez(part, images=self.images, labels=self.labels, groups=groups, facts=text)

    @classmethod
    def restore(cls, path: Path, key: str) -> "ImageSet | None":
        """Lo que guardó :meth:`save` con esa misma huella; ``None`` si no hay o está dañado."""
        try:
            with np.load(path, allow_pickle=False) as stored:
                facts = json.loads(stored["facts"].item())
                if facts.pop("key") != key:
                    return None
                facts["unreadable"] = [tuple(pair) for pair in facts["unreadable"]]
                groups = stored["groups"] if len(stored["groups"]) else None
                return cls(stored["images"], stored["labels"], groups=groups, **facts)
        except Exception:  # no está, o está dañado de la manera que sea: como si no estuviera
            return None

    def __str__(self) -> str:
        shape = "×".join(map(str, self.images.shape[1:]))
        text = (
            f"{number(len(self))} imágenes de {shape} en {len(self.names)} clases "
            f"({number(self.images.nbytes / 1e6, 0)} MB)"
        )
        if self.groups is not None:
            text += f", de {number(len(np.unique(self.groups)))} clips"
        if self.unreadable:
            text += f"; {number(len(self.unreadable))} archivos no se pudieron leer"
        return text
