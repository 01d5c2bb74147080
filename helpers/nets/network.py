"""Una red densa hecha a mano con NumPy: paso adelante, pérdidas y retropropagación.

Todas las funciones trabajan con ``N`` redes a la vez (primer eje de cada array de pesos), lo que
permite entrenar cientos de semillas en lo que tarda una. Con ``N = 1`` es una red normal.
El cuaderno 03 deduce las fórmulas con salida sigmoide y las compara con ``GradientTape``; el 02
comprueba que, con softmax, la red aprende igual que en Keras. Se entrenan en
:mod:`helpers.nets.training`.
"""

import numpy as np

# Función y derivada. La derivada se escribe con la propia salida «a» de la función, que es lo
# que se guarda en el paso adelante. En 0, la derivada de ReLU se toma 0, como TensorFlow.
ACTIVATIONS = {
    "relu": (lambda z: np.maximum(z, 0), lambda a: (a > 0).astype(a.dtype)),
    "tanh": (np.tanh, lambda a: 1 - a**2),
    "sigmoid": (lambda z: 0.5 * (1 + np.tanh(z / 2)), lambda a: a * (1 - a)),
    "linear": (lambda z: z, np.ones_like),
}
# Cada pérdida pide su salida: sigmoide si cada neurona responde sí o no; softmax si entre todas
# reparten la probabilidad entre clases que se excluyen.
LOSSES = {"mse": "sigmoid", "bce": "sigmoid", "cce": "softmax"}


def check_choice(name: str, value: str, allowed) -> str:
    """``value``, si está entre los admitidos; si no, ``ValueError``."""
    if value not in allowed:
        raise ValueError(f"{name} vale «{value}», y solo admite {', '.join(sorted(allowed))}.")
    return value


