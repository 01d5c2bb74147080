"""La red del cuaderno 07 en NumPy: muchas copias a la vez, cada una con su semilla.

Una red de cien pesos apenas ocupa al procesador: con Keras casi todo el tiempo se va en poner en
marcha cada operación. Aquí los pesos de todas las copias van en un eje más y un solo paso las
entrena a todas. Son los mismos Adam, pérdida y pesos iniciales que en Keras (una prueba y el
cuaderno los comparan), pero un examen entero tarda menos que un solo ``fit``.
"""

from dataclasses import dataclass

import numpy as np

OUTPUTS = {  # activación de la salida y su derivada, escrita con la propia salida
    "tanh": (np.tanh, lambda a: 1 - a * a),
    "exponential": (np.exp, lambda a: a),
}


@dataclass(frozen=True)
class Shape:
    """Cómo es la red: ``Embedding`` por columna → ``Concatenate`` → ``Dense``.

    Attributes:
        tables: ``(categorías, dimensiones)`` de cada columna de códigos.
        numbers: columnas numéricas que se añaden tal cual.
        hidden: neuronas ``tanh`` de la capa oculta; 0, sin capa oculta.
        output: activación de la salida, de :data:`OUTPUTS`.
    """

    tables: tuple = ()
    numbers: int = 0
    hidden: int = 0
    output: str = "exponential"

    def initial(self, seeds) -> list:
        """Pesos ``(copias, …)`` con el sorteo de Keras, en el orden de ``get_weights()``."""
        inputs = self.numbers + sum(dims for _, dims in self.tables)
        sizes = [inputs, self.hidden, 1] if self.hidden else [inputs, 1]
        copies = []
        for seed in seeds:
            rng = np.random.default_rng(seed)
            weights = [rng.uniform(-0.05, 0.05, table) for table in self.tables]
            for before, after in zip(sizes, sizes[1:]):
                limit = np.sqrt(6 / (before + after))
                weights += [rng.uniform(-limit, limit, (before, after)), np.zeros(after)]
            copies.append(weights)
        return [np.stack(stack) for stack in zip(*copies)]


def forward(shape: Shape, weights, codes, numbers):
    """``(salida, oculta, unión)``: ``(copias, filas)``, ``(copias, filas, hidden)`` y la unión.

    Args:
        codes: enteros ``(filas, tablas)``, o ``(copias, filas, tablas)``.
        numbers: ``(filas, numbers)``, o ``(copias, filas, numbers)``.
    """
    copies = len(weights[0])
    codes, numbers = (np.broadcast_to(a, (copies, *a.shape[-2:])) for a in (codes, numbers))
    each = np.arange(copies)[:, None]
    parts = [weights[k][each, codes[..., k]] for k in range(len(shape.tables))]
    joined = np.concatenate([*parts, numbers], axis=-1)
    dense, hidden = weights[len(shape.tables) :], joined
    if shape.hidden:
        hidden = np.tanh(joined @ dense[0] + dense[1][:, None])
    z = (hidden @ dense[-2] + dense[-1][:, None])[..., 0]
    return OUTPUTS[shape.output][0](z), hidden, joined


def _gradients(shape: Shape, weights, codes, numbers, target):
    """Gradiente del error absoluto medio respecto a cada peso y su cuadrado, para Adam.

    De una tabla, Keras suma los cuadrados de lo que aporta cada fila del lote, y no eleva al
    cuadrado la suma (TensorFlow le da el gradiente como ``IndexedSlices``, sin agrupar).
    """
    output, hidden, joined = forward(shape, weights, codes, numbers)
    first = len(shape.tables)
    delta = np.sign(output - target) / output.shape[1] * OUTPUTS[shape.output][1](output)
    delta = delta[..., None]
    grads = [hidden.swapaxes(1, 2) @ delta, delta.sum(axis=1)]
    back = delta @ weights[-2].swapaxes(1, 2)
    if shape.hidden:
        delta = back * (1 - hidden**2)
        grads = [joined.swapaxes(1, 2) @ delta, delta.sum(axis=1), *grads]
        back = delta @ weights[first].swapaxes(1, 2)
    tables, start = [], 0
    for k, (categories, dims) in enumerate(shape.tables):
        marked = np.eye(categories)[codes[..., k]].swapaxes(1, 2)
        part = back[..., start : start + dims]
        tables.append((marked @ part, marked @ part**2))
        start += dims
    return tables + [(g, g * g) for g in grads]


def fit(shape: Shape, codes, numbers, target, *, seeds=(0,), weights=None, epochs=40,
        batch_size=32, learning_rate=0.001, shuffle=True, after_epoch=None) -> list:  # fmt: skip
    """Entrena una copia por semilla con Adam y el error absoluto medio.

    Args:
        codes, numbers, target: ``(filas, tablas)`` enteros, ``(filas, numbers)`` y ``(filas,)``.
        weights: pesos iniciales ``(copias, …)``; sin ellos, los sortea ``shape.initial(seeds)``.
        learning_rate: baja en línea recta hasta 0 si es una tupla ``(tasa, "decreciente")``.
        after_epoch: función ``(pesos)`` que se llama tras cada época.

    Returns:
        Los pesos entrenados, en el orden de ``get_weights()``, con el eje de las copias delante.
    """
    codes, numbers = np.asarray(codes, int), np.asarray(numbers, "float64")
    target = np.asarray(target, "float64")
    weights = [w.astype("float64") for w in (weights or shape.initial(seeds))]
    rate, falls = learning_rate if isinstance(learning_rate, tuple) else (learning_rate, "")
    moments = [(np.zeros_like(w), np.zeros_like(w)) for w in weights]
    shufflers = [np.random.default_rng([seed, 1]) for seed in seeds]
    rows, t = len(target), 0
    total = epochs * -(-rows // batch_size)
    for _ in range(epochs):
        orders = np.array([s.permutation(rows) if shuffle else np.arange(rows) for s in shufflers])
        for start in range(0, rows, batch_size):
            pick, t = orders[:, start : start + batch_size], t + 1
            grads = _gradients(shape, weights, codes[pick], numbers[pick], target[pick])
            now = rate * (1 - (t - 1) / total if falls else 1)
            now *= np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
            for w, (g, squared), (m, v) in zip(weights, grads, moments):
                m += 0.1 * (g - m)
                v += 0.001 * (squared - v)
                w -= now * m / (np.sqrt(v) + 1e-7)
        if after_epoch:
            after_epoch(weights)
    return weights


def predict(shape: Shape, weights, codes, numbers) -> np.ndarray:
    """Salida de cada copia: ``(copias, filas)``."""
    return forward(shape, weights, np.asarray(codes, int), np.asarray(numbers, "float64"))[0]


def to_keras(shape: Shape, weights):
    """La misma red en Keras, con los pesos de una copia (sin el eje de las copias).

    Sus entradas son una columna de códigos ``(filas, 1)`` por tabla y los números.
    """
    import keras
    from keras import layers

    codes = [keras.Input((1,), dtype="int32") for _ in shape.tables]
    numbers = keras.Input((shape.numbers,))
    parts = [layers.Flatten()(layers.Embedding(*t)(c)) for t, c in zip(shape.tables, codes)]
    joined = layers.Concatenate()([*parts, numbers])
    if shape.hidden:
        joined = layers.Dense(shape.hidden, activation="tanh")(joined)
    model = keras.Model([*codes, numbers], layers.Dense(1, activation=shape.output)(joined))
    model.set_weights(weights)
    return model
