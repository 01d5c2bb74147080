"""Aumento con imgaug: las cajas siguen a los píxeles y nada se descoloca."""

import numpy as np
import pytest

from helpers.yolo import augmentation

RED, BLUE = (230, 20, 20), (20, 20, 230)


def scene(rows=90, columns=120):
    image = np.full((rows, columns, 3), 60, np.uint8)
    boxes = np.array([[10, 15, 40, 50], [70, 40, 110, 80.0]])
    for (x1, y1, x2, y2), color in zip(boxes.astype(int), (RED, BLUE)):
        image[y1:y2, x1:x2] = color
    return image, boxes, ["rojo", "azul"]


def covers(image, box, label):
    """¿Es de su color el interior de la caja, y ya no lo de fuera?"""
    strong = 0 if label == "rojo" else 2
    own = image[..., strong].astype(int) - image[..., 2 - strong] > 60
    x1, y1, x2, y2 = np.round(box).astype(int)
    inside = own[y1 + 2 : y2 - 2, x1 + 2 : x2 - 2]
    outside = own.copy()
    outside[max(y1 - 2, 0) : y2 + 2, max(x1 - 2, 0) : x2 + 2] = False
    return (inside.mean() if inside.size else 1) > 0.95 and outside.mean() < 0.01


def test_article_geometry_moves_boxes_with_the_pixels():
    from helpers.data.imgaug_compat import iaa

    # Sin ruido, para reconocer el color.
    pipeline = iaa.Sequential(augmentation.article_pipeline(seed=1)[:2])
    moved = 0
    for _ in range(20):
        image, boxes, labels = scene()
        picture, corners, kinds = augmentation.augment_imgaug(pipeline, image, boxes, labels)
        assert all(covers(picture, box, kind) for box, kind in zip(corners, kinds))
        moved += any(kind == "rojo" and box[0] > 60 for box, kind in zip(corners, kinds))
    assert 3 < moved < 17  # la mitad se reflejan


def test_article_pipeline_is_seeded_and_leaves_the_input_alone():
    image, boxes, labels = scene()
    before = image.copy()
    runs = [
        [augmentation.augment_imgaug(p, image, boxes, labels)[0] for _ in range(4)]
        for p in (augmentation.article_pipeline(3), augmentation.article_pipeline(3))
    ]
    assert all((a == b).all() for a, b in zip(*runs)) and not (runs[0][0] == runs[0][1]).all()
    assert (image == before).all() and runs[0][0].dtype == np.uint8


def test_what_leaves_the_image_takes_its_label_away():
    from helpers.data.imgaug_compat import iaa

    image, boxes, labels = scene()
    shift = iaa.Affine(translate_px={"x": -60})
    _, corners, kinds = augmentation.augment_imgaug(shift, image, boxes, labels)
    assert kinds == ["azul"] and corners[0] == pytest.approx([10, 40, 50, 80])
    half = iaa.Affine(translate_px={"x": -30})
    assert augmentation.augment_imgaug(half, image, boxes, labels)[2] == ["azul"]
    both = augmentation.augment_imgaug(half, image, boxes, labels, visible=0.2)
    assert both[2] == ["rojo", "azul"] and both[1][0] == pytest.approx([0, 15, 10, 50])
    empty = augmentation.augment_imgaug(shift, image, [], [])
    assert empty[1].shape == (0, 4) and empty[2] == []


@pytest.mark.parametrize(
    "image, boxes, labels, words",
    [
        (None, [], [], "None"),
        (np.zeros((5, 5), np.uint8), [], [], "RGB"),
        (np.zeros((50, 50, 3), np.uint8), [[1, 1, 9, 9]], [], "1 cajas y 0 clases"),
    ],
)
def test_bad_input(image, boxes, labels, words):
    with pytest.raises(ValueError, match=words):
        augmentation.augment_imgaug(augmentation.article_pipeline(), image, boxes, labels)
