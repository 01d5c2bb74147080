"""Respuestas buenas y malas a los ejercicios del cuaderno 09."""

import keras
import numpy as np

from helpers.exercises.nb09 import greedy, keep_top_p, leaks, rotate_pairs

LAYER = keras.layers


# 1. top-p
def one_at_a_time(chances, p):
    kept, total = [0.0] * len(chances), 0.0
    for place in sorted(range(len(chances)), key=lambda k: chances[k], reverse=True):
        if total < p:
            kept[place] = chances[place]
            total += chances[place]
    return [value / total for value in kept]


def with_searchsorted(chances, p):
    order = chances.argsort()[::-1]
    count = np.searchsorted(np.cumsum(chances[order]), p - 1e-12) + 1
    kept = np.where(np.isin(np.arange(len(chances)), order[:count]), chances, 0)
    return (kept / kept.sum()).astype("float32")


def erasing_the_smallest(chances, p):
    kept = chances.copy()
    while True:
        smallest = min(np.flatnonzero(kept), key=lambda k: kept[k])
        if (kept > 0).sum() == 1 or kept.sum() - kept[smallest] < p - 1e-12:
            return kept / kept.sum()
        kept[smallest] = 0


def from_the_tail(chances, p):
    """Como la biblioteca de Hugging Face: borra la cola que suma 1 - p o menos."""
    order = np.argsort(chances)
    tail = order[:-1][np.cumsum(chances[order])[:-1] <= 1 - p]
    kept = chances.copy()
    kept[tail] = 0
    return kept / kept.sum()


def shifted(chances, p):
    """Con una de más cuando la suma da justo p."""
    order = np.argsort(-chances)
    gone = np.r_[False, np.cumsum(chances[order])[:-1] > p]
    kept = chances.copy()
    kept[order[gone]] = 0
    return kept / kept.sum()


def by_value(chances, p):
    """Con los empates dentro."""
    last = chances[keep_top_p(chances, p) > 0].min()
    kept = np.where(chances >= last, chances, 0)
    return kept / kept.sum()


def one_less(chances, p):
    order = np.argsort(-chances)
    few = order[np.cumsum(chances[order]) <= p]
    kept = np.where(np.isin(np.arange(len(chances)), few), chances, 0)
    return kept / kept.sum()


def in_place(chances, p):
    chances[:] = keep_top_p(chances, p)
    return chances


# 2. Escribir
def recursive(model, prompts, length, end):
    def grow(ids):
        if len(ids) >= length or ids[-1] == end:
            return ids
        return grow([*ids, int(np.asarray(model(np.array([ids])))[0, -1].argmax())])

    return [grow(list(prompt)) for prompt in prompts]


def by_length(model, prompts, length, end):
    """Por lotes: juntos los que miden lo mismo."""
    texts = [np.array(prompt) for prompt in prompts]
    for size in range(1, length):
        rows = [k for k, ids in enumerate(texts) if len(ids) == size and ids[-1] != end]
        if rows:
            logits = np.asarray(model(np.stack([texts[k] for k in rows])))[:, -1]
            for k, row in zip(rows, logits):
                texts[k] = np.append(texts[k], row.argmax())
    return texts


def padded(model, prompts, length, end):
    """Todos en una tabla rellena por la derecha: el relleno cae en el futuro."""
    table = np.full((len(prompts), length), end)
    sizes = [len(prompt) for prompt in prompts]
    for row, prompt in zip(table, prompts):
        row[: len(prompt)] = prompt
    for _ in range(length):
        logits = np.asarray(model(table))
        for k, size in enumerate(sizes):
            if size < length and table[k, size - 1] != end:
                table[k, size] = logits[k, size - 1].argmax()
                sizes[k] += 1
    return tuple(row[:size].tolist() for row, size in zip(table, sizes))


def padded_left(model, prompts, length, end):
    """El relleno de delante cambia lo que el modelo lee."""
    longest = max(len(prompt) for prompt in prompts)
    table = np.array([[0] * (longest - len(prompt)) + prompt for prompt in prompts])
    while table.shape[1] < length:
        table = np.c_[table, np.asarray(model(table))[:, -1].argmax(axis=-1)]
    return [row[longest - len(prompt) :].tolist() for row, prompt in zip(table, prompts)]


