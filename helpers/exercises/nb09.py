"""Ejercicios del cuaderno 09: posiciones, atención con máscaras, parámetros y top-p."""

import numpy as np

from helpers.exercises.base import close, exercise, require, same
from helpers.transformer.embedding import sinusoidal


@exercise(
    "Codificación posicional de un vistazo",
    statement="Escribe encode(position, depth): el vector de una posición, con senos en los "
    "lugares pares y cosenos en los impares, sin construir la tabla; también con depth impar.",
    hints=(
        "Los lugares 2i y 2i+1 comparten ángulo: position / 10000**(2i / depth).",
        "Calcula los ángulos con i = np.arange(depth) // 2.",
        "np.where(np.arange(depth) % 2 == 0, np.sin(angle), np.cos(angle))",
    ),
    praise="¡Correcto! Dos lugares seguidos son seno y coseno del mismo ángulo: una aguja del "
    "reloj.",
)
def ejercicio_1(answer):
    close(answer(0, 4), [0, 1, 0, 1], "En la posición 0, los senos son 0 y los cosenos, 1.")
    close(answer(1, 2), [0.841471, 0.540302], "Con dos números: sen(1) y cos(1).", 1e-5)
    same_angle = "¿El exponente es 2i/depth, con el mismo i para el seno y su coseno?"
    for position, depth in ((3, 8), (17, 64), (2, 512)):
        close(answer(position, depth), sinusoidal(position + 1, depth)[-1], same_angle, 1e-5)
    close(
        answer(5, 7),
        sinusoidal(6, 7)[-1],
        "Con depth impar el último seno se queda sin coseno, y el divisor sigue siendo depth.",
        1e-5,
    )


@ejercicio_1.solved_by
def encode(position, depth):
    """El vector de una posición: (depth,)."""
    place = np.arange(depth)
    angle = position / 10000 ** (2 * (place // 2) / depth)
    return np.where(place % 2 == 0, np.sin(angle), np.cos(angle))


@exercise(
    "Atención con las dos máscaras",
    statement="Escribe masked_attention(Q, K, V, real): la atención de un decodificador, que no "
    "mira ni el futuro ni el relleno (real es False). Una fila que no puede mirar a nadie da "
    "ceros.",
    hints=(
        "La máscara de una casilla (fila i, columna j) es: j <= i y real[j].",
        "Pon -inf (o un número muy negativo) en lo tapado antes de la softmax, nunca después.",
        "Para las filas sin nada que mirar: tras la softmax, multiplica los pesos por la máscara.",
    ),
    praise="¡Correcto! Ni el futuro ni el relleno se cuelan, y ninguna fila da NaN.",
)
def ejercicio_2(answer):
    Q, K, V = np.random.default_rng(0).normal(size=(3, 5, 4))

    def ask(values, real):
        with np.errstate(all="ignore"):  # el NaN ya lo explica la corrección
            given = np.asarray(answer(Q.copy(), K.copy(), values.copy(), list(real)), "float64")
        require(
            given.shape == V.shape,
            f"La forma es {given.shape} y debería ser {V.shape}: una fila por posición.",
        )
        return given

    everyone = [True] * 5
    got = ask(V, everyone)
    close(
        got,
        masked_attention(Q, K, V, everyone),
        "Sin relleno: ¿divides entre √d y tapas por encima de la diagonal antes de la softmax?",
        1e-4,
    )
    close(got[0], V[0], "La primera posición solo se ve a sí misma: su salida es V[0].", 1e-4)
    padded = [True, True, True, False, False]
    changed = V.copy()
    changed[3:] = 100.0
    first, second = ask(V, padded), ask(changed, padded)
    require(same(first, second), "Cambia el relleno y cambia la salida: no está tapado.")
    close(first, masked_attention(Q, K, V, padded), "Con relleno no sale lo esperado.", 1e-4)
    blind = ask(V, [False, True, True, True, True])
    require(
        np.isfinite(blind).all(), "La primera fila no puede mirar a nadie y da NaN: debe dar ceros."
    )
    close(blind[0], np.zeros(4), "Una fila que no puede mirar a nadie da ceros.")


@ejercicio_2.solved_by
def masked_attention(Q, K, V, real):
    """Atención de un decodificador: sin futuro, sin relleno y sin NaN."""
    Q, K, V = (np.asarray(m, "float64") for m in (Q, K, V))
    allowed = np.tril(np.ones((len(Q), len(K)), bool)) & np.asarray(real, bool)
    scores = np.where(allowed, Q @ K.T / np.sqrt(K.shape[1]), -1e9)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True)) * allowed
    total = weights.sum(axis=1, keepdims=True)
    return weights / np.where(total > 0, total, 1) @ V


