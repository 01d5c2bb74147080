"""De una serie a un problema supervisado: ventanas, escala y reparto cronológico. Cuaderno 07."""

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd


def series_to_supervised(data, n_in=7, n_out=1, *, gaps="error") -> pd.DataFrame:
    """Convierte una serie en una tabla: ``n_in`` valores pasados y ``n_out`` por predecir.

    Args:
        data: Serie o DataFrame de ``n`` filas, con índice de fechas o sin él; también una lista.
        n_in: retrasos (columnas ``(t-n_in)`` … ``(t-1)``).
        n_out: pasos que se predicen (columnas ``(t)`` … ``(t+n_out-1)``).
        gaps: qué hacer si faltan fechas entre dos filas seguidas: ``"error"`` o ``"allow"``
            (entonces un retraso es un *registro*, no un día).

    Returns:
        DataFrame de ``n - n_in - n_out + 1`` filas y ``(n_in + n_out) * columnas``; el índice
        de cada fila es el de su primer objetivo, ``t``.

    Raises:
        ValueError: si no hay bastantes filas, si faltan valores, si las fechas no están en
            orden o si hay huecos y no se han admitido.
    """
    frame = data if isinstance(data, pd.DataFrame) else pd.Series(data, name=_name(data)).to_frame()
    if n_in < 0 or n_out < 1:
        raise ValueError(f"n_in={n_in} y n_out={n_out}: hace falta n_in ≥ 0 y n_out ≥ 1.")
    if n_in + n_out > len(frame):
        raise ValueError(
            f"Con {len(frame)} filas no cabe ninguna ventana de {n_in} + {n_out}: "
            "usa menos retrasos o más datos."
        )
    if frame.isna().any(axis=None):
        where = frame.index[frame.isna().any(axis=1)][0]
        where = f"{where:%Y-%m-%d}" if isinstance(where, pd.Timestamp) else where
        raise ValueError(f"Falta un valor en {where}: complétalo o quita esa fila antes.")
    if not (frame.index.is_monotonic_increasing and frame.index.is_unique):
        raise ValueError("Las filas deben ir en orden de fecha y sin repetir: usa sort_index().")
    if gaps == "error" and isinstance(frame.index, pd.DatetimeIndex):
        days = np.diff(frame.index.to_numpy()).astype("timedelta64[D]").astype(int)
        if len(days) and days.max() > days.min():
            raise ValueError(
                f"Hay huecos: entre dos filas seguidas pasan de {days.min()} a {days.max()} días. "
                "Rellénalos, o acepta que un retraso sea un registro con gaps='allow'."
            )
    parts = {}
    for step in range(-n_in, n_out):
        label = "(t)" if step == 0 else f"(t{step:+d})"
        for column in frame.columns:
            parts[f"{column}{label}"] = frame[column].shift(-step)
    rows = slice(n_in, len(frame) - n_out + 1)
    return pd.DataFrame(parts).iloc[rows]


def _name(data) -> str:
    return getattr(data, "name", None) or "x"


def window_days(index: pd.DatetimeIndex, n_in: int = 7) -> np.ndarray:
    """Días de calendario que abarca cada ventana, del primer retraso al objetivo.

    Con todos los días presentes valdría siempre ``n_in``. Forma ``(len(index) - n_in,)``.
    """
    return (index[n_in:] - index[:-n_in]).days.to_numpy()


def chronological_split(frame, validation: int):
    """Parte una tabla por el tiempo: lo primero, entrenamiento; las últimas filas, validación.

    Raises:
        ValueError: si la validación se queda sin filas o no deja ninguna para entrenar.
    """
    if not 0 < validation < len(frame):
        raise ValueError(
            f"validation={validation}: de {len(frame)} filas, separa entre 1 y {len(frame) - 1}."
        )
    return frame.iloc[:-validation], frame.iloc[-validation:]


@dataclass(frozen=True)
class Scaler:
    """Escala mínimo–máximo a [−1, 1], como ``MinMaxScaler(feature_range=(-1, 1))``.

    Solo guarda dos números, ``low`` y ``high`` (unidades vendidas), que caben en un JSON. Se
    ajusta una vez, con el entrenamiento, y ya no cambia: ajustarla otra vez con otros datos
    cambia el significado de todos los números que ve la red.
    """

    low: float
    high: float

    @classmethod
    def fit(cls, values) -> "Scaler":
        """La escala de ``values`` (unidades).

        Raises:
            ValueError: si está vacío, si faltan valores o si todos son iguales.
        """
        values = np.asarray(values, dtype="float64")
        if values.size == 0 or not np.isfinite(values).all():
            raise ValueError("Para ajustar la escala hacen falta números, sin huecos.")
        if values.min() == values.max():
            raise ValueError("Todos los valores son iguales: no hay escala que ajustar.")
        return cls(float(values.min()), float(values.max()))

    @property
    def units(self) -> float:
        """Cuántas unidades vale un error de 1 en la escala: ``(high - low) / 2``."""
        return (self.high - self.low) / 2

    def transform(self, values) -> np.ndarray:
        """De unidades a la escala [−1, 1]; conserva la forma."""
        return (np.asarray(values, dtype="float64") - self.low) / self.units - 1

    def inverse(self, scaled) -> np.ndarray:
        """De la escala a unidades; conserva la forma."""
        return (np.asarray(scaled, dtype="float64") + 1) * self.units + self.low

    def to_dict(self) -> dict:
        return asdict(self)


@dataclass
class Framed:
    """Una tabla lista para entrenar: entradas, objetivo escalado, fechas y reparto de filas."""

    x: object
    y: np.ndarray
    dates: pd.DatetimeIndex
    train: slice
    validation: slice
    scaler: Scaler
    steps: int = 7

    def part(self, rows: slice):
        """``(x, y)`` de esas filas."""
        x = {k: v[rows] for k, v in self.x.items()} if isinstance(self.x, dict) else self.x[rows]
        return x, self.y[rows]

    @property
    def val_dates(self) -> pd.DatetimeIndex:
        return self.dates[self.validation]

    def in_units(self, rows: slice) -> np.ndarray:
        """Objetivos de esas filas, en unidades."""
        return self.scaler.inverse(self.y[rows])
