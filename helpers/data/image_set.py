"""Un conjunto de imágenes con su clase, listo para entrenar. Cuaderno 05."""

from dataclasses import dataclass, field

import numpy as np

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
