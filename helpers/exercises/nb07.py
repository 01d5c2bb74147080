"""Ejercicios del cuaderno 07: referencias, embeddings, exámenes, intervalos y tu red."""

import keras
import numpy as np

from helpers.exercises.base import (
    check_branches,
    check_network,
    close,
    exercise,
    items,
    reborn,
    rejects,
    same,
)

PRODUCTS, MONTHS, SEEN, EPOCHS = 60, 12, 3, 60


@exercise(
    "La referencia que nunca falta",
    "El último ciclo es values[-period:].",
    "El pronóstico k copia el valor k % period de ese ciclo.",
    "np.resize(values[-period:], horizon) repite y corta.",
    praise="¡Correcto! Cualquier método que no la mejore en tu serie, sobra.",
)
def ejercicio_1(answer):
    values = [5, 6, 7, 1, 2, 3, 4]
    cases = {
        "Empieza donde empieza el último ciclo y para al llegar a horizon.": (values, 3, 2),
        "Con un horizonte más largo que el ciclo, se repite en el mismo orden.": (values, 3, 8),
        "Un ciclo puede ser toda la serie.": (values, 7, 7),
        "Con period=1 se repite el último valor.": (values, 1, 4),
        "Los valores pueden ser decimales: no los redondees.": ([0.01, 0.02, 0.03], 2, 3),
    }
    for hint, (series, period, horizon) in cases.items():
        given = np.asarray(answer(series, period, horizon))
        right = seasonal_naive(series, period, horizon)
        yield {f"Debe haber {horizon} pronósticos. {hint}": given.shape != (horizon,)}
        first = np.resize(series[:period], horizon)
        mistakes = {
            "Ese es el primer ciclo: hay que repetir el último.": first,
            "Repites un solo valor; hay que repetir el ciclo entero.": right[:1].repeat(horizon),
        }
        close(given, right, hint, mistakes)
    rejects("Con dos valores no hay un ciclo de siete.", answer, [1, 2], 7, 3)


@ejercicio_1.solved_by
def seasonal_naive(values, period, horizon):
    """El último ciclo, repetido."""
    if len(values) < period:
        raise ValueError(f"Con {len(values)} valores no hay un ciclo de {period}.")
    return np.resize(values[-period:], horizon)


@exercise(
    "Leer una tabla",
    "NumPy lee muchas filas a la vez: table[codes].",
    "Un índice negativo no falla en NumPy: lee desde el final. Compruébalo tú.",
    "if codes.min() < 0 or codes.max() >= len(table): raise ValueError(...)",
    praise="¡Correcto! Eso es un Embedding: lo demás es aprender la tabla.",
)
def ejercicio_2(answer):
    table = np.random.default_rng(2).normal(size=(5, 3)).astype("float32")
    hint = "Cada código debe dar su propia fila de la tabla: un eje más, el de las dimensiones."
    for codes in ([2, 0, 4], [[1, 1], [3, 0]], [[[4]]]):
        close(answer(table, np.array(codes)), table[np.array(codes)], hint)
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
    "El último examen empieza en len(series) - horizon; el anterior, horizon valores antes.",
    "method(series[:origin], horizon) pronostica series[origin : origin + horizon].",
    "for k in range(exams, 0, -1): origin = len(series) - k * horizon",
    praise="¡Correcto! Ningún método ha visto su examen, y ningún día se ha examinado dos veces.",
)
def ejercicio_3(answer):
    series = np.random.default_rng(3).normal(10, 3, 47)
    for horizon, exams in ((5, 4), (7, 2), (1, 3)):
        calls = []

        def method(past, n, calls=calls):
            calls.append((np.array(past, dtype=float), n))
            return np.full(n, np.mean(past[-3:]))

        wanted = f"Con exams={exams} deben salir {exams} errores."
        given = items(answer(series, method, horizon, exams), exams, wanted)
        seen = [len(past) for past, _ in calls]
        whole = all(same(past, series[: len(past)]) for past, _ in calls)
        origins = [len(series) - k * horizon for k in range(exams, 0, -1)]
        yield {
            f"Llama al método una vez por examen: {exams} veces.": len(calls) != exams,
            f"Pide al método {horizon} pronósticos.": {n for _, n in calls} != {horizon},
            "Ordena los exámenes del más antiguo al más reciente.": seen == origins[::-1],
            "El método ve valores de su propio examen: pásale solo los anteriores al origen.": max(
                seen, default=0
            )
            > origins[-1],
            f"Con {len(series)} valores y horizon={horizon}, los orígenes son {origins} y el "
            f"método ha visto {seen} valores: el último examen acaba con la "
            "serie.": seen != origins,
            "El pasado empieza en el primer valor.": not whole,
        }
        right = rolling_errors(series, method, horizon, exams)
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
    "ratio = actual / predicted; np.quantile da sus cuantiles.",
    "Si dentro queda coverage, a cada lado queda (1 - coverage) / 2.",
    "Para que contenga el pronóstico: el cociente bajo no pasa de 1 y el alto no baja de 1.",
    praise="¡Correcto! Y un intervalo que no contiene su propio pronóstico ya no te colará.",
)
def ejercicio_4(answer):
    rng = np.random.default_rng(4)
    predicted = rng.uniform(50, 150, 400)
    new = np.array([80.0, 120.0, 100.0])
    fair, short = rng.normal(1, 0.15, 400), rng.uniform(1.21, 2.4, 400)
    for ratio, coverage in ((fair, 0.8), (fair, 0.5), (short, 0.8), (short, 0.5)):
        given = answer(predicted * ratio, predicted, new, coverage)
        pair = items(given, 2, "Devuelve dos cosas: low y high.")
        low, high = (np.asarray(part, dtype=float) for part in pair)
        paired = low.shape == high.shape == new.shape
        yield {"low y high llevan un número por pronóstico de new.": not paired}
        outside = ratio is short and not ((low <= new) & (new <= high)).all()
        inside = np.mean((ratio >= low[0] / new[0]) & (ratio <= high[0] / new[0]))
        uneven = ratio is fair and not abs(inside - coverage) < 0.02
        yield {
            "low debe ser el mínimo y high, el máximo.": not (low <= high).all(),
            "El método se quedaba siempre corto, y tu intervalo no contiene el propio pronóstico: "
            "el cociente bajo no puede pasar de 1, ni el alto bajar de 1.": outside,
            f"Con coverage={coverage} dejas dentro {100 * inside:.0f} % de los casos: reparte lo "
            "que queda fuera, mitad a cada lado.": uneven,
        }
        hint = "Multiplica cada pronóstico por el cuantil de los cocientes, con la misma parte "
        right = interval(predicted * ratio, predicted, new, coverage)
        close((low, high), right, hint + "fuera a cada lado.", tolerance=0.6)


