"""Partidos de selecciones: los incluidos (inventados), los reales o los tuyos. Cuaderno 02."""

import io
import json
from datetime import date
from pathlib import Path

import pandas as pd

from helpers import paths, runtime
from helpers.data import originals

SAMPLE = paths.DATASETS / "partidos" / "partidos.csv"
NAMES = SAMPLE.with_name("nombres.json")  # de las selecciones: en inglés → en español
OLDEST, MAX_GOALS, MAX_BYTES = date(1850, 1, 1), 60, 50_000_000
COLUMNS = {  # nombre propio: nombres que se entienden
    "date": ("date", "fecha"),
    "home_team": ("home_team", "local", "equipo_local", "home"),
    "away_team": ("away_team", "visitante", "equipo_visitante", "away"),
    "home_score": ("home_score", "goles_local", "home_goals"),
    "away_score": ("away_score", "goles_visitante", "away_goals"),
}
OPTIONAL = {"tournament": ("tournament", "torneo", "competición"), "neutral": ("neutral",)}
YES, NO = ("true", "sí", "si", "1", "yes", "verdadero"), ("false", "no", "0", "", "falso")
WORLD_CUP = "Mundial"


class MatchError(ValueError):
    """Los partidos no sirven; el mensaje dice dónde, por qué y qué hacer."""


