"""Cada fallo de instalación se explica con su remedio; los textos son los de pip y uv."""

import re
from types import SimpleNamespace

import pytest

from helpers.setup import problems
from helpers.setup.problems import SetupError, explain

CASES = [
    ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
     "Se ha llenado el disco"),
    ("error: failed to write: No space left on device (os error 28)", "Se ha llenado el disco"),
    ("OSError: [WinError 112] Espacio en disco insuficiente", "Se ha llenado el disco"),
    ("WARNING: Retrying (Retry(total=4)) after connection broken by 'NewConnectionError("
     "'<...>: Failed to establish a new connection: [Errno -3] Temporary failure in name "
     "resolution')'\nERROR: Could not find a version that satisfies the requirement jupyterlab\n"
     "ERROR: No matching distribution found for jupyterlab<5,>=4.2", "no hay conexión"),
    ("ReadTimeoutError: Read timed out.", "no hay conexión"),
    ("ProxyError('Cannot connect to proxy.', OSError('Tunnel connection failed: 403'))",
     "no hay conexión"),
    ("error: dns error: failed to lookup address information", "no hay conexión"),
    ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]'))"
     " Max retries exceeded", "certificado"),
    ("error: invalid peer certificate: UnknownIssuer", "certificado"),
    ("[Errno 13] Permission denied: 'x'", "No hay permiso"),
    ("OSError: [Errno 30] Read-only file system: '.venv'", "No hay permiso"),
    ("PermissionError: [WinError 32] El proceso no puede acceder al archivo", "No hay permiso"),
    ("HINT: This error might have occurred since this system does not have Windows Long Path "
     "support enabled.", "rutas tan largas"),
    ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE",
     "incompleta"),
    ("urllib3.exceptions.IncompleteRead(5 bytes read)", "incompleta"),
    ("ERROR: ResolutionImpossible: for help visit", "no encajan"),
    ("ERROR: No matching distribution found for tensorflow<2.22,>=2.20",
     "No hay una versión de «tensorflow<2.22,>=2.20» para este Python"),
    ("algo\nnunca visto\n", "Lo último que dijo:\n    algo\n    nunca visto"),
    ("", "no dijo por qué"),
]  # fmt: skip


@pytest.mark.parametrize(("output", "message"), CASES, ids=[c[1][:20] for c in CASES])
def test_each_failure_has_its_explanation(output, message):
    assert message in explain(output, "instalar los paquetes")


def test_every_explanation_says_what_to_do():
    for _, message in problems.SIGNS:
        assert re.search(r"repite\s+la\s+orden", message)


@pytest.mark.parametrize(
    ("system", "machine", "bits", "reason"),
    [("Darwin", "x86_64", 64, "Intel"), ("Windows", "ARM64", 64, "ARM"),
     ("Windows", "AMD64", 32, "32 bits")],
)  # fmt: skip
def test_where_tensorflow_is_not_published(system, machine, bits, reason):
    with pytest.raises(SetupError, match=rf"{reason}(.|\n)*Colab"):
        problems.check_platform(system, machine, bits)


@pytest.mark.parametrize(
    ("system", "machine"),
    [("Darwin", "arm64"), ("Windows", "AMD64"), ("Linux", "x86_64"), ("Linux", "aarch64")],
)
def test_where_it_is(system, machine, monkeypatch):
    monkeypatch.setattr(problems.platform, "libc_ver", lambda: ("glibc", "2.36"))
    problems.check_platform(system, machine, 64)


def test_alpine_is_told(monkeypatch):
    monkeypatch.setattr(problems.platform, "libc_ver", lambda: ("", ""))
    monkeypatch.setattr(problems, "_linker", lambda: "musl")
    with pytest.raises(SetupError, match="Alpine"):
        problems.check_platform("Linux", "x86_64", 64)


def test_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(problems.shutil, "disk_usage", lambda _: SimpleNamespace(free=1.25e9))
    with pytest.raises(SetupError, match=r"Quedan 1\.2 GB(.|\n)*4 GB(.|\n)*No se ha instalado"):
        problems.check_disk(tmp_path)
    monkeypatch.setattr(problems.shutil, "disk_usage", lambda _: SimpleNamespace(free=9e9))
    problems.check_disk(tmp_path)

    def unknown(_):
        raise OSError

    monkeypatch.setattr(problems.shutil, "disk_usage", unknown)
    problems.check_disk(tmp_path)


def test_folder(tmp_path):
    problems.check_folder(tmp_path / "Mis cosas – ñ", separator=":")
    with pytest.raises(SetupError, match="contiene «;»"):
        problems.check_folder(tmp_path / "a;b", separator=";")
