"""Las figuras de juguete: se repiten con su semilla, las cajas son exactas y hay de todo."""

from collections import Counter

import numpy as np
import pytest

from helpers.data import images, video
from helpers.data.annotations import AnnotationError, load_voc, splits
from helpers.data.frames import open_source
from helpers.data.lego import clip, crops, dataset, figure, scenes, toys
from helpers.data.lego.meshes import box, lathe, slab, tube
from helpers.data.lego.parts import move, turn
from helpers.data.lego.raster import Buffers, Camera

MAX_MB = 12


@pytest.fixture(scope="module")
def data():
    return dataset.load()


@pytest.fixture(scope="module")
def test_data():
    return dataset.load("prueba")


def test_three_hundred_images_of_a_hundred_scenes(data):
    assert len(data) == 300 and data.labels == ["lego"] and data.report.problems == []
    assert Counter(Counter(splits.scene(a) for a in data).values()) == {3: 100}
    assert {(a.width, a.height) for a in data} == {(416, 416)}
    assert 550 < len(data.boxes) < 900 and 10 <= len(data.negatives) <= 60


def test_test_scenes_are_others(data, test_data):
    assert len(test_data) == 60 and len({splits.scene(a) for a in test_data}) == 30
    assert splits.shared_groups(data, test_data) == []
    first = {images.read(a.image_path).tobytes() for a in data}
    assert not first & {images.read(a.image_path).tobytes() for a in test_data}


def test_the_same_boxes_with_their_kinds(data):
    kinds = dataset.load(kinds=True)
    assert kinds.labels == ["agente", "astronauta", "civil", "pirata", "coche"]
    assert min(kinds.counts().values()) >= 60
    for one, several in zip(data, kinds, strict=True):
        people = [b.corners for b in several.boxes if b.label != toys.CAR]
        assert one.image_path == several.image_path and [b.corners for b in one.boxes] == people


def test_there_is_variety(data):
    heights = np.array([b.height for b in data.boxes]) / 416
    assert np.percentile(heights, 5) < 0.25 and np.percentile(heights, 95) > 0.6
    assert 0.1 < np.mean([b.truncated for b in data.boxes]) < 0.7
    assert {len(a.boxes) for a in data} >= {0, 1, 2, 3, 4}
    light = [images.read(a.image_path).mean() for a in data.annotations[::3]]
    assert np.ptp(light) > 60


def test_it_weighs_little():
    files = [f for f in dataset.FOLDER.rglob("*") if f.is_file()]
    trained = [f for f in files if f.suffix == ".keras"]
    files = [f for f in files if f not in trained]
    assert sum(f.stat().st_size for f in files) < MAX_MB * 1e6
    assert 0 < sum(f.stat().st_size for f in trained) < 5e6  # los detectores ya entrenados
    assert (dataset.FOLDER / "paseo.webm").stat().st_size < 1e6
    assert {f.suffix for f in files} <= {".jpg", ".xml", ".webm"}


def same_picture(one, two):
    """Otra versión de OpenCV o de NumPy puede redondear distinto."""
    difference = np.abs(one.astype(int) - two)
    return difference.mean() < 2 and np.percentile(difference, 99) < 12


def test_a_scene_comes_out_again_from_its_seed(tmp_path):
    dataset.build(tmp_path, numbers=[1])
    again = load_voc(tmp_path / "annotations_tipos", tmp_path / "images", dataset.KIND_LABELS)
    stored = dataset.load(kinds=True).where(lambda a: a.name.startswith("escena_001"))
    assert [a.name for a in again] == [f"escena_001_{v}" for v in "abc"]
    for new, old in zip(again, stored, strict=True):
        assert same_picture(images.read(new.image_path), images.read(old.image_path))
        assert new.labels == old.labels
        for one, two in zip(new.boxes, old.boxes):
            assert np.allclose(one.corners, two.corners, atol=2)
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "annotations",
        "annotations_tipos",
        "images",
    ]


