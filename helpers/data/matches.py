"""Partidos de selecciones: los incluidos (inventados), los reales o los tuyos. Cuaderno 02."""

import html
import json
import re
from datetime import date

import pandas as pd

from helpers import paths, runtime
from helpers.console import counted
from helpers.data import cells, originals, text
from helpers.data import table as tables

SAMPLE = paths.DATASETS / "partidos" / "partidos.csv"
NAMES = SAMPLE.with_name("nombres.json")  # de las selecciones: en inglés → en español
OLDEST, MAX_GOALS = date(1850, 1, 1), 60
COLUMNS = {  # nombre propio: nombres que se entienden, como los deja text.key
    "date": ("fecha", "date", "dia"),
    "home_team": ("local", "home_team", "equipo_local", "home", "hometeam", "casa"),
    "away_team": ("visitante", "away_team", "equipo_visitante", "away", "awayteam", "fuera"),
    "home_score": ("goles_local", "home_score", "home_goals", "goles_casa", "fthg"),
    "away_score": ("goles_visitante", "away_score", "away_goals", "goles_fuera", "ftag"),
    "tournament": ("torneo", "tournament", "competicion"),
    "neutral": ("neutral",),
}
OPTIONAL = ("tournament", "neutral")
NO = ("false", "no", "0", "", "falso")
WORLD_CUP = "Mundial"


class MatchError(ValueError):
    """Los partidos no sirven; el mensaje dice dónde, por qué y qué hacer."""


def load(
    path=None, *, original=None, dayfirst=None, date_format=None, report=print, today=None
) -> pd.DataFrame:
    """Carga partidos y comprueba que tengan sentido.

    Args:
        path: tu CSV, con las columnas ``fecha, local, visitante, goles_local, goles_visitante`` y,
            si quieres, ``torneo`` y ``neutral`` (sí o no). También valen los nombres en inglés.
        original: sin ``path``, los reales desde 1872 (``True``), que se buscan o se descargan, o
            los incluidos, inventados (``False``); sin decirlo, decide la variable ``NB_DATA``.
        dayfirst, date_format: cómo están las fechas de tu CSV, si no lo aclaran ellas; véase
            :func:`helpers.data.cells.dates`.
        report: recibe una frase por cada cosa que se ha descartado o interpretado.
        today: fecha a partir de la cual un resultado sería futuro; por defecto, hoy.

    Returns:
        Tabla ordenada por fecha, con ``date``, ``home_team``, ``away_team``, ``home_score``,
        ``away_score`` (enteros), ``tournament`` y ``neutral`` (bool).

    Raises:
        MatchError: si el archivo no sirve; dice la línea, qué le pasa y cómo arreglarlo.
        helpers.data.originals.DataError: si los reales no están y no se pueden descargar.
    """
    if original is None:
        original = runtime.data_mode() == "original"
    own, today = path is not None, today or date.today()
    original = original and not own
    if not own:
        path = originals.locate("resultados_futbol") if original else SAMPLE
    table = tables.read(path, MatchError, report)
    texts = _columns(table, own)
    empty = texts[["home_score", "away_score"]].map(str.casefold).isin(cells.EMPTY).any(axis=1)
    sentence = "dejo fuera {count} sin resultado (el primero, en la línea {line})."
    table.tell(empty, sentence, "partido")
    if empty.all():
        raise table.wrong("no tiene ningún partido con resultado.")
    games = _checked(texts[~empty], table, dayfirst, date_format, today)
    repeated = games.duplicated()
    table.tell(repeated, "descarto {count} (línea {line}…).", "fila repetida")
    games = games[~repeated]
    if own:
        _say_doubtful(games, table)
    if original:
        spanish = json.loads(NAMES.read_text(encoding="utf-8"))
        cup = {"FIFA World Cup": WORLD_CUP}
        games = games.replace({"home_team": spanish, "away_team": spanish, "tournament": cup})
    # Orden estable: los del mismo día se quedan como en el archivo.
    return games.sort_values("date", kind="stable", ignore_index=True)


