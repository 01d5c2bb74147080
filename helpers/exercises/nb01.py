"""Ejercicios del cuaderno 01: versiones, un revisor tolerante, el orden de las celdas y una red."""

import ast
import inspect
import sys
import tempfile
import textwrap
from importlib import metadata
from pathlib import Path

import numpy as np
from packaging.version import Version

from helpers.exercises.base import Wrong, exercise, require, truth

MAX_LINES, ENOUGH = 15, 0.9


@exercise(
    "Comparar versiones de verdad",
    statement="Escribe newer(version, other): True si la primera versión es posterior a la "
    "segunda.",
    hints=(
        "Parte el texto por los puntos y convierte cada trozo en un entero.",
        "Python compara dos listas de números elemento a elemento: [3, 10] > [3, 9] es True.",
        "Antes de comparar, alarga la más corta con ceros para que 2.0 y 2.0.0 sean iguales.",
    ),
    praise="¡Correcto! Ya no te engañará ningún «3.10».",
)
def ejercicio_1(answer):
    cases = (
        ("2.21.0", "2.20.0", True, "2.21.0 es posterior a 2.20.0."),
        ("3.9", "3.11", False, "3.9 no es posterior a 3.11, aunque como texto vaya después."),
        ("3.10", "3.9", True, "3.10 es posterior a 3.9: el segundo número es un diez, no un uno."),
        ("10.0", "9.0", True, "10.0 es posterior a 9.0: compara números, no letras."),
        ("2.1.3", "2.1", True, "2.1.3 es posterior a 2.1: no te quedes en los dos primeros."),
        ("2.0", "2.0", False, "Una versión no es posterior a sí misma."),
        ("2.0.0", "2.0", False, "2.0.0 y 2.0 son la misma: rellena con ceros la más corta."),
        ("2.0", "2.0.1", False, "2.0 es anterior a 2.0.1."),
        ("2.0", "1.9.9", True, "2.0 es posterior a 1.9.9: manda el primer número que difiere."),
        ("0.18.1", "0.9.12", True, "0.18.1 es posterior a 0.9.12."),
    )
    for version, other, expected, hint in cases:
        given = truth(answer(version, other))
        require(given is expected, f"Con «{version}» y «{other}» falla. {hint}")


@ejercicio_1.solved_by
def newer(version, other):
    """¿Es ``version`` posterior a ``other``?"""

    def numbers(text):
        return [int(part) for part in text.split(".")]

    first, second = numbers(version), numbers(other)
    length = max(len(first), len(second))
    pad = [0] * length  # 2.0 y 2.0.0 son la misma versión
    return (first + pad)[:length] > (second + pad)[:length]


