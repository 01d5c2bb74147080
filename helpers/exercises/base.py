"""La pieza común de los ejercicios: pistas, corrección y solución. El enunciado, en el cuaderno.

En un cuaderno, ``ejercicio_1.pista()`` da la siguiente pista; ``ejercicio_1.solucion()``, el código
de una solución, y ``ejercicio_1.comprobar(mi_respuesta)``, ✔ o ✘, y por qué.

Para añadir un ejercicio, copia este en el módulo de su cuaderno y cambia lo que haga falta::

    @exercise(
        "El doble",
        "¿Qué pasa si sumas x consigo mismo?",
        "return 2 * x",
        praise="¡Correcto! Ya sabes multiplicar.",
    )
    def ejercicio_1(answer):
        for x in (3, -0.5):
            given = answer(x)
            yield {"Has restado.": given == 0, "Ni lo has tocado.": given == x}
            close(given, 2 * x, "¿Sumas x dos veces?", {"Ese es el cuadrado.": x * x})

    @ejercicio_1.solved_by
    def double(x):
        return 2 * x

El número sale del nombre, ``ejercicio_1``. El corrector recibe la respuesta: una función
(:class:`Answer`) o, si la solución no lleva argumentos, el valor que devuelve. Cada ``yield`` da
una tabla ``{razón: si ocurre}``, y la primera que ocurre rechaza la respuesta; también la rechazan
``close``, ``items``, ``truth``, ``rejects``, ``require`` y las que miran redes. Con qué argumentos
ha sido, y qué ha salido, lo añade :class:`Exercise`. Lo que devuelva se añade a la felicitación. La
solución solo usa nombres que importa el cuaderno o ella misma. Sus respuestas buenas y malas, para
la prueba, van en ``tests/notebooks/answers/``.
"""

import ast
import contextlib
import copy
import functools
import importlib
import inspect
import re
import textwrap
import traceback
from collections.abc import Callable
from dataclasses import dataclass

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


def close(actual, expected, hint: str, mistakes: dict | None = None, tolerance=1e-6) -> None:
    """Rechaza la respuesta si ``actual`` no tiene la forma y los valores de ``expected``.

    ``tolerance`` es absoluta, en las unidades del propio valor; se suma a una relativa de 1e-5, la
    que necesita una cuenta hecha en float32. ``mistakes`` son los fallos típicos, ``{razón:
    valor}``: si lo que llega es uno de ellos, se da esa razón en lugar de ``hint``. Si son pocos
    números, se dice además cuáles deberían ser.
    """
    require(actual is not None, f"{NOTHING} {hint}")
    try:
        if np.asarray(actual).dtype.kind in "US":  # «"6"» no es 6, aunque NumPy lo convierta
            raise TypeError
        actual = np.asarray(actual, dtype="float64")
    except (TypeError, ValueError):
        raise Wrong(f"Esperaba números y ha llegado {type(actual).__name__}. {hint}") from None
    expected = np.asarray(expected, dtype="float64")
    require(
        actual.shape == expected.shape,
        f"La forma es {actual.shape} y debería ser {expected.shape}. {hint}",
    )
    if not np.allclose(actual, expected, rtol=1e-5, atol=tolerance):
        reasons = (why for why, value in (mistakes or {}).items() if same(actual, value))
        digits = {"float_kind": "{:.9g}".format}
        right = np.array2string(expected, separator=", ", formatter=digits)
        raise Wrong(next(reasons, hint) + f" Debería dar {right}." * (expected.size < 3))


def same(actual, value, tolerance=1e-6) -> bool:
    """Si ``actual`` tiene la forma y los valores de ``value``, como :func:`close`."""
    try:
        close(actual, value, "", tolerance=tolerance)
    except Wrong:
        return False
    return True


def items(value, count: int, hint: str) -> list:
    """Los ``count`` valores de una tupla, una lista, un array o una Series; si no, rechaza."""
    several = np.iterable(value) and not isinstance(value, (str, dict, set))
    require(several and hasattr(value, "__len__") and len(value) == count, hint)
    return list(value)


def truth(value) -> bool:
    """``value`` como ``bool``, venga de Python o de NumPy; si es otra cosa, rechaza."""
    require(isinstance(value, (bool, np.bool_)), f"Devuelve True o False, y no {value!r}.")
    return bool(value)


