"""Los ejercicios: lo común a todos y, cuaderno a cuaderno, las respuestas buenas y malas.

Las respuestas son datos, en ``answers/nbNN.py``: ``RIGHT[n]`` es la lista de respuestas buenas del
ejercicio ``n`` y ``WRONG[n]``, la de pares (respuesta mala, fragmento de la razón que se espera).
"""

import ast
import importlib
import random

import keras
import nbformat
import numpy as np
import pytest

from helpers import lessons
from helpers.cli import notebooks
from helpers.exercises import base

NOTEBOOKS = [lesson.number for lesson in lessons.SERIES]
EXERCISES = {n: base.load(n) for n in NOTEBOOKS}
ANSWERS = {n: importlib.import_module(f"answers.nb{n}") for n in NOTEBOOKS}
EACH = [pytest.param(n, e, id=f"{n}.{e.number}") for n in NOTEBOOKS for e in EXERCISES[n]]


def cases(kind):
    return [
        pytest.param(exercise, case, id=f"{n}.{exercise.number}-{i}")
        for n in NOTEBOOKS
        for exercise in EXERCISES[n]
        for i, case in enumerate(getattr(ANSWERS[n], kind)[exercise.number], 1)
        if case is not exercise.solution  # esa se corrige al pegarla
    ]


def imported_by(notebook, names):
    """Lo que importan las celdas de un cuaderno, si está entre ``names``."""
    page = nbformat.read(notebooks.find(notebook), as_version=4)
    code = "\n".join(cell.source for cell in page.cells if cell.cell_type == "code")
    namespace = {}
    for node in ast.parse(code).body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            node.names = [a for a in node.names if (a.asname or a.name) in names]
            if node.names:
                exec(ast.unparse(node), namespace)
    return namespace


@pytest.mark.parametrize("exercise, answer", cases("RIGHT"))
def test_right_answers_pass(exercise, answer):
    verdict = exercise.comprobar(answer)
    assert verdict, verdict


@pytest.mark.parametrize("exercise, case", cases("WRONG"))
def test_wrong_answers_get_their_reason(exercise, case):
    answer, reason = case
    verdict = exercise.comprobar(answer)
    assert not verdict
    assert reason in verdict.message, verdict
    assert verdict.message.startswith(("Aún no: ", "Tu respuesta falla al ejecutarla (")), verdict


@pytest.mark.parametrize("notebook, exercise", EACH)
def test_the_solution_can_be_pasted_in_the_notebook(notebook, exercise):
    """Pasa, y solo usa lo que importan el cuaderno o ella misma."""
    names = {node.id for node in ast.walk(ast.parse(exercise.source)) if isinstance(node, ast.Name)}
    namespace = imported_by(notebook, names)
    exec(exercise.source, namespace)
    verdict = exercise.comprobar(namespace[exercise.solution.__name__])
    assert verdict, verdict
    assert verdict.message.startswith(exercise.praise)


@pytest.mark.parametrize("notebook, exercise", EACH)
def test_the_hole_is_no_answer_yet_and_errors_are_explained(notebook, exercise):
    def hole(*args):
        raise NotImplementedError("escribe aquí tu respuesta")

    def breaks(*args):
        raise KeyError("clave")

    for nothing in (None, ..., hole):
        assert repr(exercise.comprobar(nothing)) == (
            f"✘ Todavía no hay respuesta. Prueba con ejercicio_{exercise.number}.pista()."
        )
    for useless in (breaks, lambda *args: None, "no es esto"):
        verdict = exercise.comprobar(useless)
        assert not verdict and not verdict.message.startswith("Todavía"), verdict
    assert "KeyError" in exercise.comprobar(breaks).message
    assert "return" in exercise.comprobar(lambda *args: None).message


@pytest.mark.parametrize("notebook, exercise", EACH)
def test_it_is_complete(notebook, exercise, capsys):
    right = ANSWERS[notebook].RIGHT[exercise.number]
    wrong = ANSWERS[notebook].WRONG[exercise.number]
    assert len(right) >= 3 and len(wrong) >= 3
    assert len({reason for _, reason in wrong}) >= 3
    assert len(exercise.hints) >= 2 and exercise.praise
    exercise.pista(1)
    shown = " ".join(capsys.readouterr().out.split())  # se escriben en líneas cortas
    assert shown == f"Pista 1 de {len(exercise.hints)}: {exercise.hints[0]}"


@base.exercise("El doble", hints=("Suma.", "O multiplica."), praise="¡Sí!")
def ejercicio_1(answer):
    base.close(answer(3), 6, "Prueba con 3: debería dar 6.")
    base.close(answer(np.array([1.0, 2.0])), [2.0, 4.0], "¿Funciona con arrays?")
    return "Y hasta con arrays."


@ejercicio_1.solved_by
def double(x):
    return 2 * x


@pytest.mark.parametrize(
    "answer, says",
    [
        (double, "✔ ¡Sí! Y hasta con arrays."),
        (7, "Pasa la función sin llamarla, solo su nombre: ejercicio_1.comprobar(double)."),
        (lambda x: x, "✘ Aún no: Prueba con 3"),
        (lambda x: 6, "La forma es () y debería ser (2,). ¿Funciona con arrays?"),
        (lambda x: "6", "Esperaba números y ha llegado str"),
        (lambda x: float("nan"), "Prueba con 3"),
        (lambda x: 1 / 0, "falla al ejecutarla (ZeroDivisionError: division by zero)"),
        (lambda: 6, "falla al ejecutarla (TypeError"),
        (lambda x: unwritten(x), "tu respuesta usa «unwritten», que todavía no tiene código"),
    ],
)
def test_what_a_learner_reads(answer, says):
    assert says in repr(ejercicio_1.comprobar(answer))


def unwritten(x):
    raise NotImplementedError


def test_hints_come_one_by_one(capsys):
    for asked in (None, None, None, 1, None):
        ejercicio_1.pista(asked)
    shown = [line.split(":")[0] for line in capsys.readouterr().out.splitlines()]
    last = "Pista 2 de 2"  # volver atrás no olvida lo visto
    assert shown == ["Pista 1 de 2", last, last, "Pista 1 de 2", last]
    for bad in (0, 3):
        with pytest.raises(ValueError, match="de la 1 a la 2"):
            ejercicio_1.pista(bad)


def test_the_solution_is_shown_without_its_decorator(capsys):
    ejercicio_1.solucion()
    assert capsys.readouterr().out == "def double(x):\n    return 2 * x\n"
    assert repr(ejercicio_1) == (
        "Ejercicio 1. El doble\nEl enunciado está en su cuaderno. Prueba con ejercicio_1.pista()."
    )


def test_the_same_answer_gets_the_same_mark_whatever_ran_before():
    """El azar de la respuesta y el del corrector salen siempre de la misma semilla."""

    def luck():
        return random.random(), float(keras.random.uniform(()))

    @base.exercise("Azar", hints=("Uno.", "Dos."), praise="¡Sí!")
    def ejercicio_7(answer):
        return f"{answer} {luck()}"

    ejercicio_7.solved_by(luck)
    keras.utils.set_random_seed(5)
    without = random.random()
    keras.utils.set_random_seed(5)
    first = ejercicio_7.comprobar(luck)
    assert random.random() == without  # y el de quien lee sigue donde estaba
    assert ejercicio_7.comprobar(luck) == first


def test_close_has_an_absolute_tolerance():
    base.close(1.0, 1.04, "no", tolerance=0.05)
    with pytest.raises(base.Wrong, match="no"):
        base.close(1.0, 1.06, "no", tolerance=0.05)
