"""Una pieza hecha de triángulos y cómo moverla, en milímetros. Cuaderno 08."""

from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True)
class Part:
    """Una superficie de triángulos de un solo material.

    Attributes:
        vertices, normals: (V, 3) en milímetros; las normales, de longitud 1.
        faces: (F, 3), números de vértice.
        uv: (V, 2) entre 0 y 1, dónde cae cada vértice en ``texture``.
        colour: RGB de 0 a 255, si no hay textura.
        texture: dibujo RGB ``uint8`` (alto, ancho, 3) o ``None``.
        gloss: brillo, de 0 (mate) a 1 (plástico nuevo).
    """

    vertices: np.ndarray
    normals: np.ndarray
    faces: np.ndarray
    uv: np.ndarray
    colour: tuple[float, float, float] = (200, 200, 200)
    texture: np.ndarray | None = None
    gloss: float = 0.6

    def moved(self, matrix: np.ndarray) -> "Part":
        """La pieza tras una transformación rígida (o escala) 4×4."""
        normals = self.normals @ np.linalg.inv(matrix[:3, :3])
        normals /= np.linalg.norm(normals, axis=1, keepdims=True) + 1e-12
        return replace(
            self, vertices=self.vertices @ matrix[:3, :3].T + matrix[:3, 3], normals=normals
        )

    def warped(self, function) -> "Part":
        """La pieza con sus vértices cambiados por ``function(vertices)``; normales iguales."""
        return replace(self, vertices=function(self.vertices.copy()))


def move(x=0.0, y=0.0, z=0.0) -> np.ndarray:
    """Matriz 4×4 de traslación."""
    matrix = np.eye(4)
    matrix[:3, 3] = x, y, z
    return matrix


def turn(axis: str, degrees: float) -> np.ndarray:
    """Matriz 4×4 de giro alrededor del eje «x», «y» o «z»."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    i, j = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    matrix = np.eye(4)
    matrix[i, i] = matrix[j, j] = c
    matrix[j, i], matrix[i, j] = s, -s
    return matrix


def scale(x, y=None, z=None) -> np.ndarray:
    """Matriz 4×4 de escala."""
    return np.diag([x, x if y is None else y, x if z is None else z, 1.0])
