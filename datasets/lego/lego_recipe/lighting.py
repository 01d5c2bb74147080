"""La luz y la cámara: sombras, brillos, desenfoque, color y grano. Cuaderno 08."""

from dataclasses import dataclass

import cv2
import numpy as np

from lego_recipe import grounds
from lego_recipe.raster import Buffers, Camera

SHADOW_PIXELS = 760


@dataclass(frozen=True)
class Light:
    """La iluminación de una escena.

    Attributes:
        direction: hacia dónde está la luz principal, de longitud 1.
        strength, ambient: intensidad de la principal y de la que llega de todas partes.
        softness: milímetros de penumbra.
        tint: RGB relativo de la luz principal.
    """

    direction: np.ndarray
    strength: float
    ambient: float
    softness: float
    tint: np.ndarray


def random_light(rng: np.random.Generator) -> Light:
    """Sol, ventana, lámpara o día nublado."""
    height, around = np.radians(rng.uniform(28, 72)), rng.uniform(0, 2 * np.pi)
    direction = np.array([np.cos(height) * np.cos(around), np.cos(height) * np.sin(around),
                          np.sin(height)])  # fmt: skip
    if direction[1] > 0.35 and rng.random() < 0.6:  # casi nadie fotografía a contraluz
        direction[1] *= -1
    warm = rng.uniform(-0.16, 0.2)
    return Light(direction, rng.uniform(0.55, 1.25), rng.uniform(0.28, 0.6), rng.uniform(1.0, 9.0),
                 np.array([1 + warm, 1 + 0.25 * warm, 1 - warm]))  # fmt: skip


