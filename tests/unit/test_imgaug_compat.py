"""imgaug con NumPy 2 y OpenCV 4 o 5: cada aumentador de los artículos hace lo que dice."""

import subprocess
import sys
import warnings

import cv2
import numpy as np
import pytest
from scipy import ndimage

from helpers import paths
from helpers.data import imgaug_compat
from helpers.data.imgaug_compat import BoundingBox, BoundingBoxesOnImage, ia, iaa, seeded

RNG = np.random.default_rng(3)
IMAGE = RNG.integers(0, 256, (48, 64, 3), dtype=np.uint8)
GREY = np.full((64, 64, 3), 128, np.uint8)


def article_pipeline(seed=None):
    """Los aumentadores del artículo A2 (A2-18), montados como en el cuaderno del blog (E2-17)."""
    pipeline = iaa.Sequential(
        [
            iaa.Sometimes(0.5, iaa.Affine(rotate=(-5, 5), scale=(0.9, 1.1))),
            iaa.SomeOf(
                (0, 5),
                [
                    iaa.OneOf(
                        [
                            iaa.GaussianBlur((0, 3.0)),
                            iaa.AverageBlur(k=(2, 7)),
                            iaa.MedianBlur(k=(3, 11)),
                        ]
                    ),
                    iaa.Sharpen(alpha=(0, 1.0), lightness=(0.75, 1.5)),
                    iaa.AdditiveGaussianNoise(loc=0, scale=(0.0, 0.05 * 255), per_channel=0.5),
                    iaa.OneOf([iaa.Dropout((0.01, 0.1), per_channel=0.5)]),
                    iaa.Add((-10, 10), per_channel=0.5),
                    iaa.Multiply((0.5, 1.5), per_channel=0.5),
                    iaa.LinearContrast((0.5, 2.0), per_channel=0.5),
                ],
                random_order=True,
            ),
        ],
        random_order=True,
    )
    return pipeline if seed is None else seeded(pipeline, seed)


AUGMENTERS = {
    "GaussianBlur": lambda seed: iaa.GaussianBlur((0, 3.0), seed=seed),
    "AverageBlur": lambda seed: iaa.AverageBlur(k=(2, 7), seed=seed),
    "MedianBlur": lambda seed: iaa.MedianBlur(k=(3, 11), seed=seed),
    "Sharpen": lambda seed: iaa.Sharpen(alpha=(0, 1.0), lightness=(0.75, 1.5), seed=seed),
    "Noise": lambda seed: iaa.AdditiveGaussianNoise(
        loc=0, scale=(0.0, 0.05 * 255), per_channel=0.5, seed=seed
    ),
    "Dropout": lambda seed: iaa.Dropout((0.01, 0.1), per_channel=0.5, seed=seed),
    "Add": lambda seed: iaa.Add((-10, 10), per_channel=0.5, seed=seed),
    "Multiply": lambda seed: iaa.Multiply((0.5, 1.5), per_channel=0.5, seed=seed),
    "LinearContrast": lambda seed: iaa.LinearContrast((0.5, 2.0), per_channel=0.5, seed=seed),
    "Fliplr": lambda seed: iaa.Fliplr(0.5, seed=seed),
    "Affine": lambda seed: iaa.Affine(
        rotate=(-10, 10), translate_percent=(-0.1, 0.1), scale=(0.8, 1.2), seed=seed
    ),
    "Crop": lambda seed: iaa.Crop(percent=(0, 0.2), seed=seed),
    "Elastic": lambda seed: iaa.ElasticTransformation(alpha=(0, 10.0), sigma=2.0, seed=seed),
    "pipeline": article_pipeline,
}


@pytest.mark.parametrize("name", AUGMENTERS)
def test_keeps_shape_type_and_input(name):
    original = IMAGE.copy()
    augment = AUGMENTERS[name](1)
    outputs = [augment(image=IMAGE) for _ in range(12)]
    assert all(out.shape == IMAGE.shape and out.dtype == np.uint8 for out in outputs)
    assert (IMAGE == original).all(), "ha cambiado la imagen de entrada"
    assert len({out.tobytes() for out in outputs}) > 1, "siempre hace lo mismo"


@pytest.mark.parametrize("name", AUGMENTERS)
def test_seed_repeats_and_another_seed_differs(name):
    def run(seed):
        augment = AUGMENTERS[name](seed)
        return np.stack([augment(image=IMAGE) for _ in range(8)])

    assert (run(5) == run(5)).all()
    assert (run(5) != run(6)).any()


