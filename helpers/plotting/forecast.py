"""Figuras de pronósticos: la serie, los aciertos, los errores y los mapas. Cuaderno 07."""

import itertools

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.dates import DateFormatter, DayLocator
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from helpers.plotting import style


def series_overview(dates, values, weekday_means, month_means, weekdays, months):
    """La serie entera y, debajo, sus medias por día de la semana y por mes.

    Args:
        dates, values: fechas y unidades, ``(n,)``.
        weekday_means, month_means: 7 y 12 medias (unidades), con sus nombres.

    Returns:
        Los tres ejes: serie, días y meses.
    """
    figure, axes = plt.subplot_mosaic(
        [["serie", "serie"], ["día", "mes"]],
        figsize=(8.4, 5.4),
        height_ratios=[1.2, 1],
        width_ratios=[1, 1.6],
    )
    axes["serie"].plot(dates, values, ".-", ms=3, lw=0.6, color=style.BLUE)
    axes["serie"].set(ylabel="unidades al día", title="Ventas de cada día abierto")
    for name, labels, means in (("día", weekdays, weekday_means), ("mes", months, month_means)):
        bars = axes[name].bar([label[:3] for label in labels], means, color=style.SKY)
        texts = [_three_digits(mean) for mean in means]
        size = min(9, 36 / max(map(len, texts)))  # que no se pisen los de dos barras seguidas
        axes[name].bar_label(bars, texts, fontsize=size)
        axes[name].set(ylabel="media (unidades)", title=f"Media por {name}")
        axes[name].tick_params(axis="x", labelsize=9)
        axes[name].grid(axis="x", visible=False)
    return axes["serie"], axes["día"], axes["mes"]


def _three_digits(number) -> str:
    """Tres cifras y ningún exponente, a cualquier escala: 0.0312, 135, 87700."""
    return np.format_float_positional(number, precision=3, unique=False, fractional=False, trim="-")


def exam(dates, actual, forecasts: dict):
    """Lo vendido en un examen (puntos azules) y lo que pronosticó cada método (líneas).

    Args:
        forecasts: ``{nombre: unidades (n,)}``.
    """
    _, ax = plt.subplots(figsize=(8.4, 3.4))
    for (name, units), color in zip(forecasts.items(), style.PALETTE[1:]):
        ax.plot(dates, units, "-", color=color, lw=1.6, label=name)
    ax.plot(dates, actual, "o", color=style.BLUE, ms=5, label="vendido")
    ax.set(ylabel="unidades")
    ax.xaxis.set_major_locator(DayLocator(interval=4))
    ax.xaxis.set_major_formatter(DateFormatter("%d-%m"))
    ax.set_ylim(0, ax.get_ylim()[1] * 1.15)
    ax.legend(ncol=3, loc="upper right", fontsize=9)
    return ax


def error_bars(rows: dict, *, title="", xlabel="error medio"):
    """Barras horizontales: media y desviación de cada caso, en el orden dado.

    Args:
        rows: ``{nombre: (media, desviación)}``.
    """
    _, ax = plt.subplots(figsize=(8, 0.38 * len(rows) + 1))
    means, deviations = np.array(list(rows.values()), dtype=float).T
    digits = max(0, 2 - int(np.floor(np.log10(means.min() or 1))))
    ax.barh(list(rows), means, xerr=deviations, color=style.SKY, ecolor=style.BLACK, capsize=2)
    for y, (mean, deviation) in enumerate(zip(means, deviations)):
        ax.text(mean + deviation, y, f" {mean:.{digits}f}", va="center", fontsize=9)
    ax.invert_yaxis()
    ax.set(title=title, xlabel=xlabel)
    ax.set_xlim(0, 1.1 * (means + deviations).max())
    ax.grid(axis="y", visible=False)
    return ax


