"""Ejercicios del cuaderno 07: referencias, embeddings, exámenes, intervalos y tu red."""

import keras
import numpy as np

from helpers.exercises.base import (
    check_network,
    close,
    exercise,
    explained,
    items,
    reborn,
    rejects,
    require,
    same,
)


@exercise(
    "La referencia que nunca falta",
    hints=(
        "El último ciclo es values[-period:].",
        "El pronóstico k copia el valor k % period de ese ciclo.",
        "np.resize(values[-period:], horizon) repite y corta.",
    ),
    praise="¡Correcto! Cualquier método que no la mejore en tu serie, sobra.",
)
def ejercicio_1(answer):
    values = [5, 6, 7, 1, 2, 3, 4]
    cases = [
        (values, 3, 2, "Empieza donde empieza el último ciclo y para al llegar a horizon."),
        (values, 3, 8, "Con un horizonte más largo que el ciclo, se repite en el mismo orden."),
        (values, 7, 7, "Un ciclo puede ser toda la serie."),
        (values, 1, 4, "Con period=1 se repite el último valor."),
        ([0.01, 0.02, 0.03], 2, 3, "Los valores pueden ser decimales: no los redondees."),
    ]
    for series, period, horizon, hint in cases:
        given = np.asarray(answer(list(series), period, horizon))
        right = seasonal_naive(series, period, horizon)
        require(
            given.shape == (horizon,),
            f"Con period={period} y horizon={horizon} debe haber {horizon} pronósticos. {hint}",
        )
        first = np.resize(series[:period], horizon)
        mistakes = [
            (first, "Ese es el primer ciclo: hay que repetir el último."),
            (right[:1].repeat(horizon), "Repites un solo valor; hay que repetir el ciclo entero."),
        ]
        hint = f"Con period={period} y horizon={horizon} no sale. {hint}"
        close(given, right, hint, mistakes=mistakes)
    rejects("Con dos valores no hay un ciclo de siete.", answer, [1, 2], 7, 3)


@ejercicio_1.solved_by
def seasonal_naive(values, period, horizon):
    """El último ciclo, repetido."""
    if len(values) < period:
        raise ValueError(f"Con {len(values)} valores no hay un ciclo de {period}.")
    return np.resize(values[-period:], horizon)


@exercise(
    "Leer una tabla",
    hints=(
        "NumPy lee muchas filas a la vez: table[codes].",
        "Un índice negativo no falla en NumPy: lee desde el final. Compruébalo tú.",
        "if codes.min() < 0 or codes.max() >= len(table): raise ValueError(...)",
    ),
    praise="¡Correcto! Eso es un Embedding: lo demás es aprender la tabla.",
)
def ejercicio_2(answer):
    table = np.random.default_rng(2).normal(size=(5, 3)).astype("float32")
    for codes in ([2, 0, 4], [[1, 1], [3, 0]], [[[4]]]):
        codes = np.array(codes)
        layer = keras.layers.Embedding(5, 3)
        layer.build(())
        layer.set_weights([table])
        right = np.asarray(layer(codes))
        given = np.asarray(answer(table.copy(), codes))
        hint = "Cada código debe dar su propia fila de la tabla: un eje más, el de las dimensiones."
        close(given, right, hint)
    rejects("−1 no es una categoría.", answer, table, np.array([-1]))
    rejects("Con 5 categorías, el código 5 no existe.", answer, table, np.array([5]))


@ejercicio_2.solved_by
def lookup(table, codes):
    """La fila de cada código."""
    codes = np.asarray(codes)
    if codes.min() < 0 or codes.max() >= len(table):
        raise ValueError(f"Los códigos van de 0 a {len(table) - 1}.")
    return np.asarray(table)[codes]


