"""Los deportes pintados: lo incluido es lo que se dice, se puede repetir y es difícil como debe."""

import hashlib
import re
import subprocess
import sys
import zipfile

import cv2
import numpy as np
import pytest
import recipes
from sklearn.linear_model import RidgeClassifier
from sklearn.model_selection import GroupShuffleSplit, train_test_split

from helpers import paths
from helpers.data import image_folder, images, originals, sports

RECIPE = "datasets/deportes/generate.py"
SAME_OPENCV = cv2.__version__.startswith("5.0")  # con otro, los JPEG se comprimen distinto
generate = recipes.load(RECIPE)
clips, files = generate.clips, generate.files


@pytest.fixture(scope="module")
def data():
    return sports.load()


def test_what_is_included(data):
    assert data.images.shape == (generate.IMAGES, 21, 28, 3) and data.images.dtype == np.uint8
    assert data.names == sorted(clips.SPORTS) and data.names[6] == "futbol"
    assert data.counts() == dict(sorted(clips.counts(generate.IMAGES).items()))
    assert len(np.unique(data.groups)) == len(files.plan(generate.IMAGES))
    for clip in np.unique(data.groups)[::50]:
        inside = np.flatnonzero(data.groups == clip)
        assert len(set(data.labels[inside])) == 1 and len(inside) <= clips.LONGEST
        assert len({data.paths[i].rpartition("_")[0] for i in inside}) == 1
    assert not data.unreadable and data.resized == 0


def test_the_readme_tells_the_truth(data):
    text = (paths.DATASETS / "README.md").read_text(encoding="utf-8").replace("\u202f", " ")
    content = sports.ARCHIVE.read_bytes()
    assert len(content) <= 12e6
    assert hashlib.sha256(content).hexdigest() in text
    assert f"{len(content):,}".replace(",", " ") in text
    assert f"{len(data)} imágenes JPEG de {len(np.unique(data.groups))} clips" in text
    listed = re.search(r"una de cada diez: ([\d, y]+)", text).group(1)
    assert [int(n) for n in re.findall(r"\d+", listed)] == list(data.counts().values())
    sizes = np.unique(data.groups, return_counts=True)[1]
    usual, cut = sizes[sizes >= clips.SHORTEST], sizes[sizes < clips.SHORTEST]
    assert f"entre {usual.min()} y {usual.max()}; el último de cinco deportes" in text
    assert len(cut) == 5 and f"cortado en {cut.min()} a {cut.max()})" in text


def test_a_clip_varies_little_and_two_clips_a_lot(data):
    pixels = data.images.astype(np.int16)
    same = data.groups[1:] == data.groups[:-1]
    inside = np.abs(pixels[1:] - pixels[:-1])[same].mean()
    rng = np.random.default_rng(0)
    between = []
    for label in range(10):
        rows = rng.permutation(np.flatnonzero(data.labels == label))[:200].reshape(2, -1)
        between.append(np.abs(pixels[rows[0]] - pixels[rows[1]]).mean())
    assert inside < min(between) / 2


def test_pixels_alone_are_not_enough_and_a_random_split_lies(data):
    """Un clasificador lineal acierta menos del 70 % por clips; al azar parece mucho mejor."""
    x, y = data.images.reshape(len(data), -1)[:, ::2] / np.float32(255) - 0.5, data.labels
    by_clip = next(GroupShuffleSplit(1, test_size=0.2, random_state=0).split(x, y, data.groups))
    at_random = train_test_split(np.arange(len(y)), test_size=0.2, random_state=0, stratify=y)
    honest, optimistic = (
        RidgeClassifier(300.0).fit(x[train], y[train]).score(x[test], y[test])
        for train, test in (by_clip, at_random)
    )
    assert 0.2 < honest < 0.7 and optimistic > honest + 0.08, (honest, optimistic)