def softmax(z) -> np.ndarray:
    """``exp(z) / Σ exp(z)`` en el último eje. Restar el máximo no cambia nada y evita infinitos."""
    z = np.asarray(z, "float64")
    powers = np.exp(z - z.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def initial(sizes, seeds, draw) -> list[np.ndarray]:
    """Una red por semilla: pesos sacados con ``draw``, y sesgos a 0.

    Cada semilla tiene su propio generador: la red de la semilla 7 no depende de cuáles la
    acompañan.

    Args:
        sizes: neuronas por capa, contando la de entrada: ``(2, 16, 1)``.
        draw: ``draw(generador, entran, salen)`` da una matriz ``(entran, salen)``.

    Returns:
        ``[W1 (N, 2, 16), b1 (N, 1, 16), W2 (N, 16, 1), b2 (N, 1, 1)]`` en float64.
    """
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(f"sizes debe tener dos o más capas de una neurona o más: {list(sizes)}.")
    generators = [np.random.default_rng(seed) for seed in seeds]
    if not generators:
        raise ValueError("Hace falta al menos una semilla.")
    weights = []
    for fan_in, fan_out in zip(sizes, sizes[1:]):
        weights.append(np.stack([draw(g, fan_in, fan_out) for g in generators]))
        weights.append(np.zeros((len(generators), 1, fan_out)))
    return weights


def glorot(sizes, seeds) -> list[np.ndarray]:
    """Pesos iniciales de Glorot y Bengio (2010), ec. 16: uniformes en ±√(6 / (entran + salen)).

    Es lo que hace ``Dense`` si no se le dice otra cosa. Argumentos y formas, en :func:`initial`.
    """

    def draw(generator, fan_in, fan_out):
        limit = np.sqrt(6 / (fan_in + fan_out))
        return generator.uniform(-limit, limit, (fan_in, fan_out))

    return initial(sizes, seeds, draw)


def from_keras(weights) -> list[np.ndarray]:
    """Los pesos de ``model.get_weights()`` (capas densas) como una sola red, ``N = 1``, float64.

    Raises:
        ValueError: si no alternan matriz de pesos y vector de sesgos.
    """
    if not weights or [np.ndim(w) for w in weights] != [2, 1] * (len(weights) // 2):
        shapes = [np.shape(w) for w in weights]
        raise ValueError(f"Esperaba matriz y sesgos de cada capa densa, y llegan formas {shapes}.")
    return [np.asarray(w, "float64").reshape(1, -1, np.shape(w)[-1]) for w in weights]


def forward(weights, inputs, hidden: str = "relu", output: str = "sigmoid") -> list[np.ndarray]:
    """Paso adelante: la salida de cada capa, empezando por la entrada.

    Args:
        weights: como los devuelve :func:`glorot`.
        inputs: ``(m, entradas)``, iguales para todas las redes, o ``(N, m, entradas)``.
        hidden: activación de las capas ocultas, de :data:`ACTIVATIONS`.
        output: la de la última capa, ``"sigmoid"`` o ``"softmax"``.

    Returns:
        Lista de arrays; el último, de forma ``(N, m, salidas)``, es la predicción.

    Raises:
        ValueError: si alguna activación no existe.
    """
    act = ACTIVATIONS[check_choice("hidden", hidden, ACTIVATIONS)][0]
    check_choice("output", output, set(LOSSES.values()))
    last = softmax if output == "softmax" else ACTIVATIONS["sigmoid"][0]
    outputs = [np.asarray(inputs, "float64")]
    for i in range(0, len(weights), 2):
        z = outputs[-1] @ weights[i] + weights[i + 1]
        outputs.append(last(z) if i == len(weights) - 2 else act(z))
    return outputs


def predict(weights, inputs, hidden: str = "relu", network: int = 0, output: str = "sigmoid"):
    """Predicción ``(m, salidas)`` de la red número ``network``."""
    one = [w[network : network + 1] for w in weights]
    return forward(one, inputs, hidden, output)[-1][0]


def loss_value(predictions, targets, loss: str = "mse") -> np.ndarray:
    """Pérdida media de cada red, ``(N,)``. Con ``p`` la predicción e ``y`` lo que debía salir:

    - ``"mse"``, error cuadrático: la media de ``(p - y)²`` en las filas y en las salidas;
    - ``"bce"``, entropía cruzada binaria: la media, igual, de ``-y ln p - (1 - y) ln(1 - p)``;
    - ``"cce"``, entropía cruzada de varias clases: la media en las filas de ``-Σ y ln p``. Con un
      solo 1 por fila, es menos el logaritmo de lo que se dio a la clase buena.
    """
    if check_choice("loss", loss, LOSSES) == "mse":
        return ((predictions - targets) ** 2).mean(axis=(1, 2))
    if loss == "cce":
        p = np.maximum(predictions, 1e-12)  # evita log(0)
        return -(targets * np.log(p)).sum(axis=-1).mean(axis=-1)
    p = np.clip(predictions, 1e-7, 1 - 1e-7)  # como Keras
    return -(targets * np.log(p) + (1 - targets) * np.log(1 - p)).mean(axis=(1, 2))


def backward(weights, outputs, targets, loss: str = "mse", hidden: str = "relu"):
    """Retropropagación: la derivada de la pérdida respecto a cada peso.

    Con ``δ`` la derivada respecto a la suma ``z`` de una capa y ``a`` lo que esa capa recibe:
    ``∂W = aᵀ δ``, ``∂b = Σ δ`` (en las filas) y, hacia atrás, ``δ_anterior = (δ Wᵀ) ⊙ f'``.

    Args:
        outputs: lo que devolvió :func:`forward`, con la salida que pide ``loss``
            (:data:`LOSSES`): softmax con ``"cce"``, sigmoide con las otras dos.
        targets: ``(m, salidas)`` o ``(N, m, salidas)``.

    Returns:
        Lista de gradientes con las mismas formas que ``weights``.
    """
    prediction = outputs[-1]
    rows, units = prediction.shape[1:]
    averaged = rows if check_choice("loss", loss, LOSSES) == "cce" else rows * units
    # δ de la última capa. Con la entropía cruzada, la derivada de la sigmoide (o de la softmax) se
    # cancela con la del logaritmo y queda la diferencia, sin más. Con el error cuadrático no se
    # cancela, y frena el aprendizaje cuando p se acerca a 0 o a 1.
    delta = (prediction - targets) / averaged
    if loss == "mse":
        delta = 2 * delta * prediction * (1 - prediction)
    gradients = []
    for i in range(len(weights) - 2, -1, -2):
        received = outputs[i // 2]
        gradients = [
            received.swapaxes(-1, -2) @ delta,
            delta.sum(axis=1, keepdims=True),
            *gradients,
        ]
        if i:
            delta = (delta @ weights[i].swapaxes(-1, -2)) * ACTIVATIONS[hidden][1](received)
    return gradients