def writer(*, last=True, context=True, stop=True, drop_end=False, room=0, only_new=False):
    def answer(model, prompts, length, end):
        texts = []
        for prompt in prompts:
            ids = list(prompt)
            while len(ids) < length + room and (ids[-1] != end or not stop):
                seen = ids if context else ids[-1:]
                logits = np.asarray(model(np.array([seen])))[0, -1 if last else 0]
                ids.append(int(logits.argmax()))
            ids = ids[:-1] if drop_end and ids[-1] == end else ids
            texts.append(ids[len(prompt) :] if only_new else ids)
        return texts

    return answer


def end_first(model, prompts, length, end):
    """Escribe al menos uno aunque ya hubiera terminado."""
    texts = []
    for prompt in prompts:
        ids = list(prompt)
        while len(ids) < length:
            ids.append(int(np.asarray(model(np.array([ids])))[0, -1].argmax()))
            if ids[-1] == end:
                break
        texts.append(ids)
    return texts


def flat(model, prompts, length, end):
    return [model(np.array(prompt)) for prompt in prompts]


# 3. Fugas
def by_prefixes(model, length, vocabulary):
    """Con el texto cortado o entero, lo anterior debe salir igual."""
    rng = np.random.default_rng(0)
    ids = rng.integers(0, vocabulary, (400, length))
    whole = np.asarray(model(ids))
    return any(
        np.abs(np.asarray(model(ids[:, :cut])) - whole[:, :cut]).max() > 1e-4
        for cut in range(1, length)
    )


def by_random_changes(model, length, vocabulary):
    rng = np.random.default_rng(1)
    for place in range(1, length):
        ids = rng.integers(0, vocabulary, (500, length))
        changed = ids.copy()
        changed[:, place:] = rng.integers(0, vocabulary, (500, length - place))
        gap = np.abs(np.asarray(model(ids)) - np.asarray(model(changed)))[:, :place]
        if gap.max() > 1e-3:
            return np.bool_(True)
    return np.bool_(False)


def in_order(model, length, vocabulary):
    """Todos los valores, uno a uno, en cada sitio."""
    ids = np.zeros((1, length), int)
    before = np.asarray(model(ids))
    found = False
    for place in range(1, length):
        for token in range(vocabulary):
            ids[0, place] = token
            found |= not np.allclose(np.asarray(model(ids))[:, :place], before[:, :place], 1e-4)
        ids[0, place] = 0
    return bool(found)


def exactly_equal(model, length, vocabulary):
    ids = np.zeros((1, length), int)
    changed = ids + np.eye(length, dtype=int)[-1]
    return not np.array_equal(np.asarray(model(ids))[:, :-1], np.asarray(model(changed))[:, :-1])


def every_token(places, before):
    """Cambia cada sitio de ``places`` por cada token, y mira solo las posiciones ``before``."""

    def answer(model, length, vocabulary):
        ids = np.zeros((1, length), int)
        whole = np.asarray(model(ids))
        for place in range(length)[places]:
            changed = np.repeat(ids, vocabulary, axis=0)
            changed[:, place] = np.arange(vocabulary)
            seen = before(place)
            if not np.allclose(np.asarray(model(changed))[:, seen], whole[:, seen], atol=1e-4):
                return True
        return False

    return answer


def one_change(place, upto=None):
    def answer(model, length, vocabulary):
        ids = np.zeros((1, length), int)
        changed = ids.copy()
        changed[0, place] = 1
        a, b = (np.asarray(model(x))[:, :upto] for x in (ids, changed))
        return not np.allclose(a, b, atol=1e-4)

    return answer


# 4. RoPE
def with_complex(x, start=0):
    x = np.asarray(x, "float64")
    pairs = x[:, 0::2] + 1j * x[:, 1::2]
    speeds = 10000.0 ** (-np.arange(0, x.shape[1], 2) / x.shape[1])
    turned = pairs * np.exp(1j * np.outer(start + np.arange(len(x)), speeds))
    return np.stack([turned.real, turned.imag], axis=-1).reshape(x.shape)


