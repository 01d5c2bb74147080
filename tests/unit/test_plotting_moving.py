"""Las figuras que se mueven: bastan solas, y lo que enseñan sale de los datos."""

import json
import re
from html import unescape
from urllib.parse import unquote
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from scipy import signal

from helpers.nets import network, training
from helpers.plotting.convolution import text_of
from helpers.plotting.moving import attention, boundary, boxes, moving, sliding
from helpers.yolo import decoding

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)
Y = np.array([[0], [1], [1], [0]], float)
IMAGE = np.arange(30.0).reshape(5, 6) % 7
KERNEL = np.array([[-1, 0, 1]] * 3)
OUTPUT = signal.correlate2d(IMAGE, KERNEL, "valid")
WORDS = ["El", "<gato>", "&", "come"]


def read(figure):
    """El SVG del primer fotograma, su texto alternativo, la frase y los datos del guion."""
    page = figure.data
    alt, picture = re.search(r'<img alt="(.*?)" src="data:image/svg\+xml,(.*?)"', page).groups()
    sentence = re.search(r'<p class="dice".*?>(.*?)</p>', page)[1]
    data = json.loads(re.search(r"^const data = (.*);$", page, re.M)[1])
    return ElementTree.fromstring(unquote(picture)), unescape(alt), unescape(sentence), data


@pytest.fixture(scope="module")
def album():
    moments, found = [0, 30, 300], {}
    for size in (1, 4):
        nets, adam = network.glorot((2, size, 1), range(2)), training.Adam(0.01)
        found[size] = [nets]
        for more in np.diff(moments):
            nets = training.train(nets, X, Y, more, optimizer=adam).weights
            found[size].append(nets)
    return moments, found


@pytest.fixture
def frontier(album):
    return boundary.boundary(album[1], album[0], X, Y, start=(4, 300))


@pytest.fixture
def detections(tmp_path):
    Image.new("RGB", (200, 100)).save(tmp_path / "foto.png")
    rng = np.random.default_rng(0)
    corner, sides = rng.integers(0, 80, (40, 2)), rng.integers(10, 60, (40, 2))
    return tmp_path / "foto.png", np.c_[corner, corner + sides], rng.random(40).round(2)


@pytest.fixture
def look():
    weights = np.exp(np.random.default_rng(0).normal(size=(2, 3, 4, 4)))
    return weights / weights.sum(axis=-1, keepdims=True)


def every(frontier, detections, look):
    photo, found, scores = detections
    return [frontier, boxes.boxes(photo, found, scores, alt="Negro."),
            attention.attention(look, WORDS), sliding.sliding(IMAGE, KERNEL, OUTPUT)]  # fmt: skip


def test_they_ask_nothing_of_anybody_and_stay_the_same(frontier, detections, look):
    for figure in every(frontier, detections, look):
        links = set(re.findall(r"https?%3A//[^\"'% ]+|https?://[^\"'% ]+", figure.data))
        assert links == {"http://www.w3.org/2000/svg"}, "solo el nombre de SVG, que no se descarga"
        assert not re.search(r"\b(import|fetch|XMLHttpRequest|eval)\b", figure.data)
    again = every(frontier, detections, look)
    assert [f.data for f in again] == [f.data for f in every(frontier, detections, look)]


def test_they_can_be_used_with_a_keyboard_and_a_screen_reader(frontier, detections, look):
    for figure in every(frontier, detections, look):
        page = figure.data
        _, alt, sentence, data = read(figure)
        assert sentence.rstrip(".") in alt and "None" not in alt
        assert 'aria-live="polite"' in page and "event.stopPropagation()" in page
        assert "data-lm-suppress-shortcuts" in page  # JupyterLab no se queda con las flechas
        one = r'<label><span>.+?</span><input type="range" min="0" max="(\d+)" value="(\d+)"'
        bars = re.findall(one + r' aria-valuetext="(.+?)">', data["controls"])
        assert len(bars) == data["controls"].count('type="range"') == len(data["sliders"])
        for (last, start, text), texts in zip(bars, data["sliders"]):
            assert int(last) == len(texts) - 1 and unescape(text) == texts[int(start)]


def test_without_javascript_only_the_first_frame_is_seen(frontier):
    still = frontier.data[: frontier.data.index("<script>")]
    assert "ejecuta esta celda" in still
    assert not re.search("<(input|button)", still), "un mando que no va"


def test_boundary_tells_the_hits_of_each_network(album, frontier):
    moments, nets = album
    svg, alt, sentence, data = read(frontier)
    for i, photos in enumerate(nets.values()):
        for j, weights in enumerate(photos):
            answers = network.forward(weights, X)[-1]
            assert data["hits"][i][j] == (4 * training.accuracy(answers, Y)).tolist()
            flat = np.array(data["weights"][i][j]) / data["scale"]
            own = np.concatenate([w.reshape(len(w), -1) for w in weights], axis=1)
            assert np.allclose(flat, own, atol=0.0006)
    assert sentence == f"4 neuronas, época 300: acierta {data['hits'][1][2][0]} de 4."
    circles = svg.findall(".//{*}circle")
    assert [(float(c.get("cx")), -float(c.get("cy"))) for c in circles] == [(0, 1), (1, 0)]
    assert len(svg.findall(".//{*}g[@class='lines']/{*}line")) == 4


