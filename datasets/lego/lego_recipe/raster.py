"""De triángulos a píxeles: una cámara y un z-buffer, todo en NumPy. Cuaderno 08.

De cada píxel se guarda qué se ve (color, normal, brillo, objeto) y a qué distancia; la luz se
calcula después (:mod:`lego_recipe.lighting`).
"""

from dataclasses import dataclass

import numpy as np

from lego_recipe.parts import Part

NEAR = 5.0  # milímetros: lo que está más cerca no se dibuja


@dataclass(frozen=True)
class Camera:
    """Una cámara en ``position`` (mm) que mira hacia ``target``.

    Attributes:
        width, height: píxeles de la imagen.
        focal: distancia focal en píxeles; ``None`` es una vista ortográfica de
            ``1 / zoom`` milímetros por píxel (la de la luz).
        roll: grados de inclinación.
    """

    position: np.ndarray
    target: np.ndarray
    width: int
    height: int
    focal: float | None
    roll: float = 0.0
    zoom: float = 1.0

    def axes(self) -> np.ndarray:
        """Matriz (3, 3): las filas son derecha, abajo y adelante."""
        forward = np.asarray(self.target, float) - self.position
        forward /= np.linalg.norm(forward)
        helper = (0.0, 0.0, 1.0) if abs(forward[2]) < 0.999 else (0.0, 1.0, 0.0)
        right = np.cross(forward, helper)
        right /= np.linalg.norm(right)
        down = np.cross(forward, right)
        c, s = np.cos(np.radians(self.roll)), np.sin(np.radians(self.roll))
        return np.stack([c * right + s * down, c * down - s * right, forward])

    def project(self, points: np.ndarray) -> np.ndarray:
        """Puntos (N, 3) → (N, 3): columna, fila y distancia hacia adelante."""
        x, y, z = ((np.asarray(points, float) - self.position) @ self.axes().T).T
        factor = self.zoom if self.focal is None else self.focal / np.maximum(z, NEAR)
        return np.stack([x * factor + self.width / 2, y * factor + self.height / 2, z], axis=1)

    def rays(self) -> np.ndarray:
        """Dirección (alto, ancho, 3) de cada píxel, con componente 1 hacia adelante."""
        x = (np.arange(self.width) + 0.5 - self.width / 2) / self.focal
        y = (np.arange(self.height) + 0.5 - self.height / 2) / self.focal
        right, down, forward = self.axes()
        return (x[None, :, None] * right + y[:, None, None] * down + forward).astype("float32")


class Buffers:
    """Lo que se ve en cada píxel; ``depth`` es infinito donde no hay nada dibujado."""

    def __init__(self, camera: Camera):
        shape = (camera.height, camera.width)
        self.camera = camera
        self.depth = np.full(shape, np.inf, "float32")
        self.normal = np.zeros((*shape, 3), "float32")
        self.albedo = np.zeros((*shape, 3), "float32")
        self.gloss = np.zeros(shape, "float32")
        self.owner = np.zeros(shape, "uint8")

    def draw(self, parts: list[Part], owner: int = 0) -> np.ndarray:
        """Dibuja un objeto; devuelve dónde se vería si estuviera solo (alto, ancho)."""
        alone = np.zeros(self.depth.shape, bool)
        for part in parts:
            self._draw(part, owner, alone)
        return alone

    def draw_depth(self, parts: list[Part]) -> None:
        """Dibuja solo la distancia (para las sombras)."""
        for part in parts:
            rows, columns, depth, *_ = self._fragments(part)
            np.minimum.at(self.depth, (rows, columns), depth)

    def _draw(self, part: Part, owner: int, alone: np.ndarray) -> None:
        rows, columns, depth, face, weights = self._fragments(part)
        alone[rows, columns] = True
        nearer = depth < self.depth[rows, columns]
        order = np.flatnonzero(nearer)
        order = order[np.argsort(-depth[order], kind="stable")]  # el más cercano, el último
        rows, columns, face, weights = rows[order], columns[order], face[order], weights[order]
        corners = part.faces[face]
        self.depth[rows, columns] = depth[order]
        self.normal[rows, columns] = _blend(part.normals, corners, weights)
        if part.texture is None:
            self.albedo[rows, columns] = part.colour
        else:
            height, width = part.texture.shape[:2]
            u, v = _blend(part.uv, corners, weights).T
            column = np.clip((u * width).astype(int), 0, width - 1)
            row = np.clip((v * height).astype(int), 0, height - 1)
            self.albedo[rows, columns] = part.texture[row, column]
        self.gloss[rows, columns] = part.gloss
        self.owner[rows, columns] = owner

    def _fragments(self, part: Part):
        """Los píxeles que cubre cada triángulo: fila, columna, distancia, triángulo y pesos."""
        camera = self.camera
        points = camera.project(part.vertices)
        corners = points[part.faces]
        (x0, y0), (x1, y1), (x2, y2) = (corners[:, k, :2].T for k in range(3))
        area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        low = np.floor(corners[..., :2].min(axis=1)).astype(int)
        high = np.ceil(corners[..., :2].max(axis=1)).astype(int)
        limit = np.array([camera.width, camera.height])
        low, high = np.clip(low, 0, limit), np.clip(high, 0, limit)
        span = np.maximum(high - low, 0)
        # El orden de los vértices dice si el triángulo mira hacia aquí (la fila crece hacia abajo).
        good = (area < -1e-9) & (corners[..., 2].min(axis=1) > NEAR)
        count = np.where(good, span[:, 0] * span[:, 1], 0)
        face = np.repeat(np.arange(len(count)), count)
        local = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        columns = low[face, 0] + local % np.maximum(span[face, 0], 1)
        rows = low[face, 1] + local // np.maximum(span[face, 0], 1)
        px, py = columns + 0.5, rows + 0.5
        w0 = ((x1[face] - px) * (y2[face] - py) - (x2[face] - px) * (y1[face] - py)) / area[face]
        w1 = ((x2[face] - px) * (y0[face] - py) - (x0[face] - px) * (y2[face] - py)) / area[face]
        inside = (w0 >= 0) & (w1 >= 0) & (w0 + w1 <= 1)
        rows, columns, face = rows[inside], columns[inside], face[inside]
        weights = np.stack([w0[inside], w1[inside], 1 - w0[inside] - w1[inside]], axis=1)
        z = corners[face, :, 2]
        if camera.focal is None:
            return rows, columns, (weights * z).sum(axis=1).astype("float32"), face, weights
        weights = weights / z  # en perspectiva, lo lineal en la imagen es 1/z
        total = weights.sum(axis=1, keepdims=True)
        return rows, columns, (1 / total[:, 0]).astype("float32"), face, weights / total


def _blend(values, corners, weights) -> np.ndarray:
    return (values[corners] * weights[..., None]).sum(axis=1)
