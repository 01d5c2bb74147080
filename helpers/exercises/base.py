"""La pieza común de los ejercicios: pistas, corrección y solución. El enunciado, en el cuaderno.

En un cuaderno::

    from helpers.exercises.nb03 import ejercicio_1

    ejercicio_1.pista()                   # la siguiente pista
    ejercicio_1.solucion()                # el código de una solución
    ejercicio_1.comprobar(mi_respuesta)   # ✔ o ✘, y por qué

Para añadir un ejercicio, copia este en el módulo de su cuaderno y cambia lo que haga falta::

    @exercise(
        "El doble",
        hints=("¿Qué pasa si sumas x consigo mismo?", "return 2 * x"),
        praise="¡Correcto! Ya sabes multiplicar.",
    )
    def ejercicio_1(answer):
        for x in (3, -0.5):
            close(answer(x), 2 * x, f"Con {x} debería dar {2 * x}.")

    @ejercicio_1.solved_by
    def double(x):
        return 2 * x

El número sale del nombre, ``ejercicio_1``. El corrector recibe la respuesta: una función (que nunca
da ``None``) o, si la solución no lleva argumentos, el valor que devuelve. Si no es correcta, lanza
:class:`Wrong` con la razón, él mismo o con ``require``, ``close``, ``items``, ``truth``,
``rejects``, ``explained`` o ``check_network``; si lo es, puede devolver una frase que se añade a la
felicitación. La solución solo usa nombres que importa el cuaderno o ella misma. Sus respuestas
buenas y malas, para la prueba, van en ``tests/notebooks/answers/``.
"""

import contextlib
import functools
import importlib
import inspect
import re
import textwrap
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field

import keras
import numpy as np

from helpers.console import wrapped
from helpers.exercises import progress
from helpers.runtime import seeded

NOTHING = "No ha llegado ningún valor: ¿falta un «return»?"


class Wrong(Exception):
    """La respuesta no es correcta; el mensaje dice en qué falla y hacia dónde mirar."""


def require(condition, hint: str) -> None:
    """Rechaza la respuesta con ``hint`` si ``condition`` no se cumple."""
    if not condition:
        raise Wrong(hint)


def close(actual, expected, hint: str, tolerance: float = 1e-6, mistakes=()) -> None:
    """Rechaza la respuesta si ``actual`` no tiene la forma y los valores de ``expected``.

    ``tolerance`` es absoluta, en las unidades del propio valor; se suma a una relativa de 1e-5, la
    que necesita una cuenta hecha en float32. ``mistakes`` son los fallos típicos, ``(valor,
    razón)``: si lo que llega es uno de ellos, se da esa razón en lugar de ``hint``.
    """
    if actual is None:
        raise Wrong(f"{NOTHING} {hint}")
    try:
        if np.asarray(actual).dtype.kind in "US":  # «"6"» no es 6, aunque NumPy lo convierta
            raise TypeError
        actual = np.asarray(actual, dtype="float64")
    except (TypeError, ValueError):
        raise Wrong(f"Esperaba números y ha llegado {type(actual).__name__}. {hint}") from None
    expected = np.asarray(expected, dtype="float64")
    if actual.shape != expected.shape:
        raise Wrong(f"La forma es {actual.shape} y debería ser {expected.shape}. {hint}")
    if not np.allclose(actual, expected, rtol=1e-5, atol=tolerance):
        raise Wrong(next((why for value, why in mistakes if same(actual, value)), hint))


def items(value, count: int, hint: str) -> list:
    """Los ``count`` valores de una tupla, una lista o un array; si no lo es, rechaza."""
    several = isinstance(value, (tuple, list)) or isinstance(value, np.ndarray) and value.ndim
    require(several and len(value) == count, hint)
    return list(value)


def same(actual, value) -> bool:
    """Si ``actual`` tiene la forma y los valores de ``value``: para reconocer un fallo típico."""
    try:
        close(actual, value, "")
    except Wrong:
        return False
    return True


