"""Los ejercicios del cuaderno 06: la solución pasa; el hueco y los errores típicos, no."""

import numpy as np
import pytest

from helpers.convolution.kernels import classic
from helpers.exercises import nb06
from helpers.exercises import nb06_solutions as solutions


def stub(*_):
    raise NotImplementedError("escribe aquí tu respuesta")


def no_stride(image, kernel, stride):
    return solutions.slide_with_stride(image, kernel, 1)


def skips_but_not_moves(image, kernel, stride):
    whole = solutions.slide_with_stride(image, kernel, stride)
    ones = solutions.slide_with_stride(image, kernel, 1)
    return ones[: whole.shape[0], : whole.shape[1]]


def unsafe_softmax(scores):
    exponentials = np.exp(np.asarray(scores, dtype=float))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def whole_table(scores):
    scores = np.asarray(scores, dtype=float)
    exponentials = np.exp(scores - scores.max())
    return exponentials / exponentials.sum()


def changed(position, change):
    def answer(*sizes):
        result = list(solutions.count(*sizes))
        result[position] = change(result[position], *sizes)
        return result

    return answer


WRONG = {
    1: [
        no_stride,
        skips_but_not_moves,
        lambda i, k, s: solutions.slide_with_stride(i, k[::-1, ::-1], s),
        lambda i, k, s: solutions.slide_with_stride(i, k, s)[:-1],
        lambda i, k, s: solutions.slide_with_stride(i, k, s) / k.size,
        lambda i, k, s: None,
    ],
    2: [
        np.eye(3),
        np.array([[2, -1, -1], [-1, 2, -1], [-1, -1, 2]]),
        classic("bordes verticales (Sobel)"),
        classic("todos los bordes (laplaciano)"),
        -solutions.diagonal_kernel(),
        np.zeros((3, 3)),
        np.zeros((5, 5)),
    ],
    3: [
        changed(0, lambda p, h, w, c, f, k: p - f),
        changed(0, lambda p, h, w, c, f, k: k * k * f + f),
        changed(1, lambda n, h, w, c, f, k: (h - k + 1) * (w - k + 1) * f),
        changed(1, lambda n, h, w, c, f, k: n * c),
        changed(2, lambda d, h, w, c, f, k: d // c + 1),
        lambda *sizes: 320,
    ],
    4: [
        lambda i, d: solutions.kernel_gradient(i, d)[::-1, ::-1],
        lambda i, d: solutions.kernel_gradient(i, d[::-1, ::-1]),
        lambda i, d: solutions.kernel_gradient(i, d) / d.size,
        lambda i, d: d,
        lambda i, d: solutions.kernel_gradient(i, d).T,
    ],
    5: [
        unsafe_softmax,
        whole_table,
        lambda s: np.asarray(s) / np.sum(s),
        lambda s: solutions.stable_softmax(s).max(axis=-1),
        lambda s: solutions.stable_softmax(np.clip(s, 0, 50)),
    ],
}


@pytest.mark.parametrize("exercise", nb06.EXERCISES, ids=lambda e: str(e.number))
def test_solution_passes_and_stub_does_not(exercise):
    assert exercise.comprobar(exercise.solution), exercise.comprobar(exercise.solution)
    verdict = exercise.comprobar(stub)
    assert not verdict and verdict.message.startswith("Todavía no hay respuesta")


@pytest.mark.parametrize(
    "number,answer", [(n, a) for n, answers in WRONG.items() for a in answers]
)  # fmt: skip
def test_typical_mistakes_are_rejected_with_a_hint(number, answer):
    verdict = nb06.EXERCISES[number - 1].comprobar(answer)
    assert not verdict
    assert verdict.message.startswith("Aún no:") and len(verdict.message) > 30, verdict.message


def test_each_exercise_has_three_wrong_answers_and_hints():
    assert set(WRONG) == {e.number for e in nb06.EXERCISES}
    assert all(len(answers) >= 3 for answers in WRONG.values())
    assert all(len(e.hints) >= 2 for e in nb06.EXERCISES)


def test_other_right_answers_are_accepted():
    assert nb06.ejercicio_2.comprobar(lambda: 0.5 * solutions.diagonal_kernel())
    assert nb06.ejercicio_2.comprobar([[-2, -2, 4], [-2, 4, -2], [4, -2, -2]])
    from scipy.special import softmax

    assert nb06.ejercicio_5.comprobar(lambda s: softmax(s, axis=-1))
