"""Correcciones de los ejercicios del cuaderno 05: cada una dice en qué falla la respuesta."""

from functools import cache

import numpy as np

from helpers.exercises import nb05_solutions as solutions
from helpers.exercises.base import Wrong, close, require

MAX_PARAMETERS, MARGIN = 30_000, 0.03
IMAGES, EPOCHS, BATCH, RATE, SEED = 3000, 5, 64, 2e-3, 0


def check_1(answer):
    """Reparto por clips: disjunto, de la fracción pedida y repetible."""
    rng = np.random.default_rng(1)
    groups = rng.permutation(np.repeat(rng.permutation(500)[:80], rng.integers(1, 30, 80)))
    for fraction in (0.2, 0.5):
        given = np.asarray(answer(groups, fraction, 7))
        require(
            given.shape == groups.shape and given.dtype == bool,
            f"Devuelves {given.dtype} {given.shape}: hacen falta {len(groups)} booleanos, uno por "
            "imagen.",
        )
        both = np.intersect1d(groups[given], groups[~given])
        require(
            not len(both),
            f"{len(both)} clips están a los dos lados. Sortea clips, no imágenes.",
        )
        part = len(np.unique(groups[given])) / len(np.unique(groups))
        require(
            abs(part - fraction) <= 0.05,
            f"Con fraction={fraction} la prueba se lleva el {part:.0%} de los clips.",
        )
    again, other = answer(groups, 0.2, 7), answer(groups, 0.2, 8)
    require(
        np.array_equal(again, answer(groups, 0.2, 7)),
        "Con la misma semilla el reparto cambia. Usa np.random.default_rng(seed).",
    )
    require(not np.array_equal(again, other), "La semilla no cambia nada: úsala para sortear.")


def check_2(answer):
    """La clase de menor exhaustividad, sin tropezar con las vacías."""
    cases = {
        "una matriz normal": [[8, 2, 0], [1, 6, 3], [5, 0, 15]],
        "clases de tamaños muy distintos": [[90, 10, 0], [0, 9, 1], [0, 4, 6]],
        "una clase a la que se le achaca todo": [[5, 0, 5], [0, 5, 5], [0, 1, 9]],
        "una clase sin imágenes": [[0, 0, 0], [2, 3, 0], [0, 0, 4]],
    }
    for title, matrix in cases.items():
        matrix, names = np.array(matrix), ["golf", "tenis", "f1"]
        name, value = solutions.worst_class(matrix, names)
        given = answer(matrix, names)
        require(
            isinstance(given, tuple | list) and len(given) == 2,
            "Devuelve dos cosas: el nombre de la clase y su exhaustividad.",
        )
        recall = np.diag(matrix) / np.maximum(matrix.sum(1), 1)
        ties = [n for n, r, t in zip(names, recall, matrix.sum(1)) if t and np.isclose(r, value)]
        require(
            given[0] in ties,
            f"Con {title} dices «{given[0]}» y es «{name}». Divide la diagonal entre la suma de "
            "cada fila, y olvida las clases sin imágenes.",
        )
        close(given[1], value, f"Con {title} la exhaustividad no es {given[1]!r}: es una fracción "
              "entre 0 y 1, diagonal entre suma de la fila.", 1e-6)  # fmt: skip