def source_of(function) -> str:
    """El código de la respuesta; vacío si no se puede saber."""
    try:
        return textwrap.dedent(inspect.getsource(function))
    except (OSError, TypeError):
        return ""


def truth(value) -> bool:
    """``value`` como ``bool``, venga de Python o de NumPy; si es otra cosa, rechaza."""
    require(isinstance(value, (bool, np.bool_)), f"Devuelve True o False, y no {value!r}.")
    return bool(value)


def one_line(error: Exception) -> str:
    """Lo que dice un error, en una línea, sin los colores de la consola y sin alargarse."""
    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return re.sub(r"\x1b\[\d+m", "", " ".join(said.split()))[:200]


@contextlib.contextmanager
def explained(hint: str, *errors: type[Exception]):
    """Si lo de dentro falla (con uno de ``errors``, si se dicen), rechaza la respuesta.

    La razón es ``hint``, en la que ``{error}`` es lo que ha dicho el error.
    """
    caught = errors or (Exception,)
    try:
        yield
    except caught as error:
        if not errors and isinstance(error, (Wrong, NotImplementedError)):
            raise
        raise Wrong(hint.replace("{error}", one_line(error))) from None


def rejects(hint: str, answer: Callable, *values) -> None:
    """Rechaza la respuesta si ``answer(*values)`` no lanza ``ValueError``."""
    try:
        answer(*values)
    except ValueError:
        return
    except NotImplementedError:
        raise
    except Wrong:  # no ha devuelto nada, pero tampoco ha protestado
        pass
    except Exception as error:
        raise Wrong(f"{hint} Lanza ValueError, y no {type(error).__name__}.") from None
    raise Wrong(f"{hint} Lanza ValueError.")


# --- las respuestas que son redes ------------------------------------------------------------


def check_network(answer, compiled: bool = False) -> None:
    """Rechaza la respuesta si no es una red de Keras o, si se pide, si no está compilada."""
    require(
        isinstance(answer, keras.Model),
        f"Devuelve la red de Keras, y llega {type(answer).__name__}. (compile y fit no devuelven "
        "la red: llámalos en su línea y acaba con «return model».)",
    )
    require(
        answer.compiled or not compiled,
        "La red no está compilada: falta model.compile(optimizer=…, loss=…) antes de devolverla.",
    )


def check_size(network, most: int, hint: str = "") -> None:
    """Rechaza la red si tiene más de ``most`` parámetros."""
    count = network.count_params()
    require(count <= most, f"La red tiene {count} parámetros y el tope es {most}. {hint}")


def output_of(network, batch, shape: tuple[int, ...], hint: str = "") -> np.ndarray:
    """Lo que responde la red a ``batch``: ``shape`` por fila; si no es así, la rechaza."""
    with explained(
        f"La red debe ir de {batch.shape[1:]} a {shape}, y no admite un lote de forma "
        f"{batch.shape}: {{error}}"
    ):
        output = keras.ops.convert_to_numpy(network(batch))
    wanted = (len(batch), *shape)
    require(
        output.shape == wanted,
        f"De un lote de forma {batch.shape} sale un array de forma {output.shape} y debería ser "
        f"{wanted}. {hint}",
    )
    return output


def check_classifier(network, shape: tuple[int, ...], classes: int, hint: str = "") -> None:
    """Rechaza la red si no pasa de lotes de ``shape`` a ``classes`` probabilidades."""
    batch = np.random.default_rng(0).random((2, *shape), "float32")
    output = output_of(network, batch, (classes,), hint)
    require(
        np.allclose(output.sum(axis=1), 1, atol=1e-3),
        "La salida no suma 1, y las probabilidades deben sumar 1: la última capa lleva softmax.",
    )


def reborn(network, seed: int):
    """Una red como ``network``, compilada igual, con los pesos al azar de la semilla ``seed``."""
    keras.utils.set_random_seed(seed)
    with explained(
        "La corrección la crea dos veces y no sabe repetir una clase tuya: hazla con "
        "keras.Sequential o con keras.Model(inputs, outputs).",
        ValueError, TypeError, NotImplementedError,
    ):  # fmt: skip
        copy = keras.models.clone_model(network)
    copy.compile_from_config(network.get_compile_config())
    return copy


