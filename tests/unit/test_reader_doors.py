"""Las puertas de los datos de quien lee, probadas por quien no las escribió.

Lo que pasa de verdad al exportar, pegar y copiar archivos: cada entrada que se leía mal, o que daba
un error de Python en lugar de una frase, con lo que debe ocurrir.
"""

import json
import os
import re
import unicodedata
import zipfile
from datetime import date, timedelta

import numpy as np
import pytest
import recipes
from PIL import Image

from helpers.data import (
    archives,
    digits,
    frames,
    image_folder,
    images,
    matches,
    pairs,
    sales,
    sayings,
    video,
)
from helpers.data.boxes import check, load_coco, load_voc, load_yolo, splits
from helpers.data.originals import DataError

DAYS = [date(2018, 1, 1) + timedelta(k) for k in range(80)]
MATCHES = "fecha,local,visitante,goles_local,goles_visitante\n"
SPANISH = ("¿Dónde está mi casa?", "El perro come mucho.", "No quiero ir contigo.", "Tengo dos.")
ENGLISH = ("Where is my house?", "The dog eats a lot.", "I do not want to go.", "I have two.")
READERS = (image_folder.load, sales.load, pairs.load, pairs.read_tsv, matches.load, sayings.load,
           load_voc, load_coco, load_yolo, check, images.read, frames.open_source)  # fmt: skip


def write(path, content, encoding="utf-8"):
    path.write_bytes(content.encode(encoding))
    return path


