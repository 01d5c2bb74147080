"""El servicio HTTP del cuaderno 07: lo que acepta, lo que rechaza y cómo lo dice."""

import json
import threading
import urllib.request
from datetime import date
from wsgiref.simple_server import WSGIRequestHandler, make_server
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import pytest

from helpers.data import sales as sales_data
from helpers.forecasting import factors, service
from helpers.forecasting.open_days import Opening


@pytest.fixture(scope="module")
def model():
    sales = sales_data.load(sales_data.SAMPLE, report=lambda note: None)
    fitted = factors.fit(sales, Opening.from_dates(sales.index), epochs=5)
    return factors.with_margins(fitted, (0.8, 1.2))


@pytest.fixture(scope="module")
def app(model):
    return service.application(model)


def test_a_good_request(app, model):
    status, reply = service.call(
        app, "POST", "/pronostico", {"desde": "2018-12-05", "dias": 3, "cerrado": ["2018-12-06"]}
    )
    assert status == "200 OK"
    days = reply["pronostico"]
    assert [d["fecha"] for d in days] == ["2018-12-05", "2018-12-06", "2018-12-07"]
    assert [d["abierto"] for d in days] == [True, False, True] and days[1]["unidades"] == 0
    expected = model.forecast(["2018-12-05"], closed=["2018-12-06"])["unidades"].iloc[0]
    assert days[0]["unidades"] == round(expected)
    assert days[0]["minimo"] < days[0]["unidades"] < days[0]["maximo"]


def test_seven_days_by_default(app):
    assert (
        len(service.call(app, "POST", "/pronostico", {"desde": "2018-12-01"})[1]["pronostico"]) == 7
    )


def test_health(app):
    assert service.call(app, "GET", "/salud") == (
        "200 OK", {"estado": "listo", "ultimo_dia": "2018-11-30"},
    )  # fmt: skip


BAD = {
    "no es JSON": (b"{hola", "JSON"),
    "no es UTF-8": (b"\xff\xfe", "JSON"),
    "JSON muy anidado": (b"[" * 9000, "JSON"),
    "una lista": (b"[]", "objeto"),
    "vacío": (b"", "JSON"),
    "sin desde": ({"dias": 7}, "desde"),
    "fecha mal": ({"desde": "01/12/2018"}, "2018-12-01"),
    "fecha imposible": ({"desde": "2018-02-30"}, "«desde»"),
    "fecha corta": ({"desde": "20181201"}, "«desde»"),
    "fecha por semanas": ({"desde": "2018-W48-6"}, "«desde»"),
    "número interminable": (b'{"desde": "2018-12-01", "dias": ' + b"9" * 5000 + b"}", "JSON"),
    "fecha nula": ({"desde": None}, "«desde»"),
    "fecha número": ({"desde": 20181201}, "«desde»"),
    "en el pasado": ({"desde": "2018-11-30"}, "posterior"),
    "muy lejos": ({"desde": "2030-01-01"}, "366"),
    "cero días": ({"desde": "2018-12-01", "dias": 0}, "1 a 31"),
    "muchos días": ({"desde": "2018-12-01", "dias": 32}, "1 a 31"),
    "días texto": ({"desde": "2018-12-01", "dias": "7"}, "1 a 31"),
    "días lógicos": ({"desde": "2018-12-01", "dias": True}, "1 a 31"),
    "días decimales": ({"desde": "2018-12-01", "dias": 7.0}, "1 a 31"),
    "campo desconocido": ({"desde": "2018-12-01", "hasta": "x"}, "'hasta'"),
    "cerrado no es lista": ({"desde": "2018-12-01", "cerrado": "2018-12-06"}, "lista"),
    "cerrado mal": ({"desde": "2018-12-01", "cerrado": ["navidad"]}, "«cerrado»"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_requests_are_explained(app, name):
    content, expected = BAD[name]
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    status, reply = service.call(app, "POST", "/pronostico", body)
    assert status == "400 Bad Request" and expected in reply["error"]


def test_other_addresses_methods_and_sizes(app):
    assert service.call(app, "GET", "/")[0].startswith("404")
    assert service.call(app, "GET", "/pronostico")[0].startswith("405")
    assert service.call(app, "DELETE", "/salud")[0].startswith("405")
    assert service.call(app, "POST", "/pronostico", b" " * 10_001)[0].startswith("413")
    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/pronostico", "CONTENT_LENGTH": "-1"}
    setup_testing_defaults(environ)
    said = []
    list(app(environ, lambda status, headers: said.append(status)))
    assert said[0].startswith("413")


def test_parse_request_alone():
    parsed = service.parse_request(b'{"desde": "2020-02-28", "dias": 2}', date(2020, 2, 1))
    assert [f"{d:%m-%d}" for d in parsed["dates"]] == ["02-28", "02-29"] and parsed["closed"] == []


def test_it_speaks_wsgi_through_a_real_server(app):
    class Quiet(WSGIRequestHandler):
        def log_message(self, *args):
            pass

    with make_server("127.0.0.1", 0, validator(app), handler_class=Quiet) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        request = urllib.request.Request(
            f"http://127.0.0.1:{server.server_port}/pronostico",
            data=b'{"desde": "2018-12-01", "dias": 1}', headers={"Content-Type": "text/plain"},
        )  # fmt: skip
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=20) as response:
            assert json.load(response)["pronostico"][0]["fecha"] == "2018-12-01"
        thread.join()


def test_load_model_errors(tmp_path, model):
    import keras

    with pytest.raises(ValueError, match="No existe el modelo «nada.keras»"):
        service.load_model(tmp_path / "nada.keras")
    broken = tmp_path / "roto.keras"
    broken.write_text("no soy un modelo")
    with pytest.raises(ValueError, match="roto.keras"):
        service.load_model(broken)
    other = tmp_path / "otro.keras"
    keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)]).save(other)
    with pytest.raises(ValueError, match="no lleva calendario"):
        service.load_model(other)
    model.save(tmp_path / "bueno.keras")
    assert service.load_model(tmp_path / "bueno.keras").margins == (0.8, 1.2)


def test_command_line_errors(tmp_path, capsys):
    assert service.main([str(tmp_path / "nada.keras")]) == 1
    assert "nada.keras" in capsys.readouterr().err
