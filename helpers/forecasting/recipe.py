"""De tu CSV al pronóstico guardado: comparar, elegir, pronosticar y volver otro día. Cuaderno 07.

Un pronóstico guardado es una subcarpeta con ``historia.csv`` (la serie), ``modelo.json`` (el
método, los cierres y el intervalo), ``pronostico.csv`` y, si ganó la red, ``red.keras``. Los demás
métodos se rehacen en un momento con la historia: así no hace falta ningún ``pickle``.
"""

import itertools
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from helpers import atomic, paths
from helpers.forecasting import methods, network
from helpers.forecasting.exams import Interval, coverage_on_new_days, mae, predictions
from helpers.forecasting.open_days import DAY, WEEKDAYS, Opening, closing_days

NET = "red con embeddings"
TIE = 1.02  # un error hasta un 2 % mayor es un empate: se recomienda el más sencillo
MAX_DAYS = 31


@dataclass(frozen=True)
class Comparison:
    """Los errores de cada método en los mismos exámenes.

    Attributes:
        errors: DataFrame, una fila por examen y una columna por método.
        actual, predicted: lo real, ``(exámenes, horizon)``, y lo que dijo cada método.
    """

    sales: pd.Series = field(repr=False)
    announced: tuple
    errors: pd.DataFrame
    actual: np.ndarray = field(repr=False)
    predicted: dict = field(repr=False)

    @property
    def best(self) -> str:
        """El de menor error medio; si otro más sencillo queda a un 2 %, ese."""
        means = self.errors.mean()
        return next(name for name in means.index if means[name] <= TIE * means.min())

    def __str__(self):
        means, spread = self.errors.mean(), self.errors.std(ddof=0)
        exams, horizon = self.actual.shape
        digits = _digits(means.min())
        lines = [f"error medio en {exams} exámenes de {horizon} registros (± entre exámenes)"]
        if exams == 1:
            lines = [f"error en un solo examen de {horizon} registros: puede ser suerte"]
        for name in means.index:  # del más sencillo al más complicado
            mark = "←" if name == self.best else ""
            around = f" ± {spread[name]:.{digits}f}" if exams > 1 else ""
            lines.append(f"{name:26} ≈ {means[name]:.{digits}f}{around} {mark}".rstrip())
        return "\n".join(lines)

    def forecaster(self, method: str | None = None, coverage: float = 0.8) -> "Forecaster":
        """El método recomendado, o ``method``, con toda la serie y su intervalo.

        Raises:
            ValueError: si no existe ese método.
        """
        method = method or self.best
        if method not in self.predicted:
            raise ValueError(f"No hay ningún método «{method}»: {', '.join(self.predicted)}.")
        interval = Interval.fit(self.actual, self.predicted[method], coverage)
        checked = coverage_on_new_days(self.actual, self.predicted[method], coverage)
        return Forecaster(self.sales, method, self.announced, interval, checked)


def compare(sales: pd.Series, closed=(), horizon: int = 28, exams: int = 10) -> Comparison:
    """Examina todos los métodos con el pasado de ``sales``, con origen móvil.

    Args:
        sales: serie diaria, como la que da :func:`helpers.data.sales.load`.
        closed: días que sabías de antemano que cerrabas, pasados y por venir.

    Raises:
        ValueError: si la serie no llega a ``2 * horizon`` registros, no se sabe qué días abres o un
            cierre no es una fecha.
    """
    usual = Opening.from_dates(sales.index)
    if not any(map(usual.is_open, usual.next_days(MAX_DAYS))):
        raise ValueError(
            "No sé qué días abres: en las doce últimas semanas, ningún día de la semana tiene "
            "ventas la mitad de las veces. Si no hay filas de los días sin ventas, añádelas con un "
            "0."
        )
    closed = tuple(sorted(f"{day:%Y-%m-%d}" for day in closing_days(closed)))
    found = {
        name: predictions(method, sales, closed, horizon, exams)
        for name, method in methods.METHODS.items()
    }
    actual = next(iter(found.values()))[0]
    errors = {name: [mae(*pair) for pair in zip(*both)] for name, both in found.items()}
    predicted = {name: both[1] for name, both in found.items()}
    return Comparison(sales, closed, pd.DataFrame(errors), actual, predicted)


