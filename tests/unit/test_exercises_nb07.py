"""Los ejercicios del cuaderno 07: la solución pasa; el hueco y los errores típicos, no."""

from datetime import date

import numpy as np
import pytest

from helpers.exercises import nb07
from helpers.exercises import nb07_solutions as right


def stub(*_):
    raise NotImplementedError


# 1. Ventanas
def seven_columns(sales, steps):
    return right.preparar(sales, 7)


def scale_with_everything(sales, steps):
    x_train, y_train, x_val, y_val = right.preparar(sales, steps)
    top = max(y_val.max(), y_train.max())
    return tuple(2 * (part + 1) / (top + 1) - 1 for part in (x_train, y_train, x_val, y_val))


def validation_inside(sales, steps):
    x_train, y_train, x_val, y_val = right.preparar(sales, steps)
    return np.vstack([x_train, x_val]), np.hstack([y_train, y_val]), x_val, y_val


def reversed_columns(sales, steps):
    x_train, y_train, x_val, y_val = right.preparar(sales, steps)
    return x_train[:, ::-1], y_train, x_val[:, ::-1], y_val


def target_one_late(sales, steps):
    x_train, y_train, x_val, y_val = right.preparar(sales, steps)
    y = np.hstack([y_train, y_val])
    y = np.hstack([y[1:], y[-1]])
    return x_train, y[:-30], x_val, y[-30:]


def only_two(sales, steps):
    return right.preparar(sales, steps)[:2]


# 2. Años
def plain_year(days):
    return [d.year for d in days]


def whole_years(days):
    return [d.year - days[0].year for d in days]


def always_365(days):
    first = days[0].year
    return [d.year - first + (d.timetuple().tm_yday - 1) / 365 for d in days]


def category(days):
    known = sorted({d.year for d in days[:-1]})
    return [known.index(d.year) + 0.1 if d.year in known else -1 for d in days]


def since_first_day(days):
    return [(d - days[0]).days / 365.25 for d in days]


# 3. Clima
def leaks_today(climate, steps):
    x = [climate[i + 1 : i + steps + 1].ravel() for i in range(len(climate) - steps)]
    return np.array(x), climate[steps:, 0]


def only_temperature(climate, steps):
    x = [climate[i : i + steps, 0] for i in range(len(climate) - steps)]
    return np.array(x), climate[steps:, 0]


def predicts_pressure(climate, steps):
    return right.tabla(climate, steps)[0], climate[steps:, 1]


def newest_first(climate, steps):
    x = [climate[i : i + steps][::-1].ravel() for i in range(len(climate) - steps)]
    return np.array(x), climate[steps:, 0]


# 4. API
def accepts_bool(request):
    days = request.get("dias", 7)
    found = [f for f in right.errores(request) if f != "dias"]
    return found + ([] if isinstance(days, int) and 1 <= days <= 31 else ["dias"])


def only_first(request):
    return right.errores(request)[:1]


def converts_text(request):
    try:
        days = int(request.get("dias", 7))
    except (TypeError, ValueError):
        days = 0
    found = [f for f in right.errores(request) if f != "dias"]
    return found + ([] if 1 <= days <= 31 else ["dias"])


def needs_days(request):
    return right.errores({"dias": None, **request})


def counts_letters(request):
    found = [f for f in right.errores(request) if f != "desde"]
    try:
        date.fromisoformat(request["desde"])
        return found if len(request["desde"]) == 10 else [*found, "desde"]
    except (KeyError, TypeError, ValueError):
        return [*found, "desde"]


def says_nothing(request):
    return None


# 5. Importancia
def in_place(predict, x, y, column, rng):
    before = np.abs(y - predict(x)).mean()
    x[:, column] = rng.permutation(x[:, column])
    return np.abs(y - predict(x)).mean() - before


def upside_down(predict, x, y, column, rng):
    return -right.importancia(predict, x, y, column, rng)


def shuffles_rows(predict, x, y, column, rng):
    return np.abs(y - predict(rng.permutation(x))).mean() - np.abs(y - predict(x)).mean()


def zeroes(predict, x, y, column, rng):
    changed = x.copy()
    changed[:, column] = 0
    return np.abs(y - predict(changed)).mean() - np.abs(y - predict(x)).mean()


def forgets_before(predict, x, y, column, rng):
    changed = x.copy()
    changed[:, column] = rng.permutation(x[:, column])
    return np.abs(y - predict(changed)).mean()


WRONG = {
    1: [seven_columns, scale_with_everything, validation_inside, reversed_columns,
        target_one_late, only_two],
    2: [plain_year, whole_years, always_365, category, since_first_day],
    3: [leaks_today, only_temperature, predicts_pressure, newest_first],
    4: [accepts_bool, only_first, converts_text, needs_days, counts_letters, says_nothing],
    5: [in_place, upside_down, shuffles_rows, zeroes, forgets_before],
}  # fmt: skip
CASES = [(number, wrong) for number, group in WRONG.items() for wrong in group]


@pytest.mark.parametrize("exercise", nb07.EXERCISES, ids=lambda e: e.title)
def test_the_solution_passes_and_the_stub_does_not(exercise):
    assert exercise.comprobar(exercise.solution)
    verdict = exercise.comprobar(stub)
    assert not verdict and "Todavía no hay respuesta" in verdict.message


@pytest.mark.parametrize(("number", "wrong"), CASES, ids=lambda v: getattr(v, "__name__", v))
def test_typical_mistakes_get_a_hint(number, wrong):
    verdict = nb07.EXERCISES[number - 1].comprobar(wrong)
    assert not verdict, wrong.__name__
    assert verdict.message.startswith("Aún no: ") and len(verdict.message) > 40, verdict.message


def test_hints_differ_between_mistakes():
    for number, group in WRONG.items():
        said = {nb07.EXERCISES[number - 1].comprobar(w).message for w in group}
        assert len(said) >= 3, number


def test_permutation_importance_agrees_with_scikit_learn():
    from sklearn.inspection import permutation_importance
    from sklearn.linear_model import LinearRegression

    rng = np.random.default_rng(0)
    x = rng.normal(size=(500, 3))
    y = 3 * x[:, 0] - x[:, 1] + rng.normal(size=500)
    model = LinearRegression().fit(x, y)
    oracle = permutation_importance(
        model, x, y, scoring="neg_mean_absolute_error", n_repeats=30, random_state=0
    )
    for column in range(3):
        mine = [right.importancia(model.predict, x, y, column, rng) for _ in range(30)]
        assert np.mean(mine) == pytest.approx(oracle.importances_mean[column], abs=0.05)


def test_years_grow_with_time():
    days = [date.fromordinal(n) for n in range(date(2015, 1, 1).toordinal(), 738_000)]
    assert (np.diff(right.años(days)) > 0).all()