@exercise(
    "Exámenes sin trampa",
    hints=(
        "El último examen empieza en len(series) - horizon; el anterior, horizon valores antes.",
        "method(series[:origin], horizon) pronostica series[origin : origin + horizon].",
        "for k in range(exams, 0, -1): origin = len(series) - k * horizon",
    ),
    praise="¡Correcto! Ningún método ha visto su examen, y ningún día se ha examinado dos veces.",
)
def ejercicio_3(answer):
    series = np.random.default_rng(3).normal(10, 3, 47)
    for horizon, exams in ((5, 4), (7, 2), (1, 3)):
        seen, asked = [], []

        def method(past, n, seen=seen, asked=asked):
            seen.append(np.array(past, dtype=float))
            asked.append(n)
            return np.full(n, np.mean(past[-3:]))

        given = answer(series.copy(), method, horizon, exams)
        given = given.to_numpy() if hasattr(given, "to_numpy") else given  # una Series de pandas
        given = items(given, exams, f"Con exams={exams} deben salir {exams} errores.")
        require(len(seen) == exams, f"Llama al método una vez por examen: {exams} veces.")
        require(set(asked) == {horizon}, f"Pide al método {horizon} pronósticos.")
        lengths = [len(past) for past in seen]
        right_lengths = [len(series) - k * horizon for k in range(exams, 0, -1)]
        require(
            lengths != right_lengths[::-1] or exams == 1,
            "Ordena los exámenes del más antiguo al más reciente.",
        )
        require(
            max(lengths) <= len(series) - horizon,
            "El método ve valores de su propio examen: pásale solo los anteriores al origen.",
        )
        require(
            lengths == right_lengths,
            f"Con {len(series)} valores y horizon={horizon}, los orígenes son {right_lengths} y "
            f"el método ha visto {lengths} valores: el último examen acaba con la serie.",
        )
        for past in seen:
            require(same(past, series[: len(past)]), "El pasado empieza en el primer valor.")
        right = rolling_errors(series, lambda p, n: np.full(n, np.mean(p[-3:])), horizon, exams)
        close(given, right, "Cada error es la media de los valores absolutos de las diferencias.")


@ejercicio_3.solved_by
def rolling_errors(series, method, horizon, exams):
    """El error de cada examen, con origen móvil."""
    errors = []
    for k in range(exams, 0, -1):
        origin = len(series) - k * horizon
        predicted = method(series[:origin], horizon)
        errors.append(np.mean(np.abs(series[origin : origin + horizon] - predicted)))
    return errors


@exercise(
    "Un intervalo que cumple",
    hints=(
        "ratio = actual / predicted; np.quantile da sus cuantiles.",
        "Si dentro queda coverage, a cada lado queda (1 - coverage) / 2.",
        "Para que contenga el pronóstico: el cociente bajo no pasa de 1 y el alto no baja de 1.",
    ),
    praise="¡Correcto! Y un intervalo que no contiene su propio pronóstico ya no te colará.",
)
def ejercicio_4(answer):
    rng = np.random.default_rng(4)
    predicted = rng.uniform(50, 150, 400)
    new = np.array([80.0, 120.0, 100.0])
    cases = {"fair": rng.normal(1, 0.15, 400), "short": rng.uniform(1.21, 2.4, 400)}
    for name, ratio in cases.items():
        actual = predicted * ratio
        for coverage in (0.8, 0.5):
            given = answer(actual.copy(), predicted.copy(), new.copy(), coverage)
            pair = items(given, 2, "Devuelve dos cosas: low y high.")
            low, high = (np.asarray(part, dtype=float) for part in pair)
            right = interval(actual, predicted, new, coverage)
            require(
                low.shape == high.shape == new.shape,
                "low y high llevan un número por pronóstico de new.",
            )
            require((low <= high).all(), "low debe ser el mínimo y high, el máximo.")
            require(
                name == "fair" or ((low <= new) & (new <= high)).all(),
                "El método se quedaba siempre corto, y tu intervalo no contiene el propio "
                "pronóstico: el cociente bajo no puede pasar de 1, ni el alto bajar de 1.",
            )
            inside = np.mean((ratio >= low[0] / new[0]) & (ratio <= high[0] / new[0]))
            require(
                name == "short" or abs(inside - coverage) < 0.02,
                f"Con coverage={coverage} dejas dentro {100 * inside:.0f} % de los casos: reparte "
                "lo que queda fuera, mitad a cada lado.",
            )
            hint = "Multiplica cada pronóstico por el cuantil de los cocientes, con la misma parte "
            close((low, high), right, hint + "fuera a cada lado.", 0.6)