class Forecaster:
    """Un método con su historia, listo para pronosticar y para guardarse.

    Attributes:
        sales: la historia completa.
        method: su nombre en :data:`helpers.forecasting.methods.METHODS`.
        interval: el de sus exámenes.
        checked: qué parte de los exámenes que no vio cayó en él; ``None`` si no se pudo medir.
    """

    def __init__(self, sales, method, announced, interval, checked=None, net=None):
        self.sales, self.method, self.announced = sales, method, tuple(announced)
        self.interval, self.checked, self._net = interval, checked, net

    @property
    def net(self):
        """La red de Keras entrenada con toda la historia, si el método es la red."""
        if self._net is None and self.method == NET:
            opening = Opening.from_dates(self.sales.index, self.announced)
            weights = methods.train(self.sales, opening)
            self._net = network.to_keras(methods.SHAPE, [w[0] for w in weights])
        return self._net

    def forecast(self, days: int = 7, closed=()) -> pd.DataFrame:
        """Los ``days`` días que siguen a la historia.

        Args:
            closed: cierres anunciados que aún no conocía.

        Returns:
            DataFrame por fecha: ``día``, ``abierto``, ``unidades``, ``mínimo`` y ``máximo``; un día
            cerrado vende 0.

        Raises:
            ValueError: si ``days`` no es un entero de 1 a 31.
        """
        if not (isinstance(days, int) and 1 <= days <= MAX_DAYS):
            raise ValueError(f"days={days!r}: pide de 1 a {MAX_DAYS} días.")
        opening = Opening.from_dates(self.sales.index, [*self.announced, *closing_days(closed)])
        dates = opening.next_days(days)
        is_open = np.array([opening.is_open(day) for day in dates])
        units = np.maximum(self._units(dates, opening), 0.0) * is_open
        low, high = self.interval.around(units)
        return pd.DataFrame(
            {
                "día": [WEEKDAYS[d.day_of_week] for d in dates],
                "abierto": is_open,
                "unidades": units,
                "mínimo": low * is_open,
                "máximo": high * is_open,
            },
            index=dates,
        )

    def __str__(self):
        table = self.forecast(7)
        digits = _digits(table["unidades"].max())
        lines = [f"Recomendado: {self.method}. Los 7 días que siguen, con intervalo del "
                 f"{100 * self.interval.coverage:.0f} %:"]  # fmt: skip
        for day, row in table.iterrows():
            text = "cerrado"
            if row["abierto"]:
                units, low, high = (
                    f"{row[c]:.{digits}f}" for c in ("unidades", "mínimo", "máximo")
                )
                text = f"≈ {units}   entre ≈ {low} y ≈ {high}"
            lines.append(f"{row['día']:10} {day:%d-%m-%Y}   {text}")
        if self.checked is not None:
            lines.append(f"En exámenes nuevos, el intervalo acertó ≈ {100 * self.checked:.0f} %.")
        else:
            lines.append("El intervalo está sin comprobar: hacen falta al menos cuatro exámenes.")
        zeros, mean = (self.sales == 0).mean(), self.sales.mean()
        if zeros > 0.5:
            lines.append(
                f"Ojo: en el {100 * zeros:.0f} % de los días vendes 0, y entonces el error medio "
                f"premia decir siempre 0. La media es ≈ {mean:.{_digits(mean)}f}: busca métodos de "
                "demanda intermitente."
            )
        return "\n".join(lines)

    def _units(self, dates, opening):
        if self.method != NET:
            return methods.METHODS[self.method](self.sales, dates, opening)
        codes, numbers = methods.calendar_inputs(self.sales, dates, opening)
        ratio = self.net([codes[:, :1], codes[:, 1:], numbers.astype("float32")])
        return (self.sales.mean() or 1.0) * np.asarray(ratio, "float64").reshape(-1)

    def save(self, folder, days: int = 7) -> Path:
        """Guarda la historia, el método y el pronóstico en una subcarpeta de ``folder``.

        Se llama como el primer día que pronostica, ``2018-12-01``. Si ya la hay y es de otra serie,
        no se toca: la nueva es ``2018-12-01 (2)``.

        Returns:
            La subcarpeta.

        Raises:
            ValueError: si ahí no se puede escribir.
        """
        folder = paths.given(folder, ValueError, "folder")
        history = _csv(self.sales.to_frame("unidades")).encode()
        first = f"{self.sales.index[-1] + DAY:%Y-%m-%d}"
        try:
            return self._write_into(folder, first, history, days)
        except OSError:
            raise ValueError(
                f"No puedo guardar en «{folder}»: comprueba que sea una carpeta y que tengas "
                "permiso para escribir en ella, o elige otra."
            ) from None

    def _write_into(self, folder, first, history, days) -> Path:
        for copy in itertools.count(1):
            target = folder / (first if copy == 1 else f"{first} ({copy})")
            old = target / "historia.csv"
            if not target.exists() or (old.is_file() and old.read_bytes() == history):
                break
        settings = {
            "metodo": self.method,
            "cerrado": list(self.announced),
            "intervalo": asdict(self.interval),
            "comprobado": self.checked,
        }
        model = json.dumps(settings, ensure_ascii=False, indent=1) + "\n"
        atomic.replace_with(old, history)
        atomic.replace_with(target / "modelo.json", model.encode())
        atomic.replace_with(target / "pronostico.csv", _csv(self.forecast(days)).encode())
        if self.net is not None:
            with atomic.draft(target / "red.keras") as part:
                self.net.save(part)
        return target