def add_surroundings(buffers: Buffers, ground, backdrop, wall: float, angle: float) -> None:
    """Pinta el suelo (z = 0) y el fondo (y = ``wall``) donde no haya objetos."""
    camera = buffers.camera
    rays = camera.rays()
    y, z = rays[..., 1], rays[..., 2]
    with np.errstate(divide="ignore", invalid="ignore"):
        floor = np.where(z < -1e-6, -camera.position[2] / z, np.inf)
        back = np.where(y > 1e-6, (wall - camera.position[1]) / y, np.inf)
    floor, back = floor.astype("float32"), back.astype("float32")
    depth = np.where(np.isfinite(np.minimum(floor, back)), np.minimum(floor, back), 5000)
    empty = depth < buffers.depth
    point = (camera.position + rays * depth[..., None]).astype("float32")
    c, s = np.cos(angle), np.sin(angle)
    pixels = grounds.SIDE / grounds.SPAN
    u = ((c * point[..., 0] + s * point[..., 1]) * pixels + grounds.SIDE / 2).astype("float32")
    v = ((s * point[..., 0] - c * point[..., 1]) * pixels + grounds.SIDE / 2).astype("float32")
    under = cv2.remap(ground, u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    u = (point[..., 0] / 900 + 0.5) * backdrop.shape[1]
    v = (1 - point[..., 2] / 420) * backdrop.shape[0]
    behind = cv2.remap(backdrop, u.astype("float32"), v.astype("float32"), cv2.INTER_LINEAR,
                       borderMode=cv2.BORDER_REFLECT)  # fmt: skip
    on_floor = floor <= back
    colour = np.where(on_floor[..., None], under, behind)
    buffers.albedo[empty] = colour[empty]
    buffers.normal[empty] = np.where(on_floor[..., None], (0, 0, 1), (0, -1, 0))[empty]
    buffers.gloss[empty] = 0.06
    buffers.depth[empty] = depth[empty]


def _shadow(point, objects, light: Light, rng) -> np.ndarray:
    """Cuánta luz principal llega a cada punto, de 0 (sombra) a 1."""
    corners = np.concatenate([p.vertices for parts in objects for p in parts] or [np.zeros((1, 3))])
    low, high = corners.min(axis=0), corners.max(axis=0)
    centre, reach = (low + high) / 2, float(np.linalg.norm(high - low)) / 2 + 12
    camera = Camera(centre + light.direction * (reach + 20), centre, SHADOW_PIXELS, SHADOW_PIXELS,
                    None, zoom=SHADOW_PIXELS / (2 * reach))  # fmt: skip
    seen = Buffers(camera)
    for parts in objects:
        seen.draw_depth(parts)
    axes = camera.axes().astype("float32")
    local = (point - camera.position.astype("float32")) @ axes.T
    u = local[..., 0] * np.float32(camera.zoom) + SHADOW_PIXELS / 2
    v = local[..., 1] * np.float32(camera.zoom) + SHADOW_PIXELS / 2
    total = np.zeros(u.shape, "float32")
    taps = 10
    for k in range(taps):
        radius, angle = light.softness * np.sqrt((k + 0.5) / taps), 2.4 * k
        du, dv = (radius * camera.zoom * f(angle) for f in (np.cos, np.sin))
        depth = cv2.remap(np.where(np.isfinite(seen.depth), seen.depth, 1e6).astype("float32"),
                          (u + du).astype("float32"), (v + dv).astype("float32"),
                          cv2.INTER_NEAREST, borderValue=1e6)  # fmt: skip
        total += local[..., 2] < depth + 1.2 + 0.35 * radius
    return cv2.GaussianBlur(total / taps, (0, 0), 1.5)


def _smooth(low, high, x):
    t = np.clip((x - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def shade(buffers: Buffers, objects, light: Light, rng) -> np.ndarray:
    """Luz lineal (alto, ancho, 3) de lo que hay en ``buffers``; ``objects`` dan sombra."""
    camera = buffers.camera
    rays = camera.rays()
    point = (camera.position + rays * buffers.depth[..., None]).astype("float32")
    view = -rays / np.linalg.norm(rays, axis=2, keepdims=True)
    normal = buffers.normal / (np.linalg.norm(buffers.normal, axis=2, keepdims=True) + 1e-6)
    direction = light.direction.astype("float32")
    lit = np.clip(normal @ direction, 0, 1) * _shadow(point, objects, light, rng)
    scale = camera.focal / float(np.median(buffers.depth))  # píxeles por milímetro
    shallow = np.minimum(buffers.depth, np.median(buffers.depth) * 2.2)
    occlusion = np.ones_like(shallow)
    for radius, amount in ((2.2, 0.35), (7.0, 0.4)):
        behind = shallow - cv2.GaussianBlur(shallow, (0, 0), radius * scale)
        occlusion -= amount * np.clip(behind / (radius * 1.6), 0, 1)
    near_floor = np.where(buffers.owner > 0, 0.72 + 0.28 * _smooth(0, 14, point[..., 2]), 1)
    sky = 0.62 + 0.38 * normal[..., 2]
    albedo = (buffers.albedo / 255) ** np.float32(2.2)
    image = albedo * (
        light.strength * light.tint * lit[..., None]
        + (light.ambient * sky * occlusion * near_floor)[..., None]
    )
    half = view + direction
    half /= np.linalg.norm(half, axis=2, keepdims=True)
    facing = np.clip((normal * view).sum(axis=2), 0, 1)
    shine = np.clip((normal * half).sum(axis=2), 0, 1) ** 70 * (lit > 0.02) * lit**0.3
    mirror = 2 * facing[..., None] * normal - view
    window = _smooth(0.62, 0.72, mirror @ np.array([-0.5, -0.45, 0.74], "float32"))
    edge = 0.04 + 0.5 * (1 - facing) ** 4
    sky_seen = 0.4 + 0.6 * mirror[..., 2].clip(0)
    reflected = (0.10 * window + 0.35 * edge * sky_seen) * light.ambient
    gloss = buffers.gloss * (0.55 * shine * light.strength + reflected)
    return (image + gloss[..., None] * light.tint).astype("float32")


def develop(image, depth, rng: np.random.Generator) -> np.ndarray:
    """De luz lineal a foto RGB ``uint8``: enfoque, exposición, color y viñeta."""
    focus = float(np.percentile(depth[depth < np.percentile(depth, 70)], rng.uniform(20, 80)))
    strength = rng.uniform(0.0, 1.5) * image.shape[0] / 416
    away = np.clip(np.abs(depth - focus) / focus, 0, 1.2) * strength
    result = image
    for low, sigma in ((0.25, 0.5), (0.6, 1.0), (1.2, 2.0), (2.4, 4.0)):
        if away.max() > low:
            blurred = cv2.GaussianBlur(image, (0, 0), sigma)
            share = cv2.GaussianBlur(
                _smooth(low * 0.7, low * 1.4, away).astype("float32"), (0, 0), 3
            )
            result = result * (1 - share[..., None]) + blurred * share[..., None]
    height, width = depth.shape
    y, x = np.mgrid[:height, :width].astype("float32")
    corner = ((x / width - 0.5) ** 2 + (y / height - 0.5) ** 2)[..., None]
    exposure = 0.62 / (np.percentile(result, 82) + 0.12) * rng.uniform(0.72, 1.1)
    result = result * exposure * (1 - rng.uniform(0, 0.8) * corner)
    result = result * (1 + result * 0.18) / (1 + result * 0.55) * 1.12
    tint = 1 + rng.normal(0, 0.035, 3)
    result = np.clip(result * tint, 0, 1) ** (1 / 2.2)
    grey = result.mean(axis=2, keepdims=True)
    result = grey + (result - grey) * rng.uniform(0.8, 1.12)
    result = 0.5 + (result - 0.5) * rng.uniform(0.85, 1.12)
    return (np.clip(result, 0, 1) * 255 + 0.5).astype("uint8")
