"""La red del artículo, pieza a pieza, y lo que hace falta para que en Keras 3 sea la misma.

Fuente: artículo A5, «Creamos la red». El cuaderno 05 la escribe en una celda y comprueba que es
esta misma.
"""

import keras

# Como las imprime el artículo: el orden de las carpetas en aquel disco.
NAMES = ("golf", "basket", "tenis", "natacion", "ciclismo", "beisball", "futbol", "americano",
         "f1", "boxeo")  # fmt: skip
COUNTS = (9769, 8823, 8937, 5172, 7533, 7752, 7617, 9348, 5053, 7124)
SIZE = (21, 28)  # alto y ancho
INIT_LR, EPOCHS, BATCH = 1e-3, 6, 64
DECAY = INIT_LR / 100  # por paso


def build(input_shape=(*SIZE, 3), classes: int = 10):
    """La red del artículo: 158 954 parámetros con su entrada y sus clases.

    Args:
        input_shape: alto, ancho y canales; los píxeles, entre 0 y 1.
        classes: neuronas de la salida.

    Returns:
        Modelo de Keras sin compilar, de (n, alto, ancho, canales) a (n, clases) probabilidades.
    """
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input(input_shape),
            layers.Conv2D(32, (3, 3), padding="same"),
            layers.LeakyReLU(negative_slope=0.1),
            layers.MaxPooling2D((2, 2), padding="same"),
            layers.Dropout(0.5),
            layers.Flatten(),
            layers.Dense(32),
            layers.LeakyReLU(negative_slope=0.1),
            layers.Dropout(0.5),
            layers.Dense(classes, activation="softmax"),
        ]
    )


def optimizer(initial_accumulator_value: float = 0.0):
    """Adagrad como en el artículo: tasa 1e-3 que decae 1e-5 por paso.

    El acumulador de Keras 2 empezaba en **0**; el de Keras 3, si no se dice otra cosa, en 0.1, y
    con eso los primeros pasos son mucho más cortos. Fuentes: código de Keras 2.0.8
    (``Adagrad.get_updates``: ``K.zeros``) y documentación de Keras 3 (``Adagrad``).

    Args:
        initial_accumulator_value: de dónde parte el acumulador; 0.1 es lo que hace Keras 3.
    """
    schedule = keras.optimizers.schedules.InverseTimeDecay(INIT_LR, 1, DECAY)
    return keras.optimizers.Adagrad(schedule, initial_accumulator_value=initial_accumulator_value)


def first_step(gradient, initial_accumulator_value: float = 0.0, epsilon: float = 1e-7):
    """Lo que se mueve un peso en el primer paso de Adagrad, para comprobarlo a mano.

    ``lr · g / raíz(acumulador + g² + epsilon)``, como Keras 3 (en Keras 2.0.8, ``epsilon`` iba
    fuera de la raíz). Fuente: Duchi, Hazan y Singer (2011), JMLR 12, algoritmo 1.
    """
    gradient = keras.ops.convert_to_tensor(gradient, "float64")
    accumulated = initial_accumulator_value + gradient**2
    step = INIT_LR * gradient / keras.ops.sqrt(accumulated + epsilon)
    return keras.ops.convert_to_numpy(step)


def published_counts(true_counts) -> list[int]:
    """El recuento por carpeta que imprime el artículo, a partir del verdadero.

    Su bucle pone el contador a cero *después* de contar la primera imagen de cada carpeta, y luego
    suma la que falta a la primera carpeta en vez de a la última.
    """
    found, running = [], 0
    for images in true_counts:
        for k in range(images):
            running += 1
            if k == 0:
                found.append(running)
                running = 0
    found.append(running)
    found = found[1:]
    found[0] += 1
    return found