@contextlib.contextmanager
def same_luck():
    """La misma respuesta, la misma nota: el azar de dentro sale de la semilla 0.

    También los pesos de la red que crea la respuesta. Al salir, ``random``, de donde toma Keras sus
    semillas, sigue donde estaba.
    """
    with seeded(0):
        keras.utils.set_random_seed(0)
        yield


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
    """Un ejercicio; se crea con :func:`exercise`.

    Attributes:
        number: su número dentro del cuaderno, desde 1.
        title: título, el mismo que lleva en el cuaderno.
        hints: pistas, de la más leve a la más clara.
        check: el corrector; recibe la respuesta y lanza :class:`Wrong` si no es correcta.
        solution: una respuesta correcta; función cuyo código se enseña.
        praise: lo que se dice al acertar.
    """

    number: int
    title: str
    hints: tuple[str, ...]
    check: Callable
    solution: Callable | None = None
    praise: str = "¡Correcto!"
    _shown: int = field(default=0, repr=False)

    def __repr__(self):
        where = f"El enunciado está en su cuaderno. {self._help()}"
        return wrapped(f"Ejercicio {self.number}. {self.title}\n{where}")

    def solved_by(self, solution: Callable) -> Callable:
        """Decorador: ``solution`` es la respuesta que enseña ``solucion()``."""
        self.solution = solution
        return solution

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
            return self._pending()
        try:
            with same_luck():
                note = self.check(self._received(answer))
        except Wrong as wrong:
            return Verdict(False, f"Aún no: {wrong}")
        except NotImplementedError as error:
            unwritten = traceback.extract_tb(error.__traceback__)[-1].name
            if unwritten == getattr(answer, "__name__", unwritten):
                return self._pending()
            return Verdict(
                False,
                f"Aún no: tu respuesta usa «{unwritten}», que todavía no tiene "
                "código: escríbela antes o hazlo sin ella.",
            )
        except Exception as error:
            detail = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            return Verdict(False, f"Tu respuesta falla al ejecutarla ({detail}). {self._help()}")
        progress.note(self.check.__module__[-2:], self.number)
        return Verdict(True, f"{self.praise} {note}" if note else self.praise)

    def solucion(self) -> None:
        """Escribe el código de una solución."""
        print(self.source)

    @property
    def source(self) -> str:
        """El código de una solución, listo para pegar en el cuaderno."""
        lines = source_of(self.solution).splitlines()
        return "\n".join(lines[lines[0].startswith("@") :])

    def _received(self, answer):
        """La función recibida o, si la solución no lleva argumentos, el valor que da."""

        def something(value):
            require(value is not None and value is not ..., NOTHING)
            return value

        if not inspect.signature(self.solution).parameters:
            return something(answer() if callable(answer) else answer)
        require(
            callable(answer),
            "Pasa la función sin llamarla, solo su nombre: "
            f"ejercicio_{self.number}.comprobar({self.solution.__name__}).",
        )
        return functools.wraps(answer)(lambda *args: something(answer(*args)))

    def _pending(self) -> Verdict:
        return Verdict(False, f"Todavía no hay respuesta. {self._help()}")

    def _help(self) -> str:
        return f"Prueba con ejercicio_{self.number}.pista()."


def exercise(title: str, *, hints: tuple[str, ...], praise: str):
    """Decorador: convierte un corrector llamado ``ejercicio_N`` en el ejercicio N."""

    def build(check: Callable) -> Exercise:
        number = int(check.__name__.removeprefix("ejercicio_"))
        return Exercise(number, title, hints, check, praise=praise)

    return build


def load(notebook: str) -> list[Exercise]:
    """Los ejercicios de un cuaderno, en orden; ``notebook`` es su número: ``"03"``."""
    module = importlib.import_module(f"helpers.exercises.nb{notebook}")
    return [value for value in vars(module).values() if isinstance(value, Exercise)]
