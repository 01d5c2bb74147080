"""Señales que solo lee una neurona de McCulloch y Pitts: el ejercicio «XOR en 1943» del 04."""

from helpers.exercises.base import Wrong


class Signal:
    """Un bit que solo sabe leer una neurona: ni se compara, ni se opera con él, ni se lee."""

    def __init__(self, bit: int, from_neuron: bool = False):
        self._bit, self.from_neuron = bit, from_neuron

    def __repr__(self):
        return "una señal de entrada"

    def _forbidden(self, *_):
        raise Wrong(
            "Las señales no se comparan ni se suman, ni valen para un «if»: solo las lee una "
            "neurona. Pásalas en listas, neuron([a], 1, [b]), y devuelve lo que diga la última."
        )

    __bool__ = __int__ = __float__ = __index__ = __iter__ = __len__ = __hash__ = _forbidden
    __eq__ = __ne__ = __lt__ = __gt__ = __le__ = __ge__ = __format__ = __str__ = _forbidden
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __mod__ = _forbidden
    __xor__ = __rxor__ = __and__ = __rand__ = __or__ = __ror__ = __invert__ = __neg__ = _forbidden


def _mcculloch_pitts(excitatory, threshold, inhibitory=()) -> Signal:
    bits = [[getattr(v, "_bit", v) for v in side] for side in (excitatory, inhibitory)]
    for value in (*bits[0], *bits[1]):
        if value not in (0, 1):
            raise Wrong(f"La neurona de 1943 solo entiende 0 y 1, y ha recibido {value!r}.")
    fires = not any(bits[1]) and sum(bits[0]) >= threshold
    return Signal(int(fires), from_neuron=True)


def neuron(*given, **named):
    """Una neurona entre señales; sus argumentos, en español o en inglés."""
    spanish = {"excitadoras": "excitatory", "umbral": "threshold", "inhibidoras": "inhibitory"}
    return _mcculloch_pitts(*given, **{spanish.get(k, k): v for k, v in named.items()})