def load(path=None, *, original=None, report=print, today=None) -> pd.DataFrame:
    """Carga partidos y comprueba que tengan sentido.

    Args:
        path: tu CSV, con las columnas ``fecha, local, visitante, goles_local, goles_visitante`` y,
            si quieres, ``torneo`` y ``neutral`` (sí o no). También valen los nombres en inglés.
        original: sin ``path``, los reales desde 1872 (``True``), que se buscan o se descargan, o
            los incluidos, inventados (``False``); sin decirlo, decide la variable ``NB_DATA``.
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
    original = original and path is None
    if original:
        path = originals.locate("resultados_futbol")
    path = Path(SAMPLE if path is None else path)
    name = paths.relative(path)
    table = _rename(_read(path, name), name)
    table = _drop_unplayed(table, name, report)
    table["date"] = _dates(table["date"], name, today or date.today())
    for column in ("home_score", "away_score"):
        table[column] = _goals(table[column], name)
    table["neutral"] = _flags(table["neutral"], name)
    _check_teams(table, name)
    table = _drop_repeated(table, name, report)
    if original:
        spanish = json.loads(NAMES.read_text(encoding="utf-8"))
        for column in ("home_team", "away_team"):
            table[column] = table[column].replace(spanish)
        table["tournament"] = table["tournament"].replace({"FIFA World Cup": WORLD_CUP})
    # Orden estable: los del mismo día se quedan como en el archivo.
    return table.sort_values("date", kind="stable", ignore_index=True)


def _read(path: Path, name: str) -> pd.DataFrame:
    if path.is_dir():
        raise MatchError(f"{name} es una carpeta: indica el archivo CSV que hay dentro.")
    if not path.is_file():
        raise MatchError(f"No existe el archivo {name}. Revisa la ruta (mayúsculas incluidas).")
    if path.stat().st_size > MAX_BYTES:
        raise MatchError(f"{name} ocupa más de 50 MB: no parece una lista de partidos.")
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise MatchError(f"No puedo leer {name}: {error.strerror}. Revisa los permisos.") from None
    if raw[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        raise MatchError(f"{name} es un libro de Excel: usa «Guardar como… CSV UTF-8».")
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    if "\0" in text or not text.strip():
        raise MatchError(f"{name} está vacío o no es texto: hace falta un CSV.")
    head = text.lstrip().splitlines()[0]
    separator = next((s for s in (";", "\t") if s in head), ",")
    try:
        table = pd.read_csv(io.StringIO(text), sep=separator, dtype=str, keep_default_na=False,
                            skipinitialspace=True, skip_blank_lines=False,
                            index_col=False)  # fmt: skip
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise MatchError(
            f"{name}: alguna fila no tiene las mismas columnas que el encabezado ({error})."
        ) from None
    table.index += 2  # número de línea del archivo
    table = table.fillna("").apply(lambda column: column.str.strip())
    return table[(table != "").any(axis=1)]


def _rename(table: pd.DataFrame, name: str) -> pd.DataFrame:
    known = {str(column).strip().casefold(): column for column in table.columns}
    found = {}
    for column, names in {**COLUMNS, **OPTIONAL}.items():
        match = next((known[n] for n in names if n in known), None)
        if match is not None:
            found[column] = table[match]
    missing = [COLUMNS[column][1] for column in COLUMNS if column not in found]
    if missing:
        raise MatchError(
            f"{name}: faltan las columnas {', '.join(missing)}. Tiene: "
            f"{', '.join(map(str, table.columns))}. La primera línea debe ser "
            "«fecha,local,visitante,goles_local,goles_visitante»."
        )
    for column in OPTIONAL:
        found.setdefault(column, pd.Series("", index=table.index))
    return pd.DataFrame(found)


def _drop_unplayed(table: pd.DataFrame, name: str, report) -> pd.DataFrame:
    empty = table[["home_score", "away_score"]].isin(["", "NA", "NaN", "nan", "-"]).any(axis=1)
    if empty.any():
        count = f"{empty.sum()} partidos" if empty.sum() > 1 else "1 partido"
        first = f"el primero, en la línea {empty.idxmax()}"
        report(f"{name}: dejo fuera {count} sin resultado ({first}).")
    if empty.all():
        raise MatchError(f"{name} no tiene ningún partido con resultado.")
    return table[~empty].copy()


def _first(bad: pd.Series) -> int:  # número de línea del primero
    return int(bad.idxmax())


def _dates(texts: pd.Series, name: str, today: date) -> pd.Series:
    days = pd.to_datetime(texts, format="%Y-%m-%d", errors="coerce")
    if days.isna().any():
        slashed = pd.to_datetime(texts, format="%d/%m/%Y", errors="coerce")
        days = slashed if not slashed.isna().any() else days
    if days.isna().any():
        line = _first(days.isna())
        raise MatchError(f"{name}, línea {line}: «{texts[line]}» no es una fecha. Escríbela como "
                         "2018-06-14.")  # fmt: skip
    for bad, when in ((days > pd.Timestamp(today), "está en el futuro"),
                      (days < pd.Timestamp(OLDEST), "es anterior a 1850")):  # fmt: skip
        if bad.any():
            line = _first(bad)
            raise MatchError(f"{name}, línea {line}: el {texts[line]} {when} y el partido ya tiene "
                             "resultado. ¿Está mal escrito el año?")  # fmt: skip
    return days


def _goals(texts: pd.Series, name: str) -> pd.Series:
    values = pd.to_numeric(texts, errors="coerce")
    for bad, why in (
        (values.isna(), "no es un número de goles"),
        (values < 0, "no puede ser: los goles no son negativos"),
        (values % 1 != 0, "no es un número entero de goles"),
        (values > MAX_GOALS, f"son más de {MAX_GOALS} goles: parece una errata"),
    ):
        if bad.any():
            line = _first(bad)
            raise MatchError(f"{name}, línea {line}: «{texts[line]}» {why}. Corrígelo, o deja la "
                             "celda vacía si el partido no se ha jugado.")  # fmt: skip
    return values.astype("int64")


def _flags(texts: pd.Series, name: str) -> pd.Series:
    lower = texts.str.casefold()
    bad = ~lower.isin(YES + NO)
    if bad.any():
        line = _first(bad)
        raise MatchError(f"{name}, línea {line}: «{texts[line]}» en «neutral»; escribe sí o no.")
    return lower.isin(YES)


def _check_teams(table: pd.DataFrame, name: str) -> None:
    for bad, why in (
        ((table.home_team == "") | (table.away_team == ""), "falta el nombre de un equipo"),
        (table.home_team == table.away_team, "un equipo no puede jugar contra sí mismo"),
    ):
        if bad.any():
            raise MatchError(f"{name}, línea {_first(bad)}: {why}.")


def _drop_repeated(table: pd.DataFrame, name: str, report) -> pd.DataFrame:
    again = table.duplicated()
    if again.any():
        report(f"{name}: descarto {int(again.sum())} filas repetidas (línea {_first(again)}…).")
    return table[~again]
