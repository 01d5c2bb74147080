"""Lo que usan las pruebas de varias salas."""

import io

import pytest


class Terminal(io.StringIO):
    """Una pantalla que guarda lo que se escribe en ella."""

    def isatty(self):
        """Es una terminal, y no un archivo."""
        return True


@pytest.fixture
def terminal():
    """Una terminal vacía: ``getvalue()`` da lo escrito."""
    return Terminal()


@pytest.fixture
def uncompiled():
    """Sin compilar ``fit`` ni ``predict``: cuesta segundos, y hay pruebas que dan pocos pasos."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)
