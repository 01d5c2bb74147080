"""Cualquier carpeta de fotos: error claro en español, nada perdido sin contarlo y nada escrito.

Hypothesis hace árboles con nombres, tipos, tamaños y daños al azar, en el disco o en un ZIP. Los
archivos que hay son los que se usan más los que se dicen.
"""

import contextlib
import io
import re
import shutil
import unicodedata
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from helpers.data import image_folder, images
from helpers.data.image_folder import FolderError

EXAMPLES = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
ENGLISH = re.compile(r"\b(error|invalid|expected|cannot|none|not|file|unknown)\b", re.IGNORECASE)


def encoded(seed: int, kind: str, mode: str, size: tuple[int, int], **options) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 255, (*size, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).convert(mode).save(buffer, kind, **options)
    return buffer.getvalue()


GOOD = [
    encoded(k, kind, mode, size)
    for k, (kind, mode, size) in enumerate([
        ("PNG", "RGB", (9, 12)), ("JPEG", "RGB", (9, 12)), ("JPEG", "L", (12, 9)),
        ("PNG", "P", (30, 7)), ("PNG", "RGBA", (9, 12)), ("JPEG", "CMYK", (16, 16)),
        ("GIF", "P", (9, 12)), ("WEBP", "RGB", (1, 1)), ("TIFF", "F", (5, 5)),
        ("BMP", "RGB", (9, 12)), ("PNG", "I;16", (9, 12)), ("AVIF", "RGB", (16, 12)),
    ])
]  # fmt: skip
BAD = [b"", b"no soy una foto", b"\xff\xd8\xff\xe0\0\x10JFIF", b"\0\0\0\x18ftypheic\0\0\0",
       b"GIF89a", b"II*\0\xff\xff\xff\xff", b"PK\x03\x04", b"P5 2 2 70000\n123456"]  # fmt: skip
FOLDERS = ["gato", "Gato", "gato ", "gáto", unicodedata.normalize("NFD", "gáto"), "perro", "train",
           "Testing", "猫", "🐱 x", "a.b", ".git", "__MACOSX", "1"]  # fmt: skip
NAMES = ["1", "foto 2", "._1", "Thumbs.db", "clip3_01", "ñ", "a.b"]
SUFFIXES = [".jpg", ".PNG", ".gif", ".txt", "", ".heic", ".tif", ".csv", ".jfif", ".zip"]

damaged = st.tuples(st.sampled_from(GOOD), st.floats(0, 1), st.binary(max_size=6)).map(
    lambda made: (lambda at: made[0][:at] + made[2] + made[0][at + len(made[2]) :])(
        int(made[1] * len(made[0]))
    )
)
cut = st.tuples(st.sampled_from(GOOD), st.floats(0, 1)).map(lambda m: m[0][: int(m[1] * len(m[0]))])
contents = st.one_of(st.sampled_from(GOOD), st.sampled_from(GOOD), damaged, cut,
                     st.sampled_from(BAD), st.binary(max_size=40))  # fmt: skip
paths = st.tuples(
    st.lists(st.sampled_from(FOLDERS), max_size=3),
    st.sampled_from(NAMES),
    st.sampled_from(SUFFIXES),
).map(lambda made: "/".join([*made[0], made[1] + made[2]]))
trees = st.dictionaries(paths, contents, max_size=14)
classed = st.dictionaries(  # la mayoría, con fotos en dos clases
    st.tuples(st.sampled_from(["gato", "perro", "otra/gato", "otra/perro"]), st.integers(0, 9)).map(
        lambda made: f"{made[0]}/{made[1]}.png"
    ),
    contents,
    max_size=8,
)
OPTIONS = st.fixed_dictionaries(
    {
        "size": st.sampled_from([None, (4, 6)]),
        "colour": st.booleans(),
        "classes": st.sampled_from([None, None, None, ["gato", "perro"]]),
    }
)


def write(root: Path, content: dict[str, bytes]) -> dict[str, bytes]:
    """Los archivos que caben en ``root``: uno no puede estar dentro de otro."""
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    for path, data in content.items():
        with contextlib.suppress(FileExistsError, NotADirectoryError, IsADirectoryError):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(data)
    return found(root)


def found(root: Path) -> dict[str, bytes]:
    files = (file for file in root.rglob("*") if file.is_file())
    return {file.relative_to(root).as_posix(): file.read_bytes() for file in files}


