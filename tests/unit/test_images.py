"""Leer imágenes: cualquier clase acaba en RGB de 8 bits, y lo roto se dice."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from helpers.data import images
from helpers.data.images import ImageError

COLOURS = np.random.default_rng(1).integers(0, 255, (30, 50, 3), dtype=np.uint8)


def save(path, array, **kwargs):
    Image.fromarray(array).save(path, **kwargs)
    return path


def test_png_is_read_exactly_even_with_a_difficult_name(tmp_path):
    path = save(tmp_path / "niño con ñandú — 猫.png", COLOURS)
    assert np.array_equal(images.read(path), COLOURS)
    info = images.inspect(path)
    assert (info.width, info.height, info.orientation) == (50, 30, 1)


def test_same_pixels_as_opencv(tmp_path):
    import cv2

    smooth = cv2.GaussianBlur(COLOURS, (0, 0), 3)
    path = save(tmp_path / "a.jpg", smooth, quality=95)
    difference = np.abs(images.read(path).astype(int) - cv2.imread(str(path))[..., ::-1])
    assert difference.max() <= 2


def test_grey_palette_and_cmyk_become_rgb(tmp_path):
    grey = COLOURS[..., 0]
    read = images.read(save(tmp_path / "g.png", grey))
    assert read.shape == (30, 50, 3) and np.array_equal(read[..., 2], grey)
    Image.fromarray(COLOURS).convert("P").save(tmp_path / "p.png")
    Image.fromarray(COLOURS).convert("CMYK").save(tmp_path / "c.jpg")
    Image.fromarray(grey > 128).save(tmp_path / "b.png")
    for name in ("p.png", "c.jpg", "b.png"):
        read = images.read(tmp_path / name)
        assert read.shape == (30, 50, 3) and read.dtype == np.uint8
    assert set(np.unique(read)) == {0, 255}


def test_transparent_goes_over_white(tmp_path):
    rgba = np.zeros((4, 4, 4), np.uint8)
    rgba[:2] = (10, 20, 30, 255)
    read = images.read(save(tmp_path / "t.png", rgba))
    assert read[0, 0].tolist() == [10, 20, 30] and read[3, 3].tolist() == [255, 255, 255]


def test_decimals_go_from_0_to_1(tmp_path):
    tiff = np.array([[0, 0.5, 1], [-0.1, 0.25, np.nan]], np.float32)
    for name, array, expected in (
        ("d.tif", tiff, [[0, 128, 255], [0, 64, 0]]),
        ("e.tif", 255 * tiff[:1], [[0, 127, 255]]),
    ):
        assert images.read(save(tmp_path / name, array))[..., 0].tolist() == expected


def tiff(bits, pixels, inverted=False):
    """Un TIFF gris de 4×2, de ``bits`` por píxel, escrito a mano."""
    width, height = 4, 2
    tags = {256: width, 257: height, 258: bits, 259: 1, 262: int(not inverted), 273: 8, 277: 1,
            278: height, 279: len(pixels)}  # fmt: skip
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    head = b"II*\0" + struct.pack("<I", 8 + len(pixels))
    return head + pixels + struct.pack("<H", len(tags)) + entries + bytes(4)


def test_the_scale_of_a_grey_tiff_is_the_one_it_says():
    """De 12 bits (dos píxeles en tres bytes), y con el cero blanco, como en las radiografías."""
    twelve = bytes.fromhex("000400 800c00 fff000 fff800")
    levels = [0, 64, 128, 192, 255, 0, 255, 128]
    assert images.decode(tiff(12, twelve))[..., 0].ravel().tolist() == levels
    deep = np.array(levels, "<u2") * 257
    for inverted in (False, True):
        read = images.decode(tiff(16, deep.tobytes(), inverted))[..., 1].ravel().tolist()
        assert read == [255 - level if inverted else level for level in levels]


@pytest.mark.parametrize("suffix", [".tif", ".png"])
def test_a_colour_image_of_12_bits_in_16_is_said_to_be_dark(tmp_path, suffix):
    import cv2

    cv2.imwrite(str(tmp_path / f"x{suffix}"), COLOURS.astype(np.uint16) * 16)
    said = []
    assert images.read(tmp_path / f"x{suffix}", lambda *what: said.append(what)).max() < 16
    assert [kind for kind, _ in said] == ["dark"] and f"x{suffix}" in said[0][1]


@pytest.mark.parametrize("name", ["DSC_1.NEF", "foto.dng"])
def test_the_thumbnail_of_a_raw_photo_is_not_the_photo(tmp_path, name):
    save(tmp_path / "mini.tif", COLOURS)
    (tmp_path / "mini.tif").rename(tmp_path / name)
    for function in (images.read, images.inspect):
        with pytest.raises(ImageError, match="es una foto RAW"):
            function(tmp_path / name)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".bmp", ".webp", ".tif"])
def test_cut_in_half(tmp_path, suffix):
    path = save(tmp_path / f"a{suffix}", np.tile(COLOURS, (4, 4, 1)))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(ImageError, match="a.(jpg|png|bmp|webp|tif)"):
        images.read(path)


@pytest.mark.parametrize("keep", [0.3, 0.9, 0.999])
def test_inspect_sees_a_cut_jpeg_without_decoding_it(tmp_path, keep):
    path = save(tmp_path / "a.jpg", np.tile(COLOURS, (4, 4, 1)), quality=95)
    assert images.inspect(path).width == 200
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * keep)])
    with pytest.raises(ImageError, match="cortada"):
        images.inspect(path)


def test_a_jpeg_with_something_after_its_end_is_whole(tmp_path):
    path = save(tmp_path / "con_video.jpg", COLOURS)
    path.write_bytes(path.read_bytes() + b"mp4 de una foto en movimiento")
    assert images.inspect(path).width == 50 and images.read(path).shape == (30, 50, 3)


def huge_png(path, side=60_000):
    """Un PNG de cien bytes que dice medir 60 000 × 60 000."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    parts = [chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(b"")), chunk(b"IEND", b"")]
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts))


