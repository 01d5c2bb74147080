"""Ejercicios del cuaderno 01: versiones, un revisor tolerante, el orden de las celdas y una red."""

import inspect
import sys
import tempfile
from pathlib import Path

import numpy as np

from helpers.cli.doctor import circle
from helpers.exercises import nb01_solutions as solutions
from helpers.exercises.base import Exercise, Wrong, require

MAX_LINES, ENOUGH = 15, 0.9


def _check_newer(newer):
    cases = (
        ("2.21.0", "2.20.0", True, "2.21.0 es posterior a 2.20.0."),
        ("3.9", "3.11", False, "3.9 no es posterior a 3.11, aunque como texto vaya después."),
        ("3.10", "3.9", True, "3.10 es posterior a 3.9: el segundo número es un diez, no un uno."),
        ("10.0", "9.0", True, "10.0 es posterior a 9.0: compara números, no letras."),
        ("2.1.3", "2.1", True, "2.1.3 es posterior a 2.1: no te quedes en los dos primeros."),
        ("2.0", "2.0", False, "Una versión no es posterior a sí misma."),
        ("2.0.0", "2.0", False, "2.0.0 y 2.0 son la misma: rellena con ceros la más corta."),
        ("2.0", "2.0.1", False, "2.0 es anterior a 2.0.1."),
        ("0.18.1", "0.9.12", True, "0.18.1 es posterior a 0.9.12."),
    )
    for version, other, expected, hint in cases:
        answer = newer(version, other)
        require(isinstance(answer, (bool, np.bool_)), "Devuelve True o False.")
        require(bool(answer) is expected, f"Con «{version}» y «{other}» falla. {hint}")


ejercicio_1 = Exercise(
    1,
    "Comparar versiones de verdad",
    "Escribe newer(version, other): True si la primera versión es posterior a la segunda.",
    (
        "Parte el texto por los puntos y convierte cada trozo en un entero.",
        "Python compara dos listas de números elemento a elemento: [3, 10] > [3, 9] es True.",
        "Antes de comparar, alarga la más corta con ceros para que 2.0 y 2.0.0 sean iguales.",
    ),
    _check_newer,
    solutions.newer,
    "¡Correcto! Ya no te engañará ningún «3.10».",
)


def _check_report(report):
    fake = {"paquete-al-dia": "3.10.0", "paquete-viejo": "1.9", "paquete-justo": "2.0"}
    expected = {"paquete-al-dia": "bien", "paquete-que-no-esta": "falta",
                "paquete-viejo": "vieja", "paquete-justo": "bien", "numpy": "bien"}  # fmt: skip
    minimums = {"paquete-al-dia": "3.9", "paquete-que-no-esta": "1.0", "paquete-viejo": "1.10",
                "paquete-justo": "2.0.0", "numpy": "1.0"}  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        for name, version in fake.items():
            info = Path(folder) / f"{name.replace('-', '_')}-{version}.dist-info"
            info.mkdir()
            text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
            (info / "METADATA").write_text(text, encoding="utf-8")
        sys.path.insert(0, folder)
        try:
            answer = report(dict(minimums))
        except ImportError as error:  # también PackageNotFoundError
            raise Wrong(
                f"Se ha detenido en el primer paquete que no encuentra ({error}). Un revisor "
                "tolerante pregunta a importlib.metadata, sin importar, y captura el error."
            ) from None
        finally:
            sys.path.remove(folder)
    require(isinstance(answer, dict), "Devuelve un diccionario {nombre: veredicto}.")
    missing = set(minimums) - set(answer)
    require(not missing, f"Falta el veredicto de: {', '.join(sorted(missing))}.")
    for name, verdict in expected.items():
        installed = fake.get(name, "no está" if verdict == "falta" else "instalado")
        require(
            answer[name] == verdict,
            f"«{name}» (hay {installed}, mínimo {minimums[name]}) debería ser «{verdict}» y dices "
            f"«{answer[name]}». Mira sin importar y compara los números de la versión.",
        )


ejercicio_2 = Exercise(
    2,
    "Tu propio revisor tolerante",
    "Escribe package_report(minimums): recibe {distribución: versión mínima} y devuelve "
    "{distribución: «falta», «vieja» o «bien»}, sin importar los paquetes y sin detenerse nunca. "
    "Puedes apoyarte en newer, si ya hiciste el ejercicio 1, o en Version.",
    (
        "importlib.metadata.version(nombre) da la versión sin importar el paquete.",
        "Si no está instalado lanza PackageNotFoundError: captúralo dentro del bucle.",
        "«vieja» es que el mínimo sea posterior a lo instalado: newer(mínimo, instalada).",
    ),
    _check_report,
    solutions.package_report,
    "¡Correcto! Informa de todos, falte el que falte.",
)


