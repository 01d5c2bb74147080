"""Cajas, anclas, codificación y letterbox: contra oráculos y con entradas malas."""

import numpy as np
import pytest
from keras import ops
from keras.utils import bounding_boxes

from helpers.yolo import boxes, decoding
from helpers.yolo.boxes import (
    Letterbox,
    check_anchors,
    check_image,
    check_size,
    kmeans,
    letterbox,
    suggest_size,
)
from helpers.yolo.loss import encode, pad

rng = np.random.default_rng(0)


def random_corners(n, size=100):
    low = rng.uniform(0, size, (n, 2))
    return np.concatenate([low, low + rng.uniform(1, size / 2, (n, 2))], axis=1)


def raw_numbers(slots, anchors):
    """Lo que debe dar la red, ``tx, ty, tw, th``, para unas cajas ``cx, cy, w, h`` en celdas."""
    inside = np.clip(slots[:, :2] % 1, 1e-6, 1 - 1e-6)
    return np.hstack([np.log(inside / (1 - inside)), np.log(slots[:, 2:4] / anchors)])


def to_numpy(value):
    return ops.convert_to_numpy(value)


def test_iou_by_hand():
    square = [0.0, 0.0, 1.0, 1.0]
    assert to_numpy(boxes.iou(square, square)) == pytest.approx(1)
    assert to_numpy(boxes.iou(square, [2.0, 2, 3, 3])) == 0
    assert to_numpy(boxes.iou(square, [0.5, 0, 1.5, 1])) == pytest.approx(1 / 3)
    assert to_numpy(boxes.iou([1.0, 1, 1, 1], [1.0, 1, 1, 1])) == 0  # sin área: no divide entre 0


def test_iou_and_ciou_equal_keras():
    a, b = random_corners(40), random_corners(30)
    a[::5] = a[::5, [2, 3, 0, 1]]  # invertidas: sin área
    theirs = np.array(bounding_boxes.compute_iou(a, b, "xyxy"))
    theirs[::5] = 0
    ours = boxes.pairwise_iou(a, b)  # con NumPy
    assert isinstance(ours, np.ndarray) and ours == pytest.approx(theirs, abs=1e-6)
    assert (ours == boxes.pairwise_iou(b, a).T).all()
    tensors = boxes.pairwise_iou(ops.convert_to_tensor(a), ops.convert_to_tensor(b))
    assert to_numpy(tensors) == pytest.approx(ours, abs=1e-6)
    a = random_corners(40)
    c = random_corners(40)
    theirs = to_numpy(bounding_boxes.compute_ciou(a, c, "xyxy", (200, 200, 3)))
    assert to_numpy(boxes.ciou(a, c)) == pytest.approx(theirs, abs=1e-4)


def test_center_to_corners_by_hand():
    assert to_numpy(boxes.center_to_corners([[3.0, 2, 4, 2]])).tolist() == [[1, 1, 5, 3]]


def test_shape_iou_is_the_iou_of_centered_boxes():
    sizes, shapes = rng.uniform(1, 9, (12, 2)), rng.uniform(1, 9, (4, 2))
    centered = [np.concatenate([-s / 2, s / 2], axis=1) for s in (sizes, shapes)]
    expected = to_numpy(bounding_boxes.compute_iou(*centered, "xyxy"))
    assert boxes.shape_iou(sizes, shapes) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("n, k", [(12, 5), (240, 5), (5, 5), (40, 1)])
def test_kmeans_never_leaves_an_empty_cluster(n, k):
    sizes = np.random.default_rng(n).uniform(10, 90, (n, 2)).round()
    for seed in range(15):
        found = kmeans(sizes, k, seed=seed)
        owners = boxes.shape_iou(sizes, found).argmax(axis=1)
        assert (found > 0).all() and set(owners) == set(range(k))


def test_kmeans_is_seeded_finds_clear_groups_and_improves_with_k():
    centers = np.array([[10, 30], [30, 10], [60, 60]])
    sizes = np.concatenate([c * rng.uniform(0.95, 1.05, (50, 2)) for c in centers])
    found = kmeans(sizes, 3, seed=1)
    assert np.abs(np.sort(found, 0) - np.sort(centers, 0)).max() < 2
    assert (found == kmeans(sizes, 3, seed=1)).all()
    curve = [boxes.shape_iou(sizes, kmeans(sizes, k)).max(1).mean() for k in range(1, 6)]
    assert all(b >= a - 1e-3 for a, b in zip(curve, curve[1:])) and curve[2] > 0.9


