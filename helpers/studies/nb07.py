"""Estudio del cuaderno 07: los tres modelos, qué los mejora de verdad y con cuánta dispersión.

Se hace con la serie incluida y, si está a mano, con la del artículo; de esta solo se guardan
resultados agregados, nunca las ventas.
"""

from helpers import studies
from helpers.data import sales as sales_data
from helpers.forecasting import ablation
from helpers.forecasting.open_days import Opening

SEEDS = tuple(range(10))
ROLLING_SEEDS = tuple(range(5))


def series() -> dict:
    """Las series del estudio: ``sample`` siempre; ``original``, si se puede conseguir."""
    from helpers.data import originals

    found = {"sample": sales_data.load(sales_data.SAMPLE, report=_silent)}
    try:
        original = originals.locate("ventas_blog")
        found["original"] = sales_data.load(original, report=_silent)
    except originals.DataError:
        pass
    return found


def _silent(message: str) -> None:
    """No dice nada: en un estudio, los avisos del cargador ya se conocen."""


def run(progress) -> dict:
    """Ejecuta el estudio. Si falta la serie del artículo, conserva lo que ya se sabía de ella."""
    found = series()
    results = {"seeds": list(SEEDS), "rolling_seeds": list(ROLLING_SEEDS)}
    if "original" not in found:
        results |= studies.kept_original("07")
    parts = (
        ("published", lambda s, o: ablation.published_all(s, SEEDS)),
        ("ladder", lambda s, o: ablation.ladder(s, o, SEEDS)),
        ("dims", lambda s, o: ablation.dimensions(s, o, SEEDS)),
        ("tuning", lambda s, o: ablation.tuning(s, ROLLING_SEEDS)),
        ("rolling", lambda s, o: ablation.rolling(s, o, ROLLING_SEEDS)),
    )
    total, done = len(found) * len(parts), 0
    for name, sales in found.items():
        opening = Opening.from_dates(sales.index)
        results[name] = {"stats": ablation.statistics(sales)}
        for part, compute in parts:
            results[name][part] = compute(sales, opening)
            done += 1
            progress(done, total)
    return results
