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
import pandas as pd
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


@base.exercise("El doble", "Suma.", "O multiplica.", praise="¡Sí!", on_error="¿Y si sumas?")
def ejercicio_1(answer):
    given = answer(3)
    yield {"Con 3, ni lo tocas.": given == 3, "Es su cuadrado.": given == 9}
    base.close(given, 6, "Suma dos veces.", {"Has sumado de más.": 7})
    base.close(answer(np.array([1.0, 2.0])), [2.0, 4.0], "¿Funciona con arrays?")
    yield {"Has cambiado lo que recibes.": answer.spoiled}
    return "Y hasta con arrays."


@ejercicio_1.solved_by
def double(x):
    return 2 * x


def in_place(x):
    if np.ndim(x):
        x[0] = 2 * x[0]
        return 2 * np.array([1.0, 2.0])
    return 2 * x


@pytest.mark.parametrize(
    "answer, says",
    [
        (double, "✔ ¡Sí! Y hasta con arrays."),
        (7, "Pasa la función sin llamarla, solo su nombre: ejercicio_1.comprobar(double)."),
        (lambda x: x, "✘ Aún no: Con 3, ni lo tocas. Ha sido con double(3), que da 3."),
        (lambda x: x * x, "✘ Aún no: Es su cuadrado. Ha sido con double(3), que da 9."),
        (lambda x: 5, "Aún no: Suma dos veces. Debería dar 6. Ha sido con double(3), que da 5."),
        (lambda x: 7.0, "Aún no: Has sumado de más. Debería dar 6. Ha sido con"),
        (lambda x: 6, "La forma es () y debería ser (2,). ¿Funciona con arrays?"),
        (lambda x: "6", "Esperaba números y ha llegado str"),
        (lambda x: float("nan"), "Suma dos veces."),
        (lambda x: 1 / 0, "al ejecutarla (ZeroDivisionError: division by zero). ¿Y si sumas? Ha"),
        (in_place, "Has cambiado lo que recibes."),
        (lambda: 6, "falla al ejecutarla (TypeError"),
        (lambda x: unwritten(x), "tu respuesta usa «unwritten», que todavía no tiene código"),
    ],
)
def test_what_a_learner_reads(answer, says):
    assert says in " ".join(repr(ejercicio_1.comprobar(answer)).split())


def unwritten(x):
    raise NotImplementedError


def test_what_cannot_be_written_is_not_shown():
    answer = base.Answer(lambda *values: values[-1], "last")
    for values, call in (
        (
            (1, "a", [2, {"b": (0.5,)}]),
            "Ha sido con last(1, 'a', [2, {'b': (0.5,)}]), que da [2, {",
        ),
        (
            (np.array([1.0, 2 / 3]), np.float32(1)),
            "Ha sido con last([1.0, 0.666667], 1.0), que da 1.",
        ),
        ((len, 3), "Ha sido con last(…, 3), que da 3."),
        ((3, np.zeros(99)), "Ha sido con last(3, …)."),
        ((len, len, 3), ""),
        ((len,), ""),
    ):
        answer(*values)
        assert answer.call.startswith(call) and bool(answer.call) == bool(call)


def test_an_answer_gets_copies():
    received = {"list": [[1]], "array": np.ones(2)}
    for value in received.values():
        base.Answer(in_place, "double")(value)
    assert received["list"] == [[1]] and (received["array"] == 1).all()


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

    @base.exercise("Azar", "Uno.", "Dos.", praise="¡Sí!")
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


def test_items_are_what_has_a_length_and_an_order():
    for value in ((1, 2), [1, 2], np.array([1, 2]), pd.Series([1, 2], index=["a", "b"])):
        assert base.items(value, 2, "no") == [1, 2]
    for value in ((1,), 12, "12", {1: 2, 2: 1}, {1, 2}, iter([1, 2]), np.array(2), None):
        with pytest.raises(base.Wrong, match="no"):
            base.items(value, 2, "no")
