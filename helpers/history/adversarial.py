"""Redes generativas adversarias (GAN) pequeñas: una falsifica, la otra descubre.

Fuente: Goodfellow y otros (2014), «Generative Adversarial Nets», NeurIPS 27, algoritmo 1 y la
pérdida que no se satura de su sección 3. Las redes son Keras; el duelo, que alterna dos
optimizadores, usa ``tf.GradientTape``. Se explica en el cuaderno 04.
"""

import keras
import numpy as np
import tensorflow as tf
from keras import ops

CODE = 8  # números al azar que recibe el generador
# Nombre del duelo: opciones. El desequilibrado cambia mucho al generador y poco al discriminador.
DUELS = {
    "equilibrada": {"penalty": 0.1},
    "desequilibrada": {"rates": (3e-3, 1e-4)},
}


def network(inputs: int, outputs: int, hidden=(64, 64), *, last=None, seed: int = 0, name: str):
    """Una red densa ``inputs`` → ``hidden`` (LeakyReLU) → ``outputs``."""
    keras.utils.set_random_seed(seed)
    layers = [keras.Input((inputs,))]
    for units in hidden:
        layers += [keras.layers.Dense(units, kernel_initializer="he_normal")]
        layers += [keras.layers.LeakyReLU(negative_slope=0.2)]
    return keras.Sequential([*layers, keras.layers.Dense(outputs, last)], name=name)


class Duel:
    """Un generador y un discriminador que se entrenan a la vez.

    Args:
        features: números por muestra.
        classes: si no es 0, los dos reciben además la clase (Mirza y Osindero, 2014).
        pack: cuántas muestras mira juntas el discriminador. Con 1, la de 2014; con más, le es
            fácil ver que todas se parecen (Lin y otros, 2018, PacGAN).
        penalty: peso de la multa R1 al gradiente del discriminador en los datos reales
            (Mescheder y otros, 2018); 0 es la de 2014.
        last: activación de salida del generador (``"sigmoid"`` para píxeles de 0 a 1).
        rates: tasas de aprendizaje de generador y discriminador.

    Raises:
        ValueError: si ``features`` o ``pack`` no son positivos o ``penalty`` es negativa.
    """

    def __init__(self, features: int, *, classes=0, hidden=(64, 64), pack=1, penalty=0.0,
                 last=None, rates=(1e-3, 1e-3), code=CODE, seed=0):  # fmt: skip
        if features < 1 or pack < 1 or penalty < 0:
            raise ValueError(f"features y pack deben ser 1 o más, y penalty 0 o más: {features}, "
                             f"{pack}, {penalty}.")  # fmt: skip
        self.features, self.classes, self.pack = features, classes, pack
        self.penalty, self.code, self.seed = penalty, code, seed
        self.generator = network(
            code + classes, features, hidden, last=last, seed=seed, name="generador"
        )
        self.discriminator = network(
            pack * (features + classes), 1, hidden, seed=seed + 1, name="discriminador"
        )
        # Media móvil de los pesos del generador: quita el temblor del último paso.
        self.average = keras.models.clone_model(self.generator)
        self.average.set_weights(self.generator.get_weights())
        self.optimizers = [keras.optimizers.Adam(rate, beta_1=0.5) for rate in rates]
        for optimizer, model in zip(self.optimizers, (self.generator, self.discriminator)):
            optimizer.build(model.trainable_variables)
        self._run = tf.function(self._steps, jit_compile=True)

    def _judge(self, samples, labels):
        both = ops.concatenate([samples, labels], axis=-1) if self.classes else samples
        return self.discriminator(ops.reshape(both, (-1, self.pack * both.shape[-1])))

    def _losses(self, real, labels, noise):
        """Un paso de cada red con un lote; devuelve sus dos pérdidas."""
        noise = ops.concatenate([noise, labels], axis=-1) if self.classes else noise
        with tf.GradientTape() as tape:
            fake = self.generator(noise)
            with tf.GradientTape() as inner:
                inner.watch(real)
                on_real = self._judge(real, labels)
            caught = ops.softplus(-on_real) + ops.softplus(self._judge(fake, labels))
            d_loss = ops.mean(caught)
            if self.penalty:
                slope = inner.gradient(on_real, real)
                d_loss += self.penalty / 2 * ops.mean(ops.sum(slope**2, axis=-1))
        d_variables = self.discriminator.trainable_variables
        self.optimizers[1].apply(tape.gradient(d_loss, d_variables), d_variables)
        with tf.GradientTape() as tape:
            g_loss = ops.mean(ops.softplus(-self._judge(self.generator(noise), labels)))
        g_variables = self.generator.trainable_variables
        self.optimizers[0].apply(tape.gradient(g_loss, g_variables), g_variables)
        for slow, fast in zip(self.average.trainable_variables, g_variables):
            slow.assign(0.995 * slow + 0.005 * fast)
        return ops.mean(caught), g_loss

    def _steps(self, data, labels, first, steps, batch):
        losses = tf.TensorArray("float32", steps)
        for i in tf.range(steps):
            # El azar sale de la semilla y del número de ronda: dos veces lo mismo da lo mismo.
            seed = tf.stack([self.seed, first + i])
            rows = tf.random.stateless_uniform((batch,), seed, 0, data.shape[0], "int32")
            noise = tf.random.stateless_normal((batch, self.code), seed + [1_000_003, 0])
            pair = self._losses(tf.gather(data, rows), tf.gather(labels, rows), noise)
            losses = losses.write(i, tf.stack(pair))
        return losses.stack()

    def train(self, data, steps: int, batch: int = 128, labels=None) -> np.ndarray:
        """Juega ``steps`` rondas; se puede llamar varias veces para seguir.

        Args:
            data: ``(m, features)``.
            batch: muestras por ronda; múltiplo de ``pack``.
            labels: ``(m,)`` enteros, si la GAN tiene clases.

        Returns:
            Pérdidas ``(steps, 2)``: la del discriminador (sin la multa) y la del generador.

        Raises:
            ValueError: si los datos no casan con la GAN.
        """
        data = np.asarray(data, "float32")
        if data.ndim != 2 or data.shape[1] != self.features or not np.isfinite(data).all():
            raise ValueError(f"Los datos deben tener forma (m, {self.features}) y ser números "
                             f"finitos; su forma es {data.shape}.")  # fmt: skip
        if batch % self.pack:
            raise ValueError(f"batch ({batch}) debe ser múltiplo de pack ({self.pack}).")
        hot = np.zeros((len(data), self.classes), "float32")
        if self.classes:
            hot[np.arange(len(data)), np.asarray(labels)] = 1
        first = tf.constant(int(self.optimizers[0].iterations))
        return self._run(data, hot, first, steps, batch).numpy()

    def sample(self, count: int, seed: int = 0, labels=None, averaged=True) -> np.ndarray:
        """``count`` muestras nuevas, ``(count, features)``."""
        noise = np.random.default_rng(seed).normal(size=(count, self.code)).astype("float32")
        if self.classes:
            noise = np.hstack([noise, np.eye(self.classes, dtype="float32")[np.asarray(labels)]])
        return ops.convert_to_numpy((self.average if averaged else self.generator)(noise))
