"""Las figuras de juguete: lo incluido es lo que se dice, y su receta da las mismas cajas."""

from collections import Counter
from importlib import import_module

import cv2
import numpy as np
import pytest
import recipes

from helpers.data import images, lego
from helpers.data.boxes import AnnotationError, load_voc, splits
from helpers.data.frames import open_source

MAX_MB = 12
generate = recipes.load("datasets/lego/generate.py")
clip, crops, figure, meshes, raster, scenes, toys = (
    import_module(f"lego_recipe.{name}")
    for name in ("clip", "crops", "figure", "meshes", "raster", "scenes", "toys")
)
move = import_module("lego_recipe.parts").move


@pytest.fixture(scope="module")
def data():
    return lego.load()


@pytest.fixture(scope="module")
def test_data():
    return lego.load("prueba")


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
    kinds = lego.load(kinds=True)
    assert kinds.labels == lego.KIND_LABELS == [*figure.KINDS, toys.CAR]
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
    files = [f for f in lego.FOLDER.rglob("*") if f.is_file() and f.suffix not in (".py", ".pyc")]
    trained = [f for f in files if f.suffix == ".keras"]
    files = [f for f in files if f not in trained]
    assert sum(f.stat().st_size for f in files) < MAX_MB * 1e6
    assert 0 < sum(f.stat().st_size for f in trained) < 5e6  # los detectores ya entrenados
    assert (lego.FOLDER / "paseo.webm").stat().st_size < 1e6
    assert {f.suffix for f in files} <= {".jpg", ".xml", ".webm"}


def iou(a, b):
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    both = max(width, 0) * max(height, 0)
    areas = [(c[2] - c[0]) * (c[3] - c[1]) for c in (a, b)]
    return both / (sum(areas) - both)


def test_colour_alone_does_not_find_the_figures(test_data):
    """Marcar lo amarillo (las caras) encuentra pocas figuras: hace falta aprender su forma."""
    found = total = wrong = 0
    for annotation in test_data:
        hue = cv2.cvtColor(images.read(annotation.image_path), cv2.COLOR_RGB2HSV)
        mask = cv2.inRange(hue, (18, 110, 90), (34, 255, 255))
        count, _, stats, _ = cv2.connectedComponentsWithStats(mask)
        blobs = [(x, y, x + w, y + h) for x, y, w, h, area in stats[1:count] if area > 60]
        hits = [any(iou(b.corners, blob) >= 0.5 for blob in blobs) for b in annotation.boxes]
        found, total, wrong = found + sum(hits), total + len(hits), wrong + len(blobs) - sum(hits)
    assert found / total < 0.1 and wrong > found


def test_group_photo_and_clip():
    group = load_voc(lego.FOLDER, lego.FOLDER, ["lego"])
    assert len(group) == 1 and len(group.boxes) >= 20
    assert (group[0].width, group[0].height) == clip.GROUP_SIZE
    with open_source(lego.FOLDER / "paseo.webm") as source:
        frames = list(source)
        assert source.size == clip.CLIP_SIZE and source.fps == pytest.approx(clip.FPS, abs=0.1)
    assert len(frames) == clip.FPS * clip.SECONDS
    assert np.abs(frames[0].astype(int) - frames[-1]).mean() > 5  # algo se mueve
    assert np.abs(frames[0].astype(int) - next(clip.frames())).mean() < 6  # sale otra vez


# --- la receta ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("split", "number"), [("escena", 1), ("escena", 64), ("prueba", 30)])
def test_a_scene_comes_out_again_from_its_seed(split, number, tmp_path):
    generate.build(tmp_path, split, [number])
    made = {path.relative_to(tmp_path): path for path in tmp_path.rglob("*.*")}
    letters = generate.SCENES[split][1]
    assert Counter(path.suffix for path in made) == {".xml": 2 * len(letters), ".jpg": len(letters)}
    for name, path in made.items():
        if name.suffix == ".xml":
            assert path.read_bytes() == (lego.FOLDER / name).read_bytes(), name
        else:  # otra versión de OpenCV o de Pillow puede redondear distinto
            one, two = (images.read(p).astype(int) for p in (path, lego.FOLDER / name))
            difference = np.abs(one - two)
            assert difference.mean() < 0.5 and np.percentile(difference, 99) < 12, name


def test_bad_requests(capsys):
    with pytest.raises(AnnotationError, match="escena o prueba"):
        lego.load("test")
    with pytest.raises(ValueError, match="No hay escena 101"):
        next(generate.make_scene("escena", 101))
    with pytest.raises(SystemExit):
        generate.main(["--semilla", "9"])
    assert "di también --carpeta" in capsys.readouterr().err


def test_boxes_are_exactly_what_is_seen():
    camera = raster.Camera(np.array([0.0, -200.0, 60.0]), np.array([0.0, 0, 15]), 200, 200, 280.0)
    rng = np.random.default_rng(3)
    parts = figure.build(figure.random_look(rng, "civil"), figure.Pose())
    wall = [meshes.box(200, 4, 21).moved(move(0, -30, 0))]  # tapa las piernas
    things = [scenes.Thing("lego", parts, "civil"), scenes.Thing("muro", wall)]
    buffers = raster.Buffers(camera)
    areas = [float(buffers.draw(t.parts, k).sum()) for k, t in enumerate(things, 1)]
    photo = scenes.Photo(np.zeros((200, 200, 3), np.uint8), buffers.owner, things, areas)
    annotation = crops.annotate(photo, crops.whole(photo), lego.FOLDER / "x.jpg", (200, 200))
    rows, columns = np.nonzero(buffers.owner == 1)
    exact = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    assert [b.corners for b in annotation.boxes] == [exact]
    assert 0.3 < scenes.visible(photo)[0] < 0.9 and annotation.boxes[0].truncated
    half = crops.annotate(photo, (0, 0, 200, 100), lego.FOLDER / "x.jpg", (400, 200))
    assert half.boxes[0].xmin == 2 * annotation.boxes[0].xmin  # la ventana se amplía al doble
