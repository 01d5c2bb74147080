"""Las pruebas y los cuadernos que ejecutan no pueden usar la red, y aquí se demuestra."""

import socket
import subprocess
import sys
import urllib.request

import pytest
from guard import NetworkBlocked

PUBLIC = "192.0.2.1"  # dirección reservada para documentación (RFC 5737)


@pytest.mark.parametrize("method", ["connect", "connect_ex"])
def test_connections_outside_are_refused(method):
    with socket.socket() as sock, pytest.raises(NetworkBlocked, match=PUBLIC):
        getattr(sock, method)((PUBLIC, 80))


def test_datagrams_outside_are_refused():
    with socket.socket(type=socket.SOCK_DGRAM) as sock, pytest.raises(NetworkBlocked):
        sock.sendto(b"hola", (PUBLIC, 53))


def test_names_are_not_resolved():
    with pytest.raises(NetworkBlocked):
        socket.getaddrinfo("example.org", 80)
    with pytest.raises(OSError, match="no usan la red"):
        urllib.request.urlopen("http://example.org", timeout=1)


def test_child_processes_inherit_the_block():
    """Los núcleos de los cuadernos son procesos hijos."""
    code = f"import socket; socket.create_connection(('{PUBLIC}', 80), timeout=1)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 1
    assert "NetworkBlocked" in result.stderr
