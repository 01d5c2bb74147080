"""Respuestas buenas y malas a los ejercicios del cuaderno 07."""

import calendar
import re
from datetime import date, datetime

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view
from sklearn.preprocessing import MinMaxScaler

from helpers.exercises.nb07 import errores, importancia, preparar, tabla


# 1. Ventanas
def with_scikit(sales, steps):
    column = np.reshape(sales, (-1, 1)).astype(float)
    scaled = MinMaxScaler((-1, 1)).fit(column[:-30]).transform(column)[:, 0]
    windows = sliding_window_view(scaled, steps + 1).astype("float32")
    return [windows[:-30, :-1], windows[:-30, -1], windows[-30:, :-1], windows[-30:, -1]]


def with_pandas(sales, steps):
    series = pd.Series(sales)
    low, high = series[:-30].min(), series[:-30].max()
    table = pd.concat([(series - low) / (high - low) * 2 - 1] * (steps + 1), axis=1)
    table.columns = range(steps, -1, -1)
    table = pd.concat([table[k].shift(k) for k in table], axis=1).dropna()
    past, last = table[:-30], table[-30:]
    return past.drop(columns=0), past[0], last.drop(columns=0), last[0]


def with_lists(sales, steps):
    low, high = min(sales[:-30]), max(sales[:-30])
    scaled = [-1 + 2 * (v - low) / (high - low) for v in sales]
    x, y = [], []
    for end in range(steps, len(scaled)):
        x.append(scaled[end - steps : end])
        y.append(scaled[end])
    return x[:-30], y[:-30], x[-30:], y[-30:]


def scale_with_everything(sales, steps):
    x_train, y_train, x_val, y_val = preparar(sales, steps)
    top = max(y_val.max(), y_train.max())
    return tuple(2 * (part + 1) / (top + 1) - 1 for part in (x_train, y_train, x_val, y_val))


def validation_inside(sales, steps):
    x_train, y_train, x_val, y_val = preparar(sales, steps)
    return np.vstack([x_train, x_val]), np.hstack([y_train, y_val]), x_val, y_val


def reversed_columns(sales, steps):
    x_train, y_train, x_val, y_val = preparar(sales, steps)
    return x_train[:, ::-1], y_train, x_val[:, ::-1], y_val


def target_one_late(sales, steps):
    x_train, y_train, x_val, y_val = preparar(sales, steps)
    y = np.roll(np.hstack([y_train, y_val]), -1)
    return x_train, y[:-30], x_val, y[-30:]


# 2. Años
def with_calendar(days):
    def length(year):
        return 366 if calendar.isleap(year) else 365

    first = days[0].year
    return np.array(
        [d.year - first + (d.timetuple().tm_yday - 1) / length(d.year) for d in days], "float32"
    )


def with_pandas_dates(days):
    dates = pd.Series(pd.to_datetime(days))
    length = np.where(dates.dt.is_leap_year, 366, 365)
    return dates.dt.year - dates.dt.year[0] + (dates.dt.day_of_year - 1) / length


def with_ordinals(days):
    def start(year):
        return date(year, 1, 1).toordinal()

    fractions = (
        (d.toordinal() - start(d.year)) / (start(d.year + 1) - start(d.year)) for d in days
    )
    return tuple(d.year - days[0].year + f for d, f in zip(days, fractions))


def always_365(days):
    return [d.year - days[0].year + (d.timetuple().tm_yday - 1) / 365 for d in days]


def category(days):
    known = sorted({d.year for d in days[:-1]})
    return [known.index(d.year) + 0.1 if d.year in known else -1 for d in days]


# 3. Clima
def windows(climate, steps, shift=0, newest_first=False, columns=slice(None)):
    ranges = [climate[i + shift : i + steps + shift, columns] for i in range(len(climate) - steps)]
    return np.array([r[:: -1 if newest_first else 1].ravel() for r in ranges]), climate[steps:, 0]


def with_hstack(climate, steps):
    days = len(climate) - steps
    return np.hstack([climate[i : i + days] for i in range(steps)]), climate[-days:, 0]


def with_sliding(climate, steps):
    x = sliding_window_view(climate[:-1], steps, axis=0).transpose(0, 2, 1)
    return x.reshape(len(x), -1).astype("float32"), climate[steps:, 0]


# 4. API
def gatekeeper(is_date, is_count):
    def answer(request):
        wrong = [] if is_date(request.get("desde")) else ["desde"]
        return wrong if "dias" not in request or is_count(request["dias"]) else [*wrong, "dias"]

    return answer


def by_pattern(text):
    if not isinstance(text, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return False
    year, month, day = map(int, text.split("-"))
    return 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]


def by_format(text):
    try:
        return datetime.strptime(text, "%Y-%m-%d").strftime("%Y-%m-%d") == text
    except (TypeError, ValueError):
        return False


def lenient(text):
    try:
        return bool(datetime.strptime(text, "%Y-%m-%d"))
    except (TypeError, ValueError):
        return False


def ten_letters(text):
    try:
        return bool(date.fromisoformat(text)) and len(text) == 10
    except (TypeError, ValueError):
        return False