@pytest.mark.parametrize("confidence, overlap", [(0.05, 0.1), (0.3, 0.5), (0.5, 1.0)])
def test_boxes_keeps_those_of_the_oracle(detections, confidence, overlap):
    photo, found, scores = detections
    svg, _, sentence, data = read(
        boxes.boxes(photo, found, scores, alt="Negro.", objects=3, start=(confidence, overlap))
    )
    sure = scores >= confidence
    kept = decoding.nms(found[sure].astype("float32"), scores[sure], overlap)
    assert sentence == (f"{sure.sum()} cajas llegan a la confianza; la NMS deja {len(kept)}. "
                        "En la foto hay 3.")  # fmt: skip
    assert len(svg.findall(".//{*}rect")) == sure.sum()
    assert data["boxes"] == sorted(data["boxes"], key=lambda box: -box[4])


def test_attention_writes_the_three_words_most_looked_at(look):
    svg, _, sentence, data = read(attention.attention(look, WORDS, start=(1, 2, 3)))
    order = np.argsort(-np.rint(100 * look[1, 2, 3]), kind="stable")[:3]
    said = ", ".join(f"«{WORDS[j]}» ({100 * look[1, 2, 3, j]:.0f} %)" for j in order)
    assert sentence == f"capa 2, cabeza 3: «come» mira a {said}."
    assert np.abs(np.array(data["weights"]) / 100 - look).max() <= 0.005 + 1e-9
    shown = [text.text for text in svg.findall(".//{*}g[@class='queries']/{*}text")]
    assert shown == WORDS


@pytest.mark.parametrize("stride", [1, 2])
def test_sliding_carries_every_step_and_shows_the_first(stride):
    output = OUTPUT[::stride, ::stride]
    svg, _, sentence, data = read(sliding.sliding(IMAGE, KERNEL, output, stride))
    for line, value in zip(data["sums"], output.ravel(), strict=True):
        left, right = line.replace("−", "-").replace("·", "*").split(" = ")
        assert eval(left) == pytest.approx(value) == float(right)
    assert sentence == data["sums"][0] and data["stride"] == stride
    shown = {name: [t.text or "" for t in svg.findall(f".//{{*}}g[@class='{name}']//{{*}}text")]
             for name in ("imagen", "kernel", "resultado")}  # fmt: skip
    assert shown["imagen"] == [text_of(v) for v in IMAGE.ravel()]
    assert shown["kernel"] == [text_of(v) for v in KERNEL.ravel()]
    assert shown["resultado"] == [text_of(output[0, 0]), *[""] * (output.size - 1)]
    window = svg.find(".//{*}rect[@class='window']")
    assert [int(window.get(side)) // sliding.SIDE for side in ("x", "width", "height")] == [0, 3, 3]


def test_what_does_not_fit_is_told(album, detections, look):
    moments, nets = album
    photo, found, scores = detections
    Image.new("RGB", (9, 9)).save(photo.with_suffix(".bmp"))
    for words, call in {
        "momentos": lambda: boundary.boundary(nets, moments[1:], X, Y, start=(4, 300)),
        "neuronas y las épocas": lambda: boundary.boundary(nets, moments, X, Y, start=(5, 300)),
        "39 confianzas": lambda: boxes.boxes(photo, found, scores[1:], alt="Negro."),
        "de 0.05 en": lambda: boxes.boxes(photo, found, scores, alt="N.", start=(0.33, 0.5)),
        "JPEG o un": lambda: boxes.boxes(photo.with_suffix(".bmp"), found, scores, alt="Negro."),
        "una fila por palabra": lambda: attention.attention(look, WORDS[1:]),
        "sumar 1": lambda: attention.attention(2 * look, WORDS),
        "medir": lambda: sliding.sliding(IMAGE, KERNEL, OUTPUT, 2),
    }.items():
        with pytest.raises(ValueError, match=words):
            call()


def test_template_rejects_what_it_cannot_draw():
    def draw(name="prueba", svg="<svg/>", alt="algo", start=0):
        return moving(name, "", svg, alt, "", {"paso": ("uno dos".split(), start)}, "", {})

    assert "paso" in draw().data
    for bad, message in (({"name": 'a"'}, "letras"), ({"alt": " "}, "alternativo"),
                         ({"start": 2}, "posiciones")):  # fmt: skip
        with pytest.raises(ValueError, match=message):
            draw(**bad)
    with pytest.raises(ElementTree.ParseError):
        draw(svg="<svg>")
