"""Ejercicios del cuaderno 09: top-p, escribir, fugas, RoPE, un bloque y un diccionario blando."""

import keras
import numpy as np

from helpers.exercises.base import (
    check_branches,
    check_network,
    close,
    exercise,
    items,
    output_of,
    reborn,
    require,
    same,
    truth,
)


@exercise(
    "El tercer botón: top-p",
    "Ordena de mayor a menor, con sus posiciones, y mira la suma acumulada.",
    "Una se queda si lo que suman las anteriores a ella es menor que p.",
    "order = np.argsort(-chances); ranked = chances[order]; before = np.cumsum(ranked) - ranked; "
    "se quedan order[before < p].",
    praise="¡Correcto! Cuantas más dudas tiene el modelo, más opciones deja top-p.",
)
def ejercicio_1(answer):
    chances = np.array([0.1, 0.5, 0.05, 0.3, 0.05])
    kept = answer(chances, 0.7)
    yield {"No cambies el vector que recibes: haz una copia.": answer.spoiled}
    close(np.sum(kept), 1.0, "Después de recortar hay que volver a normalizar.")
    close(kept, [0, 0.625, 0, 0.375, 0], "0.5 no llega a 0.7; 0.5 + 0.3, sí: quedan dos.")
    close(answer(chances, 0.5), [0, 1, 0, 0, 0], "0.5 ya llega a 0.5: queda solo la mayor.")
    close(answer(chances, 0.01), [0, 1, 0, 0, 0], "Siempre queda al menos una.")
    tied = answer(np.array([0.25, 0.5, 0.25]), 0.7)
    one_of_two = any(same(tied, kept) for kept in ([1 / 3, 2 / 3, 0], [0, 2 / 3, 1 / 3]))
    yield {
        "Las dejas todas, y 0.5 + 0.25 ya llega: son las justas, así que de dos empatadas se queda "
        "una. Corta por posición, no por valor.": same(tied, [0.25, 0.5, 0.25]),
        "Queda la mayor y una de las otras dos, cualquiera.": not one_of_two,
    }
    rng = np.random.default_rng(1)
    for p in (0.3, 0.9, 1.0):
        some = rng.dirichlet(np.ones(12) * 0.5)
        close(answer(some, p), keep_top_p(some, p), f"Con p={p} no sale lo esperado.")


@ejercicio_1.solved_by
def keep_top_p(chances, p):
    """Las mayores que juntas llegan a p, normalizadas otra vez."""
    chances = np.asarray(chances, "float64")
    order = np.argsort(-chances, kind="stable")
    ranked = chances[order]
    before = np.cumsum(ranked) - ranked
    kept = np.zeros_like(chances)
    kept[order[before < p]] = ranked[before < p]
    return kept / kept.sum()


# En el juguete, qué token sigue al último y al primero; el 8 no sale nunca.
NEXT = np.array([0, 4, 0, 5, 3, 6, 2, 1, 0])
VOCABULARY = len(NEXT)


def toy(ids):
    """Un modelo causal de juguete: logits ``(n, T, 9)``; lo que sigue depende del primero también.

    Es puntual con la forma: ``(n, T)`` de enteros, como un GPT de verdad.
    """
    ids = np.asarray(ids)
    require(
        ids.ndim == 2 and ids.dtype.kind in "iu",
        f"El modelo recibe {ids.dtype} de forma {ids.shape}, y espera un lote de enteros de forma "
        "(n, T): con un solo texto, np.array([texto]).",
    )
    known = ids.shape[1] and ids.min() >= 0 and ids.max() < VOCABULARY
    require(known, f"El modelo recibe tokens que no existen: {ids.tolist()}.")
    best = NEXT[(NEXT[ids] + ids[:, :1]) % 8]
    return np.eye(VOCABULARY)[best] - 3.0  # todos negativos: un logit no es una probabilidad


@exercise(
    "Continuar muchos textos",
    "Los textos tienen distinto largo: lo más sencillo es un bucle por texto.",
    "Los logits del token siguiente son los de la última posición: model(...)[0, -1].",
    "while len(ids) < length and ids[-1] != end: en cada vuelta, calcula sus logits otra vez y "
    "ids.append(int(np.argmax(logits))).",
    praise="¡Correcto! Cámbiale el argmax por un sorteo y tienes el generador de la página.",
)
def ejercicio_2(answer):
    prompts = [[3], [5, 1], [7, 7, 4], [1, 2, 3, 5], [3, 2]]
    for length, end in ((9, 2), (6, 8), (12, 0)):
        given = answer(toy, prompts, length, end)
        given = items(given, len(prompts), f"Devuelve una lista con {len(prompts)} textos.")
        for row, mine, wanted in zip(prompts, given, greedy(toy, prompts, length, end)):
            mine = [int(token) for token in np.ravel(mine)]
            where, ended = f"Con el principio {row}, ", row[-1] == end
            right, start = mine == wanted, mine[: len(wanted)]
            yield {
                f"{where}el texto empieza por lo que ya estaba escrito.": mine[: len(row)] != row,
                "Un texto que ya acaba en end no se continúa.": ended and len(mine) > len(row),
                f"{where}pasa de {length} tokens.": len(mine) > max(length, len(row)),
                f"{where}se queda corto: {mine}. Se para al escribir end, que también va, o al "
                "llegar a length.": not right and mine == wanted[: len(mine)],
                f"{where}sigue escribiendo después de end: {mine}.": not right and start == wanted,
                f"{where}sale {mine} y debería salir {wanted}. ¿Tomas los logits de la última "
                "posición, con todo lo escrito delante?": not right,
            }