def with_matrices(x, start=0):
    out = np.zeros(np.shape(x))
    for t, row in enumerate(np.asarray(x)):
        for i in range(len(row) // 2):
            angle = (start + t) / 10000 ** (2 * i / len(row))
            turn = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
            out[t, 2 * i : 2 * i + 2] = np.array(turn) @ row[2 * i : 2 * i + 2]
    return out.tolist()


def with_keras(x, start=0):
    ops = keras.ops
    x = ops.convert_to_tensor(x, "float32")
    length, d = x.shape
    speeds = 10000.0 ** (-ops.arange(0, d, 2, dtype="float32") / d)
    angles = (start + ops.arange(length, dtype="float32"))[:, None] * speeds
    a, b = x[:, 0::2], x[:, 1::2]
    cos, sin = ops.cos(angles), ops.sin(angles)
    both = ops.stack([a * cos - b * sin, a * sin + b * cos], axis=-1)
    return ops.reshape(both, x.shape)


def with_repeated_angles(x, start=0):
    """Como en GPT-J: x por el coseno, más x girado un cuarto de vuelta por el seno."""
    x = np.asarray(x)
    speeds = np.repeat(1 / 10000 ** (np.arange(0, x.shape[1], 2) / x.shape[1]), 2)
    angles = np.outer(start + np.arange(len(x)), speeds)
    quarter = np.stack([-x[:, 1::2], x[:, 0::2]], axis=-1).reshape(x.shape)
    return x * np.cos(angles) + quarter * np.sin(angles)


def evens_then_odds(x, start=0):
    turned = rotate_pairs(x, start)
    return np.hstack([turned[:, 0::2], turned[:, 1::2]])


def overwriting(x, start=0):
    """La segunda línea lee lo que la primera ya ha cambiado."""
    x = np.array(x, "float64")
    speeds = 10000.0 ** (-np.arange(0, x.shape[1], 2) / x.shape[1])
    angles = (start + np.arange(len(x)))[:, None] * speeds
    x[:, 0::2] = x[:, 0::2] * np.cos(angles) - x[:, 1::2] * np.sin(angles)
    x[:, 1::2] = x[:, 0::2] * np.sin(angles) + x[:, 1::2] * np.cos(angles)
    return x


def halves(x, start=0):
    half = x.shape[1] // 2
    angles = (start + np.arange(len(x)))[:, None] * 10000.0 ** (-np.arange(half) / half)
    a, b, cos, sin = x[:, :half], x[:, half:], np.cos(angles), np.sin(angles)
    return np.hstack([a * cos - b * sin, a * sin + b * cos])


def other_speeds(x, start=0):
    x = np.asarray(x)
    pairs = x[:, 0::2] + 1j * x[:, 1::2]
    speeds = 10000.0 ** (-np.arange(x.shape[1] // 2) / x.shape[1])
    turned = pairs * np.exp(1j * np.outer(start + np.arange(len(x)), speeds))
    return np.stack([turned.real, turned.imag], axis=-1).reshape(x.shape)


def summed(x, start=0):
    return x + rotate_pairs(np.ones_like(x), start)


# 5. Un bloque
def block(*, norms=(True, True), shortcuts=(True, True), attention=True, post=False, hidden=None,
          activation="gelu", places=False, norm=LAYER.LayerNormalization, call=None):  # fmt: skip
    def build(length, d, heads, d_ff):
        inputs = x = keras.Input((length, d))
        if places:
            x = x + np.arange(length)[:, None] / length
        for k in range(2):
            y = norm()(x) if norms[k] and not post else x
            if k == 0 and attention:
                attend = LAYER.MultiHeadAttention(heads, d // heads)
                y = call(attend, x, y) if call else attend(y, y)
            else:
                y = LAYER.Dense(hidden or d_ff, activation)(y)
                y = LAYER.Dense(d)(y)
            x = x + y if shortcuts[k] else y
            x = norm()(x) if post else x
        return keras.Model(inputs, x)

    return build


def with_convolutions(length, d, heads, d_ff):
    """La red por posición, con convoluciones de ancho 1."""
    inputs = x = keras.Input((length, d))
    y = LAYER.LayerNormalization()(x)
    x = LAYER.Add()([x, LAYER.MultiHeadAttention(heads, d, use_bias=False)(y, y)])
    y = LAYER.Conv1D(d_ff, 1)(LAYER.LayerNormalization()(x))
    y = LAYER.Conv1D(d, 1)(LAYER.LeakyReLU()(y))
    return keras.Model(inputs, LAYER.Add()([x, y]))


class Own(keras.Model):
    """Escrito como una clase, con dropout y sus propias proyecciones."""

    def __init__(self, d, heads, d_ff):
        super().__init__()
        self.norms = [LAYER.RMSNormalization() for _ in range(2)]
        self.attention = LAYER.MultiHeadAttention(heads, 8, output_shape=d, dropout=0.1)
        self.wide, self.back = LAYER.Dense(d_ff, "silu"), LAYER.Dense(d)
        self.drop = LAYER.Dropout(0.1)

    def call(self, x, training=False):
        y = self.norms[0](x)
        x = x + self.drop(self.attention(y, y, training=training), training=training)
        return x + self.drop(self.back(self.wide(self.norms[1](x))), training=training)


def sequential(length, d, heads, d_ff):
    return keras.Sequential([keras.Input((length, d)), LAYER.Dense(d_ff, "relu"), LAYER.Dense(d)])


def not_a_model(length, d, heads, d_ff):
    return LAYER.MultiHeadAttention(heads, d // heads)


# 6. Un diccionario
def dictionary_net(
    *, rate=0.01, shared=True, compiled=True, end=None, flatten=True, order=(0, 1, 2),
    softmax=False, attention=None, loss=None,
):  # fmt: skip
    def build():
        parts = [keras.Input((n,), dtype="int32") for n in (1, 8, 8)]
        question, keys, values = parts
        table = LAYER.Embedding(20, 32)
        other = table if shared else LAYER.Embedding(20, 32)
        given = LAYER.Embedding(10, 32)(values)
        if attention is None:
            found = LAYER.MultiHeadAttention(2, 16)(other(question), given, table(keys))
        else:
            found = attention(other(question), given, table(keys))
        found = LAYER.Flatten()(found) if flatten else found
        output = LAYER.Dense(end or 10, "softmax" if softmax else None)(found)
        model = keras.Model([parts[k] for k in order], output)
        if compiled:
            right = keras.losses.SparseCategoricalCrossentropy(from_logits=not softmax)
            model.compile(keras.optimizers.Adam(rate), loss or right)
        return model

    return build


class Subclassed(keras.Model):
    def call(self, inputs):
        return inputs


def values_last(query, given, keys):
    """Con las claves donde van los valores."""
    return LAYER.MultiHeadAttention(1, 32)(query, keys, given)


def dot_product(query, given, keys):
    """La atención de Keras sin cabezas ni proyecciones."""
    return LAYER.Attention()([query, given, keys])


def one_hot_match():
    """Sin atención: compara la pregunta con cada clave y se queda con su valor."""
    parts = [keras.Input((n,), dtype="int32") for n in (1, 8, 8)]
    match = keras.ops.cast(keras.ops.equal(parts[0], parts[1]), "float32")
    value = keras.ops.one_hot(parts[2], 10)
    found = LAYER.Dot(axes=1)([match, value])
    model = keras.Model(parts, LAYER.Dense(10)(found))
    model.compile(keras.optimizers.Adam(0.05), keras.losses.SparseCategoricalCrossentropy(True))
    return model


def bag():
    """Promedia los valores: no puede saber cuál es."""
    parts = [keras.Input((n,), dtype="int32") for n in (1, 8, 8)]
    mean = LAYER.GlobalAveragePooling1D()(LAYER.Embedding(10, 32)(parts[2]))
    flat_ = LAYER.Flatten()(LAYER.Embedding(20, 32)(parts[0]))
    hidden = LAYER.Dense(64, "relu")(LAYER.Concatenate()([mean, flat_]))
    model = keras.Model(parts, LAYER.Dense(10, "softmax")(hidden))
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def two_inputs():
    parts = [keras.Input((n,), dtype="int32") for n in (1, 8)]
    joined = LAYER.Flatten()(LAYER.Embedding(20, 8)(LAYER.Concatenate()(parts)))
    model = keras.Model(parts, LAYER.Dense(10, "softmax")(joined))
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


RIGHT = {
    1: [one_at_a_time, with_searchsorted, erasing_the_smallest, from_the_tail],
    2: [recursive, by_length, padded],
    3: [by_prefixes, by_random_changes, in_order],
    4: [with_complex, with_matrices, with_keras, with_repeated_angles],
    5: [block(), block(norm=LAYER.RMSNormalization, activation="relu"),
        with_convolutions, lambda length, d, heads, d_ff: Own(d, heads, d_ff)],
    6: [dictionary_net(), dictionary_net(softmax=True, attention=dot_product), one_hot_match],
}  # fmt: skip

WRONG = {
    1: [
        (lambda chances, p: np.where(chances >= p, chances, 0), "volver a normalizar"),
        (lambda chances, p: keep_top_p(chances, p) * 0.9, "volver a normalizar"),
        (one_less, "quedan dos"),
        (lambda chances, p: keep_top_p(chances, p + 1e-9), "0.5 ya llega a 0.5"),
        (by_value, "de dos empatadas se queda una"),
        (lambda chances, p: np.sort(keep_top_p(chances, p)), "quedan dos"),
        (shifted, "0.5 ya llega a 0.5"),
        (in_place, "haz una copia"),
    ],
    2: [
        (writer(last=False), "última posición"),
        (writer(context=False), "última posición"),
        (writer(stop=False), "después de end"),
        (writer(drop_end=True), "se queda corto"),
        (writer(room=2), "pasa de"),
        (writer(only_new=True), "empieza por lo que ya estaba"),
        (padded_left, "todo lo escrito delante"),
        (end_first, "no se continúa"),
        (flat, "forma (n, T)"),
        (lambda *data: greedy(*data)[:1], "una lista con 5 textos"),
    ],
    3: [
        (exactly_equal, "dices que"),
        (one_change(-1, upto=1), "dices que no hay fuga"),
        (one_change(-1), "dices que hay fuga"),
        (one_change(-1, upto=-1), "dices que no hay fuga"),
        (every_token(slice(1, None), lambda place: [place - 1]), "primera posición ve la quinta"),
        (every_token(slice(-1, None), lambda place: slice(place)), "primera posición ve la quinta"),
        (every_token(slice(1, None), lambda place: [0]), "penúltima posición"),
        (lambda *data: not leaks(*data), "dices que"),
        (lambda *data: 1, "Devuelve True o False"),
        (lambda model, length, vocabulary: bool(model(np.arange(length)).any()), "(n, T)"),
    ],
    4: [
        (halves, "las parejas son vecinas"),
        (evens_then_odds, "primero los pares"),
        (overwriting, "Estira"),
        (lambda x, start=0: rotate_pairs(x, start + 1), "posición 0 no se gira"),
        (lambda x, start=0: with_complex(x, 0), "Con start=7"),
        (lambda x, start=0: np.roll(rotate_pairs(x, start), 1, axis=0), "posición 0"),
        (lambda x, start=0: rotate_pairs(x, 0) * (1 + np.arange(len(x)))[:, None], "Estira"),
        (lambda x, start=0: -np.asarray(rotate_pairs(-x, start))[:, ::-1], "posición 0"),
        (other_speeds, "10000**(2i / d)"),
        (summed, "posición 0"),
        (lambda x, start=0: rotate_pairs(x, start)[-1], "la misma que la de x"),
        (lambda x, start=0: np.stack([with_complex(r[None], -(start + t))[0]
                                      for t, r in enumerate(x)]), "Giras al revés"),
    ],
    5: [
        (block(post=True), "post-norm"),
        (block(shortcuts=(True, False)), "falta un atajo"),
        (block(norms=(False, True)), "falta un atajo"),
        (block(attention=False), "¿falta la atención"),
        (block(hidden=33), "números en medio"),
        (block(places=True), "debería ser la misma, barajada"),
        (block(activation=None), "no lleva activación"),
        (block(call=lambda attend, x, y: attend(y, y, use_causal_mask=True)), "lleva máscara"),
        (block(call=lambda attend, x, y: attend(x, y)), "algo sin normalizar"),
        (block(call=lambda attend, x, y: attend(y, x)), "no lleva delante su normalización"),
        (sequential, "¿falta la atención"),
        (not_a_model, "Devuelve la red"),
    ],
    6: [
        (dictionary_net(compiled=False), "no está compilada"),
        (dictionary_net(rate=1e-5), "le deja aprender"),
        (dictionary_net(attention=values_last), "en ese orden"),
        (dictionary_net(loss="sparse_categorical_crossentropy"), "from_logits=True"),
        (dictionary_net(loss="categorical_crossentropy"), "¿Es la pérdida"),
        (Subclassed, "uniendo capas"),
        (dictionary_net(end=8), "debería ser"),
        (dictionary_net(flatten=False), "aplana lo que sale"),
        (dictionary_net(order=(1, 0, 2)), "orden de las entradas"),
        (bag, "Acierta el"),
        (two_inputs, "necesita 3"),
        (lambda: dictionary_net()().compile("adam"), "¿falta un «return»?"),
    ],
}  # fmt: skip
