"""Lo que usan las pruebas de varias salas."""

import pytest


@pytest.fixture
def uncompiled():
    """Sin compilar ``fit`` ni ``predict``: cuesta segundos, y hay pruebas que dan pocos pasos."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)
