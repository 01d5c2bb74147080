"""Correctores de los ejercicios del cuaderno 09."""

import numpy as np

from helpers.exercises import nb09_solutions as solutions
from helpers.exercises.base import close, require
from helpers.transformer.embedding import sinusoidal


def check_1(answer):
    """La fila de la tabla del modelo, con profundidades pares e impares."""
    close(answer(0, 4), [0, 1, 0, 1], "En la posición 0, los senos son 0 y los cosenos, 1.")
    close(answer(1, 2), [0.841471, 0.540302], "Con dos números: sen(1) y cos(1).", 1e-5)
    for position, depth in ((3, 8), (17, 64), (2, 512)):
        hint = "¿El exponente es 2i/depth, con el mismo i para el seno y su coseno?"
        close(answer(position, depth), sinusoidal(position + 1, depth)[-1], hint, 1e-5)
    hint = "Con depth impar el último seno se queda sin coseno, y el divisor sigue siendo depth."
    close(answer(5, 7), sinusoidal(6, 7)[-1], hint, 1e-5)


def check_2(answer):
    """Contra la atención del modelo, y tres trampas: futuro, relleno y filas vacías."""
    rng = np.random.default_rng(0)
    Q, K, V = rng.normal(size=(3, 5, 4))
    everyone = [True] * 5
    got = answer(Q, K, V, everyone)
    close(got, solutions.masked_attention(Q, K, V, everyone),
          "Sin relleno: ¿divides entre √d y tapas por encima de la diagonal antes de la "
          "softmax?")  # fmt: skip
    close(np.asarray(got)[0], V[0], "La primera posición solo se ve a sí misma: su salida es V[0].")
    real = [True, True, True, False, False]
    changed = V.copy()
    changed[3:] = 100.0
    first, second = (np.asarray(answer(Q, K, v, real)) for v in (V, changed))
    require(np.allclose(first, second), "Cambia el relleno y cambia la salida: no está tapado.")
    close(first, solutions.masked_attention(Q, K, V, real), "Con relleno no sale lo esperado.")
    blind = answer(Q, K, V, [False, True, True, True, True])
    require(np.isfinite(np.asarray(blind, "float64")).all(),
            "La primera fila no puede mirar a nadie y da NaN: debe dar ceros.")  # fmt: skip
    close(np.asarray(blind)[0], np.zeros(4), "Una fila que no puede mirar a nadie da ceros.")


def check_3(answer):
    """Las cuatro tallas de GPT-2 y un modelo mínimo."""
    require(answer(50_257, 768, 12, 1024) != 124_439_808 + 50_257 * 768,
            "La salida reutiliza la tabla de tokens: no la cuentes otra vez.")  # fmt: skip
    for row, hint in (
        ((0, 8, 0, 0), "Sin capas ni tablas solo queda la normalización final: 2d."),
        ((10, 8, 0, 4), "Las tablas: una fila de d números por token y otra por posición."),
        ((0, 8, 1, 0), "Una capa tiene 12d² + 13d: ¿cuentas los sesgos?"),
        ((50_257, 768, 12, 1024), "GPT-2 pequeño: 124 439 808."),
        ((50_257, 1600, 48, 1024), "GPT-2 XL: 1 557 611 200."),
    ):
        close(answer(*row), solutions.gpt_parameters(*row), hint)


def check_4(answer):
    """A mano, al azar y con los bordes."""
    chances = np.array([0.1, 0.5, 0.05, 0.3, 0.05])
    kept = answer(chances, 0.7)
    close(np.asarray(kept).sum(), 1.0, "Después de recortar hay que volver a normalizar.")
    close(kept, [0, 0.625, 0, 0.375, 0], "0.5 no llega a 0.7; 0.5 + 0.3, sí: quedan dos.")
    close(answer(chances, 0.5), [0, 1, 0, 0, 0], "0.5 ya llega a 0.5: queda solo la mayor.")
    close(answer(chances, 1e-9), [0, 1, 0, 0, 0], "Siempre queda al menos una.")
    close(chances, [0.1, 0.5, 0.05, 0.3, 0.05], "No cambies el vector que recibes: haz una copia.")
    rng = np.random.default_rng(1)
    for p in (0.3, 0.9, 1.0):
        some = rng.dirichlet(np.ones(12) * 0.5)
        close(answer(some, p), solutions.keep_top_p(some, p), f"Con p={p} no sale lo esperado.")