def labelled_points(panels: dict):
    """Puntos con nombre en el plano, un panel por mapa; un paso mide igual en los dos ejes.

    Args:
        panels: ``{título: (puntos de forma (n, 2), nombres)}``.
    """
    size = max(6.5, 4.2 * len(panels)), 4.2
    fig, axes = plt.subplots(1, len(panels), figsize=size, squeeze=False)
    for ax, (title, (points, names)) in zip(axes[0], panels.items()):
        ax.axhline(0, color=style.GREY, lw=0.6)
        ax.axvline(0, color=style.GREY, lw=0.6)
        ax.scatter(*np.transpose(points), color=style.BLUE, s=30)
        ax.set(title=title, xlabel="dimensión 1", ylabel="dimensión 2")
        ax.tick_params(labelleft=False, labelbottom=False)  # solo cuenta la distancia
        ax.margins(max(0.35, 0.04 * max(map(len, names))))  # que quepan los nombres
        ax.set_aspect("equal", adjustable="datalim")
    fig.draw_without_rendering()  # desde aquí se sabe cuánto ocupa cada texto
    for ax, (points, names) in zip(axes[0], panels.values()):
        _name(ax, points, names)
    return axes[0]


def _name(ax, points, names) -> None:
    """Escribe cada nombre junto a su punto, o apartado y con una raya: donde pisa menos.

    Entre dos lados iguales, el que más se aparta de los demás puntos, para que no parezca de otro.
    """
    dot, line = 5, {"arrowstyle": "-", "color": style.GREY, "lw": 0.6}
    spots = ax.transData.transform(points)  # en píxeles
    taken = [Bbox([spot - dot, spot + dot]) for spot in spots]
    for i, name in enumerate(names):
        options = []
        for far, up, right in itertools.product((1, 4), (1, -1), (1, -1)):
            text = ax.annotate(
                name, points[i], (5 * far * right, 4 * far * up), textcoords="offset points",
                ha="left" if right > 0 else "right", va="bottom" if up > 0 else "top",
                fontsize=8, arrowprops=line if far > 1 else None,
            )  # fmt: skip
            text.update_positions(ax.figure.canvas.get_renderer())
            box = Text.get_window_extent(text)  # sin la raya
            away = np.linalg.norm(np.delete(spots, i, axis=0) - np.mean(box, axis=0), axis=1)
            trodden = sum(box.overlaps(other) for other in taken) + far / 8
            options.append((trodden, -away.min(initial=1e6), box, text))
        options.sort(key=lambda option: option[:2])
        taken.append(options[0][2])
        for *_, text in options[1:]:
            text.remove()


def week_forecast(past, forecast, names):
    """El final de la serie y los días pronosticados, con su intervalo y los días cerrados.

    Args:
        past: pareja ``(fechas, unidades)`` de lo ya vendido.
        forecast: ``(fechas, unidades, mínimos, máximos, abiertos)``, arrays ``(n,)``.
        names: texto de cada día pronosticado.
    """
    dates, units, low, high, is_open = (np.asarray(a) for a in forecast)
    _, ax = plt.subplots(figsize=(8.4, 3.6))
    ax.plot(*past, ".-", color=style.BLUE, lw=0.8, label="vendido")
    error = np.vstack([units - low, high - units])[:, is_open]
    ax.errorbar(dates[is_open], units[is_open], yerr=error, fmt="o", color=style.ORANGE,
                capsize=3, label="pronóstico e intervalo")  # fmt: skip
    for day in dates[~is_open]:
        ax.axvspan(day - np.timedelta64(12, "h"), day + np.timedelta64(12, "h"),
                   color=style.GREY, alpha=0.35, lw=0)  # fmt: skip
    for day, top, name in zip(dates, high, names):
        ax.annotate(name, (day, top), xytext=(0, 6), textcoords="offset points",
                    ha="center", fontsize=9)  # fmt: skip
    ax.set(ylabel="unidades", title="" if is_open.all() else "Gris: cerrado")
    ax.xaxis.set_major_locator(DayLocator(interval=3))
    ax.xaxis.set_major_formatter(DateFormatter("%d-%m"))
    ax.legend(loc="upper left", ncol=2, fontsize=9)
    ax.set_ylim(0, ax.get_ylim()[1] * 1.12)
    return ax