def test_global_seed_repeats_a_sequence():
    augment = article_pipeline()
    runs = []
    for _ in range(2):
        ia.seed(11)
        runs.append(np.stack([augment(image=IMAGE) for _ in range(8)]))
    assert (runs[0] == runs[1]).all()


def test_own_seed_does_not_depend_on_the_others():
    ia.seed(1)
    alone = iaa.Add((-100, 100), seed=4)(image=IMAGE)
    ia.seed(2)
    iaa.Add((-100, 100))(image=IMAGE)
    assert (iaa.Add((-100, 100), seed=4)(image=IMAGE) == alone).all()


def test_seed_of_a_sequence_does_not_reach_its_parts():
    """Por eso existe ``seeded``, que las siembra a todas."""

    def run(seed_tree):
        chain = iaa.Sequential([iaa.Add((-100, 100))], seed=1)
        chain = seeded(chain, 1) if seed_tree else chain
        return np.stack([chain(image=GREY) for _ in range(4)])

    assert (run(False) != run(False)).any()
    assert (run(True) == run(True)).all()


def test_to_deterministic_gives_the_same_change_twice():
    fixed = AUGMENTERS["Affine"](3).to_deterministic()
    assert (fixed(image=IMAGE) == fixed(image=IMAGE)).all()


@pytest.mark.parametrize("value", [-10, 10, 100])
def test_add_saturates(value):
    expected = np.clip(IMAGE.astype(int) + value, 0, 255)
    assert (iaa.Add(value)(image=IMAGE) == expected).all()


@pytest.mark.parametrize("factor", [0.5, 1.0, 1.5])
def test_multiply_saturates(factor):
    expected = np.clip(IMAGE * factor, 0, 255)
    assert np.abs(iaa.Multiply(factor)(image=IMAGE) - expected).max() <= 1


@pytest.mark.parametrize("alpha", [0.5, 1.0, 2.0])
def test_contrast_stretches_around_the_middle(alpha):
    expected = np.clip(127 + alpha * (IMAGE.astype(float) - 127), 0, 255)
    got = iaa.LinearContrast(alpha)(image=IMAGE)
    assert np.abs(got - expected).max() <= 2
    with pytest.warns(ia.DeprecationWarning, match="LinearContrast"):
        old = iaa.ContrastNormalization(alpha)
    assert (old(image=IMAGE) == got).all()