def rejects(hint: str, answer: Callable, *values) -> None:
    """Rechaza la respuesta si ``answer(*values)`` no lanza ``ValueError``."""
    try:
        with contextlib.suppress(Wrong):  # no ha devuelto nada, pero tampoco ha protestado
            answer(*values)
    except ValueError:
        return
    except NotImplementedError:
        raise
    except Exception as error:
        raise Wrong(f"{hint} Lanza ValueError, y no {type(error).__name__}.") from None
    raise Wrong(f"{hint} Lanza ValueError.")


def source_of(function) -> str:
    """El código de la respuesta; vacío si no se puede saber."""
    try:
        return textwrap.dedent(inspect.getsource(function))
    except (OSError, TypeError):
        return ""


def one_line(error: Exception) -> str:
    """Lo que dice un error, en una línea, sin los colores de la consola y sin alargarse."""
    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return re.sub(r"\x1b\[\d+m", "", " ".join(said.split()))[:200]


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
    """Rechaza la red, ya creada, si tiene más de ``most`` parámetros."""
    count = network.count_params()
    require(count <= most, f"La red tiene {count} parámetros y el tope es {most}. {hint}")


def check_branches(network, names: tuple[str, ...], outputs: int) -> None:
    """Rechaza la red si no tiene una entrada por nombre, en una lista, y ``outputs`` salidas."""
    check_network(network)
    inputs = getattr(network, "inputs", None) or ()
    require(
        len(inputs) == len(names) and isinstance(network.input, (list, tuple)),
        f"Tu red tiene {len(inputs)} entradas y necesita {len(names)}, en una lista. Créala "
        f"uniendo capas, como en el texto: keras.Model([{', '.join(names)}], salida).",
    )
    shape = tuple(network.outputs[0].shape)[1:]
    require(
        shape == (outputs,),
        f"Por cada fila responde un array de forma {shape} y debería ser ({outputs},): aplana lo "
        f"que sale de las capas anteriores y acaba con Dense({outputs}).",
    )


def output_of(network, batch, shape: tuple[int, ...], hint: str = "") -> np.ndarray:
    """Lo que responde la red a ``batch``: ``shape`` por fila; si no es así, la rechaza."""
    try:
        output = keras.ops.convert_to_numpy(network(batch))
    except Exception as error:
        raise Wrong(
            f"La red debe ir de {batch.shape[1:]} a {shape}, y no admite un lote de forma "
            f"{batch.shape}: {one_line(error)}."
        ) from None
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
    try:
        twin = keras.models.clone_model(network)
    except (ValueError, TypeError, NotImplementedError):
        raise Wrong(
            "La corrección la crea dos veces y no sabe repetir una clase tuya: hazla con "
            "keras.Sequential o con keras.Model(inputs, outputs)."
        ) from None
    twin.compile_from_config(network.get_compile_config())
    return twin


class Answer:
    """La función que se corrige: recibe copias de los datos y nunca da ``None``.

    Attributes:
        call: una frase con su última llamada y lo que ha dado; vacía si no se puede escribir.
        spoiled: si la última llamada ha cambiado alguno de los arrays que recibió.
    """

    def __init__(self, function, name: str):
        functools.update_wrapper(self, function)  # por ahí se llega a su código
        self._name, self.call, self.spoiled = name, "", False

    def __call__(self, *values):
        received = [copy.deepcopy(v) if hasattr(v, "copy") else v for v in values]
        said = [_written(value) for value in values]
        known = said and said.count("…") < 2
        self.call = f"Ha sido con {self._name}({', '.join(said)})." if known else ""
        given = something(self.__wrapped__(*received))
        pairs = [(a, b) for a, b in zip(values, received) if isinstance(a, np.ndarray)]
        self.spoiled = not all(np.array_equal(a, b) for a, b in pairs)
        result = _written(given)
        if known and result != "…":
            self.call = f"{self.call[:-1]}, que da {result}."
        elif said == ["…"]:
            self.call = ""
        return given