def check_3(answer):
    """Un lote de una imagen, venga como venga."""
    rng = np.random.default_rng(2)
    size = (21, 28)
    for title, shape in {"en gris": (60, 80), "RGB": (42, 56, 3), "RGBA": (50, 30, 4),
                         "ya del tamaño justo": (21, 28, 3)}.items():  # fmt: skip
        smooth = rng.integers(40, 220, shape[2:] or (1,))
        image = np.broadcast_to(smooth, (*shape[:2], len(smooth))).astype("uint8").copy()
        image[: shape[0] // 2] //= 2
        image = image[..., 0] if len(shape) == 2 else image
        before = image.copy()
        given = np.asarray(answer(image, size))
        wanted = solutions.to_batch(image, size)
        require(
            given.shape == wanted.shape,
            f"Una imagen {title} {shape} da la forma {given.shape} y debería ser {wanted.shape}. "
            "Recuerda: cv2.resize pide (ancho, alto), y hace falta un eje de lote.",
        )
        require(
            given.max() <= 1,
            f"Una imagen {title} da píxeles de hasta {given.max():g}. Divide entre 255.",
        )
        require(given.dtype == np.float32, f"El tipo es {given.dtype} y debería ser float32.")
        close(given[:, [3, -3]], wanted[:, [3, -3]], f"Los píxeles de una imagen {title} no salen. "
              "¿Has cambiado el orden de los canales o dividido dos veces?", 0.02)  # fmt: skip
        require(np.array_equal(image, before), "Has modificado la imagen que te dan: cópiala.")
    for shape in ((21,), (5, 21, 28, 3), (21, 28, 7)):
        try:
            answer(np.zeros(shape, "uint8"), size)
        except ValueError:
            continue
        except Exception as error:
            raise Wrong(
                f"Con la forma {shape} falla con {type(error).__name__}: comprueba la forma al "
                "principio y lanza ValueError."
            ) from None
        raise Wrong(f"Acepta un array de forma {shape}, que no es una imagen: lanza ValueError.")


@cache
def _exam():
    from helpers.classification import splits, training
    from helpers.data import image_folder, sports

    data = image_folder.load(sports.ARCHIVE, size=(sports.HEIGHT, sports.WIDTH), cache=False,
                        progress=False)  # fmt: skip
    split = splits.by_clip(data.labels, data.groups, SEED)
    chosen = np.random.default_rng(SEED).permutation(split.train)[:IMAGES]
    pixels = [training.scaled(data.images[k]) for k in (chosen, split.test)]
    return pixels[0], data.labels[chosen], pixels[1], data.labels[split.test], len(data.names)


def _score(build) -> float:
    """Exactitud de una red entrenada como pide el ejercicio."""
    import keras

    train_x, train_y, test_x, test_y, classes = _exam()
    keras.utils.set_random_seed(SEED)
    model = build(train_x.shape[1:], classes)
    model.compile(keras.optimizers.Adam(RATE), "sparse_categorical_crossentropy",
                  steps_per_execution=16)  # fmt: skip
    model.fit(train_x, train_y, batch_size=BATCH, epochs=EPOCHS, verbose=0)
    found = [keras.ops.convert_to_numpy(model(test_x[i : i + 512], training=False))
             for i in range(0, len(test_x), 512)]  # fmt: skip
    return float(np.mean(np.concatenate(found).argmax(1) == test_y))


@cache
def _article_score() -> float:
    from helpers.classification import published

    return _score(published.build)


def check_4(answer):
    """Una red pequeña que gana a la del artículo en el mismo examen."""
    import keras

    model = answer((21, 28, 3), 10)
    require(
        isinstance(model, keras.Model),
        f"Devuelves {type(model).__name__}: hace falta un modelo de Keras (Sequential o Model).",
    )
    require(
        model.input_shape[1:] == (21, 28, 3) and model.output_shape[1:] == (10,),
        f"La red va de {model.input_shape[1:]} a {model.output_shape[1:]} y debe ir de "
        "input_shape a (classes,). ¿Falta un Flatten o un GlobalAveragePooling2D?",
    )
    count = model.count_params()
    require(count <= MAX_PARAMETERS, f"Tiene {count} parámetros y el límite es {MAX_PARAMETERS}. "
            "La capa densa que sigue a un Flatten suele ser la culpable.")  # fmt: skip
    noise = np.random.default_rng(0).random((4, 21, 28, 3), "float32")
    total = keras.ops.convert_to_numpy(model(noise)).sum(1)
    require(np.allclose(total, 1, atol=1e-3), "La salida no suma 1: acaba en una capa con softmax.")
    mine, theirs = _score(answer), _article_score()
    require(
        mine >= theirs + MARGIN,
        f"Tu red acierta el {mine:.1%} y la del artículo, entrenada igual, el {theirs:.1%}: hacen "
        f"falta {100 * MARGIN:.0f} puntos más. Repasa los remedios del cuaderno.",
    )