def _columns(table: tables.Table, own: bool) -> pd.DataFrame:
    """Las columnas conocidas, con sus textos."""
    head, found, wrong = table.take_header(), {}, []
    keys = [text.key(cell) for cell in head]
    for column, names in COLUMNS.items():
        places = [k for k, key in enumerate(keys) if key in names]
        if column == "neutral":
            places = [k for k, key in enumerate(keys) if column in key.split("_")]
        found |= dict.fromkeys(places, column)
        if len(places) > 1 or (not places and column not in OPTIONAL):
            wrong.append(names[0])
    if wrong:
        raise table.wrong(
            f"no sé qué columna es {', '.join(wrong)}: hace falta una, y solo una. Tiene: "
            f"{', '.join(head)}. Lo más fácil es que la primera línea sea "
            "«fecha,local,visitante,goles_local,goles_visitante»."
        )
    table.require(k for k, column in found.items() if column not in OPTIONAL)
    unused = [f"«{cell}»" for k, cell in enumerate(head) if k not in found]
    if unused and own:
        table.say(f"no uso las columnas {', '.join(unused)}.")
    return table.rows.rename(columns=found).reindex(columns=list(COLUMNS), fill_value="")


def _checked(texts: pd.DataFrame, table, dayfirst, date_format, today: date) -> pd.DataFrame:
    """Los partidos, con sus fechas y sus goles."""
    games = texts.copy()
    options = {"dayfirst": dayfirst, "date_format": date_format, "today": today}
    days = cells.dates(texts["date"], table, **options)
    outside = (days > today) | (days < OLDEST)
    why = "no puede ser el día de un partido con resultado: está en el futuro, o antes de 1850."
    table.refuse(texts["date"], outside, why)
    games["date"] = pd.to_datetime(days)
    for column in ("home_score", "away_score"):
        goals = pd.to_numeric(texts[column], errors="coerce")
        why = f"no es un número de goles, de 0 a {MAX_GOALS}. Corrígelo, o deja la celda vacía si "
        why += "el partido no se ha jugado."
        table.refuse(texts[column], ~goals.between(0, MAX_GOALS) | (goals % 1 != 0), why)
        games[column] = goals.astype("int64")
    neutral = texts["neutral"].str.casefold()
    wrong = ~neutral.isin(text.YES + NO)
    table.refuse(texts["neutral"], wrong, "en «neutral»; escribe sí o no.")
    games["neutral"] = neutral.isin(text.YES)
    for column in ("home_team", "away_team"):
        table.refuse(texts[column], texts[column] == "", "falta el nombre de un equipo.")
    itself = texts["home_team"] == texts["away_team"]
    table.refuse(texts["home_team"], itself, "no puede jugar contra sí mismo.")
    return games


def _say_doubtful(games: pd.DataFrame, table) -> None:
    """Avisa de los equipos escritos de dos maneras y de los partidos con dos resultados."""
    spellings: dict[str, list[str]] = {}
    for team in pd.unique(games[["home_team", "away_team"]].to_numpy().ravel()):
        plain = re.sub(r"\[\d+\]|\W", "", text.fold(html.unescape(team)))
        spellings.setdefault(plain or team, []).append(f"«{team}»")
    for plain, names in spellings.items():
        if len(plain) == 3 and names[0].isupper():  # «ESP» y «España»
            names += [spellings[p][0] for p in spellings if p != plain and p[:3] == plain]
    for alike in (names for names in spellings.values() if len(names) > 1):
        table.say(f"{' y '.join(alike)} son equipos distintos. Si son el mismo, corrígelo.")
    each = zip(games.date, map(frozenset, zip(games.home_team, games.away_team)))
    twice = pd.Series(list(each), games.index).duplicated()
    if twice.any():
        line, count = twice.idxmax(), counted(twice.sum(), "caso")
        table.say(
            f"en la línea {line}, {games.home_team[line]} y {games.away_team[line]} ya jugaron ese "
            f"día, y las dos filas no son iguales. Las cuento ({count}): borra la que sobre."
        )
