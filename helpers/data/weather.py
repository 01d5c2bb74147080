"""Un clima inventado de tres variables, para practicar series multivariadas. Cuaderno 07."""

import numpy as np
import pandas as pd

COLUMNS = ("temperatura", "presión", "humedad")


def generate(days: int = 1000, seed: int = 0) -> pd.DataFrame:
    """Clima diario con una física mínima: la presión y la humedad *anuncian* la temperatura.

    Un anticiclón (presión alta) trae sol y sube la temperatura del día siguiente; el aire húmedo
    trae nubes y la baja. Además hay estaciones y azar.

    Args:
        days: días que se generan, desde el 1 de enero de 2021.

    Returns:
        DataFrame ``(days, 3)``: ``temperatura`` (°C), ``presión`` (hPa) y ``humedad`` (%).
    """
    if days < 2:
        raise ValueError(f"days={days}: hacen falta al menos 2 días.")
    rng = np.random.default_rng(seed)
    dates = pd.date_range("2021-01-01", periods=days, name="fecha")
    season = 15 - 8 * np.cos(2 * np.pi * (dates.day_of_year.to_numpy() - 20) / 365.25)
    anomaly = np.zeros((days, 3))  # temperatura, presión y humedad menos lo normal
    for day in range(1, days):
        warmth, pressure, humidity = anomaly[day - 1]
        anomaly[day] = (
            0.55 * warmth + 0.20 * pressure - 0.06 * humidity + rng.normal(0, 1.2),
            0.70 * pressure + rng.normal(0, 5),
            0.55 * humidity - 0.4 * pressure + rng.normal(0, 8),
        )
    anomaly[:, 2] = np.clip(anomaly[:, 2], -60, 30)
    values = np.column_stack([season, np.full(days, 1016.0), np.full(days, 68.0)]) + anomaly
    return pd.DataFrame(values.round(1), index=dates, columns=list(COLUMNS))