def test_another_seed_or_split_is_another_world():
    worlds = [("escena", 1, 8), ("escena", 2, 8), ("prueba", 1, 8), ("escena", 1, 9)]
    cameras = [scenes.random_camera(dataset.scene_rng(*world)).position for world in worlds]
    assert len({tuple(np.round(position, 6)) for position in cameras}) == 4


def test_colour_alone_does_not_find_the_figures(test_data):
    """Marcar lo amarillo (las caras) encuentra pocas figuras: hace falta aprender su forma."""
    import cv2

    found = total = wrong = 0
    for annotation in test_data:
        hue = cv2.cvtColor(images.read(annotation.image_path), cv2.COLOR_RGB2HSV)
        mask = cv2.inRange(hue, (18, 110, 90), (34, 255, 255))
        count, _, stats, _ = cv2.connectedComponentsWithStats(mask)
        blobs = [(x, y, x + w, y + h) for x, y, w, h, area in stats[1:count] if area > 60]
        hits = [any(iou(b.corners, blob) >= 0.5 for blob in blobs) for b in annotation.boxes]
        found, total, wrong = found + sum(hits), total + len(hits), wrong + len(blobs) - sum(hits)
    assert found / total < 0.1 and wrong > found


def iou(a, b):
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    both = max(width, 0) * max(height, 0)
    areas = [(c[2] - c[0]) * (c[3] - c[1]) for c in (a, b)]
    return both / (sum(areas) - both)


def test_group_photo_and_clip():
    group = load_voc(dataset.FOLDER, dataset.FOLDER, ["lego"])
    assert len(group) == 1 and len(group.boxes) >= 20
    assert (group[0].width, group[0].height) == clip.GROUP_SIZE
    with open_source(dataset.FOLDER / "paseo.webm") as source:
        frames = list(source)
        assert source.size == clip.CLIP_SIZE and source.fps == pytest.approx(clip.FPS, abs=0.1)
    assert len(frames) == clip.FPS * clip.SECONDS
    assert np.abs(frames[0].astype(int) - frames[-1]).mean() > 5  # algo se mueve


def test_clip_frames_come_out_again():
    with open_source(dataset.FOLDER / "paseo.webm", limit=1) as source:
        stored = next(iter(source))
    assert np.abs(stored.astype(int) - next(clip.frames())).mean() < 6


def test_bad_requests():
    with pytest.raises(AnnotationError, match="escena o prueba"):
        dataset.load("test")
    with pytest.raises(ValueError, match="No hay escena 101"):
        next(dataset.make_scene("escena", 101))


# El motor: cosas que se comprueban a mano.


def flat_camera(width=100, height=80):
    """Mira al frente, a 100 mm: en el plano y = 0, un milímetro es un píxel."""
    return Camera(np.array([0.0, -100.0, 0.0]), np.zeros(3), width, height, 100.0)


def test_projection_by_hand():
    points = [[0, 0, 0], [10, 0, 5], [10, 100, 5]]
    assert np.allclose(
        flat_camera().project(points), [[50, 40, 100], [60, 35, 100], [55, 37.5, 200]]
    )


def test_a_box_covers_its_pixels_and_hides_what_is_behind():
    buffers = Buffers(flat_camera())
    near = box(20, 2, 30, 0.1, colour=(255, 0, 0)).moved(move(0, 1, -15))
    far = box(60, 2, 10, 0.1, colour=(0, 0, 255)).moved(move(0, 51, -5))
    alone = [buffers.draw([part], k) for k, part in ((1, near), (2, far))]
    assert abs(alone[0].sum() - 20 * 30) <= 60
    assert buffers.owner[40, 50] == 1 and buffers.owner[40, 35] == 2 and buffers.owner[5, 5] == 0
    assert buffers.albedo[40, 50].tolist() == [255, 0, 0]
    assert buffers.depth[40, 50] == pytest.approx(100, abs=0.2)
    assert np.allclose(buffers.normal[40, 50], [0, -1, 0], atol=1e-6)
    order = Buffers(flat_camera())  # da igual quién se dibuje primero
    order.draw([far], 2), order.draw([near], 1)
    assert np.array_equal(order.owner, buffers.owner)