@ejercicio_4.solved_by
def interval(actual, predicted, new, coverage):
    """Los cuantiles de los cocientes, sin dejar fuera el pronóstico."""
    ratio = actual / predicted
    low, high = np.quantile(ratio, [(1 - coverage) / 2, (1 + coverage) / 2])
    return new * min(low, 1), new * max(high, 1)


@exercise(
    "Qué entrada importa",
    hints=(
        "Empieza por una copia: shuffled = x.copy().",
        "shuffled[:, column] = rng.permutation(x[:, column]).",
        "Resta: error con la barajada menos error con la original.",
    ),
    praise="¡Correcto! Pásasela a cualquier modelo: no le importa cómo esté hecho por dentro.",
)
def ejercicio_5(answer):
    rng = np.random.default_rng(5)
    x = rng.normal(size=(400, 3))
    y = 3 * x[:, 0] + 0.5 * x[:, 1]

    asked = []

    def model(inputs):
        asked.append(np.sort(inputs, axis=0))
        return 3 * inputs[:, 0] + 0.5 * inputs[:, 1]

    def mean(measure, targets, column):  # de veinte barajadas: no decide la suerte de una
        values = [measure(model, x, targets, column, np.random.default_rng(k)) for k in range(20)]
        return float(np.mean(values))

    before = x.copy()
    got = [mean(answer, y, column) for column in range(3)]
    require(np.array_equal(x, before), "Has modificado x: baraja una copia (x.copy()).")
    require(
        abs(got[2]) < 1e-9,
        "El modelo no usa la columna 2: su importancia debe ser 0. Baraja solo la columna pedida.",
    )
    require(got[0] > 0, "La columna 0 importa: el error debe aumentar. ¿Has restado al revés?")
    require(got[1] > 0 and got[1] < got[0] / 2, "La columna 1 importa, pero mucho menos que la 0.")
    require(
        all(same(columns, np.sort(x, axis=0)) for columns in asked[::7]),
        "Barajar es cambiar de sitio los mismos valores: la columna tiene otros (¿sorteos con "
        "repetición, ruido, ceros?). Usa rng.permutation.",
    )
    for column in (0, 1):
        right = mean(importance, y, column)
        hint = f"Para la columna {column} sale {got[column]:.2f} y son unas {right:.2f}: resta los "
        hint += "dos errores absolutos medios, el de la columna barajada menos el de antes."
        close(got[column] / right, 1, hint, 0.08)
    hint = "Mide el aumento: al error con la columna barajada réstale el de antes."
    close(mean(answer, y + 1, 0) / mean(importance, y + 1, 0), 1, hint, 0.08)
    twice = [answer(model, x, y, 0, np.random.default_rng(0)) for _ in range(2)]
    require(twice[0] == twice[1], "Con el mismo rng debe salir lo mismo: baraja con rng.")


@ejercicio_5.solved_by
def importance(predict, x, y, column, rng):
    """Cuánto aumenta el error al barajar una columna."""
    shuffled = x.copy()
    shuffled[:, column] = rng.permutation(x[:, column])
    return np.abs(y - predict(shuffled)).mean() - np.abs(y - predict(x)).mean()


PRODUCTS, MONTHS, SEEN = 60, 12, 3