@exercise(
    "Los parámetros de GPT-2",
    statement="Escribe gpt_parameters(vocabulary, d, layers, context) sin usar helpers: tablas de "
    "tokens y posiciones, capas con sesgos y dos normalizaciones, y una normalización final.",
    hints=(
        "La atención de una capa tiene cuatro matrices d×d con sus sesgos: 4·(d² + d).",
        "La red por posición: d·4d + 4d + 4d·d + d. Cada normalización: 2d.",
        "Por capa, 12d² + 13d; al final, 2d más. La salida no añade nada.",
    ),
    praise="¡Correcto! Con (50257, 768, 12, 1024) salen los 124 439 808 del GPT-2 pequeño.",
)
def ejercicio_3(answer):
    small = 50_257, 768, 12, 1024
    require(
        not same(answer(*small), 124_439_808 + 50_257 * 768),
        "La salida reutiliza la tabla de tokens: no la cuentes otra vez.",
    )
    for row, hint in (
        ((0, 8, 0, 0), "Sin capas ni tablas solo queda la normalización final: 2d."),
        ((10, 8, 0, 4), "Las tablas: una fila de d números por token y otra por posición."),
        ((0, 8, 1, 0), "Una capa tiene 12d² + 13d: ¿cuentas los sesgos?"),
        (small, "GPT-2 pequeño: 124 439 808."),
        ((50_257, 1600, 48, 1024), "GPT-2 XL: 1 557 611 200."),
    ):
        given, right = answer(*row), gpt_parameters(*row)
        close(given, right, f"Con {row} salen {right} y das {given}. {hint}")
        require(
            given == right, f"Con {row} salen {right} y das {given}: faltan o sobran unos pocos."
        )


@ejercicio_3.solved_by
def gpt_parameters(vocabulary, d, layers, context):
    """Tablas, capas (atención, red y dos normalizaciones) y normalización final."""
    attention = 4 * (d * d + d)
    feed_forward = d * 4 * d + 4 * d + 4 * d * d + d
    layer = attention + feed_forward + 2 * (2 * d)
    return (vocabulary + context) * d + layers * layer + 2 * d


@exercise(
    "Elegir como un generador",
    statement="Escribe keep_top_p(chances, p): deja las probabilidades mayores que juntas llegan "
    "al menos a p, las justas (si empatan en la última plaza, una cualquiera), pon las demás a "
    "cero y vuelve a normalizar. Siempre queda al menos una.",
    hints=(
        "Ordena de mayor a menor, con sus posiciones, y mira la suma acumulada.",
        "Una se queda si lo que suman las anteriores a ella es menor que p.",
        "order = np.argsort(-chances); ranked = chances[order]; before = np.cumsum(ranked) - "
        "ranked; se quedan order[before < p].",
    ),
    praise="¡Correcto! Cuantas más dudas tiene el modelo, más opciones deja top-p.",
)
def ejercicio_4(answer):
    chances = np.array([0.1, 0.5, 0.05, 0.3, 0.05])
    received = chances.copy()
    kept = answer(received, 0.7)
    close(np.sum(kept), 1.0, "Después de recortar hay que volver a normalizar.")
    close(kept, [0, 0.625, 0, 0.375, 0], "0.5 no llega a 0.7; 0.5 + 0.3, sí: quedan dos.")
    require(np.array_equal(received, chances), "No cambies el vector que recibes: haz una copia.")
    close(answer(chances.copy(), 0.5), [0, 1, 0, 0, 0], "0.5 ya llega a 0.5: queda solo la mayor.")
    close(answer(chances.copy(), 1e-9), [0, 1, 0, 0, 0], "Siempre queda al menos una.")
    tied = answer(np.array([0.25, 0.5, 0.25]), 0.7)
    require(
        not same(tied, [0.25, 0.5, 0.25]),
        "Con [0.25, 0.5, 0.25] y p=0.7 las dejas todas, y 0.5 + 0.25 ya llega: son las justas, así "
        "que de dos empatadas se queda una. Corta por posición, no por valor.",
    )
    require(
        any(same(tied, choice) for choice in ([1 / 3, 2 / 3, 0], [0, 2 / 3, 1 / 3])),
        "Con [0.25, 0.5, 0.25] y p=0.7 queda la mayor y una de las otras dos, cualquiera.",
    )
    rng = np.random.default_rng(1)
    for p in (0.3, 0.9, 1.0):
        some = rng.dirichlet(np.ones(12) * 0.5)
        close(answer(some.copy(), p), keep_top_p(some, p), f"Con p={p} no sale lo esperado.")


@ejercicio_4.solved_by
def keep_top_p(chances, p):
    """Las mayores que juntas llegan a p, normalizadas otra vez."""
    chances = np.asarray(chances, "float64")
    order = np.argsort(-chances, kind="stable")
    ranked = chances[order]
    before = np.cumsum(ranked) - ranked
    kept = np.zeros_like(chances)
    kept[order[before < p]] = ranked[before < p]
    return kept / kept.sum()