def whole(days):
    return isinstance(days, int) and not isinstance(days, bool) and days in range(1, 32)


def as_text(days):
    return str(days).isdigit() and 1 <= int(days) <= 31


# 5. Importancia
def shuffled(column_of):
    """El aumento del error al cambiar la columna por ``column_of(values, rng)``."""

    def answer(predict, x, y, column, rng):
        changed = np.array(x)
        changed[:, column] = column_of(x[:, column], rng)
        return np.mean(abs(y - predict(changed))) - np.mean(abs(y - predict(x)))

    return answer


def by_position(predict, x, y, column, rng):
    """Barajando posiciones, y con el error de scikit-learn."""
    from sklearn.metrics import mean_absolute_error

    changed = np.delete(x, column, axis=1)
    changed = np.insert(changed, column, x[rng.permutation(len(x)), column], axis=1)
    return mean_absolute_error(y, predict(changed)) - mean_absolute_error(y, predict(x))


def in_place(predict, x, y, column, rng):
    before = np.abs(y - predict(x)).mean()
    x[:, column] = rng.permutation(x[:, column])
    return np.abs(y - predict(x)).mean() - before


def shuffles_rows(predict, x, y, column, rng):
    return np.abs(y - predict(rng.permutation(x))).mean() - np.abs(y - predict(x)).mean()


def squared(predict, x, y, column, rng):
    changed = x.copy()
    changed[:, column] = rng.permutation(x[:, column])
    return ((y - predict(changed)) ** 2).mean() - ((y - predict(x)) ** 2).mean()


def forgets_before(predict, x, y, column, rng):
    before = np.abs(y - predict(x)).mean()
    return importancia(predict, x, y, column, rng) + before


RIGHT = {
    1: [with_scikit, with_pandas, with_lists],
    2: [with_calendar, with_pandas_dates, with_ordinals],
    3: [with_hstack, with_sliding, lambda c, steps: [part.tolist() for part in windows(c, steps)]],
    4: [
        gatekeeper(by_pattern, whole),
        gatekeeper(by_format, lambda days: type(days) is int and 0 < days < 32),
        lambda request: {field for field in ("dias", "desde") if field in errores(request)},
    ],
    5: [by_position, shuffled(lambda values, rng: rng.permuted(values)),
        shuffled(lambda values, rng: rng.choice(values, len(values), replace=False))],
}  # fmt: skip

WRONG = {
    1: [
        (lambda sales, steps: preparar(sales, 7), "no des por hecho que son 7"),
        (scale_with_everything, "La escala mira la validación"),
        (validation_inside, "no pueden estar en el entrenamiento"),
        (reversed_columns, "Las columnas van al revés"),
        (target_one_late, "y_train no es lo que debe"),
        (lambda sales, steps: preparar(sales, steps)[:2], "Devuelve cuatro cosas"),
    ],
    2: [
        (lambda days: [d.year for d in days], "Resta el año"),
        (lambda days: [d.year - days[0].year for d in days], "Faltan los decimales"),
        (always_365, "2020 es bisiesto"),
        (category, "2030 no está entre los años vistos"),
        (lambda days: [(d - days[0]).days / 365.25 for d in days], "número entero exacto"),
        (lambda days: [d.year - 2017 + (d.month - 1) / 12 for d in days], "Divide los días"),
    ],
    3: [
        (lambda c, steps: windows(c, steps, shift=1), "datos del propio día"),
        (lambda c, steps: windows(c, steps, columns=[0]), "columnas: las tres variables"),
        (lambda c, steps: (tabla(c, steps)[0], c[steps:, 1]), "y es la temperatura"),
        (lambda c, steps: windows(c, steps, newest_first=True), "del más antiguo"),
        (lambda c, steps: tabla(c, steps)[0], "Devuelve dos cosas"),
    ],
    4: [
        (gatekeeper(by_format, lambda days: isinstance(days, int) and 0 < days < 32), "True no es"),
        (gatekeeper(by_format, as_text), "El texto «7» no es un entero"),
        (gatekeeper(lenient, whole), "«2018-1-5» no tiene la forma"),
        (gatekeeper(ten_letters, whole), "«2018-W48-6» no tiene la forma"),
        (gatekeeper(lambda text: re.fullmatch(r"\d{4}-\d\d-\d\d", str(text)), whole), "30 de feb"),
        (lambda request: errores(request)[:1], "todos los campos"),
        (lambda request: errores({"dias": None, **request}), "Sin «dias», la petición es correcta"),
        (lambda request: "desde", "Devuelve una lista"),
    ],
    5: [
        (in_place, "Has modificado x"),
        (lambda *a: -importancia(*a), "¿Has restado al revés?"),
        (shuffles_rows, "Baraja solo la columna pedida"),
        (shuffled(lambda values, rng: 0), "sin cambiarlos por otros"),
        (squared, "errores absolutos medios"),
        (forgets_before, "réstale el de antes"),
        (shuffled(lambda v, rng: np.random.default_rng().permutation(v)), "baraja con rng"),
    ],
}  # fmt: skip