def test_without_a_number_there_are_five_anchors_or_as_many_as_shapes():
    shapes = np.arange(2, 30, 2.0).reshape(-1, 2)
    for distinct in (1, 3, 5, 7):
        sizes = np.repeat(shapes[:distinct], 4, axis=0)
        assert len(kmeans(sizes)) == min(distinct, 5)
    assert kmeans([[64, 64]] * 9).tolist() == [[64, 64]]


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: kmeans(np.zeros((0, 2)), 5), "ninguna caja"),
        (lambda: kmeans([[3, 0]], 1), "sin anchura"),
        (lambda: kmeans([[3, 4]] * 9, 2), "1 forma distinta de caja: pide 1,"),
        (lambda: kmeans([[3, 4], [4, 3]], 3), "2 formas distintas de caja: pide entre 1 y 2"),
        (lambda: kmeans([[3, 4], [4, 3]], "5"), "Has pedido '5' anclas"),
        (lambda: check_anchors([1, 2, 3]), "3 números"),
        (lambda: check_anchors([1, -2]), "mayores que 0"),
        (lambda: check_anchors([1, float("nan")]), "mayores que 0"),
        (lambda: encode([[1, 1, 2, 2]], [3], [[1, 1]], (4, 4), 2), "van de 0 a 1"),
        (lambda: encode([[9, 1, 2, 2]], [0], [[1, 1]], (4, 4), 1), "se sale"),
        (lambda: encode([[1, 1, 0, 2]], [0], [[1, 1]], (4, 4), 1), "no tiene área"),
        (lambda: encode([[1, 1, 1, 2]], [], [[1, 1]], (4, 4), 1), "1 cajas y 0"),
        (lambda: pad(np.ones((3, 4)), [0, 0, 0], 2), "3 objetos"),
        (lambda: check_size(100, 32), "no es múltiplo de 32"),
        (lambda: check_size(-32), "entero"),
        (lambda: check_size("auto"), "entero"),
        (lambda: check_size((32, 32, 3)), "pareja"),
        (lambda: check_image(None), "None"),
        (lambda: check_image(np.zeros((4, 4), np.uint8)), "RGB"),
        (lambda: check_image(np.zeros((4, 4, 3))), "uint8"),
    ],
)
def test_bad_input_says_what_is_wrong(call, words):
    with pytest.raises(ValueError, match=words):
        call()


SHAPES = np.array([[1, 2], [2, 1], [3, 3.0]])


def test_encoding_uses_the_cell_of_the_center_and_the_most_similar_anchor():
    encoded = encode([[4.5, 2.25, 2.2, 1.1]], [1], SHAPES, (7, 9), 3)
    where = np.argwhere(encoded[..., 4])
    assert where.tolist() == [[2, 4, 1]]  # fila, columna, ancla
    assert encoded[2, 4, 1] == pytest.approx([4.5, 2.25, 2.2, 1.1, 1, 0, 1, 0])


def test_collisions_move_to_a_free_anchor_and_nothing_is_mixed():
    same = [[4.5, 2.5, 1, 2], [4.4, 2.4, 1.1, 2], [4.6, 2.6, 1, 2.2], [4.5, 2.1, 1, 2.1]]
    encoded = encode(same, [0, 1, 2, 0], SHAPES, (7, 9), 3)
    assert encoded[..., 4].sum() == 3  # hay tres anclas y cuatro objetos
    assert (encoded[..., 5:].sum(-1) <= 1).all()  # ninguna mezcla de clases
    assert encoded[2, 4, 0, :4] == pytest.approx(same[0])  # el más parecido conserva la suya


