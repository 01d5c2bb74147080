"""El pronóstico como servicio HTTP, con la biblioteca estándar (WSGI). Cuaderno 07.

WSGI (PEP 3333) es el contrato entre un servidor y una aplicación de Python: el mismo que usa
Flask por dentro. Para servir un modelo guardado::

    python -m helpers.forecasting.service ventas.keras --port 8000
"""

import argparse
import io
import json
import sys
from datetime import date
from pathlib import Path
from wsgiref.simple_server import make_server
from wsgiref.util import setup_testing_defaults

import pandas as pd

MAX_BODY = 10_000  # bytes
MAX_DAYS, MAX_AHEAD = 31, 366
FIELDS = {"desde", "dias", "cerrado"}


class BadRequest(ValueError):
    """La petición está mal; el mensaje dice qué campo y cómo arreglarlo."""


def load_model(path):
    """Abre un ``.keras`` con un :class:`~helpers.forecasting.factors.FactorModel`.

    Raises:
        ValueError: si no existe, no se puede leer o es de otra clase.
    """
    import keras

    from helpers.forecasting.factors import FactorModel

    if not Path(path).is_file():
        raise ValueError(f"No existe el modelo «{Path(path).name}». Guárdalo antes: model.save().")
    try:
        model = keras.saving.load_model(path, compile=False)
    except Exception as error:  # un byte cambiado hace fallar el ZIP, el JSON, HDF5 o Keras
        reason = (str(error).splitlines() or [type(error).__name__])[0][:120]
        raise ValueError(f"«{Path(path).name}» no es un modelo .keras válido: {reason}") from None
    if not isinstance(model, FactorModel) or model.opening_days is None:
        raise ValueError(f"«{Path(path).name}» no lleva calendario: créalo con factors.fit().")
    return model


def parse_request(body: bytes, last_known: date) -> dict:
    """Valida el cuerpo de una petición.

    Args:
        body: JSON con ``desde`` (``"2018-12-01"``), ``dias`` (1 a 31, 7 si falta) y ``cerrado``
            (lista de fechas, opcional).
        last_known: último día con ventas; solo se pronostica después de él.

    Returns:
        Diccionario con ``dates`` (fechas que se piden) y ``closed``.

    Raises:
        BadRequest: si algo no cuadra.
    """
    try:
        data = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):  # ValueError: mal escrito, o un número interminable
        raise BadRequest("el cuerpo no es un JSON válido en UTF-8") from None
    if not isinstance(data, dict):
        raise BadRequest('el cuerpo debe ser un objeto, como {"desde": "2018-12-01", "dias": 7}')
    if unknown := sorted(set(data) - FIELDS):
        raise BadRequest(
            f"campo desconocido: {unknown[0]!r}; se admiten {', '.join(sorted(FIELDS))}"
        )
    if "desde" not in data:
        raise BadRequest("falta el campo «desde», la primera fecha del pronóstico")
    start, days = _date(data["desde"], "desde"), data.get("dias", 7)
    if type(days) is not int or not 1 <= days <= MAX_DAYS:
        raise BadRequest(f"«dias» debe ser un entero de 1 a {MAX_DAYS}")
    ahead = (start - last_known).days
    if not 1 <= ahead <= MAX_AHEAD:
        raise BadRequest(
            f"«desde» debe ser posterior al último día conocido, {last_known}, y no más de "
            f"{MAX_AHEAD} días después"
        )
    closed = data.get("cerrado", [])
    if not isinstance(closed, list) or len(closed) > MAX_DAYS:
        raise BadRequest(f"«cerrado» debe ser una lista de {MAX_DAYS} fechas como mucho")
    return {
        "dates": pd.date_range(start, periods=days, name="fecha"),
        "closed": [_date(day, "cerrado") for day in closed],
    }


def _date(text, field: str) -> date:
    try:
        day = date.fromisoformat(text)  # también admite 20181201 o 2018-W48-6
        if day.isoformat() != text:
            raise ValueError
        return day
    except (TypeError, ValueError):
        raise BadRequest(f"«{field}»: {text!r} no es una fecha como 2018-12-01") from None


def application(model):
    """La aplicación WSGI que sirve ``model``.

    ``GET /salud`` dice si está lista; ``POST /pronostico`` responde con el pronóstico. Los
    errores de quien pide son 4xx con su explicación; nunca se descarta un dato en silencio.
    """
    last_known = date.fromisoformat(model.opening_days["known"][1])

    def answer(environ) -> tuple[str, dict]:
        method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "/")
        if (method, path) == ("GET", "/salud"):
            return "200 OK", {"estado": "listo", "ultimo_dia": last_known.isoformat()}
        if path not in ("/salud", "/pronostico"):
            return "404 Not Found", {"error": "prueba con GET /salud o POST /pronostico"}
        if method != "POST" or path == "/salud":
            return "405 Method Not Allowed", {"error": f"{path} no admite {method}"}
        length = environ.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > MAX_BODY:
            return "413 Content Too Large", {"error": f"el cuerpo admite hasta {MAX_BODY} bytes"}
        try:
            request = parse_request(environ["wsgi.input"].read(int(length)), last_known)
        except BadRequest as error:
            return "400 Bad Request", {"error": str(error)}
        table = model.forecast(request["dates"], closed=request["closed"])
        return "200 OK", {"pronostico": [
            {"fecha": f"{day:%Y-%m-%d}", "abierto": bool(row["abierto"]),
             "unidades": round(row["unidades"]), "minimo": round(row["mínimo"]),
             "maximo": round(row["máximo"])}
            for day, row in table.iterrows()
        ]}  # fmt: skip

    def app(environ, start_response):
        status, content = answer(environ)
        payload = json.dumps(content, ensure_ascii=False).encode("utf-8")
        start_response(status, [("Content-Type", "application/json; charset=utf-8"),
                                ("Content-Length", str(len(payload)))])  # fmt: skip
        return [payload]

    return app


def call(app, method: str, path: str, content=None) -> tuple[str, dict]:
    """Llama a una aplicación WSGI sin red: ``(estado, respuesta)``. Para pruebas y ejemplos.

    Args:
        content: lo que se envía como JSON; si ya son bytes, se envían tal cual.
    """
    body = content if isinstance(content, bytes) else json.dumps(content or {}).encode("utf-8")
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "CONTENT_LENGTH": str(len(body)),
               "wsgi.input": io.BytesIO(body)}  # fmt: skip
    setup_testing_defaults(environ)
    status = []
    chunks = app(environ, lambda text, headers: status.append(text))
    return status[0], json.loads(b"".join(chunks))


def main(arguments=None) -> int:
    """Sirve un modelo en este ordenador hasta que se pulse Ctrl+C. Devuelve 0 o 1."""
    parser = argparse.ArgumentParser(description="Sirve un modelo de ventas por HTTP.")
    parser.add_argument("model", help="archivo .keras")
    parser.add_argument("--port", type=int, default=8000)
    options = parser.parse_args(arguments)
    try:
        app = application(load_model(options.model))
        server = make_server("127.0.0.1", options.port, app)
    except (ValueError, OSError, OverflowError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Escuchando en http://127.0.0.1:{options.port} (Ctrl+C para parar)")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print("Parado.")
    finally:
        server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