def verify(root: Path, there: dict[str, bytes], **options) -> int:
    """Lee ``root`` y comprueba que se cuenta todo lo que hay; devuelve cuántas imágenes se usan."""
    out = io.StringIO()
    try:
        with contextlib.redirect_stdout(out), warnings.catch_warnings():
            warnings.simplefilter("error")
            data = image_folder.load(root, cache=False, progress=False, **options)
    except FolderError as error:
        said = str(error)
        own = re.sub(r"«[^»]*»|\([^()]*\)|\[[^\]]*\]|/\S*", "", said)
        assert root.name in said and said[-1] in ".?" and not ENGLISH.search(own), said
        return 0
    said = out.getvalue().replace("\n  ", " ")
    empty = [path for path, reason in data.unreadable if reason.startswith("no tiene imágenes")]
    assert not any(path.startswith(folder) for path in data.paths for folder in empty)
    dropped = [path for path, _ in data.unreadable if path not in empty] + data.others
    for path in there:
        hidden = [f"{part}/" for part in dropped if part.endswith("/") and path.startswith(part)]
        written = unicodedata.normalize("NFC", path)
        places = [*data.paths, *dropped].count(path) + [*data.paths, *dropped].count(written)
        places //= 1 + (path == written)
        assert places + len(hidden) >= 1, (path, data.paths, dropped)
    assert len(data.paths) == len(set(zip(data.paths, range(len(data)))))
    singles = [part for part in dropped if not part.endswith("/")]
    inside = [p for p in there if any(p.startswith(d) for d in dropped if d.endswith("/"))]
    assert len(data) + len(singles) + len(inside) == len(there)
    assert len(data.images) == len(data.labels) == len(data.paths) > 1 < len(data.names)
    for path, label in zip(data.paths, data.labels):
        parts = [unicodedata.normalize("NFC", part).strip() for part in path.split("/")[:-1]]
        assert data.names[label] in parts
    assert all(reason.strip() and path for path, reason in data.unreadable)
    lost = [path for path, _ in data.unreadable if path not in empty]
    if lost:
        assert lost[0] in said and f"No uso {len(lost)} " in said
    assert all(f"«{folder[:-1]}»" in said for folder in empty)
    for twins in data.repeated:
        assert len({data.groups[data.paths.index(path)] for path in twins}) == 1
    assert all(note[-1] in ".?)" for note in data.notes) and str(data)
    return len(data)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("bosque")


@EXAMPLES
@given(content=st.one_of(trees, classed), more=classed, options=OPTIONS)
def test_a_folder_loses_nothing(place, content, more, options):
    there = write(place / "árbol", content | more)
    verify(place / "árbol", there, **options)
    assert there == found(place / "árbol")


@EXAMPLES
@given(content=st.one_of(trees, classed), more=classed, options=OPTIONS, mac=st.booleans())
def test_a_zip_loses_nothing(place, content, more, options, mac):
    path, there = place / "árbol.zip", content | more
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED if mac else zipfile.ZIP_STORED) as pack:
        for name, data in there.items():
            pack.writestr(name if mac else name.replace("/", "\\"), data)
    before = path.read_bytes()
    verify(path, there, **options)
    assert path.read_bytes() == before


@EXAMPLES
@given(content=classed, at=st.lists(st.floats(0, 1), max_size=6), new=st.binary(min_size=6))
def test_a_damaged_zip_is_told(place, content, at, new):
    path, members = place / "roto.zip", {"gato/a.png": GOOD[0], "perro/b.png": GOOD[1]} | content
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, data in members.items():
            pack.writestr(name, data)
    raw = bytearray(path.read_bytes())
    for where, byte in zip(at, new):
        raw[int(where * (len(raw) - 1))] = byte
    path.write_bytes(raw)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            read = image_folder.load(path, cache=False, progress=False)
        assert len(read) + len(read.unreadable) + len(read.others) <= len(members)
    except FolderError as error:
        assert "roto.zip" in str(error)
    assert path.read_bytes() == raw


@settings(EXAMPLES, max_examples=300)
@given(data=st.one_of(contents, damaged, cut), name=st.sampled_from(["a.jpg", "b.png", "c.tif"]))
def test_a_damaged_photo_is_told(data, name):
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            pixels = images.decode(data, name)
        except images.ImageError as error:
            assert name in str(error) and str(error)[-1] == "."
        else:
            assert pixels.dtype == np.uint8 and pixels.ndim == 3 and pixels.shape[2] == 3
