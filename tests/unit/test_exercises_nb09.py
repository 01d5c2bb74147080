"""Los ejercicios del cuaderno 09: la solución pasa; el hueco y los errores típicos, no."""

import numpy as np
import pytest

from helpers.exercises import nb09
from helpers.exercises import nb09_solutions as solutions


def stub(*_):
    raise NotImplementedError


def angles(position, depth, exponent):
    place = np.arange(depth)
    angle = position / 10000 ** exponent(place)
    return np.where(place % 2 == 0, np.sin(angle), np.cos(angle))


def attend(Q, K, V, allowed, scale=True, late=False):
    scores = Q @ K.T / (np.sqrt(K.shape[1]) if scale else 1)
    if not late:
        scores = np.where(allowed, scores, -np.inf)
    with np.errstate(invalid="ignore"):
        weights = np.exp(scores - scores.max(axis=1, keepdims=True))
        weights = weights / weights.sum(axis=1, keepdims=True)
    return (weights * allowed if late else weights) @ V


def causal(K):
    return np.tril(np.ones((len(K), len(K)), bool))


def in_place(chances, p):
    kept = solutions.keep_top_p(chances, p)
    chances[:] = kept
    return chances


WRONG = {
    1: [
        lambda p, d: angles(p, d, lambda i: i / d),  # el coseno, con otro ángulo que su seno
        lambda p, d: angles(p, d, lambda i: (i // 2) / d),
        lambda p, d: angles(p + 1, d, lambda i: 2 * (i // 2) / d),
        lambda p, d: np.concatenate(np.split(angles(p, d, lambda i: 2 * (i // 2) / d), 2)[::-1]),
        lambda p, d: angles(p, d + d % 2, lambda i: 2 * (i // 2) / (d + d % 2))[:d],
        lambda p, d: None,
    ],
    2: [
        lambda Q, K, V, real: attend(Q, K, V, causal(K)),  # olvida el relleno
        lambda Q, K, V, real: attend(Q, K, V, np.asarray(real)[None] & causal(K), scale=False),
        lambda Q, K, V, real: attend(Q, K, V, np.asarray(real)[None] & causal(K), late=True),
        lambda Q, K, V, real: attend(Q, K, V, np.asarray(real)[None] & causal(K)),  # NaN
        lambda Q, K, V, real: attend(Q, K, V, np.asarray(real)[None] & causal(K).T),
    ],
    3: [
        lambda v, d, n, c: solutions.gpt_parameters(v, d, n, c) + v * d,
        lambda v, d, n, c: (v + c) * d + n * (12 * d * d + 13 * d),
        lambda v, d, n, c: (v + c) * d + n * 12 * d * d + 2 * d,
        lambda v, d, n, c: v * d + n * (12 * d * d + 13 * d) + 2 * d,
    ],
    4: [
        lambda chances, p: np.where(chances >= p, chances, 0),
        lambda chances, p: np.where(np.argsort(-chances) < 2, chances, 0),
        lambda chances, p: solutions.keep_top_p(chances, p) * 0.9,
        in_place,
    ],
}  # fmt: skip


@pytest.mark.parametrize("exercise", nb09.EXERCISES, ids=lambda e: str(e.number))
def test_solution_passes_and_stub_does_not(exercise):
    assert exercise.comprobar(exercise.solution), exercise.comprobar(exercise.solution)
    verdict = exercise.comprobar(stub)
    assert not verdict and verdict.message.startswith("Todavía no hay respuesta")


@pytest.mark.parametrize(
    "number,answer", [(n, a) for n, answers in WRONG.items() for a in answers]
)  # fmt: skip
def test_typical_mistakes_are_rejected_with_a_hint(number, answer):
    verdict = nb09.EXERCISES[number - 1].comprobar(answer)
    assert not verdict
    assert len(verdict.message) > 30, verdict.message
    assert verdict.message.startswith(("Aún no:", "Tu respuesta falla"))


def test_each_exercise_has_three_wrong_answers_and_hints():
    assert set(WRONG) == {e.number for e in nb09.EXERCISES}
    assert all(len(answers) >= 3 for answers in WRONG.values())
    assert all(len(e.hints) >= 2 for e in nb09.EXERCISES)


def test_other_right_answers_are_accepted():
    def loop(Q, K, V, real):
        rows = []
        for i in range(len(Q)):
            seen = [j for j in range(i + 1) if real[j]]
            if not seen:
                rows.append(np.zeros(V.shape[1]))
                continue
            scores = np.array([Q[i] @ K[j] for j in seen]) / np.sqrt(K.shape[1])
            weights = np.exp(scores) / np.exp(scores).sum()
            rows.append(weights @ V[seen])
        return np.array(rows)

    assert nb09.ejercicio_2.comprobar(loop)
    assert nb09.ejercicio_3.comprobar(
        lambda v, d, n, c: v * d + c * d + n * (12 * d**2 + 13 * d) + 2 * d
    )