def test_similar_anchors_can_help_but_never_take_a_place():
    similar = np.array([[2, 4], [2.2, 4.4], [9, 1.0]])
    alone = [[4.5, 2.5, 2, 4]]
    assert encode(alone, [1], similar, (7, 9), 3)[..., 4].sum() == 1
    helped = encode(alone, [1], similar, (7, 9), 3, also=0.5)
    assert np.argwhere(helped[..., 4]).tolist() == [[2, 4, 0], [2, 4, 1]]
    assert (helped[2, 4, 0] == helped[2, 4, 1]).all()
    both = encode(alone + [[4.4, 2.6, 2.1, 4.1]], [1, 2], similar, (7, 9), 3, also=0.5)
    assert both[2, 4, :2, 5:].sum(0).tolist() == [0, 1, 1]


def test_encode_decode_returns_the_boxes_on_any_grid():
    for seed in range(20):
        own = np.random.default_rng(seed)
        cells = own.permutation(5 * 8)[:12]
        center = np.stack([cells % 8, cells // 8], 1) + own.uniform(0.01, 0.99, (12, 2))
        truth = np.concatenate([center, own.uniform(0.2, 4, (12, 2))], axis=1)
        encoded = encode(truth, own.integers(0, 4, 12), SHAPES, (5, 8), 4)
        found = encoded[encoded[..., 4] > 0][:, :4]
        assert np.sort(found, 0) == pytest.approx(np.sort(truth, 0), abs=1e-5)
        # Y por la red: los números que darían esas cajas se decodifican en ellas.
        raw = np.zeros((1, *encoded.shape), np.float32)
        mask = encoded[..., 4] > 0
        raw[0, mask, :4] = raw_numbers(encoded[mask], SHAPES[np.nonzero(mask)[2]])
        predicted = to_numpy(decoding.activate(raw, SHAPES)[0])[0]
        assert predicted[mask] == pytest.approx(encoded[mask][:, :4], abs=1e-4)


def test_border_objects_and_negatives():
    edge = encode([[8, 5, 1, 1], [0, 0, 1, 1]], [0, 0], SHAPES, (5, 8), 1)
    assert edge[4, 7, :, 4].sum() == edge[0, 0, :, 4].sum() == 1
    assert encode([], [], SHAPES, (5, 8), 1).sum() == 0
    assert pad([], [], 3)[:, 4].tolist() == [-1, -1, -1]


@pytest.mark.parametrize("shape", [(37, 91), (91, 37), (480, 640), (64, 64), (1, 300)])
def test_letterbox_boxes_come_back_and_follow_the_pixels(shape):
    image = np.zeros((*shape, 3), np.uint8)
    y1, x1 = shape[0] // 4, shape[1] // 4
    y2, x2 = max(y1 + 1, shape[0] // 2), shape[1] // 2
    image[y1:y2, x1:x2] = 255
    out, change = letterbox(image, (96, 128))
    assert out.shape == (96, 128, 3)
    box = np.array([[x1, y1, x2, y2]], float)
    moved = change.forward(box)
    assert change.backward(moved) == pytest.approx(box)
    rows, columns = np.nonzero(out[..., 0] > 180)
    if len(rows):
        seen = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
        assert np.abs(moved[0] - seen).max() <= 1.5


def test_the_suggested_size_keeps_the_shape_and_shows_the_small_ones():
    from types import SimpleNamespace as Thing

    def photo(width, height, side):
        box = Thing(xmin=10, ymin=10, xmax=10 + side, ymax=12 + side)
        return Thing(width=width, height=height, boxes=[box])

    assert suggest_size([photo(416, 416, 50)]) == (208, 208)
    assert suggest_size([photo(640, 480, 30)]) == (240, 320)
    assert suggest_size([photo(480, 640, 30)]) == (320, 240)
    assert suggest_size([photo(640, 480, 2)], 32) == (320, 416)  # hasta donde se llega


def test_a_size_that_does_not_fit_the_network_suggests_one_that_does():
    with pytest.raises(ValueError, match=r"Prueba con \(192, 96\)\."):
        check_size((190, 100), 32)
    with pytest.raises(ValueError, match=r"Prueba con \(16, 16\)\."):
        check_size(3, 16)


def test_letterbox_clips_to_the_image():
    change = Letterbox(100, 50, (64, 64))
    assert change.backward([[-90, -90, 900, 900]]).tolist() == [[0, 0, 100, 50]]
