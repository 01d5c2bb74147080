"""Entrena muchas copias de una red pequeña a la vez, cada una con su semilla. Cuaderno 07.

Una red de cien pesos apenas ocupa al procesador: casi todo el tiempo se va en poner en marcha
cada operación. Aquí los pesos de ``n`` copias se apilan en un eje más y un solo paso entrena
todas. Es el mismo Adam sobre los mismos lotes que haría ``fit`` con cada copia por separado
(hay una prueba que lo compara), pero diez semillas cuestan poco más que una.
"""

import keras
import numpy as np
import tensorflow as tf

LOSSES = {"mae": tf.abs, "mse": tf.square}


def _as_dict(x) -> dict:
    return dict(x) if isinstance(x, dict) else {"x": x}


def _batches(rows: int, batch_size: int, epochs: int, seeds, shuffle: bool):
    """Índices de cada lote, forma ``(pasos, copias, lote)``, y peso de cada fila (0 = relleno)."""
    steps = -(-rows // batch_size)
    pad = steps * batch_size - rows
    plans = []
    for seed in seeds:
        rng = np.random.default_rng(seed)
        orders = [rng.permutation(rows) if shuffle else np.arange(rows) for _ in range(epochs)]
        plans.append(np.stack([np.concatenate([o, np.zeros(pad, int)]) for o in orders]))
    plan = np.stack(plans, axis=1).reshape(epochs, len(seeds), steps, batch_size)
    plan = plan.transpose(0, 2, 1, 3).reshape(epochs * steps, len(seeds), batch_size)
    mask = np.ones((steps, batch_size), "float32")
    mask[-1, batch_size - pad :] = 0.0
    return plan.astype("int32"), np.tile(mask, (epochs, 1))


class Replicas:
    """Copias entrenadas de una red.

    Attributes:
        model: la red (su primera copia; sirve de molde).
        weights: lista de arrays ``(copias, *forma)``, en el orden de
            ``model.trainable_variables``.
        history: ``{"loss", "val_loss"…}`` → array ``(copias, épocas)``.
    """

    def __init__(self, model, weights, history=None):
        self.model, self.weights, self.history = model, weights, history or {}

    def __len__(self):
        return len(self.weights[0])

    def predict(self, x) -> np.ndarray:
        """Salidas de todas las copias: forma ``(copias, filas)``."""
        outputs = []
        for i in range(len(self)):
            self.load(i)
            outputs.append(np.asarray(self.model(x, training=False)).reshape(-1))
        return np.stack(outputs)

    def load(self, i: int):
        """Pone en ``model`` los pesos de la copia ``i`` y lo devuelve."""
        for variable, stack in zip(self.model.trainable_variables, self.weights):
            variable.assign(stack[i])
        return self.model


def fit(build, x, y, *, seeds, epochs, batch_size, validation=None, loss="mae",
        learning_rate=0.001, shuffle=True) -> Replicas:  # fmt: skip
    """Entrena una copia de la red por semilla, todas a la vez.

    Args:
        build: función sin argumentos que crea la red, con una salida de forma ``(filas, 1)``.
            Sin capas con estado (``BatchNormalization``) ni azar (``Dropout``).
        x: array ``(filas, …)`` o diccionario de arrays con los nombres de las entradas.
        y: array ``(filas,)``.
        seeds: semillas; cada una fija los pesos iniciales y el orden de los lotes de su copia.
        validation: pareja ``(x, y)`` que se evalúa al final de cada época.
        loss: ``"mae"`` o ``"mse"``. El historial guarda siempre las dos, con la pérdida que ve
            la red en cada lote, como ``fit``.

    Raises:
        ValueError: si no hay semillas, si ``x`` e ``y`` no tienen las mismas filas o si la red
            tiene capas con estado. Congelar capas (``trainable = False``) sí se puede.
    """
    bare = not isinstance(x, dict)
    seeds, x, y = list(seeds), _as_dict(x), np.asarray(y, "float32").reshape(-1)
    if not seeds:
        raise ValueError("«seeds» está vacío: indica al menos una semilla.")
    if any(len(v) != len(y) for v in x.values()):
        raise ValueError(f"Las entradas y los {len(y)} objetivos no tienen las mismas filas.")
    model, stacked = _initial(build, seeds)
    plan, mask = _batches(len(y), batch_size, epochs, seeds, shuffle)
    steps = len(plan) // epochs
    optimizer = keras.optimizers.Adam(learning_rate)
    frozen = [v.value for v in model.non_trainable_variables]
    optimizer.build(stacked)
    arrays = {k: tf.constant(v) for k, v in x.items()}
    target, plan, mask = tf.constant(y), tf.constant(plan), tf.constant(mask)

    def forward(weights, inputs):
        inputs = inputs["x"] if bare else inputs
        output, _, penalties = model.stateless_call(weights, frozen, inputs, return_losses=True)
        return tf.reshape(output, [-1]), sum(penalties) if penalties else tf.constant(0.0)

    def step(i):
        rows, weight = plan[i], mask[i]
        inputs = {k: tf.gather(v, rows) for k, v in arrays.items()}
        with tf.GradientTape() as tape:
            values = [tf.convert_to_tensor(v.value) for v in stacked]
            tape.watch(values)
            output, penalty = tf.vectorized_map(lambda a: forward(*a), (values, inputs))
            error = output - tf.gather(target, rows)
            mean = {n: tf.reduce_sum(f(error) * weight, 1) / tf.reduce_sum(weight)
                    for n, f in LOSSES.items()}  # fmt: skip
            total = tf.reduce_sum(mean[loss] + penalty)
        optimizer.apply(tape.gradient(total, values), stacked)
        return tf.stack([tf.stack([mean["mae"], mean["mse"]]) * tf.reduce_sum(weight)])[0]

    @tf.function(jit_compile=False)
    def epoch(e):
        seen = tf.zeros([2, len(seeds)])
        for i in tf.range(e * steps, (e + 1) * steps):
            seen += step(i)
        return seen / len(y)

    @tf.function(jit_compile=False)
    def evaluate():
        values = [tf.convert_to_tensor(v.value) for v in stacked]
        inputs = {k: tf.constant(v) for k, v in _as_dict(validation[0]).items()}
        output = tf.vectorized_map(lambda w: forward(w, inputs)[0], values)
        error = output - tf.constant(np.asarray(validation[1], "float32").reshape(-1))
        return tf.stack([tf.reduce_mean(f(error), 1) for f in LOSSES.values()])

    seen, validated = [], []
    for e in range(epochs):
        seen.append(epoch(tf.constant(e)).numpy())
        if validation is not None:
            validated.append(evaluate().numpy())
    history = {}
    for prefix, values in (("", seen), ("val_", validated)):
        for j, name in enumerate(LOSSES if values else ()):
            history[prefix + name] = np.stack([v[j] for v in values], axis=1)
    return Replicas(model, [v.numpy() for v in stacked], history)


def _initial(build, seeds):
    model, initial = None, []
    for seed in seeds:
        keras.utils.set_random_seed(seed)
        candidate = build()
        frozen = sum(len(layer.weights) for layer in candidate.layers if not layer.trainable)
        if len(candidate.non_trainable_variables) != frozen:
            raise ValueError("La red tiene capas con estado o con azar; aquí no se admiten.")
        initial.append([v.numpy() for v in candidate.trainable_variables])
        model = model or candidate
    stacked = [keras.Variable(np.stack(w), name=f"pesos_{i}") for i, w in enumerate(zip(*initial))]
    return model, stacked