@pytest.mark.parametrize("k", [2, 3, 7])
def test_average_blur_is_a_mean(k):
    assert (iaa.AverageBlur(k=k)(image=IMAGE) == cv2.blur(IMAGE, (k, k))).all()
    window = IMAGE[20 : 20 + k, 30 : 30 + k].astype(float).mean(axis=(0, 1))
    centre = iaa.AverageBlur(k=k)(image=IMAGE)[20 + k // 2, 30 + k // 2]
    assert np.abs(centre - window).max() <= 0.51


@pytest.mark.parametrize("k", [3, 5, 11])
def test_median_blur_is_a_median(k):
    expected = ndimage.median_filter(IMAGE, size=(k, k, 1), mode="nearest")
    assert (iaa.MedianBlur(k=k)(image=IMAGE) == expected).all()


@pytest.mark.parametrize("sigma, radius", [(0.5, 2), (1.5, 2), (3.0, 4)])
def test_gaussian_blur_is_gaussian(sigma, radius):
    """imgaug recorta el núcleo a 1.5 desviaciones por lado, poco más o menos."""
    expected = ndimage.gaussian_filter(
        IMAGE.astype(float), (sigma, sigma, 0), mode="mirror", radius=(radius, radius, 0)
    )
    got = iaa.GaussianBlur(sigma)(image=IMAGE)
    assert np.abs(got - np.rint(expected)).max() <= 1  # cv2 redondea en cada eje
    assert (iaa.GaussianBlur(0)(image=IMAGE) == IMAGE).all()


def test_sharpen_is_a_convolution():
    kernel = np.array([[-1, -1, -1], [-1, 8 + 1.2, -1], [-1, -1, -1]])
    expected = np.stack(
        [ndimage.correlate(IMAGE[..., c].astype(float), kernel, mode="mirror") for c in range(3)],
        axis=-1,
    )
    got = iaa.Sharpen(alpha=1.0, lightness=1.2)(image=IMAGE)
    assert np.abs(got - np.clip(expected, 0, 255)).max() <= 1
    assert (iaa.Sharpen(alpha=0.0)(image=IMAGE) == IMAGE).all()


def test_noise_has_the_requested_spread():
    scale = 0.05 * 255
    noisy = iaa.AdditiveGaussianNoise(scale=scale, per_channel=True, seed=1)(image=GREY)
    difference = noisy.astype(float) - GREY
    assert abs(difference.std() - scale) < 0.6 and abs(difference.mean()) < 0.6


def test_dropout_stays_in_its_range():
    for seed in range(20):
        out = iaa.Dropout((0.01, 0.1), seed=seed)(image=GREY)
        black = (out == 0).all(axis=-1).mean()
        assert 0.002 < black < 0.13
        assert set(np.unique(out)) <= {0, 128}


def sampled(parameter, count=2000):
    return np.asarray(parameter.draw_samples((count,), random_state=1), dtype=float)


def test_ranges_of_the_article_are_respected():
    for parameter, low, high in (
        (iaa.GaussianBlur((0, 3.0)).sigma, 0, 3),
        (iaa.AverageBlur(k=(2, 7)).k, 2, 7),
        (iaa.MedianBlur(k=(3, 11)).k, 3, 11),
        (iaa.Add((-10, 10)).value, -10, 10),
        (iaa.Multiply((0.5, 1.5)).mul, 0.5, 1.5),
    ):
        values = sampled(parameter[0] if isinstance(parameter, tuple) else parameter)
        assert low <= values.min() <= low + 0.05 * (high - low)
        assert high - 0.05 * (high - low) <= values.max() <= high


def test_some_of_one_of_and_sometimes_count_right():
    marks = [iaa.Add(v) for v in (1, 2, 4)]
    zero = np.zeros((2, 2, 3), np.uint8)

    def seen(augment):
        return {int(augment(image=zero)[0, 0, 0]) for _ in range(200)}

    assert seen(iaa.OneOf(marks, seed=1)) == {1, 2, 4}
    assert seen(iaa.SomeOf(2, marks, seed=1)) == {3, 5, 6}
    assert seen(iaa.SomeOf((0, 3), marks, seed=1)) == set(range(8))
    assert seen(iaa.Sometimes(0.5, iaa.Add(1), seed=1)) == {0, 1}
    assert seen(iaa.Sequential(marks, random_order=True, seed=1)) == {7}


def test_affine_without_arguments_is_random_since_0_4_0():
    """B-YO-19: en la 0.2.5 del artículo no hacía nada; en la 0.4.0 gira, escala y desplaza."""
    assert (iaa.Affine(seed=1)(image=IMAGE) != IMAGE).any()
    assert (iaa.Affine(rotate=0, scale=1.0)(image=IMAGE) == IMAGE).all()


GEOMETRIC = {
    "Fliplr": lambda seed: iaa.Fliplr(0.5, seed=seed),
    "Flipud": lambda seed: iaa.Flipud(0.5, seed=seed),
    "translate": lambda seed: iaa.Affine(translate_px={"x": (-40, 40), "y": (-30, 30)}, seed=seed),
    "scale": lambda seed: iaa.Affine(scale=(0.6, 1.5), seed=seed),
    "rotate": lambda seed: iaa.Affine(rotate=(-30, 30), seed=seed),
    "shear": lambda seed: iaa.Affine(shear=(-15, 15), seed=seed),
    "Crop": lambda seed: iaa.Crop(percent=(0, 0.3), seed=seed),
    "Crop sin reescalar": lambda seed: iaa.Crop(px=(0, 30), keep_size=False, seed=seed),
    "CropAndPad": lambda seed: iaa.CropAndPad(percent=(-0.2, 0.2), seed=seed),
    "Resize": lambda seed: iaa.Resize({"height": 80, "width": 200}, seed=seed),
    "Elastic": lambda seed: iaa.ElasticTransformation(alpha=(0, 20.0), sigma=6.0, seed=seed),
    "pipeline": article_pipeline,
}


def boxes_on(shape, *corners):
    boxes = [BoundingBox(*c, label=str(i)) for i, c in enumerate(corners)]
    return BoundingBoxesOnImage(boxes, shape=shape)


@pytest.mark.parametrize("name", GEOMETRIC)
def test_boxes_follow_the_pixels(name):
    """La caja aumentada abraza los píxeles que pintamos dentro de la original."""
    rng = np.random.default_rng(0)
    checked = moved = 0
    for seed in range(25):
        x1, y1 = rng.integers(15, 70), rng.integers(15, 50)
        x2, y2 = x1 + rng.integers(20, 50), y1 + rng.integers(20, 40)
        image = np.zeros((110, 140, 3), np.uint8)
        image[y1:y2, x1:x2] = 255
        boxes = boxes_on(image.shape, (x1, y1, x2, y2))
        out, out_boxes = GEOMETRIC[name](seed)(image=image, bounding_boxes=boxes)
        box = out_boxes.remove_out_of_image().clip_out_of_image()
        # El ruido y los píxeles apagados del artículo dejan motas: fuera con una mediana
        rows, columns = np.nonzero(cv2.medianBlur(out, 5)[..., 0] > 60)
        if not box.bounding_boxes or len(rows) < 200:
            continue
        found = np.array([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1])
        corners = box.bounding_boxes[0]
        given = np.array([corners.x1, corners.y1, corners.x2, corners.y2])
        assert np.abs(found - given).max() <= 4.5, (seed, found, given)
        moved += np.abs(given - [x1, y1, x2, y2]).max() > 1
        checked += 1
    assert checked >= 15 and moved >= 3


def test_flip_moves_a_box_exactly():
    boxes = boxes_on((40, 100, 3), (10, 5, 30, 25))
    out = iaa.Fliplr(1.0)(bounding_boxes=boxes).bounding_boxes[0]
    assert (out.x1, out.y1, out.x2, out.y2) == (70, 5, 90, 25)


def test_labels_travel_with_their_boxes():
    """Al quitar las que salen de la imagen, cada etiqueta sigue con su caja."""
    boxes = boxes_on((100, 100, 3), (0, 0, 20, 20), (60, 60, 90, 90))
    out = iaa.Affine(translate_px={"x": -50, "y": -50})(bounding_boxes=boxes)
    kept = out.remove_out_of_image().bounding_boxes
    assert [box.label for box in kept] == ["1"]


def test_numpy_is_left_as_it_was():
    code = (
        "import numpy as np; before = set(dir(np))\n"
        "from helpers.data.imgaug_compat import iaa\n"
        "import numpy.lib  # lo que imgaug importa de NumPy no cuenta como parche\n"
        "assert not {'sctypes', 'bool8'} & (set(dir(np)) - before), 'NumPy queda cambiado'\n"
        "import imgaug\n"
        "print(np.float32 in imgaug.imgaug.NP_FLOAT_TYPES, np.int64 in imgaug.imgaug.NP_INT_TYPES)"
    )
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=paths.ROOT,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.split() == ["True", "True"]


def test_plain_import_fails_without_the_shim():
    """Si algún día deja de fallar, la importación prestada sobra."""
    result = subprocess.run(
        [sys.executable, "-c", "import imgaug"], capture_output=True, text=True, cwd=paths.ROOT
    )
    assert result.returncode == 1 and "sctypes" in result.stderr


def test_missing_imgaug_says_what_to_do():
    code = "import sys; sys.modules['imgaug'] = None\nimport helpers.data.imgaug_compat"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=paths.ROOT
    )
    assert "pip install --no-deps imgaug==0.4.0" in result.stderr
    assert "python -m helpers doctor" in result.stderr