@pytest.mark.filterwarnings("ignore:.*decompression bomb")
@pytest.mark.parametrize("side", [12_000, 60_000])
def test_a_bomb_is_not_decompressed(tmp_path, side):
    huge_png(tmp_path / "bomba.png", side)
    for function in (images.read, images.inspect):
        with pytest.raises(ImageError, match="Redúcela"):
            function(tmp_path / "bomba.png")


BAD = {
    "vacía": (b"", "vacía"),
    "texto": (b"hola, no soy una foto", "no es una imagen"),
    "iPhone": (b"\0\0\0\x18ftypheic\0\0\0\0" + bytes(40), "HEIC"),
    "solo cabecera": (b"\xff\xd8\xff", "a.jpg"),
}


@pytest.mark.parametrize("what", BAD)
def test_not_an_image(tmp_path, what):
    content, words = BAD[what]
    (tmp_path / "a.jpg").write_bytes(content)
    for function in (images.read, images.inspect):
        with pytest.raises(ImageError, match=words):
            function(tmp_path / "a.jpg")


def test_missing_and_folder(tmp_path):
    with pytest.raises(ImageError, match="No existe la imagen"):
        images.read(tmp_path / "no.jpg")
    with pytest.raises(ImageError, match="es una carpeta"):
        images.read(tmp_path)


def test_write_and_its_errors(tmp_path):
    path = images.write(tmp_path / "nueva" / "ñ.png", COLOURS)
    assert np.array_equal(images.read(path), COLOURS)
    with pytest.raises(ImageError, match="usa una de"):
        images.write(tmp_path / "a.gif", COLOURS)
    with pytest.raises(ImageError, match="float64"):
        images.write(tmp_path / "a.png", COLOURS / 255)
    assert [p.name for p in tmp_path.iterdir()] == ["nueva"]


def test_decode_bytes():
    buffer = io.BytesIO()
    Image.fromarray(COLOURS).save(buffer, "PNG")
    assert np.array_equal(images.decode(buffer.getvalue()), COLOURS)
