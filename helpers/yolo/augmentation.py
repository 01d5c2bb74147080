"""Aumento de datos con imgaug, como el artículo (cuaderno 08).

Las etiquetas viajan dentro de las cajas, así que al girar, recortar o perder alguna no se
descolocan. Para entrenar deprisa, :mod:`helpers.yolo.geometry`.
"""

import numpy as np

from helpers.yolo.letterbox import check_image

VISIBLE = 0.35  # fracción mínima de una caja que debe quedar dentro de la imagen


def article_pipeline(seed=None):
    """Los cambios del artículo con imgaug, completos y en marcha, y con los giros de las cajas.

    Rangos: desenfoque gaussiano 0–3, de media 2–7 y de mediana 3–11; enfoque 0–1; ruido hasta
    0.05·255; píxeles perdidos, 1–10 %; brillo ±10 y ×0.5–1.5; contraste 0.5–2. A cada imagen le
    tocan entre 0 y 5. Antes, reflejo horizontal y un zoom y desplazamiento de verdad (el
    ``Affine()`` vacío del código original no hacía nada).

    Returns:
        Un aumentador: ``aumentador(image=..., bounding_boxes=...)``.
    """
    from helpers.data.imgaug_compat import iaa

    noise = iaa.SomeOf(
        (0, 5),
        [
            iaa.OneOf([
                iaa.GaussianBlur((0, 3.0)), iaa.AverageBlur(k=(2, 7)), iaa.MedianBlur(k=(3, 11)),
            ]),
            iaa.Sharpen(alpha=(0, 1.0), lightness=(0.75, 1.5)),
            iaa.AdditiveGaussianNoise(loc=0, scale=(0.0, 0.05 * 255), per_channel=0.5),
            iaa.Dropout((0.01, 0.1), per_channel=0.5),
            iaa.Add((-10, 10), per_channel=0.5),
            iaa.Multiply((0.5, 1.5), per_channel=0.5),
            iaa.LinearContrast((0.5, 2.0), per_channel=0.5),
        ],
        random_order=True,
    )  # fmt: skip
    place = iaa.Affine(
        scale=(0.8, 1.2), translate_percent={"x": (-0.1, 0.1), "y": (-0.1, 0.1)}, cval=114
    )
    whole = iaa.Sequential([iaa.Fliplr(0.5), place, noise])
    if seed is not None:
        whole.seed_(seed)  # también la de cada aumentador de dentro
    return whole


def augment_imgaug(pipeline, image, corners, classes, visible: float = VISIBLE):
    """Aplica un aumentador de imgaug a una imagen y a sus cajas a la vez.

    Args:
        pipeline: aumentador, como el de :func:`article_pipeline`.
        image: ``(H, W, 3)`` uint8.
        corners: ``(n, 4)`` en píxeles.
        classes: ``(n,)``: números o etiquetas.
        visible: las cajas que conservan menos de esta fracción se quitan.

    Returns:
        ``(image, corners, classes)`` nuevas; las cajas, recortadas a la imagen.

    Raises:
        ValueError: si la imagen no es RGB uint8, o no hay una clase por caja.
    """
    from helpers.data.imgaug_compat import BoundingBox, BoundingBoxesOnImage

    image = check_image(image)
    corners, classes = np.asarray(corners, float).reshape(-1, 4), list(classes)
    if len(corners) != len(classes):
        raise ValueError(f"Hay {len(corners)} cajas y {len(classes)} clases: deben ser las mismas.")
    boxes = [BoundingBox(*map(float, box), label=i) for i, box in enumerate(corners)]
    picture, moved = pipeline(
        image=image, bounding_boxes=BoundingBoxesOnImage(boxes, shape=image.shape)
    )
    rows, columns = picture.shape[:2]
    kept, labels = [], []
    for box in moved.bounding_boxes:
        cut = np.clip([box.x1, box.y1, box.x2, box.y2], 0, [columns, rows, columns, rows])
        side = cut[2:] - cut[:2]
        if (side > 1).all() and side.prod() >= visible * box.area:
            kept.append(cut)
            labels.append(classes[box.label])
    return picture, np.array(kept, float).reshape(-1, 4), labels
