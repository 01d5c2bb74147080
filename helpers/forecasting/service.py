"""El pronóstico guardado como servicio HTTP, con la biblioteca estándar (WSGI). Cuaderno 07.

WSGI (PEP 3333) es el contrato entre un servidor y una aplicación de Python, el mismo que usa Flask
por dentro. Para servir la carpeta que guardó la receta::

    python -m helpers.forecasting.service mis_pronosticos --port 8000
"""

import argparse
import json
import re
import sys
from datetime import date
from urllib.parse import parse_qs
from wsgiref.simple_server import make_server
from wsgiref.util import setup_testing_defaults

from helpers.forecasting import recipe


def parse_query(query: str) -> dict:
    """``dias=7&cerrado=2018-12-06`` → ``{"days": 7, "closed": ["2018-12-06"]}``.

    ``dias`` va de 1 a 31 (7 si falta); ``cerrado`` puede repetirse.

    Raises:
        ValueError: si algo no cuadra; el mensaje dice qué campo y cómo arreglarlo.
    """
    fields = parse_qs(query, keep_blank_values=True)
    for name in fields:
        if name not in ("dias", "cerrado"):
            raise ValueError(f"campo desconocido: «{name}»; se admiten dias y cerrado")
    days, closed = fields.get("dias", ["7"])[-1], fields.get("cerrado", [])
    if not re.fullmatch("[0-9]{1,2}", days) or not 1 <= int(days) <= recipe.MAX_DAYS:
        raise ValueError("«dias» debe ser un entero de 1 a 31")
    for day in closed:
        try:
            same = date.fromisoformat(day).isoformat() == day  # también lee 20181201 o 2018-W48-6
        except ValueError:
            same = False
        if not same:
            raise ValueError(f"«cerrado»: «{day}» no es una fecha como 2018-12-01")
    return {"days": int(days), "closed": closed}


def application(forecaster):
    """La aplicación WSGI que sirve un :class:`helpers.forecasting.recipe.Forecaster`.

    ``GET /salud`` dice si está lista; ``GET /pronostico`` responde con el pronóstico. Los errores
    de quien pide son 4xx con su explicación.
    """

    def answer(environ) -> tuple[str, dict]:
        path = environ.get("PATH_INFO", "/")
        if path not in ("/salud", "/pronostico"):
            return "404 Not Found", {"error": "prueba con /salud o /pronostico?dias=7"}
        if environ["REQUEST_METHOD"] != "GET":
            return "405 Method Not Allowed", {"error": f"{path} solo admite GET"}
        if path == "/salud":
            last = forecaster.sales.index[-1]
            return "200 OK", {"estado": "listo", "ultimo_dia": f"{last:%Y-%m-%d}"}
        try:
            asked = parse_query(environ.get("QUERY_STRING", ""))
        except ValueError as error:
            return "400 Bad Request", {"error": str(error)}
        days = [
            {
                "fecha": f"{day:%Y-%m-%d}",
                "abierto": bool(row["abierto"]),
                "unidades": float(f"{row['unidades']:.4g}"),
                "minimo": float(f"{row['mínimo']:.4g}"),
                "maximo": float(f"{row['máximo']:.4g}"),
            }
            for day, row in forecaster.forecast(**asked).iterrows()
        ]
        return "200 OK", {"pronostico": days}

    def app(environ, start_response):
        status, content = answer(environ)
        payload = json.dumps(content, ensure_ascii=False).encode("utf-8")
        headers = [("Content-Type", "application/json; charset=utf-8")]
        start_response(status, [*headers, ("Content-Length", str(len(payload)))])
        return [payload]

    return app


def call(app, path: str, method: str = "GET") -> tuple[str, dict]:
    """Llama a una aplicación WSGI sin red: ``(estado, respuesta)``. Para pruebas y ejemplos."""
    path, _, query = path.partition("?")
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query}
    setup_testing_defaults(environ)
    status = []
    chunks = app(environ, lambda text, headers: status.append(text))
    return status[0], json.loads(b"".join(chunks))


def main(arguments=None) -> int:
    """Sirve un pronóstico en este ordenador hasta que se pulse Ctrl+C. Devuelve 0 o 1."""
    parser = argparse.ArgumentParser(description="Sirve un pronóstico guardado por HTTP.")
    parser.add_argument("folder", help="carpeta que guardó la receta")
    parser.add_argument("--port", type=int, default=8000)
    options = parser.parse_args(arguments)
    try:
        server = make_server("127.0.0.1", options.port, application(recipe.load(options.folder)))
    except (ValueError, OSError, OverflowError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Escuchando en http://127.0.0.1:{options.port}/pronostico?dias=7 (Ctrl+C para parar)")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print("Parado.")
    finally:
        server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