def chain(seed: int):
    """Las ventas de la cadena: códigos y ventas de 3 meses por producto, y de los otros 9."""
    rng = np.random.default_rng(seed)
    product = np.exp(rng.normal(0, 0.6, PRODUCTS))
    month = 1 + 0.4 * np.sin(2 * np.pi * (np.arange(MONTHS) + rng.integers(12)) / 12)
    sales = np.outer(product, month) * np.exp(rng.normal(0, 0.03, (PRODUCTS, MONTHS)))
    seen = np.argsort(rng.random((PRODUCTS, MONTHS)), axis=1) < SEEN
    parts = []
    for mask in (seen, ~seen):
        p, m = np.nonzero(mask)
        parts.append(([p[:, None].astype("int32"), m[:, None].astype("int32")], sales[p, m]))
    return parts


@exercise(
    "Tu red, con muchas categorías",
    hints=(
        "Son las piezas de la primera red del cuaderno: Input, Embedding, Flatten, Concatenate y "
        "Dense con activation=\"exponential\".",
        "Son pocas filas y pocos pasos: sube la tasa de Adam. Y multiplica factores: la salida "
        "exponencial los multiplica sola.",
        "Embedding(60, 4), Embedding(12, 4), sin capa oculta, loss=\"mae\" y Adam(0.05).",
    ),
    praise="¡Correcto! Tres filas por producto, y los meses los aprende de los otros 59.",
)  # fmt: skip
def ejercicio_6(answer):
    check_network(answer, compiled=True)
    require(
        hasattr(answer, "inputs"),
        "Crea la red uniendo capas, como en el texto: keras.Model([producto, mes], salida).",
    )
    require(
        isinstance(getattr(answer, "input", None), (list, tuple)) or len(answer.inputs) != 2,
        "Da las entradas en una lista: keras.Model([producto, mes], salida).",
    )
    require(
        len(answer.inputs) == 2,
        f"Tu red tiene {len(answer.inputs)} entradas y necesita dos: producto y mes.",
    )
    shape = tuple(answer.outputs[0].shape)
    require(
        shape == (None, 1),
        f"Por cada fila responde un array de forma {shape[1:]} y debería ser (1,): aplana los "
        "vectores y acaba con una neurona.",
    )
    missed = 0.0
    for seed in (0, 1):
        (x, y), (new, truth) = chain(seed)
        rng = np.random.default_rng(seed)
        model = reborn(answer, seed)
        order = np.concatenate([rng.permutation(len(y)) for _ in range(60)])
        with explained(
            "No se deja entrenar. ¿Un código se sale de su tabla? La primera entrada es el "
            "producto (60 filas) y la segunda, el mes (12). El error: {error}"
        ):
            # 60 épocas barajadas, en una sola: los mismos pasos en mucho menos tiempo
            model.fit([c[order] for c in x], y[order], batch_size=32, shuffle=False, verbose=0)
            predicted = model.predict(new, batch_size=1024, verbose=0)
        require(np.isfinite(predicted).all(), "La red ha dado nan: baja la tasa de aprendizaje.")
        missed = max(missed, float(np.mean(np.abs(predicted[:, 0] - truth) / truth)))
        require(
            missed < 0.1,
            f"En los meses que no ha visto falla un {100 * missed:.0f} % de media y debe ser "
            "menos de un 10 %. ¿Llega a aprender en 60 épocas (tasa)? ¿Puede multiplicar "
            "sus dos factores?",
        )
    return f"Falla un {100 * missed:.0f} % en los meses que no ha visto."


@ejercicio_6.solved_by
def build_chain():
    """Un factor por producto y otro por mes."""
    product, month = (keras.Input((1,), dtype="int32") for _ in range(2))
    parts = [
        keras.layers.Flatten()(keras.layers.Embedding(60, 4)(product)),
        keras.layers.Flatten()(keras.layers.Embedding(12, 4)(month)),
    ]
    joined = keras.layers.Concatenate()(parts)
    model = keras.Model([product, month], keras.layers.Dense(1, "exponential")(joined))
    model.compile(loss="mae", optimizer=keras.optimizers.Adam(0.05))
    return model