@ejercicio_2.solved_by
def greedy(model, prompts, length, end):
    """El token más probable, uno detrás de otro."""
    texts = []
    for prompt in prompts:
        ids = list(prompt)
        while len(ids) < length and ids[-1] != end:
            logits = np.asarray(model(np.array([ids])))[0, -1]
            ids.append(int(logits.argmax()))
        texts.append(ids)
    return texts


def causal_models():
    """``{nombre: (modelo, si hace trampa)}``: unos miran solo atrás y otros, no."""
    rng = np.random.default_rng(5)
    table = rng.normal(size=(20, 6))

    def vectors(ids):
        return table[np.asarray(ids) % 20]

    def past(ids):
        return np.cumsum(vectors(ids), axis=1)

    def diagonal(ids):  # cada posición ve también la siguiente
        x = vectors(ids)
        return past(ids) + np.pad(x, ((0, 0), (0, 1), (0, 0)))[:, 1:]

    def average(ids):  # la normalización se calcula con toda la frase
        return past(ids) / (1 + np.abs(vectors(ids)).mean(axis=1, keepdims=True))

    def last(ids):  # solo la penúltima ve a la última
        out = past(ids)
        out[:, :-1][:, -1:] += 0.01 * vectors(ids)[:, -1:]  # con un solo token no hay penúltima
        return out

    def far(ids):  # la primera posición ve la quinta, y nada más
        out = past(ids)
        out[:, :1] += 0.01 * vectors(ids)[:, 4:5].sum(axis=1, keepdims=True)
        return out

    def rare(ids):  # solo si el token que sigue es el 13
        ids = np.asarray(ids)
        after = np.pad(ids, ((0, 0), (0, 1)))[:, 1:]
        return past(ids) + (after == 13)[..., None]

    return {
        "mira solo atrás": (past, False),
        "mira solo su token": (vectors, False),
        "ve el token siguiente": (diagonal, True),
        "normaliza con toda la frase": (average, True),
        "solo la penúltima posición ve la última": (last, True),
        "en la primera posición ve la quinta": (far, True),
        "ve el siguiente, pero solo si es el token 13": (rare, True),
        "mira atrás, con un poco de ruido de redondeo": (
            lambda ids: past(ids) * (1 + 1e-7 * rng.normal(size=np.shape(ids))[..., None]),
            False,
        ),
    }


@exercise(
    "¿Se cuela el futuro?",
    "Cambia un token y mira si cambia alguna salida anterior a él.",
    "Prueba cada posición y todos los valores del token: la trampa puede estar en uno solo.",
    "Compara con tolerancia: np.allclose(..., atol=1e-4), no con ==.",
    praise="¡Correcto! Pásasela a cualquier GPT que escribas, antes de entrenarlo.",
)
def ejercicio_3(answer):
    for name, (model, cheats) in causal_models().items():

        def watched(ids, model=model):
            ids = np.asarray(ids)
            batch = ids.ndim == 2 and ids.size
            require(batch, f"El modelo espera (n, T) tokens, y le das forma {ids.shape}.")
            known = ids.shape[1] <= 8 and ids.min() >= 0 and ids.max() < 20
            require(known, "Le das textos de más de length tokens, o tokens que no existen.")
            return model(ids)

        says = "hay fuga" if cheats is False else "no hay fuga"
        given = truth(answer(watched, 8, 20))
        yield {f"Hay un modelo que {name}, y dices que {says}.": given != cheats}


@ejercicio_3.solved_by
def leaks(model, length, vocabulary):
    """Cambia cada posición por cada token y mira lo anterior."""
    ids = np.zeros((1, length), int)
    whole = np.asarray(model(ids))
    for place in range(1, length):
        changed = np.repeat(ids, vocabulary, axis=0)
        changed[:, place] = np.arange(vocabulary)
        if not np.allclose(np.asarray(model(changed))[:, :place], whole[:, :place], atol=1e-4):
            return True
    return False