def _written(value) -> str:
    """``value`` como se escribe en una celda; «…» si no es un dato o no cabe."""
    plain = value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value
    text = re.sub(r"np\.\w+\((.*?)\)", r"\1", repr(plain))
    text = re.sub(r"\d+\.\d{7,}", lambda long: f"{float(long[0]):.6g}", text)
    with contextlib.suppress(ValueError, SyntaxError):  # lo que no es un dato, no se lee
        if len(text) <= 60:
            ast.literal_eval(text)
            return text
    return "…"


def something(value):
    """``value``, si es algo; si falta, rechaza."""
    require(value is not None and value is not ..., NOTHING)
    return value


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
        check: el corrector; recibe la respuesta y la rechaza si no es correcta.
        solution: una respuesta correcta; función cuyo código se enseña.
        praise: lo que se dice al acertar.
        on_error: qué mirar si la respuesta se detiene con un error.
    """

    number: int
    title: str
    hints: tuple[str, ...]
    check: Callable
    solution: Callable | None = None
    praise: str = "¡Correcto!"
    on_error: str = ""
    _shown: int = 0  # la última pista que se ha visto

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
        """Corrige ``answer``. Nunca lanza una excepción: explica lo que ha pasado.

        La misma respuesta, la misma nota: el azar de dentro sale de la semilla 0. Al salir,
        ``random``, de donde toma Keras sus semillas, sigue donde estaba.
        """
        if answer is None or answer is ...:
            return self._pending()
        received = Answer(answer, self.solution.__name__)
        try:
            with seeded(0):
                keras.utils.set_random_seed(0)
                note = self._corrected(received)
        except NotImplementedError as error:
            unwritten = traceback.extract_tb(error.__traceback__)[-1].name
            if unwritten == getattr(answer, "__name__", unwritten):
                return self._pending()
            reason = f"Aún no: tu respuesta usa «{unwritten}», que todavía no tiene código: "
            reason += "escríbela antes o hazlo sin ella."
        except Wrong as wrong:
            reason = f"Aún no: {wrong}"
        except Exception as error:
            advice = self.on_error or self._help()
            reason = f"Tu respuesta falla al ejecutarla ({one_line(error)}). {advice}"
        else:
            progress.note(self.check.__module__[-2:], self.number)
            return Verdict(True, f"{self.praise} {note}" if note else self.praise)
        return Verdict(False, f"{reason} {received.call}".rstrip())

    def solucion(self) -> None:
        """Escribe el código de una solución."""
        print(self.source)

    @property
    def source(self) -> str:
        """El código de una solución, listo para pegar en el cuaderno."""
        lines = source_of(self.solution).splitlines()
        return "\n".join(lines[lines[0].startswith("@") :])

    def _corrected(self, answer: "Answer") -> str | None:
        """Lo que añade el corrector; si ocurre algo de sus tablas, lanza :class:`Wrong`."""
        if not inspect.signature(self.solution).parameters:
            answer = answer() if callable(answer.__wrapped__) else something(answer.__wrapped__)
        elif not callable(answer.__wrapped__):
            raise Wrong(
                "Pasa la función sin llamarla, solo su nombre: "
                f"ejercicio_{self.number}.comprobar({self.solution.__name__})."
            )
        steps = self.check(answer)
        while inspect.isgenerator(steps):
            try:
                table = next(steps)
            except StopIteration as end:
                return end.value
            for reason, happens in table.items():
                require(not happens, reason)
        return steps

    def _pending(self) -> Verdict:
        return Verdict(False, f"Todavía no hay respuesta. {self._help()}")

    def _help(self) -> str:
        return f"Prueba con ejercicio_{self.number}.pista()."


def exercise(title: str, *hints: str, praise: str, on_error: str = ""):
    """Decorador: convierte un corrector llamado ``ejercicio_N`` en el ejercicio N."""

    def build(check: Callable) -> Exercise:
        number = int(check.__name__.removeprefix("ejercicio_"))
        return Exercise(number, title, hints, check, praise=praise, on_error=on_error)

    return build


def load(notebook: str) -> list[Exercise]:
    """Los ejercicios de un cuaderno, en orden; ``notebook`` es su número: ``"03"``."""
    module = importlib.import_module(f"helpers.exercises.nb{notebook}")
    return [value for value in vars(module).values() if isinstance(value, Exercise)]