def test_repairing_twice_changes_nothing():
    before = iaa.ElasticTransformation._generate_shift_maps
    imgaug_compat._repair_elastic(iaa.ElasticTransformation)
    assert iaa.ElasticTransformation._generate_shift_maps == before


@pytest.mark.parametrize("order", [0, 1, 3])
def test_elastic_moves_pixels_like_scipy(order):
    """Con los mismos desplazamientos, SciPy llega al mismo sitio."""
    smooth = cv2.GaussianBlur(IMAGE, (9, 9), 3)
    dx = np.float32(3 * np.sin(np.arange(48 * 64) / 300).reshape(48, 64))
    dy = np.float32(2 * np.cos(np.arange(48 * 64) / 200).reshape(48, 64))
    got = iaa.ElasticTransformation._map_coordinates(smooth, dx, dy, order=order, mode="nearest")
    y, x = np.mgrid[:48, :64]
    expected = np.stack(
        [
            ndimage.map_coordinates(
                smooth[..., c].astype(float), (y - dy, x - dx), order=order, mode="nearest"
            )
            for c in range(3)
        ],
        axis=-1,
    )
    error = np.abs(got - expected)[6:-6, 6:-6]
    assert np.quantile(error, 0.99) <= (12 if order == 0 else 2)


def test_no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for make in AUGMENTERS.values():
            make(1)(images=[IMAGE] * 4)