def test_the_original_is_read_from_the_catalogue(tmp_path, monkeypatch):
    monkeypatch.setenv("NB_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("NB_DATA", "original")
    with zipfile.ZipFile(tmp_path / "sportimages.zip", "w") as pack:
        for sport, level in (("golf", 90), ("boxeo", 200)):
            picture = np.full((42, 56, 3), level, np.uint8)
            content = cv2.imencode(".jpg", picture)[1].tobytes()
            pack.writestr(f"sportimages/{sport}/{sport}_0001.jpg", content)
    monkeypatch.setattr(originals, "locate", lambda name: tmp_path / f"{name}.zip")
    data = sports.load()
    assert data.names == ["boxeo", "golf"] and data.images.shape == (2, 21, 28, 3)
    assert data.groups is None


# --- la receta ----------------------------------------------------------------------------------


def test_counts_are_those_of_the_article_and_clips_the_first_of_the_full_set():
    assert generate.FULL == 77_128 and list(clips.counts(77_128).values()) == list(clips.COUNTS)
    for total in (10, 1000, 7713, 30_001):
        assert sum(clips.counts(total).values()) == total
    small, full = files.plan(generate.IMAGES), set(files.plan(generate.FULL))
    last = {sport: number for sport, number, _ in small}
    assert all(job in full for job in small if job[1] < last[job[0]])
    assert sum(frames for _, _, frames in small) == generate.IMAGES


def test_clips_painted_again_are_the_ones_included():
    equal, distance = [], []
    with zipfile.ZipFile(sports.ARCHIVE) as pack:
        for sport in clips.SPORTS:
            for number in (0, 7, 31):
                for name, content in files.paint(sport, number, clips.length(sport, number)):
                    equal.append(content == pack.read(name))
                    one, two = (images.decode(c).astype(int) for c in (content, pack.read(name)))
                    distance.append(np.abs(one - two).mean())
    assert len(equal) > 250 and max(distance) < 3
    if SAME_OPENCV:  # otro procesador puede redondear algún píxel
        assert np.mean(equal) > 0.95 and max(distance) < 1


def test_photos_are_new_and_come_out_again(tmp_path):
    seen = {(sport, number) for sport, number, _ in files.plan(generate.FULL)}
    names = [path.stem.split("_") for path in sports.PHOTOS]
    assert not {(sport, int(number)) for sport, number in names} & seen
    generate.photos(tmp_path)
    for path, photo in zip(sports.PHOTOS, sports.photos(), strict=True):
        again = images.read(tmp_path / path.name)
        assert photo.shape == again.shape == (84, 112, 3)
        assert np.abs(photo.astype(int) - again).mean() < 0.2


def test_a_photo_that_is_missing_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(sports, "PHOTOS", [tmp_path / "golf_900.png"])
    with pytest.raises(images.ImageError, match=r"golf_900\.png"):
        sports.photos()


def test_the_command_paints_a_new_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("NB_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("PYTHONIOENCODING", "utf-8")
    folder = tmp_path / "deportes"
    command = [sys.executable, paths.ROOT / RECIPE, "--carpeta", folder, "--imagenes", "60"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    data = image_folder.load(folder)
    assert len(data) == 60 and data.counts() == dict(sorted(clips.counts(60).items()))
    assert set(data.paths) <= set(sports.load().paths)
    again = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8")
    assert again.returncode == 2 and "ya existe. Bórrala o elige otro nombre" in again.stderr
    assert len(list(folder.rglob("*.jpg"))) == 60


def test_the_archive_is_always_the_same_and_only_that_one(tmp_path, capsys):
    first, second = (generate.archive(tmp_path / name, 40) for name in ("a.zip", "b.zip"))
    assert first == second == hashlib.sha256((tmp_path / "a.zip").read_bytes()).hexdigest()
    with pytest.raises(SystemExit):
        generate.main(["--semilla", "6"])
    assert "piden --carpeta" in capsys.readouterr().err