@pytest.mark.parametrize("part", [
    box(8, 6, 10), lathe([(0, 0), (4, 0), (4, 9), (0, 9)]), tube([[0, 0, 0], [0, 0, 9]], 3),
    slab([(-3, 0), (3, 0), (3, 6), (-3, 6)], 2),
])  # fmt: skip
def test_solids_are_closed_and_look_outwards(part):
    a, b, c = (part.vertices[part.faces[:, k]] for k in range(3))
    volume = (np.cross(a, b) * c).sum() / 6  # teorema de la divergencia
    assert volume > 0
    out = (np.cross(b - a, c - a) * part.normals[part.faces].mean(axis=1)).sum(axis=1)
    assert (out >= -1e-9).all()
    assert np.allclose(np.linalg.norm(part.normals, axis=1), 1, atol=1e-6)


def test_volume_of_a_cylinder():
    part = lathe([(0, 0), (4, 0), (4, 9), (0, 9)], 90)
    a, b, c = (part.vertices[part.faces[:, k]] for k in range(3))
    assert (np.cross(a, b) * c).sum() / 6 == pytest.approx(np.pi * 16 * 9, rel=0.01)


def test_turning_and_moving():
    assert np.allclose(turn("z", 90) @ [1, 0, 0, 1], [0, 1, 0, 1])
    assert np.allclose((move(1, 2, 3) @ turn("x", 180)) @ [0, 1, 1, 1], [1, 1, 2, 1])


@pytest.mark.parametrize("kind", figure.KINDS)
def test_every_figure_stands_on_the_floor_and_measures_four_centimetres(kind):
    rng = np.random.default_rng(1)
    for _ in range(3):
        parts = figure.build(figure.random_look(rng, kind), figure.Pose())
        points = np.concatenate([part.vertices for part in parts])
        assert points[:, 2].min() == pytest.approx(0) and 36 < points[:, 2].max() < 48


@pytest.mark.parametrize("name", toys.TOYS)
def test_every_toy_is_on_the_floor(name):
    parts = scenes.place(toys.TOYS[name](np.random.default_rng(2)), 5, 6, 30)
    points = np.concatenate([part.vertices for part in parts])
    assert points[:, 2].min() == pytest.approx(0) and points[:, 2].max() < 60


def test_boxes_are_exactly_what_is_seen():
    camera = Camera(np.array([0.0, -200.0, 60.0]), np.array([0.0, 0, 15]), 200, 200, 280.0)
    rng = np.random.default_rng(3)
    parts = figure.build(figure.random_look(rng, "civil"), figure.Pose())
    wall = [box(200, 4, 21).moved(move(0, -30, 0))]  # tapa las piernas
    things = [scenes.Thing("lego", parts, "civil"), scenes.Thing("muro", wall)]
    buffers = Buffers(camera)
    areas = [float(buffers.draw(t.parts, k).sum()) for k, t in enumerate(things, 1)]
    photo = scenes.Photo(np.zeros((200, 200, 3), np.uint8), buffers.owner, things, areas)
    annotation = crops.annotate(photo, crops.whole(photo), dataset.FOLDER / "x.jpg", (200, 200))
    rows, columns = np.nonzero(buffers.owner == 1)
    assert [b.corners for b in annotation.boxes] == [
        (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)]  # fmt: skip
    share = scenes.visible(photo)[0]
    assert 0.3 < share < 0.9 and annotation.boxes[0].truncated
    half = crops.annotate(photo, (0, 0, 200, 100), dataset.FOLDER / "x.jpg", (400, 200))
    assert half.boxes[0].xmin == 2 * annotation.boxes[0].xmin  # la ventana se amplía al doble


def test_video_writer_and_clip_agree(tmp_path):
    frames = [np.full((12, 16, 3), 20 * k, np.uint8) for k in range(4)]
    path = video.write_video(tmp_path / "c.webm", frames, clip.FPS)
    with open_source(path) as source:
        assert len(list(source)) == 4
