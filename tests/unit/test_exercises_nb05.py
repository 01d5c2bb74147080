"""Los ejercicios del cuaderno 05: la solución pasa; el hueco y los errores típicos, no."""

import keras
import numpy as np
import pytest

from helpers.classification import published
from helpers.exercises import nb05, nb05_checks
from helpers.exercises import nb05_solutions as solutions

L = keras.layers


def stub(*_):
    raise NotImplementedError("escribe aquí tu respuesta")


def images_not_clips(groups, fraction, seed):
    return np.random.default_rng(seed).random(len(groups)) < fraction


def ignores_seed(groups, fraction, seed):
    return solutions.clip_split(groups, fraction, 0)


def unseeded(groups, fraction, seed):
    return solutions.clip_split(groups, fraction, None)


def precision_instead(matrix, names):
    values = np.diag(matrix) / np.maximum(matrix.sum(axis=0), 1)
    return names[int(values.argmin())], float(values.min())


def counts_instead(matrix, names):
    worst = int(np.diag(matrix).argmin())
    return names[worst], float(np.diag(matrix)[worst] / max(matrix[worst].sum(), 1))


def empty_counts(matrix, names):
    values = np.diag(matrix) / np.maximum(matrix.sum(axis=1), 1)
    return names[int(values.argmin())], float(values.min())


def in_percent(matrix, names):
    name, value = solutions.worst_class(matrix, names)
    return name, 100 * value


def swapped(image, size):
    return solutions.to_batch(image, size[::-1])


def no_batch(image, size):
    return solutions.to_batch(image, size)[0]


def not_scaled(image, size):
    return solutions.to_batch(image, size) * 255


def accepts_anything(image, size):
    try:
        return solutions.to_batch(image, size)
    except ValueError:
        return np.zeros((1, *size, 3), "float32")


def no_grey(image, size):
    if np.ndim(image) == 2:
        return np.zeros((1, *size, 1), "float32")
    return solutions.to_batch(image, size)


def linear(shape, classes):
    flat = [L.Flatten(), L.Dense(classes, activation="softmax")]
    return keras.Sequential([keras.Input(shape), *flat])


def no_softmax(shape, classes):
    return keras.Sequential([keras.Input(shape), L.GlobalAveragePooling2D(), L.Dense(classes)])


def no_head(shape, classes):
    return keras.Sequential([keras.Input(shape), L.Conv2D(classes, 3, activation="softmax")])


WRONG = {
    1: [images_not_clips, ignores_seed, unseeded,
        lambda g, f, s: solutions.clip_split(g, 1 - f, s),
        lambda g, f, s: np.flatnonzero(solutions.clip_split(g, f, s))],
    2: [precision_instead, counts_instead, empty_counts, in_percent,
        lambda m, n: solutions.worst_class(m, n)[0],
        lambda m, n: solutions.worst_class(np.transpose(m), n)],
    3: [swapped, no_batch, not_scaled, accepts_anything, no_grey,
        lambda i, s: solutions.to_batch(i, s).astype("float64"),
        lambda i, s: solutions.to_batch(i, s) / 255],
    4: [linear, published.build, no_softmax, no_head, lambda shape, classes: [L.Dense(classes)]],
}  # fmt: skip


@pytest.mark.parametrize("exercise", nb05.EXERCISES, ids=lambda e: str(e.number))
def test_solution_passes_and_stub_does_not(exercise):
    assert exercise.comprobar(exercise.solution), exercise.comprobar(exercise.solution)
    verdict = exercise.comprobar(stub)
    assert not verdict and verdict.message.startswith("Todavía no hay respuesta")


@pytest.mark.parametrize(
    "number,answer", [(n, a) for n, answers in WRONG.items() for a in answers]
)  # fmt: skip
def test_typical_mistakes_are_rejected_with_a_hint(number, answer):
    verdict = nb05.EXERCISES[number - 1].comprobar(answer)
    assert not verdict
    assert verdict.message.startswith("Aún no:") and len(verdict.message) > 30, verdict.message


def test_each_exercise_has_three_wrong_answers_and_hints():
    assert set(WRONG) == {e.number for e in nb05.EXERCISES}
    assert all(len(answers) >= 3 for answers in WRONG.values())
    assert all(len(e.hints) >= 2 for e in nb05.EXERCISES)


def test_solutions_show_the_name_of_the_notebook():
    for exercise, name in zip(
        nb05.EXERCISES, ("clip_split", "worst_class", "to_batch", "build_mine")
    ):
        assert exercise.source.startswith(f"def {name}(")


def test_other_right_answers_are_accepted():
    def without_arrays(groups, fraction, seed):
        clips = sorted(set(groups.tolist()))
        np.random.default_rng(seed).shuffle(clips)
        chosen = set(clips[: round(len(clips) * fraction)])
        return np.array([g in chosen for g in groups])

    assert nb05.ejercicio_1.comprobar(without_arrays)
    assert nb05_checks._article_score() > 0.3
