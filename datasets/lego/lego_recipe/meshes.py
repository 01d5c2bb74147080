"""Piezas de plástico hechas con triángulos: caja biselada, torneado, tubo y silueta. Cuaderno 08.

Medidas en milímetros; el eje x va a la derecha, el eje y se aleja y el eje z sube.
"""

import numpy as np

from lego_recipe.parts import Part


def box(width, depth, height, bevel=0.5, **material) -> Part:
    """Caja con las aristas redondeadas, apoyada en z = 0 y centrada en x e y.

    La cara de delante (−y) es la que lleva la textura.
    """
    half = np.array([width, depth, height]) / 2
    signs = np.array([[a, b, c] for a in (-1, 1) for b in (-1, 1) for c in (-1, 1)], float)
    vertices, normals, where = [], [], {}
    for axis in range(3):
        inset = np.full(3, min(bevel, half.min() * 0.9))
        inset[axis] = 0
        for sign in signs:
            where[axis, tuple(sign)] = len(vertices)
            vertices.append(sign * (half - inset))
            normals.append(np.eye(3)[axis] * sign[axis])
    faces = []

    def quad(a, b, c, d):
        faces.extend([(a, b, c), (a, c, d)])

    for axis in range(3):
        i, j = [k for k in range(3) if k != axis]
        for s in (-1, 1):
            corner = []
            for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
                sign = np.zeros(3)
                sign[axis], sign[i], sign[j] = s, a, b
                corner.append(where[axis, tuple(sign)])
            quad(*corner)
        # Las aristas paralelas a este eje unen las caras de los otros dos.
        for a in (-1, 1):
            for b in (-1, 1):
                low, high = np.zeros(3), np.zeros(3)
                low[axis], high[axis] = -1, 1
                low[[i, j]] = high[[i, j]] = a, b
                quad(where[i, tuple(low)], where[i, tuple(high)],
                     where[j, tuple(high)], where[j, tuple(low)])  # fmt: skip
    for sign in signs:
        faces.append(tuple(where[axis, tuple(sign)] for axis in range(3)))
    vertices, normals = np.array(vertices), np.array(normals)
    uv = np.stack([vertices[:, 0] / width + 0.5, 0.5 - vertices[:, 2] / height], axis=1)
    uv[normals[:, 1] > -0.5] = 0.02, 0.02  # solo la cara de delante lleva el dibujo
    vertices[:, 2] += half[2]
    return Part(vertices, normals, _outward(vertices, normals, faces), uv, **material)


def _outward(vertices, normals, faces) -> np.ndarray:
    """Los triángulos, con sus vértices en el orden que mira hacia fuera."""
    faces = np.array(faces)
    a, b, c = (vertices[faces[:, k]] for k in range(3))
    wrong = (np.cross(b - a, c - a) * normals[faces].mean(axis=1)).sum(axis=1) < 0
    faces[wrong] = faces[wrong][:, ::-1]
    return faces


def lathe(profile, segments=28, start=0.0, stop=360.0, crease=40.0, **material) -> Part:
    """Pieza torneada alrededor del eje z.

    Args:
        profile: puntos ``(radio, z)`` de abajo arriba, por fuera.
        start, stop: grados que se tornean; 0 mira hacia delante (−y) y crece hacia +x.
        crease: las esquinas del perfil más abiertas que este ángulo se alisan.
    """
    points = np.array(profile, float)
    step = np.diff(points, axis=0)
    normal = np.stack([step[:, 1], -step[:, 0]], axis=1)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True) + 1e-12
    angle = np.radians(np.linspace(start, stop, segments + 1))
    across = np.stack([np.sin(angle), -np.cos(angle)], axis=1)
    heights = points[:, 1]
    span = max(np.ptp(heights), 1e-9)
    vertices, normals, uv, faces = [], [], [], []
    smooth = np.cos(np.radians(crease))
    for k in range(len(step)):
        ends = []
        for end, other in ((k, k - 1), (k + 1, k + 1)):
            n = normal[k]
            if 0 <= other < len(step) and normal[other] @ n > smooth:
                n = n + normal[other]
                n = n / np.linalg.norm(n)
            ends.append(len(vertices) * (segments + 1))
            radius, z = points[end]
            vertices.append(np.column_stack([across * radius, np.full(segments + 1, z)]))
            normals.append(np.column_stack([across * n[0], np.full(segments + 1, n[1])]))
            turned = np.degrees(angle) % 360 if stop - start < 360 else np.degrees(angle)
            turned = np.where(turned > 180, turned - 360, turned) if start >= 0 else turned
            down = np.full(segments + 1, (heights.max() - z) / span)
            uv.append(np.column_stack([turned / 360 + 0.5, down]))
        i = np.arange(segments)
        low, high = ends
        faces.append(np.stack([low + i, low + i + 1, high + i + 1], axis=1))
        faces.append(np.stack([low + i, high + i + 1, high + i], axis=1))
    vertices, normals = np.concatenate(vertices), np.concatenate(normals)
    faces = _outward(vertices, normals, np.concatenate(faces))
    return Part(vertices, normals, faces, np.concatenate(uv), **material)


