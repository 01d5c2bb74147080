"""La pieza común de los ejercicios: enunciado, pistas, corrección y solución.

En un cuaderno::

    from helpers.exercises import nb03 as ejercicios
    ejercicios.ejercicio_1.comprobar(mi_respuesta)   # ✔ o ✘, y por qué
    ejercicios.ejercicio_1.pista()                   # la siguiente pista
    ejercicios.ejercicio_1.solucion()                # el código de una solución
"""

import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from helpers.console import wrapped


class Wrong(Exception):
    """La respuesta no es correcta; el mensaje dice en qué falla y hacia dónde mirar."""


def require(condition, hint: str) -> None:
    """Rechaza la respuesta con ``hint`` si ``condition`` no se cumple."""
    if not condition:
        raise Wrong(hint)


def close(actual, expected, hint: str, tolerance: float = 1e-6) -> None:
    """Rechaza la respuesta si ``actual`` no tiene la forma y los valores de ``expected``.

    ``tolerance`` es absoluta, en las unidades del propio valor.
    """
    if actual is None:
        raise Wrong(f"No ha llegado ningún valor: ¿falta un «return»? {hint}")
    try:
        actual = np.asarray(actual, dtype="float64")
    except (TypeError, ValueError):
        raise Wrong(f"Esperaba números y ha llegado {type(actual).__name__}. {hint}") from None
    expected = np.asarray(expected, dtype="float64")
    if actual.shape != expected.shape:
        raise Wrong(f"La forma es {actual.shape} y debería ser {expected.shape}. {hint}")
    if not np.allclose(actual, expected, rtol=1e-6, atol=tolerance):
        raise Wrong(hint)


@dataclass(frozen=True)
class Verdict:
    """Resultado de una corrección: vale como verdadero o falso y se lee como una frase."""

    correct: bool
    message: str

    def __bool__(self):
        return self.correct

    def __repr__(self):
        return wrapped(("✔ " if self.correct else "✘ ") + self.message, "  ")


@dataclass
class Exercise:
    """Un ejercicio.

    Args:
        number: su número dentro del cuaderno, desde 1.
        title: título, el mismo que lleva en el cuaderno.
        statement: qué se pide, en una o dos frases.
        hints: pistas, de la más leve a la más clara.
        check: función que recibe la respuesta y lanza :class:`Wrong` si no es correcta.
        solution: una respuesta correcta; función cuyo código se enseña.
        praise: lo que se dice al acertar.
    """

    number: int
    title: str
    statement: str
    hints: tuple[str, ...]
    check: Callable
    solution: Callable
    praise: str = "¡Correcto!"
    _shown: int = field(default=0, repr=False)

    def __repr__(self):
        return wrapped(f"Ejercicio {self.number}. {self.title}\n{self.statement}")

    def pista(self, number: int | None = None) -> None:
        """Escribe la pista ``number`` (desde 1); sin número, la siguiente que no hayas visto."""
        if number is None:
            number = min(self._shown + 1, len(self.hints))
        if not 1 <= number <= len(self.hints):
            raise ValueError(f"Este ejercicio tiene pistas de la 1 a la {len(self.hints)}.")
        self._shown = max(self._shown, number)
        print(wrapped(f"Pista {number} de {len(self.hints)}: {self.hints[number - 1]}"))

    def comprobar(self, answer) -> Verdict:
        """Corrige ``answer``. Nunca lanza una excepción: explica lo que ha pasado."""
        if answer is None or answer is ...:
            return Verdict(False, f"Todavía no hay respuesta. {self._help()}")
        try:
            self.check(answer)
        except NotImplementedError:
            return Verdict(False, f"Todavía no hay respuesta. {self._help()}")
        except Wrong as wrong:
            return Verdict(False, f"Aún no: {wrong}")
        except Exception as error:
            detail = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            return Verdict(False, f"Tu respuesta falla al ejecutarla ({detail}). {self._help()}")
        return Verdict(True, self.praise)

    def solucion(self) -> None:
        """Escribe el código de una solución."""
        print(self.source)

    @property
    def source(self) -> str:
        """El código de una solución."""
        return textwrap.dedent(inspect.getsource(self.solution))

    def _help(self) -> str:
        return f"Prueba con ejercicio_{self.number}.pista()."
