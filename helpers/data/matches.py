"""Partidos de selecciones: los incluidos (inventados), los reales o los tuyos. Cuaderno 02."""

import html
import json
import re
from datetime import date
from pathlib import Path

import pandas as pd

from helpers import paths, runtime
from helpers.console import counted
from helpers.data import cells, originals, text

SAMPLE = paths.DATASETS / "partidos" / "partidos.csv"
NAMES = SAMPLE.with_name("nombres.json")  # de las selecciones: en inglés → en español
OLDEST, MAX_GOALS = date(1850, 1, 1), 60
COLUMNS = {  # nombre propio: nombres que se entienden, como los deja text.key
    "date": ("date", "fecha", "dia"),
    "home_team": ("home_team", "local", "equipo_local", "home", "hometeam", "casa"),
    "away_team": ("away_team", "visitante", "equipo_visitante", "away", "awayteam", "fuera"),
    "home_score": ("home_score", "goles_local", "home_goals", "goles_casa", "fthg"),
    "away_score": ("away_score", "goles_visitante", "away_goals", "goles_fuera", "ftag"),
}
OPTIONAL = {"tournament": ("tournament", "torneo", "competicion"), "neutral": ("neutral",)}
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
    own = path is not None
    original = original and not own
    if original:
        path = originals.locate("resultados_futbol")
    path = paths.given(path, MatchError) if own else Path(path or SAMPLE)
    content = text.read(path, MatchError, report)
    read = text.table(content, paths.relative(path), MatchError, report if own else lambda _: None)
    table = _columns(read)
    read.report = report
    table = _drop_unplayed(table, read)
    options = {"dayfirst": dayfirst, "date_format": date_format, "today": today or date.today()}
    table["date"] = _dates(table["date"], read, options)
    for column in ("home_score", "away_score"):
        table[column] = _goals(table[column], read)
    table["neutral"] = _flags(table["neutral"], read)
    _check_teams(table, read)
    table = _drop_repeated(table, read)
    if own:
        _say_doubtful(table, read)
    if original:
        spanish = json.loads(NAMES.read_text(encoding="utf-8"))
        for column in ("home_team", "away_team"):
            table[column] = table[column].replace(spanish)
        table["tournament"] = table["tournament"].replace({"FIFA World Cup": WORLD_CUP})
    # Orden estable: los del mismo día se quedan como en el archivo.
    return table.sort_values("date", kind="stable", ignore_index=True)


def _columns(read: text.Table) -> pd.DataFrame:
    """Las columnas conocidas, como texto, con el número de línea del archivo por índice."""
    head = read.take_header()
    known, found = [text.key(cell) for cell in head], {}
    for column, names in {**COLUMNS, **OPTIONAL}.items():
        places = [k for k, cell in enumerate(known) if cell in names]
        if column == "neutral":
            places = [k for k, cell in enumerate(known) if "neutral" in cell.split("_")]
        if len(places) > 1:
            raise read.wrong(
                f"no sé cuál de las columnas {', '.join(head[k] for k in places)} es "
                f"«{names[:2][-1]}». Cambia el nombre de la que sobre."
            )
        if places:
            found[column] = places[0]
    missing = [COLUMNS[column][1] for column in COLUMNS if column not in found]
    if missing:
        raise read.wrong(
            f"faltan las columnas {', '.join(missing)}. Tiene: {', '.join(head)}. La "
            "primera línea debe ser «fecha,local,visitante,goles_local,goles_visitante»."
        )
    read.require(*(found[column] for column in COLUMNS))
    unused = [f"«{cell}»" for k, cell in enumerate(head) if k not in found.values()]
    if unused:
        read.say(f"no uso las columnas {', '.join(unused)}.")
    texts = {
        column: [row[found[column]] if column in found else "" for _, row in read.rows]
        for column in {**COLUMNS, **OPTIONAL}
    }
    return pd.DataFrame(texts, index=[line for line, _ in read.rows], dtype=str)