def load(folder) -> Forecaster:
    """Abre lo que guardó :meth:`Forecaster.save`.

    Args:
        folder: la subcarpeta, o la carpeta que las contiene: entonces, la última que se guardó.

    Raises:
        ValueError: si falta algún archivo o no se entiende; dice cuál.
    """
    folder = paths.given(folder, ValueError, "folder")
    if not (folder / "modelo.json").is_file():
        saved = sorted(folder.glob("*/modelo.json"), key=lambda file: file.stat().st_mtime_ns)
        folder = saved[-1].parent if saved else folder
    for name in ("historia.csv", "modelo.json"):
        if not (folder / name).is_file():
            raise ValueError(
                f"En la carpeta «{folder.name}» no está {name}: guarda antes el pronóstico con "
                "save()."
            )
    try:
        settings = json.loads((folder / "modelo.json").read_text(encoding="utf-8"))
        method, interval = settings["metodo"], Interval(**settings["intervalo"])
        known = methods.METHODS[method] and closing_days(settings["cerrado"])
        interval.around([0.0])  # no lo calcula si sus números no lo son
        sales = pd.to_numeric(pd.read_csv(folder / "historia.csv", index_col=0)["unidades"])
        sales.index = pd.to_datetime(sales.index, format="%Y-%m-%d").rename("fecha")
        if sales.empty or sales.hasnans or not sales.index.is_monotonic_increasing:
            raise ValueError("en historia.csv faltan ventas, o no están en orden de fechas")
    except (ValueError, KeyError, TypeError) as error:
        reason = str(error).splitlines()[0][:120]
        raise ValueError(
            f"La carpeta «{folder.name}» está estropeada ({reason}): historia.csv o modelo.json no "
            "están como se guardaron. Guarda otra vez el pronóstico."
        ) from None
    net = None
    if method == NET:
        from keras import Model

        from helpers.nets import keras_archive

        net, _ = keras_archive.load(folder / "red.keras", Model, "la red", compile=False)
    return Forecaster(sales, method, known, interval, settings.get("comprobado"), net)


def _digits(value: float) -> int:
    """Decimales con que ``value`` se lee con tres cifras."""
    return max(0, 2 - int(np.floor(np.log10(value)))) if value > 0 else 1


def _csv(table: pd.DataFrame) -> str:
    return table.to_csv(date_format="%Y-%m-%d", lineterminator="\n")