def _check_reproducible(reproducible):
    cases = (
        (["a = 1", "b = a + 1"], [0, 1], True, "se ejecutó de arriba abajo, una vez cada celda"),
        (["a = 1", "a = a + 1"], [0, 1, 1], False, "la segunda celda se ejecutó dos veces y «a» "
         "vale 3; al reiniciar valdría 2"),
        (["a = 1", "a = 5", "b = a"], [1, 0, 2], False, "en otro orden, «b» acaba valiendo 1 "
         "en lugar de 5"),
        (["a = 1", "b = 2"], [1, 0], True, "el orden cambió, pero la memoria acaba igual: lo que "
         "cuenta es el resultado, no el orden"),
        (["b = a + 1", "a = 1"], [1, 0], False, "al reiniciar, la primera celda usa «a» antes de "
         "que exista y el cuaderno falla"),
        (["a = 1", "b = 2"], [0], False, "una celda no llegó a ejecutarse: falta «b»"),
    )  # fmt: skip
    for cells, order, expected, why in cases:
        try:
            answer = reproducible(list(cells), list(order))
        except NameError as error:
            raise Wrong(
                f"Con las celdas {cells} tu función se detiene ({error}). Si de arriba abajo hay "
                "un error, el cuaderno no es reproducible: captúralo y devuelve False."
            ) from None
        require(isinstance(answer, bool), "Devuelve True o False.")
        require(
            answer is expected,
            f"Con las celdas {cells} ejecutadas en el orden {order} la respuesta es {expected}: "
            f"{why}. ¿Empieza cada ejecución con una memoria nueva?",
        )


ejercicio_3 = Exercise(
    3,
    "¿Saldría igual al reiniciar?",
    "Escribe reproducible(cells, order): True si ejecutar las celdas en ese orden deja la misma "
    "memoria que reiniciar el núcleo y ejecutarlas todas de arriba abajo. Si alguna celda falla, "
    "devuelve False.",
    (
        "Un núcleo es un diccionario: exec(celda, memoria) ejecuta la celda en esa memoria.",
        "Haz dos ejecuciones, cada una con su propio diccionario vacío, y compáralos.",
        "exec añade la clave «__builtins__»: no la cuentes. Y si algo falla, devuelve False.",
    ),
    _check_reproducible,
    solutions.reproducible,
    "¡Correcto! Eso es lo que pregunta «Reiniciar el núcleo y ejecutar todas las celdas».",
)


def _code_lines(function) -> int:
    """Líneas de código de una función: ni vacías ni comentarios. 0 si no se puede saber."""
    try:
        source = inspect.getsource(function)
    except (OSError, TypeError):
        return 0
    return sum(bool(line.split("#")[0].strip()) for line in source.splitlines())


def _check_network(network):
    lines = _code_lines(network)
    require(lines <= MAX_LINES, f"Tu función tiene {lines} líneas y el tope son {MAX_LINES}: "
            "Sequential, Input, dos Dense, compile y fit caben de sobra.")  # fmt: skip
    x, y = circle(512, seed=2)
    x_test, y_test = circle(1000, seed=3)
    model = network(x, y)
    require(hasattr(model, "predict"), "Devuelve el modelo entrenado: «return model» al final.")
    probability = np.asarray(model.predict(x_test, verbose=0), dtype=float)
    require(probability.size == len(y_test), f"La red devuelve {probability.shape} para 1000 "
            "puntos: la última capa debe ser Dense(1).")  # fmt: skip
    require(probability.min() >= 0 and probability.max() <= 1, "La salida se sale de 0–1: la "
            "última capa necesita activation=\"sigmoid\".")  # fmt: skip
    accuracy = float(((probability.ravel() > 0.5) == (y_test > 0.5)).mean())
    require(
        accuracy >= ENOUGH,
        f"Acierta {accuracy:.2f} en puntos que no ha visto y hace falta {ENOUGH}; responder "
        "siempre lo mismo ya da 0.5. ¿Tiene una capa oculta con relu? ¿Entrena bastantes épocas, "
        "con un paso como Adam(0.02)?",
    )


ejercicio_4 = Exercise(
    4,
    "Tu primera red, en quince líneas",
    "Escribe network(x, y): crea una red de Keras, la entrena con esos puntos y la devuelve. Como "
    "mucho, quince líneas, y debe acertar más del 90 % en puntos nuevos.",
    (
        "Las piezas: keras.Sequential([...]), compile(...), fit(..., verbose=0) y return.",
        "Dentro de Sequential: Input((2,)), Dense(16, activation=\"relu\") y "
        "Dense(1, activation=\"sigmoid\").",
        "Con keras.optimizers.Adam(0.02), «binary_crossentropy», 40 épocas y lotes de 64 basta.",
    ),
    _check_network,
    solutions.network,
    "¡Correcto! Tu primera red neuronal, y aprende de verdad.",
)  # fmt: skip

EXERCISES = [ejercicio_1, ejercicio_2, ejercicio_3, ejercicio_4]