@ejercicio_4.solved_by
def interval(actual, predicted, new, coverage):
    """Los cuantiles de los cocientes, sin dejar fuera el pronóstico."""
    ratio = actual / predicted
    low, high = np.quantile(ratio, [(1 - coverage) / 2, (1 + coverage) / 2])
    return new * min(low, 1), new * max(high, 1)


@exercise(
    "Qué entrada importa",
    "Empieza por una copia: shuffled = x.copy().",
    "shuffled[:, column] = rng.permutation(x[:, column]).",
    "Resta: error con la barajada menos error con la original.",
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

    got = [mean(answer, y, column) for column in range(3)]
    yield {
        "Has modificado x: baraja una copia (x.copy()).": answer.spoiled,
        "El modelo no usa la columna 2: su importancia debe ser 0. Baraja solo la columna "
        "pedida.": not abs(got[2]) < 1e-9,
        "La columna 0 importa: el error debe aumentar. ¿Has restado al revés?": not got[0] > 0,
        "La columna 1 importa, pero mucho menos que la 0.": not 0 < got[1] < got[0] / 2,
        "Barajar es cambiar de sitio los mismos valores: la columna tiene otros (¿sorteos con "
        "repetición, ruido, ceros?). Usa "
        "rng.permutation.": not all(same(columns, np.sort(x, axis=0)) for columns in asked[::7]),
    }
    for column in (0, 1):
        right = mean(importance, y, column)
        hint = f"Para la columna {column} sale {got[column]:.2f} y son unas {right:.2f}: resta los "
        hint += "dos errores absolutos medios, el de la columna barajada menos el de antes."
        yield {hint: not same(got[column] / right, 1, 0.08)}
    increase = same(mean(answer, y + 1, 0) / mean(importance, y + 1, 0), 1, 0.08)
    first, again = (answer(model, x, y, 0, np.random.default_rng(0)) for _ in range(2))
    yield {
        "Mide el aumento: al error con la columna barajada réstale el de antes.": not increase,
        "Con el mismo rng debe salir lo mismo: baraja con rng.": first != again,
    }


@ejercicio_5.solved_by
def importance(predict, x, y, column, rng):
    """Cuánto aumenta el error al barajar una columna."""
    shuffled = x.copy()
    shuffled[:, column] = rng.permutation(x[:, column])
    return np.abs(y - predict(shuffled)).mean() - np.abs(y - predict(x)).mean()


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
    "Son las piezas de la primera red del cuaderno: Input, Embedding, Flatten, Concatenate y Dense "
    'con activation="exponential".',
    "Son pocas filas y pocos pasos: sube la tasa de Adam. Y multiplica factores: la salida "
    "exponencial los multiplica sola.",
    'Embedding(60, 4), Embedding(12, 4), sin capa oculta, loss="mae" y Adam(0.05).',
    praise="¡Correcto! Tres filas por producto, y los meses los aprende de los otros 59.",
    on_error="¿Un código se sale de su tabla? La primera entrada es el producto (60 filas) y la "
    "segunda, el mes (12).",
)
def ejercicio_6(answer):
    check_network(answer, compiled=True)
    check_branches(answer, ("producto", "mes"), 1)
    missed = 0.0
    for seed in (0, 1):
        (x, y), (new, right) = chain(seed)
        rng = np.random.default_rng(seed)
        model = reborn(answer, seed)
        # 60 épocas barajadas, en una sola: los mismos pasos en mucho menos tiempo
        order = np.concatenate([rng.permutation(len(y)) for _ in range(EPOCHS)])
        model.fit([c[order] for c in x], y[order], batch_size=32, shuffle=False, verbose=0)
        predicted = model.predict(new, batch_size=1024, verbose=0)[:, 0]
        missed = max(missed, float(np.mean(np.abs(predicted - right) / right)))
        yield {
            "La red ha dado nan: baja la tasa de aprendizaje.": not np.isfinite(predicted).all(),
            f"En los meses que no ha visto falla un {100 * missed:.0f} % de media y debe ser menos "
            f"de un 10 %. ¿Llega a aprender en {EPOCHS} épocas (tasa)? ¿Puede multiplicar sus dos "
            "factores?": missed >= 0.1,
        }
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
