"""Los nombres en español de lo que mide el estudio del cuaderno 07, en el orden de sus figuras."""

LADDER = {
    "ste_published": "STE publicada",
    "ste_without_validation": "… sin estudiar el examen",
    "target_embedding": "… con el día correcto y las filas de ST1",
    "target_embedding_lags": "… y los retrasos conectados",
    "target_one-hot": "one-hot, sin retrasos",
    "target_one-hot_lags": "one-hot y retrasos",
    "target_scaled_lags": "enteros escalados y retrasos",
    "target_raw_lags": "enteros sin escalar y retrasos",
    "target_scaled": "enteros escalados, sin retrasos",
    "target_raw": "enteros sin escalar ni retrasos",
    "st1": "ST1 (sin fecha)",
    "lag_dates_raw": "STMV: fecha de los retrasos, sin escalar",
    "lag_dates_scaled": "… escalada",
    "lag_dates_one-hot": "… en one-hot",
    "by_weekday": "mediana por día",
    "by_weekday_and_month": "mediana por día y mes",
    "gradient_boosting": "gradient boosting",
    "median": "mediana de todo",
}

ROLLING = {
    "factors": "factores + marcas",
    "embedding_flags": "embeddings + marcas",
    "factors_plain": "factores sin marcas",
    "embedding": "embeddings (STE corregida)",
    "gradient_boosting": "gradient boosting",
    "one-hot": "one-hot",
    "embedding_lags": "embeddings + retrasos",
    "by_weekday_and_month": "mediana por día y mes",
    "by_weekday": "mediana por día",
    "st1": "ST1 corregida",
    "same_weekday": "mismo día, semana anterior",
    "median": "mediana de todo",
    "last_value": "último valor",
}

REFERENCES = ("mediana por día", "mediana por día y mes", "gradient boosting", "mediana de todo")


def rows(results: dict, labels: dict) -> dict:
    """``{nombre: (media, desviación)}`` de los resultados que tienen nombre, en su orden."""
    return {text: (results[key]["mean"], results[key]["sd"]) for key, text in labels.items()}