@exercise(
    "RoPE con parejas vecinas",
    "Las parejas son x[:, 0::2] y x[:, 1::2].",
    "Girar (a, b) un ángulo t da (a·cos t − b·sen t, a·sen t + b·cos t).",
    "angles = (start + np.arange(T))[:, None] * 10000.0 ** (-np.arange(0, d, 2) / d)",
    praise="¡Correcto! Gira, no estira, y la puntuación solo depende de la distancia.",
)
def ejercicio_4(answer):
    rng = np.random.default_rng(4)
    x = rng.normal(size=(5, 8))
    given, right = np.asarray(answer(x, 0), "float64"), rotate_pairs(x, 0)
    size = given.shape
    yield {
        f"La forma es {size} y debería ser {x.shape}: la misma que la de x.": size != x.shape,
        "Giras bien, pero devuelves primero los pares y después los impares: cada número vuelve a "
        "su sitio, out[:, 0::2] y out[:, "
        "1::2].": same(given, np.hstack([right[:, 0::2], right[:, 1::2]])),
    }
    close(given[0], x[0], "En la posición 0 no se gira nada.", tolerance=1e-5)
    hint = "Estira: girar no cambia la longitud."
    close((given**2).sum(1), (x**2).sum(1), hint, tolerance=1e-4)
    unit = np.asarray(answer(np.array([[1.0, 0.0], [1.0, 0.0]]), 0), "float64")
    back = {"Giras al revés: (1, 0) en la posición 1 va a (cos 1, sen 1).": [np.cos(1), -np.sin(1)]}
    hint = "Con d=2, (1, 0) en la posición 1 gira 1."
    close(unit[1], [np.cos(1), np.sin(1)], hint, back, 1e-5)
    a, b = x[:, :4], x[:, 4:]
    angles = np.arange(5)[:, None] * 10000.0 ** (-np.arange(4) / 4)
    cos, sin = np.cos(angles), np.sin(angles)
    halves = {
        "Giras la primera mitad con la segunda, como la página. Aquí las parejas son "
        "vecinas.": np.hstack([a * cos - b * sin, a * sin + b * cos])
    }
    hint = "¿La pareja i gira posición / 10000**(2i / d)? La primera, lo mismo que la posición."
    close(given, right, hint, halves, 1e-5)
    for some, start in ((x, 7), (rng.normal(size=(2, 16)), 53)):
        hint = f"Con start={start} la primera fila está en la posición {start}, y así las demás."
        close(answer(some, start), rotate_pairs(some, start), hint, tolerance=1e-4)


@ejercicio_4.solved_by
def rotate_pairs(x, start=0):
    """Cada pareja vecina, girada según su posición."""
    x = np.asarray(x, "float64")
    length, d = x.shape
    angles = (start + np.arange(length))[:, None] * 10000.0 ** (-np.arange(0, d, 2) / d)
    cos, sin = np.cos(angles), np.sin(angles)
    turned = np.empty_like(x)
    turned[:, 0::2] = x[:, 0::2] * cos - x[:, 1::2] * sin
    turned[:, 1::2] = x[:, 0::2] * sin + x[:, 1::2] * cos
    return turned


@exercise(
    "Un bloque, con las capas de Keras",
    "Empieza por x = inputs = keras.Input((length, d)).",
    "y = LayerNormalization()(x); x = x + MultiHeadAttention(heads, d // heads)(y, y).",
    "Otra vez: y = LayerNormalization()(x), dos Dense (la primera, con activación) y la suma.",
    praise="¡Correcto! Apila una docena, pon una tabla a cada lado y tienes un Transformer.",
)
def ejercicio_5(answer):
    for length, d, heads, d_ff in ((6, 16, 2, 40), (9, 24, 4, 56)):
        keras.utils.set_random_seed(0)
        block = answer(length, d, heads, d_ff)
        check_network(block)
        x = np.random.default_rng(0).normal(size=(1, length, d)).astype("float32")
        y = output_of(block, x, (length, d), "La forma no cambia.")

        def out(x, block=block):
            return np.asarray(block(x, training=False))

        weights = block.get_weights()
        turned = x.copy()
        turned[0, -1] = -turned[0, -1]
        moved = np.abs(out(turned) - y).max(axis=-1)[0, :-1].max()
        order = np.random.default_rng(1).permutation(length)
        small, large = (np.abs(out(a * x) - a * x).max() for a in (1, 1000))
        odd = np.allclose(out(x), -out(-x), rtol=0, atol=1e-4)
        norms = sum(w.shape == (d,) and np.allclose(w, 1) for w in weights)
        yield {
            f"No hay ninguna capa de {d_ff} números en medio: la red es de {d} a {d_ff} y de "
            f"{d_ff} a {d}.": not any(d_ff in w.shape for w in weights),
            "Cambiar la última palabra no cambia las demás: ¿falta la atención, o lleva "
            "máscara?": not moved > 1e-6,
            "Al barajar las palabras la salida debería ser la misma, barajada: el bloque no lleva "
            "posiciones ni máscara.": not np.allclose(out(x[:, order]), y[:, order], atol=1e-4),
            "Con una entrada mil veces mayor, lo que el bloque suma también se dispara: o falta un "
            "atajo (x + …), o una de las dos partes no lleva delante su normalización, o la "
            "normalización va detrás de la suma (post-norm).": large > 300,
            "El bloque devuelve lo mismo que recibe.": not small > 1e-6,
            "Cada una de las dos partes lleva su propia normalización.": norms < 2,
            # Sin activación, todo cambia de signo con la entrada.
            "La red no lleva activación: dos capas sin nada en medio son una sola. Ponle ReLU (o "
            "GELU, o SiLU) a la primera.": odd,
        }
        # Sin la red, queda lo que suma la atención.
        block.set_weights([w * (w.shape[-2:] != (d_ff, d)) for w in weights])
        near, far = (out(a * x) - a * x for a in (10, 100))
        yield {
            "A la atención le llega algo sin normalizar: consultas, claves y valores salen los "
            "tres de lo normalizado.": not np.allclose(near, far, atol=0.01)
        }