def _drop_unplayed(table: pd.DataFrame, read) -> pd.DataFrame:
    empty = table[["home_score", "away_score"]].map(str.casefold).isin(cells.EMPTY).any(axis=1)
    if empty.any():
        count = counted(empty.sum(), "partido")
        first = f"el primero, en la línea {empty.idxmax()}"
        read.say(f"dejo fuera {count} sin resultado ({first}).")
    if empty.all():
        raise read.wrong("no tiene ningún partido con resultado.")
    return table[~empty].copy()


def _refuse(read, texts: pd.Series, *checks: tuple[pd.Series, str]) -> None:
    """Lanza la primera frase cuya condición cumple alguna línea; «{}» es lo que hay en ella."""
    for bad, why in checks:
        if bad.any():
            line = bad.idxmax()
            raise read.wrong(why.format(texts[line]), line)


def _dates(texts: pd.Series, read, options: dict) -> pd.Series:
    days = cells.dates(texts.items(), read, **options)
    days = pd.Series(days, index=texts.index)
    tail = "y el partido ya tiene resultado. ¿Está mal escrito el año?"
    future, old = f"el {{}} está en el futuro {tail}", f"el {{}} es anterior a 1850 {tail}"
    _refuse(read, texts, (days > options["today"], future), (days < OLDEST, old))
    return pd.to_datetime(days)


def _goals(texts: pd.Series, read) -> pd.Series:
    values = pd.to_numeric(texts, errors="coerce")
    tail = "Corrígelo, o deja la celda vacía si el partido no se ha jugado."
    for bad, why in (
        (values.isna(), "no es un número de goles"),
        (values < 0, "no puede ser: los goles no son negativos"),
        (values % 1 != 0, "no es un número entero de goles"),
        (values > MAX_GOALS, f"son más de {MAX_GOALS} goles: parece una errata"),
    ):
        _refuse(read, texts, (bad, f"«{{}}» {why}. {tail}"))
    return values.astype("int64")


def _flags(texts: pd.Series, read) -> pd.Series:
    lower = texts.str.casefold()
    _refuse(read, texts, (~lower.isin(text.YES + NO), "«{}» en «neutral»; escribe sí o no."))
    return lower.isin(text.YES)


def _check_teams(table: pd.DataFrame, read) -> None:
    home, away = table.home_team, table.away_team
    _refuse(
        read,
        home,
        ((home == "") | (away == ""), "falta el nombre de un equipo."),
        (home == away, "un equipo no puede jugar contra sí mismo."),
    )


def _say_doubtful(table: pd.DataFrame, read) -> None:
    """Avisa de los equipos escritos de dos maneras y de los partidos con dos resultados."""
    spellings: dict[str, list[str]] = {}
    for team in pd.unique(pd.concat([table.home_team, table.away_team])):
        plain = re.sub(r"\[\d+\]|\W", "", text.fold(html.unescape(team)))
        spellings.setdefault(plain or team, []).append(f"«{team}»")
    for plain, names in spellings.items():
        if len(plain) == 3 and names[0].isupper():  # «ESP» y «España»
            names += [spellings[p][0] for p in spellings if p != plain and p[:3] == plain]
    for alike in (names for names in spellings.values() if len(names) > 1):
        read.say(f"{' y '.join(alike)} son equipos distintos. Si son el mismo, corrígelo.")
    each = zip(table.date, map(frozenset, zip(table.home_team, table.away_team)))
    twice = pd.Series(list(each), table.index).duplicated()
    if twice.any():
        line = twice.idxmax()
        both = f"{table.home_team[line]} y {table.away_team[line]}"
        read.say(
            f"en la línea {line}, {both} ya jugaron ese día, y las dos filas no son iguales. Las "
            f"cuento ({counted(twice.sum(), 'caso')}): borra la que sobre."
        )


def _drop_repeated(table: pd.DataFrame, read) -> pd.DataFrame:
    again = table.duplicated()
    if again.any():
        dropped = counted(again.sum(), "fila repetida")
        read.say(f"descarto {dropped} (línea {again.idxmax()}…).")
    return table[~again]