def tube(path, radius, segments=14, **material) -> Part:
    """Tubo de puntas redondeadas a lo largo de los puntos ``path`` (N, 3)."""
    path = np.array(path, float)
    first, last = path[0] - path[1], path[-1] - path[-2]
    first, last = first / np.linalg.norm(first), last / np.linalg.norm(last)
    caps = np.array([0.95, 0.8, 0.5, 0.05])
    reach = np.sqrt(1 - caps**2) * radius * 0.7
    centres = np.concatenate([path[0] + first * reach[::-1, None], path,
                              path[-1] + last * reach[:, None]])  # fmt: skip
    radii = radius * np.concatenate([caps[::-1], np.ones(len(path)), caps])
    along = np.gradient(centres, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    side = np.cross(along, [0.31, 0.17, 0.94] if abs(along[0, 2]) < 0.9 else [1.0, 0.1, 0.1])
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    up = np.cross(side, along)
    angle = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    ring = side[:, None] * np.cos(angle)[:, None] + up[:, None] * np.sin(angle)[:, None]
    slope = -np.gradient(radii) / (np.linalg.norm(np.gradient(centres, axis=0), axis=1) + 1e-9)
    normals = ring + along[:, None] * slope[:, None, None]
    normals = (normals / np.linalg.norm(normals, axis=2, keepdims=True)).reshape(-1, 3)
    vertices = (centres[:, None] + ring * radii[:, None, None]).reshape(-1, 3)
    i, k = np.meshgrid(np.arange(segments), np.arange(len(centres) - 1))
    a, b = k * segments + i, k * segments + (i + 1) % segments
    faces = [np.stack([a, b, b + segments], -1), np.stack([a, b + segments, a + segments], -1)]
    faces = np.concatenate([f.reshape(-1, 3) for f in faces])
    return Part(vertices, normals, _outward(vertices, normals, faces),
                np.zeros((len(vertices), 2)), **material)  # fmt: skip


def slab(outline, depth, **material) -> Part:
    """Silueta ``outline`` de puntos (x, z), vista desde su centro, con grosor ``depth`` en y."""
    points = np.array(outline, float)
    n, centre = len(points), points.mean(axis=0)
    edge = np.roll(points, -1, axis=0) - points
    edge = (edge + np.roll(edge, 1, axis=0)) / 2
    out = np.stack([edge[:, 1], -edge[:, 0]], axis=1)
    out *= np.sign(((points - centre) * out).sum(axis=1, keepdims=True) + 1e-9)
    out /= np.linalg.norm(out, axis=1, keepdims=True) + 1e-9
    vertices, normals, faces = [], [], []
    for y in (-depth / 2, depth / 2):
        flat = np.vstack([points, centre])
        vertices.append(np.column_stack([flat[:, 0], np.full(n + 1, y), flat[:, 1]]))
        normals.append(np.tile([0, np.sign(y), 0], (n + 1, 1)))
        base = 0 if y < 0 else n + 1
        faces += [(base + i, base + (i + 1) % n, base + n) for i in range(n)]
    for y in (-depth / 2, depth / 2):
        vertices.append(np.column_stack([points[:, 0], np.full(n, y), points[:, 1]]))
        normals.append(np.column_stack([out[:, 0], np.zeros(n), out[:, 1]]))
    low, high = 2 * n + 2, 3 * n + 2
    for i in range(n):
        j = (i + 1) % n
        faces += [(low + i, low + j, high + j), (low + i, high + j, high + i)]
    vertices, normals = np.concatenate(vertices), np.concatenate(normals).astype(float)
    return Part(vertices, normals, _outward(vertices, normals, faces),
                np.zeros((len(vertices), 2)), **material)  # fmt: skip
