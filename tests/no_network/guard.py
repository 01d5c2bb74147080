"""Corta la red: solo deja hablar con este mismo equipo (los núcleos de Jupyter lo necesitan)."""

import ipaddress
import socket


class NetworkBlocked(OSError):
    """Algo ha intentado salir a la red durante las pruebas."""


def _is_local(host) -> bool:
    host = host.decode() if isinstance(host, bytes) else host
    if host in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host).split("%")[0]).is_loopback
    except ValueError:
        return False


def _check(address) -> None:
    if isinstance(address, tuple) and not _is_local(address[0]):
        raise NetworkBlocked(f"Las pruebas no usan la red: conexión rechazada a {address[0]}.")


def block_network() -> None:
    """Sustituye las conexiones y la resolución de nombres de :mod:`socket`. Se puede repetir."""
    if getattr(socket, "network_blocked", False):
        return
    original = {name: getattr(socket.socket, name) for name in ("connect", "connect_ex", "sendto")}
    resolve = socket.getaddrinfo

    def connect(self, address):
        _check(address)
        return original["connect"](self, address)

    def connect_ex(self, address):
        _check(address)
        return original["connect_ex"](self, address)

    def sendto(self, data, *args):
        _check(args[-1])
        return original["sendto"](self, data, *args)

    def getaddrinfo(host, *args, **kwargs):
        _check((host,))
        return resolve(host, *args, **kwargs)

    socket.socket.connect, socket.socket.connect_ex = connect, connect_ex
    socket.socket.sendto, socket.getaddrinfo = sendto, getaddrinfo
    socket.network_blocked = True