@exercise(
    "Tu propio revisor tolerante",
    statement="Escribe package_report(minimums): recibe {distribución: versión mínima} y devuelve "
    "{distribución: «falta», «vieja» o «bien»}, sin importar los paquetes y sin detenerse nunca. "
    "Puedes apoyarte en newer, si ya hiciste el ejercicio 1, o en Version.",
    hints=(
        "importlib.metadata.version(nombre) da la versión sin importar el paquete.",
        "Si no está instalado lanza PackageNotFoundError: captúralo dentro del bucle.",
        "«vieja» es que el mínimo sea posterior a lo instalado: newer(mínimo, instalada).",
    ),
    praise="¡Correcto! Informa de todos, falte el que falte.",
)
def ejercicio_2(answer):
    installed = {"paquete-al-dia": "3.10.0", "paquete-viejo": "1.9", "paquete-justo": "2.0"}
    expected = {
        "paquete-al-dia": ("3.9", "bien"),
        "paquete-que-no-esta": ("1.0", "falta"),
        "paquete-viejo": ("1.10", "vieja"),
        "paquete-justo": ("2.0.0", "bien"),
        "numpy": ("1.0", "bien"),
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, version in installed.items():
            info = Path(folder) / f"{name.replace('-', '_')}-{version}.dist-info"
            info.mkdir()
            text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
            (info / "METADATA").write_text(text, encoding="utf-8")
        sys.path.insert(0, folder)
        try:
            given = answer({name: minimum for name, (minimum, _) in expected.items()})
        except ImportError as error:  # también PackageNotFoundError
            raise Wrong(
                f"Se ha detenido en el primer paquete que no encuentra ({error}). Un revisor "
                "tolerante pregunta a importlib.metadata, sin importar, y captura el error."
            ) from None
        finally:
            sys.path.remove(folder)
    require(isinstance(given, dict), "Devuelve un diccionario {nombre: veredicto}.")
    missing = set(expected) - set(given)
    require(not missing, f"Falta el veredicto de: {', '.join(sorted(missing))}.")
    for name, (minimum, verdict) in expected.items():
        there = installed.get(name, "no está" if verdict == "falta" else "instalado")
        require(
            given[name] == verdict,
            f"«{name}» (hay {there}, mínimo {minimum}) debería ser «{verdict}» y dices "
            f"«{given[name]}». Mira sin importar y compara los números de la versión.",
        )


@ejercicio_2.solved_by
def package_report(minimums):
    """«falta», «vieja» o «bien» para cada ``{distribución: versión mínima}``."""
    result = {}
    for name, minimum in minimums.items():
        try:
            installed = metadata.version(name)
        except metadata.PackageNotFoundError:
            result[name] = "falta"
        else:
            result[name] = "bien" if Version(installed) >= Version(minimum) else "vieja"
    return result


@exercise(
    "¿Saldría igual al reiniciar?",
    statement="Escribe reproducible(cells, order): True si ejecutar las celdas en ese orden deja "
    "la misma memoria que reiniciar el núcleo y ejecutarlas todas de arriba abajo. Si alguna celda "
    "falla, en una ejecución o en la otra, devuelve False.",
    hints=(
        "Un núcleo es un diccionario: exec(celda, memoria) ejecuta la celda en esa memoria.",
        "Haz dos ejecuciones, cada una con su propio diccionario vacío, y compáralos.",
        "exec añade la clave «__builtins__»: no la cuentes. Y si algo falla, devuelve False.",
    ),
    praise="¡Correcto! Eso es lo que pregunta «Reiniciar el núcleo y ejecutar todas las celdas».",
)
def ejercicio_3(answer):
    cases = (
        (["a = 1", "b = a + 1"], [0, 1], True, "se ejecutó de arriba abajo, una vez cada celda"),
        (
            ["a = 1", "a = a + 1"],
            [0, 1, 1],
            False,
            "la segunda celda se ejecutó dos veces y «a» vale 3; al reiniciar valdría 2",
        ),
        (
            ["a = 1", "a = 5", "b = a"],
            [1, 0, 2],
            False,
            "en otro orden, «b» acaba valiendo 1 en lugar de 5",
        ),
        (
            ["a = 1", "b = 2"],
            [1, 0],
            True,
            "el orden cambió, pero la memoria acaba igual: lo que cuenta es el resultado",
        ),
        (["a = 1", "b = 2"], [0], False, "una celda no llegó a ejecutarse: falta «b»"),
        (
            ["b = a + 1", "a = 1"],
            [1, 0],
            False,
            "al reiniciar, la primera celda usa «a» antes de que exista y el cuaderno falla",
        ),
        (
            ["a = 1", "b = a"],
            [1, 0, 1],
            False,
            "la segunda celda se ejecutó antes que la primera y falló, aunque luego saliera bien",
        ),
        (["a = 1", "a = 1 / 0"], [0], False, "al reiniciar, la segunda celda divide entre 0"),
    )
    for cells, order, expected, why in cases:
        case = f"Con las celdas {cells} ejecutadas en el orden {order}"
        try:
            given = answer(list(cells), list(order))
        except (NameError, ZeroDivisionError) as error:
            raise Wrong(
                f"{case} tu función se detiene ({error}). Si una celda falla, el cuaderno no es "
                "reproducible: captura el error, sea cual sea, y devuelve False."
            ) from None
        require(
            truth(given) is expected,
            f"{case} la respuesta es {expected}: {why}. ¿Empieza cada ejecución con una memoria "
            "nueva, y cuentas los fallos de las dos?",
        )


@ejercicio_3.solved_by
def reproducible(cells, order):
    """¿Queda la misma memoria que al ejecutarlo todo de arriba abajo?"""

    def memory_after(positions):
        memory = {}
        for position in positions:
            exec(cells[position], memory)
        return {name: value for name, value in memory.items() if name != "__builtins__"}

    try:
        return memory_after(order) == memory_after(range(len(cells)))
    except Exception:  # una de las dos ni siquiera termina
        return False


@exercise(
    "Tu primera red, en quince líneas",
    statement="Escribe network(x, y): crea una red de Keras, la entrena con esos puntos y la "
    "devuelve. Como mucho, quince líneas, y debe acertar más del 90 % en puntos nuevos.",
    hints=(
        "Las piezas: keras.Sequential([...]), compile(...), fit(..., verbose=0) y return.",
        'Dentro de Sequential: Input((2,)), Dense(16, activation="relu") y '
        'Dense(1, activation="sigmoid").',
        "Con keras.optimizers.Adam(0.02), «binary_crossentropy», 40 épocas y lotes de 64 basta.",
    ),
    praise="¡Correcto! Tu primera red neuronal, y aprende de verdad.",
)
def ejercicio_4(answer):
    import keras

    lines = _code_lines(answer)
    require(
        lines <= MAX_LINES,
        f"Tu función tiene {lines} líneas y el tope son {MAX_LINES}: Sequential, Input, dos Dense, "
        "compile y fit caben de sobra.",
    )
    keras.utils.set_random_seed(0)  # la misma respuesta, la misma nota
    model = answer(*_circle(512, seed=2))
    require(
        isinstance(model, keras.Model),
        f"Devuelves {type(model).__name__}. Devuelve el modelo entrenado: «return model» al final.",
    )
    x, y = _circle(2000, seed=3)
    output = np.asarray(model.predict(x, verbose=0), dtype=float).reshape(len(x), -1)
    require(
        output.shape[1] <= 2,
        f"La red da {output.shape[1]} números por punto. Basta uno, con Dense(1), o dos, uno por "
        "respuesta.",
    )
    if output.shape[1] == 2:
        accuracy, outside = np.mean(output.argmax(axis=1) == y), False
    else:  # con sigmoide el corte es 0.5; sin ella puede ser 0.5 (mse) o 0 (from_logits)
        outside = output.min() < 0 or output.max() > 1
        cuts = (0.0, 0.5) if outside else (0.5,)
        accuracy = max(np.mean((output[:, 0] > cut) == y) for cut in cuts)
    advice = (
        'La salida se sale de 0–1: ¿falta activation="sigmoid" en la última capa, o '
        "from_logits=True en la pérdida?"
        if outside
        else "¿Tiene una capa oculta con relu? ¿Entrena bastantes épocas, con un paso como "
        "Adam(0.02)?"
    )
    require(
        accuracy > ENOUGH,
        f"Acierta el {100 * accuracy:.1f} % de 2000 puntos que no ha visto y hace falta más del "
        f"{100 * ENOUGH:.0f} %; responder siempre lo mismo ya da alrededor del 50 %. {advice}",
    )


@ejercicio_4.solved_by
def network(x, y):
    """Red entrenada con ``x`` (n, 2) e ``y`` (n,)."""
    import keras

    model = keras.Sequential()
    model.add(keras.Input((2,)))
    model.add(keras.layers.Dense(16, activation="relu"))
    model.add(keras.layers.Dense(1, activation="sigmoid"))
    optimizer = keras.optimizers.Adam(0.02)
    model.compile(optimizer=optimizer, loss="binary_crossentropy")
    model.fit(x, y, epochs=40, batch_size=64, verbose=0)
    return model


def _circle(samples: int, seed: int):
    """Puntos ``(n, 2)`` del cuadrado de lado 2 y, ``(n,)``, 1 si están en el círculo central."""
    x = np.random.default_rng(seed).uniform(-1, 1, (samples, 2)).astype("float32")
    return x, (np.hypot(x[:, 0], x[:, 1]) < 0.8).astype("float32")


def _code_lines(function) -> int:
    """Líneas de una función, sin vacías, comentarios ni docstring. 0 si no se puede saber."""
    try:
        source = textwrap.dedent(inspect.getsource(function))
        (tree,) = ast.parse(source).body
    except (OSError, TypeError, SyntaxError, ValueError):
        return 0
    lines = source.splitlines()
    if isinstance(tree, ast.FunctionDef) and ast.get_docstring(tree, clean=False) is not None:
        lines[tree.body[0].lineno - 1 : tree.body[0].end_lineno] = []
    return sum(bool(line.split("#")[0].strip()) for line in lines)