@ejercicio_5.solved_by
def build_block(length, d, heads, d_ff):
    """Norma, atención y suma; norma, red y suma."""
    layers = keras.layers
    inputs = x = keras.Input((length, d))
    y = layers.LayerNormalization()(x)
    x = x + layers.MultiHeadAttention(heads, d // heads)(y, y)
    y = layers.LayerNormalization()(x)
    y = layers.Dense(d_ff, activation="relu")(y)
    return keras.Model(inputs, x + layers.Dense(d)(y))


def dictionaries(seed: int, count: int):
    """``([preguntas, claves, valores], respuestas)``: cada fila, un diccionario distinto."""
    rng = np.random.default_rng(seed)
    keys = np.argsort(rng.random((count, 20)), axis=1)[:, :8]
    values = rng.integers(0, 10, (count, 8))
    chosen = rng.integers(0, 8, (count, 1))
    question, right = (np.take_along_axis(t, chosen, axis=1) for t in (keys, values))
    return [t.astype("int32") for t in (question, keys, values)], right[:, 0]


@exercise(
    "Tu diccionario blando, entrenado",
    "Es la atención de la página: la pregunta es la consulta. Embedding(20, 32) para claves y "
    "pregunta (¡la misma tabla!) y Embedding(10, 32) para los valores.",
    "keras.layers.MultiHeadAttention(1, 32)(query, value, key) recibe valores y claves por "
    "separado; después, Flatten y una Dense de 10.",
    "Compila con Adam(0.01) y SparseCategoricalCrossentropy(from_logits=True), o con softmax en la "
    "salida y «sparse_categorical_crossentropy».",
    praise="¡Correcto! Nunca había visto esos diccionarios: ha aprendido a buscar.",
    on_error="¿El orden de las entradas es question, keys, values? ¿Van las claves de 0 a 19 y los "
    "valores, de 0 a 9? ¿Es la pérdida sparse_categorical_crossentropy?",
)
def ejercicio_6(answer):
    check_branches(answer, ("question", "keys", "values"), 10)
    check_network(answer, compiled=True)
    for seed in (0, 1):
        x, y = dictionaries(seed, 4000)
        new, right = dictionaries(seed + 10, 1000)
        model = reborn(answer, seed)
        model.fit(x, y, batch_size=64, epochs=8, verbose=0)
        hits = np.mean(np.asarray(model.predict_on_batch(new)).argmax(axis=1) == right)
        yield {
            f"Acierta el {hits:.0%} de los diccionarios nuevos, y debe pasar del 95 %. Mira cuatro "
            "cosas: la pregunta y las claves comparten tabla; MultiHeadAttention recibe "
            "(consulta, valores, claves), en ese orden; la salida lleva softmax, o la pérdida, "
            "from_logits=True; y la tasa de Adam le deja aprender en 8 épocas.": hits <= 0.95
        }


@ejercicio_6.solved_by
def build_dictionary():
    """La pregunta busca entre las claves y se lleva la mezcla de los valores."""
    layers = keras.layers
    question, keys, values = (keras.Input((n,), dtype="int32") for n in (1, 8, 8))
    table = layers.Embedding(20, 32)
    given = layers.Embedding(10, 32)(values)
    found = layers.MultiHeadAttention(1, 32)(table(question), given, table(keys))
    model = keras.Model([question, keys, values], layers.Dense(10)(layers.Flatten()(found)))
    model.compile(
        keras.optimizers.Adam(0.01),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    return model