@pytest.mark.parametrize("read", READERS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("path", [b"x", 3.5, True, "", "  ", {}, "C:\temp\nuevas", '"C:/fotos"'])
def test_what_is_not_a_path_is_a_sentence_in_spanish(read, path):
    with pytest.raises(ValueError, match="no es una ruta|no es un vídeo"):
        read(path)


@pytest.mark.parametrize("read", READERS, ids=lambda f: f.__name__)
def test_the_home_folder_is_expanded(read, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    with pytest.raises(ValueError, match=f"{tmp_path.name}.nada"):
        read("~/nada")
    with pytest.raises(ValueError, match="~nadie"):  # no es de nadie de este equipo
        read("~nadie/nada")


@pytest.mark.parametrize("there, said", [("NFD", "NFC"), ("NFC", "NFD")])
def test_a_name_with_accents_is_found_however_it_is_written(tmp_path, there, said):
    """En Linux y en Colab, el «niño» de un ZIP de Mac y el que se teclea son nombres distintos."""
    there, said = (unicodedata.normalize(form, "niño") for form in (there, said))
    for k in "ab":
        (tmp_path / there / k).mkdir(parents=True)
        Image.new("RGB", (9, 9), f"#{k * 6}").save(tmp_path / there / k / f"{there}.png")
    assert len(image_folder.load(tmp_path / said, cache=False)) == 2
    assert images.read(tmp_path / there / "a" / f"{said}.png").shape == (9, 9, 3)
    assert len(list(frames.open_source(tmp_path / said / "a"))) == 1
    write(tmp_path / f"{there}.csv", "fecha,ventas\n" + "".join(f"{d},{d.day}\n" for d in DAYS))
    assert len(sales.load(tmp_path / f"{said}.csv", report=lambda _: None)) == len(DAYS)


def test_the_home_folder_is_expanded_when_writing_too(tmp_path, monkeypatch):
    import keras

    from helpers.nets import keras_archive, mobilenet

    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    pixels = np.zeros((16, 16, 3), np.uint8)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    for path in (images.write("~/a/x.png", pixels), video.write_video("~/b/x.avi", [pixels], 5),
                 keras_archive.save(model, "~/c/x.keras")):  # fmt: skip
        assert path.parent.parent == tmp_path and path.is_file()
    keras_archive.load("~/c/x.keras", keras.Model, "una red")
    with pytest.raises(mobilenet.WeightsError, match=f"{tmp_path.name}.nada"):
        mobilenet.body("~/nada.h5")
    assert not (tmp_path / "~").exists()


@pytest.mark.skipif(os.name == "nt", reason="en Windows sí vale")
@pytest.mark.parametrize("path", [r"C:\Users\Ana\fotos", "D:/fotos/x.keras"])
def test_a_path_of_windows_in_another_place(path, tmp_path, monkeypatch):
    """En Colab, guardar ahí dejaría un archivo con ese nombre en la carpeta del momento."""
    from helpers.nets import keras_archive

    monkeypatch.chdir(tmp_path)
    for use in (image_folder.load, images.read, lambda path: keras_archive.save(None, path)):
        with pytest.raises(ValueError, match="es una ruta de Windows.*Colab.*Sube"):
            use(path)
    assert not list(tmp_path.iterdir())


# --- ventas ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content, words",
    [
        ("fecha,ventas\n" + "".join(f"{d},{k},5\n" for k, d in enumerate(DAYS)),
         "línea 1: en «fecha ventas» hay 2 columnas y esperaba 3.*coma decimal"),
        ("mes,ventas\n" + "".join(f"{2010 + k // 12}-{k % 12 + 1:02d},{k}\n" for k in range(80)),
         "línea 2: «2010-01» parece un mes o una semana"),
        ("mes,ventas\n" + "".join(f"ene-{k:02d},{k}\n" for k in range(10, 90)), "«ene-10» parece"),
        ("semana,ventas\n" + "".join(f"2018-W{k % 52:02d},{k}\n" for k in range(80)),
         "«2018-W00» parece"),
        ("año,mes,dia,ventas\n" + "".join(f"{d.year},{d.month},{d.day},{d.day}\n" for d in DAYS),
         "«1» no es una fecha entera.*únelas"),
        ('[{"fecha": "2018-01-01", "ventas": 3}]', "un archivo JSON, no una tabla"),
        ("<html><table><tr><td>fecha</td></tr></table></html>", "es una página web"),
        ("\n<!DOCTYPE html>\n<p>Sesión caducada", "es una página web"),
    ],
)  # fmt: skip
def test_sales_that_are_not_a_daily_table_are_told_why(tmp_path, content, words):
    with pytest.raises(sales.SalesError, match=rf"v\.csv.*{words}"):
        sales.load(write(tmp_path / "v.csv", content), report=lambda _: None)


def test_a_header_with_all_its_columns_is_right(tmp_path):
    rows = "".join(f"{k},{d},{k + 1}\n" for k, d in enumerate(DAYS))  # el índice de pandas
    series = sales.load(write(tmp_path / "v.csv", f",fecha,ventas\n{rows}"), report=lambda _: None)
    assert series.sum() == sum(range(81))


# --- frases y partidos ----------------------------------------------------------------------------


def test_a_comma_inside_every_sentence_is_said(tmp_path):
    """Un CSV sin comillas parte la frase en dos columnas, y una se quedaría fuera sin decirlo."""
    rows = "".join(
        f"{es},{'ya' * (k + 1)},{en}\n" for k, (es, en) in enumerate(zip(SPANISH, ENGLISH))
    )
    said = []
    pairs.read_tsv(write(tmp_path / "f.csv", rows), report=said.append)
    assert "y el inglés, la 2; las demás no las uso." in said[0]
    assert "1, «yayayaya» (español 0, inglés 0)" in said[0]


def games(tmp_path, *rows, head=MATCHES):
    said = []
    path = write(tmp_path / "m.csv", head + "".join(f"{row}\n" for row in rows))
    return matches.load(path, report=said.append), " ".join(said)


def test_columns_that_are_not_used_are_named(tmp_path):
    table, said = games(tmp_path, "2018-01-02,España,Chile,1,0,x,7",
                        head=MATCHES.strip() + ",árbitro,público\n")  # fmt: skip
    assert len(table) == 1 and "no uso las columnas «árbitro», «público»" in said


def test_a_score_split_by_its_comma_is_told(tmp_path):
    with pytest.raises(matches.MatchError, match="línea 1: .* hay 5 columnas y esperaba 6"):
        games(tmp_path, "2018-01-02,España,Chile,1,0,x", "2018-01-03,España,Perú,1,0,x")


def test_files_put_one_after_the_other_repeat_the_header(tmp_path):
    table, _ = games(tmp_path, "2018-01-02,España,Chile,1,0", MATCHES.strip(),
                     "2018-01-03,España,Chile,2,0")  # fmt: skip
    assert len(table) == 2


@pytest.mark.parametrize("other", ["ESPAÑA", "Espana", "Espan\u0303a "])
def test_teams_written_in_two_ways(tmp_path, other):
    table, said = games(tmp_path, "2018-01-02,España,Chile,1,0", f"2018-01-03,{other},Chile,1,0")
    same = other.startswith("Espan\u0303")  # NFD: el mismo equipo
    assert table.home_team.nunique() == 2 - same and ("son equipos distintos" in said) == (not same)


def test_a_match_with_two_results_is_said(tmp_path):
    table, said = games(tmp_path, "2018-01-02,España,Chile,1,0", "2018-01-02,España,Chile,2,0")
    assert len(table) == 2 and "en la línea 3, España y Chile ya jugaron ese día" in said
    table, said = games(tmp_path, "2018-01-02,España,Chile,1,0,L", "2018-01-02,España,Chile,1,0,M",
                        head=MATCHES.strip() + ",torneo\n")  # fmt: skip
    assert len(table) == 2 and "las dos filas no son iguales" in said


def test_a_few_dates_on_the_same_day_of_the_month_are_not_swapped(tmp_path):
    rows = [f"2018-{month:02d}-02,España,Chile,1,{month}" for month in range(1, 7)]
    assert games(tmp_path, *rows)[0].date.dt.day.tolist() == [2] * 6


# --- cajas, vídeo y archivos dañados --------------------------------------------------------------


def roboflow(root, kind):
    for part, count in (("train", 2), ("valid", 1)):
        for k in range(count):
            pixels = np.random.default_rng(k).integers(0, 255, (40, 50, 3), dtype=np.uint8)
            (root / part / "images").mkdir(parents=True, exist_ok=True)
            Image.fromarray(pixels).save(root / part / "images" / f"{part}{k}.jpg")
            box = "<xmin>1</xmin><ymin>1</ymin><xmax>9</xmax><ymax>9</ymax>"
            text = {
                "txt": "0 0.5 0.5 0.2 0.2\n",
                "xml": f"<annotation><filename>{part}{k}.jpg</filename><object><name>pez</name>"
                f"<bndbox>{box}</bndbox></object></annotation>",
            }[kind]
            (root / part / "labels").mkdir(exist_ok=True)
            (root / part / "labels" / f"{part}{k}.{kind}").write_text(text)
    return root


@pytest.mark.parametrize("kind, read", [("txt", load_yolo), ("xml", load_voc)])
def test_the_parts_of_a_set_of_boxes_are_named(tmp_path, kind, read):
    root = roboflow(tmp_path / "peces", kind)
    for attempt in (read, check):
        with pytest.raises(ValueError, match="train/labels, valid/labels.*partes"):
            attempt(root)
    assert len(read(root / "train", labels=["pez"])) == 2


def test_frames_of_another_size_are_counted(tmp_path):
    class Capture:
        shots = [np.zeros((24, 32, 3), np.uint8), np.zeros((8, 8, 3), np.uint8)] * 3

        def read(self):
            return (True, self.shots.pop()) if self.shots else (False, None)

        def release(self):
            pass

    source = frames.FrameSource("vídeo", (), size=(32, 24))
    assert len(list(video._decode(Capture(), np.zeros((24, 32, 3), np.uint8), source))) == 4
    assert source.notes == ["vídeo: salto 3 fotogramas que no miden 32×24."]


def test_frames_go_in_order_and_say_once_what_they_have(tmp_path):
    names = ["f1.png", "f2.png", "F3.PNG", "f10.png", "f11.png", "f100.png", "x-2.png", "x-10.png"]
    for k, name in enumerate(reversed(names)):
        Image.fromarray(np.full((4, 4), 300 + 256 * k, np.uint16)).save(tmp_path / name)
    source = frames.open_source(tmp_path)
    levels = [int(frame[0, 0, 0]) for frame in source]
    assert levels == sorted(levels, reverse=True) and len(levels) == len(names)
    assert len(source.notes) == 1 and "casi negra" in source.notes[0]


def damaged(path, seed):
    raw, rng = bytearray(path.read_bytes()), np.random.default_rng(seed)
    for at in rng.integers(0, len(raw), 1 + seed % 4):
        raw[at] ^= int(rng.integers(1, 256))
    path.with_suffix(f".{seed}{path.suffix}").write_bytes(raw)
    return path.with_suffix(f".{seed}{path.suffix}")


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_archive_is_an_error_of_ours(tmp_path, seed):
    """Un ZIP comprimido y dañado lanza de todo: zlib.error, NotImplementedError, RuntimeError…"""
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("spa-eng/spa.txt", "Go.\tVe.\nHi.\tHola.\n" * 20)
    broken = damaged(path, seed)
    try:
        archives.extract(broken, tmp_path / "salida")
    except (archives.ArchiveError, OSError) as error:
        assert str(error)
    try:
        pairs.tatoeba(broken)
    except pairs.TranslationError as error:
        assert broken.name in str(error)


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_mnist_is_an_error_of_ours(tmp_path, seed):
    arrays = {"x_train": np.zeros((9, 28, 28), np.uint8), "y_train": np.zeros(9, np.uint8)}
    arrays |= {name.replace("train", "test"): array for name, array in arrays.items()}
    np.savez_compressed(tmp_path / "mnist.npz", **arrays)
    try:
        digits._mnist(damaged(tmp_path / "mnist.npz", seed))
    except DataError as error:
        assert "mnist" in str(error)


def test_a_damaged_keras_is_an_error_of_ours(tmp_path):
    """Con las partes comprimidas, como los dos que trae el proyecto."""
    import keras

    from helpers.nets import keras_archive

    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    nb08 = recipes.load("datasets/studies/nb08.py")
    path = nb08.compress(keras_archive.save(model, tmp_path / "red.keras"))
    start = zipfile.ZipFile(path).getinfo("config.json").header_offset
    good = path.read_bytes()
    entry = good.rindex(b"config.json") - 46  # en el índice del final: marcas +8, método +10
    assert good[entry : entry + 4] == b"PK\x01\x02"
    changes = (start + 41, 0xFF), (entry + 8, 0x20), (entry + 8, 1), (entry + 10, 99)
    for at, value in changes:  # datos, «parcheado», con contraseña y método desconocido
        path.write_bytes(good[:at] + bytes([value]) + good[at + 1 :])
        with pytest.raises(keras_archive.ArchiveError, match=r"red\.keras.*cortado o no es"):
            keras_archive.load(path, keras.Model, "una red")


def test_a_model_is_kept_where_the_reader_says(tmp_path, monkeypatch):
    import keras

    from helpers.nets import keras_archive

    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    assert keras_archive.save(model, "~/mío/red.keras") == tmp_path / "mío" / "red.keras"
    assert keras_archive.load("~/mío/red.keras", keras.Model, "una red")
    for path in (None, "", 5):
        with pytest.raises(keras_archive.ArchiveError, match="no es una ruta"):
            keras_archive.save(model, path)
        with pytest.raises(keras_archive.ArchiveError, match="no es una ruta"):
            keras_archive.load(path, keras.Model, "una red")


def test_identical_photos_with_boxes_stay_on_one_side(tmp_path, capsys):
    (tmp_path / "xml").mkdir()
    (tmp_path / "fotos").mkdir()
    for k in range(12):
        pixels = np.random.default_rng(k % 9).integers(0, 255, (40, 50, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(tmp_path / "fotos" / f"foto{k}.{['png', 'bmp'][k % 2]}")
        box = {"xmin": 1, "ymin": 1, "xmax": 9, "ymax": 9}
        inside = "".join(f"<{tag}>{value}</{tag}>" for tag, value in box.items())
        (tmp_path / "xml" / f"foto{k}.xml").write_text(
            f"<annotation><object><name>pez</name><bndbox>{inside}</bndbox></object></annotation>"
        )
    data = load_voc(tmp_path / "xml", tmp_path / "fotos")
    for seed in range(8):
        assert not splits.shared_groups(*splits.by_group(data, 0.3, seed=seed))
    assert "foto0 = foto9" in capsys.readouterr().out


def test_a_coco_without_its_photo_says_where_it_looked(tmp_path):
    content = {"images": [{"id": 1, "file_name": "../otra/a.jpg"}], "annotations": [],
               "categories": [{"id": 1, "name": "pez"}]}  # fmt: skip
    Image.new("RGB", (9, 9)).save(tmp_path / "a.png")
    path = write(tmp_path / "c.json", json.dumps(content))
    with pytest.raises(ValueError, match="ninguna caja"):
        load_coco(path)


@pytest.mark.parametrize("read", READERS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("path", ["https://x.org/datos.csv", "rtsp://192.168.1.2/v"])
def test_an_address_of_the_internet_is_told(read, path):
    with pytest.raises(ValueError, match="es una dirección de internet.*descárgalo"):
        read(path)


@pytest.mark.parametrize("other", ["ESP", "[3] España", "🇪🇸 España", "Espa&ntilde;a"])
def test_a_team_with_something_beside_its_name(tmp_path, other):
    said = games(tmp_path, "2018-01-02,España,Chile,1,0", f"2018-01-03,{other},Perú,1,0")[1]
    assert f"«{other}»" in said and "«España»" in said and "son equipos distintos" in said
    assert "distintos" not in games(tmp_path, "2018-01-02,España,Chile,1,0",
                                    "2018-01-03,PSG,Chile B,1,0")[1]  # fmt: skip


def test_a_match_told_from_both_sides_is_said(tmp_path):
    table, said = games(tmp_path, "2018-01-02,España,Chile,1,0", "2018-01-02,Chile,España,0,1")
    assert len(table) == 2 and "en la línea 3, Chile y España ya jugaron ese día" in said


@pytest.mark.parametrize("column", ["campo neutral", "is_neutral", "Neutral?"])
def test_a_neutral_ground_by_another_name(tmp_path, column):
    table, said = games(tmp_path, "2018-01-02,España,Chile,1,0,sí",
                        head=MATCHES.strip() + f",{column}\n")  # fmt: skip
    assert table.neutral.tolist() == [True] and not said


def by_shop(name, shops=("norte", "sur")):
    rows = [(d, [10 + k % 7, 20 + k % 5]) for k, d in enumerate(DAYS)]
    return "fecha,tienda,ventas\n" + "".join(
        f"{d},{shop},{units}\n"
        for d, each in rows
        for shop, units in [*zip(shops, each), (name, sum(each))]
    )


def test_the_total_of_each_day_is_not_a_shop(tmp_path):
    said = []
    path = write(tmp_path / "v.csv", by_shop("Total"))
    assert sales.load(path, report=said.append).iloc[0] == 30
    assert "no cuento 80 filas con aspecto de total" in " ".join(said)
    path = write(tmp_path / "v.csv", by_shop("Todas"))
    with pytest.raises(sales.SalesError, match="línea 4: cada día tiene una fila que es la suma"):
        sales.load(path, report=str)
    assert sales.load(path, report=str, repeated="sum").iloc[0] == 60


@pytest.mark.parametrize("cell, words", [
    ("1,1{}E+03", None), ("1{}½", "no es un número"), ("1{}²", "no es un número"),
])  # fmt: skip
def test_other_ways_to_write_a_number(tmp_path, cell, words):
    rows = "".join(f"{d};{cell.format(d.day + 10)}\n" for d in DAYS)
    path = write(tmp_path / "v.csv", f"fecha;ventas\n{rows}")
    if words:
        with pytest.raises(sales.SalesError, match=words):
            sales.load(path, report=str)
    else:  # en notación científica, la coma no separa millares
        assert sales.load(path, report=str).iloc[0] == 1111


def test_what_the_dates_leave_in_doubt_is_said(tmp_path):
    for first, words in (
        ("1918-01-01", "faltan 36\u202f524 días entre el 1918-01-01 y el 2018-03-21"),
        ("2017-12-31T23:00:00Z", r"81 fechas con hora; uso solo el día \(el de su zona"),
    ):
        said = []
        rows = "".join(f"{d}{first[10:]},{d.day}\n" for d in DAYS)
        path = write(tmp_path / "v.csv", f"fecha,ventas\n{first},3\n{rows}")
        sales.load(path, report=said.append)
        assert re.search(words, " ".join(said))
    for date_, words in (("01/2018", "parece un mes"), ("1514764800", "segundos desde 1970")):
        with pytest.raises(sales.SalesError, match=words):
            path = write(tmp_path / "v.csv", "fecha,ventas\n" + f"{date_},3\n" * 80)
            sales.load(path, report=str)


def test_a_column_in_another_language_is_not_spanish(tmp_path):
    for other in ("Non so dove sia il mio cane.", "No sé on és el meu gos.", "Non vin o meu can."):
        rows = "".join(f"{other}\t{english}\n" for english in ENGLISH * 3)
        with pytest.raises(pairs.TranslationError, match="no está claro"):
            pairs.read_tsv(write(tmp_path / "f.tsv", rows), report=str)


def test_html_twice_and_escapes(tmp_path):
    said = []
    rows = "".join(f"{es} a &amp;amp; b\t{en}\n" for es, en in zip(SPANISH, ENGLISH))
    got = pairs.read_tsv(write(tmp_path / "f.tsv", rows), report=said.append)
    assert got[0][0].endswith("a & b")
    rows = "".join(f"{es} ni\\u00f1o\t{en}\n" for es, en in zip(SPANISH, ENGLISH))
    pairs.read_tsv(write(tmp_path / "f.tsv", rows), report=said.append)
    assert "letras estropeadas" in " ".join(said)


@pytest.mark.parametrize("fps", ["10", "diez", None, [10]])
def test_frames_per_second_that_are_not_a_number(tmp_path, fps):
    with pytest.raises(video.FrameError, match="fps=.*entre 1 y 240"):
        video.write_video(tmp_path / "v.webm", [np.zeros((8, 8, 3), np.uint8)], fps)
