"""Ejercicios del cuaderno 01: versiones, el orden de las celdas, tres montones y una red."""

import ast
import os
import sys
import tempfile
from importlib import metadata
from pathlib import Path
from unittest import mock

import keras
import numpy as np
from sklearn.linear_model import LogisticRegression

from helpers.cli import doctor
from helpers.exercises.base import (
    check_network,
    exercise,
    items,
    require,
    source_of,
    truth,
)

MAX_LINES, ENOUGH = 15, 0.9
SHARES = {"entrenamiento": 0.6, "validación": 0.2, "examen": 0.2}
VERDICTS = ("falta", "vieja", "bien")


@exercise(
    "Comparar versiones de verdad",
    "Parte el texto por los puntos y convierte cada trozo en un entero.",
    "Python compara dos listas de números elemento a elemento: [3, 10] > [3, 9] es True.",
    "Antes de comparar, alarga la más corta con ceros para que 2.0 y 2.0.0 sean iguales.",
    praise="¡Correcto! Ya no te engañará ningún «3.10».",
)
def ejercicio_1(answer):
    cases = {
        "2.21.0 es posterior a 2.20.0.": ("2.21.0", "2.20.0"),
        "3.9 no es posterior a 3.11, aunque como texto vaya después.": ("3.9", "3.11"),
        "3.10 es posterior a 3.9: el segundo número es un diez, no un uno.": ("3.10", "3.9"),
        "10.0 es posterior a 9.0: compara números, no letras.": ("10.0", "9.0"),
        "2.1.3 es posterior a 2.1: no te quedes en los dos primeros.": ("2.1.3", "2.1"),
        "Una versión no es posterior a sí misma.": ("2.0", "2.0"),
        "2.0.0 y 2.0 son la misma: rellena con ceros la más corta.": ("2.0.0", "2.0"),
        "2.0 es anterior a 2.0.1.": ("2.0", "2.0.1"),
        "2.0 es posterior a 1.9.9: manda el primer número que difiere.": ("2.0", "1.9.9"),
        "0.18.1 es posterior a 0.9.12.": ("0.18.1", "0.9.12"),
    }
    for reason, versions in cases.items():
        yield {reason: truth(answer(*versions)) != newer(*versions)}


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
    "importlib.metadata.version(nombre) da la versión sin importar el paquete.",
    "Si no está instalado lanza PackageNotFoundError: captúralo dentro del bucle.",
    "«vieja» es que el mínimo sea posterior a lo instalado: newer(mínimo, instalada).",
    praise="¡Correcto! Informa de todos, falte el que falte.",
    on_error="Un revisor tolerante no se detiene en el primer paquete que no encuentra: pregunta a "
    "importlib.metadata, sin importar, y captura el error.",
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
        # PYTHONPATH lo mira quien pregunta con otro Python («pip»).
        listed = os.pathsep.join(filter(None, (folder, os.environ.get("PYTHONPATH"))))
        places = mock.patch.object(sys, "path", [folder, *sys.path])
        with places, mock.patch.dict(os.environ, PYTHONPATH=listed):
            given = answer({name: minimum for name, (minimum, _) in expected.items()})
    require(isinstance(given, dict), "Devuelve un diccionario {nombre: veredicto}.")
    known, none = ", ".join(VERDICTS), all(given.get(name) == "falta" for name in expected)
    for name, (minimum, verdict) in expected.items():
        said = given.get(name)
        there = installed.get(name, "no está" if verdict == "falta" else "instalado")
        yield {
            f"Falta el veredicto de: {name}.": name not in given,
            f"Para «{name}» dices {said!r}, y los veredictos son {known}.": said not in VERDICTS,
            "Dices que faltan todos, y numpy está. ¿Tu «except» captura también otro error, como "
            "el de una comparación que aún no funciona? Captura solo "
            "PackageNotFoundError.": none,
            f"«{name}» (hay {there}, mínimo {minimum}) debería ser «{verdict}» y dices «{said}». "
            "Mira sin importar y compara los números de la versión.": said != verdict,
        }


@ejercicio_2.solved_by
def package_report(minimums):
    """«falta», «vieja» o «bien» para cada ``{distribución: versión mínima}``."""
    from packaging.version import Version

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
    "Un núcleo es un diccionario: exec(celda, memoria) ejecuta la celda en esa memoria.",
    "Haz dos ejecuciones, cada una con su propio diccionario vacío, y compáralos.",
    "exec añade la clave «__builtins__»: no la cuentes. Y si algo falla, devuelve False.",
    praise="¡Correcto! Eso es lo que pregunta «Reiniciar el núcleo y ejecutar todas las celdas».",
    on_error="Si una celda falla, el cuaderno no es reproducible: captura el error, sea cual sea, "
    "y devuelve False.",
)
def ejercicio_3(answer):
    cases = {
        "Se ejecutó de arriba abajo, una vez cada celda": (["a = 1", "b = a + 1"], [0, 1]),
        "La segunda celda se ejecutó dos veces y «a» vale 3; al reiniciar valdría 2": (
            ["a = 1", "a = a + 1"], [0, 1, 1]),
        "En otro orden, «b» acaba valiendo 1 en lugar de 5": (
            ["a = 1", "a = 5", "b = a"], [1, 0, 2]),
        "El orden cambió, pero la memoria acaba igual: lo que cuenta es el resultado": (
            ["a = 1", "b = 2"], [1, 0]),
        "Una celda no llegó a ejecutarse: falta «b»": (["a = 1", "b = 2"], [0]),
        "Al reiniciar, la primera celda usa «a» antes de que exista y el cuaderno falla": (
            ["b = a + 1", "a = 1"], [1, 0]),
        "La segunda celda se ejecutó antes que la primera y falló, aunque luego saliera bien": (
            ["a = 1", "b = a"], [1, 0, 1]),
        "Al reiniciar, la segunda celda divide entre 0": (["a = 1", "a = 1 / 0"], [0]),
    }  # fmt: skip
    for why, case in cases.items():
        expected = reproducible(*case)
        yield {
            f"La respuesta es {expected}. {why}. ¿Empieza cada ejecución con una memoria nueva, y "
            "cuentas los fallos de las dos?": truth(answer(*case)) != expected
        }


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
    "Tres montones",
    "Baraja los números de fila, no las filas: así x e y siguen emparejados.",
    "np.random.default_rng(seed).permutation(len(x)) da los números de fila, barajados.",
    "Corta esa lista en el 60 % y en el 80 %, y usa cada trozo dos veces: x[trozo], y[trozo].",
    praise="¡Correcto! Ninguna fila se examina de lo que ya ha visto.",
)
def ejercicio_4(answer):
    for count in (100, 503):
        x = np.column_stack([np.arange(count), -np.arange(count)]).astype("float32")
        y = (np.arange(count) % 3 == 0).astype("float32")
        first, again, other = (_rows_by_part(answer(x, y, seed), y) for seed in (0, 0, 1))
        everything = [row for rows in first.values() for row in rows]
        repeated = len(everything) - len(set(everything))
        yield {
            f"De {count} filas, la parte de {name} tiene {len(first[name])} y le tocan "
            f"{share * count:.0f}. El orden es entrenamiento, validación y "
            "examen.": abs(len(first[name]) - share * count) >= 2
            for name, share in SHARES.items()
        }
        yield {
            f"De {count} filas, hay {repeated} en más de una parte (o repetidas): quien se examina "
            "de lo que ya ha visto aprueba siempre.": repeated,
            f"De {count} filas, se pierden {count - len(everything)}.": len(everything) != count,
            "La misma semilla da dos repartos distintos: usa seed para barajar.": first != again,
        }
        yield {
            f"Con otra semilla sale el mismo montón de {name}: ¿lo has barajado todo con seed? Si "
            "los datos vienen ordenados, un corte sin barajar deja juntas las filas de un solo "
            "tipo.": set(first[name]) == set(other[name])
            for name in reversed(SHARES)
        }


def _rows_by_part(given, y) -> dict[str, list[int]]:
    """Los números de fila de cada parte; la primera columna de cada fila es su número."""
    form = "Devuelve tres parejas: (x, y) de entrenamiento, de validación y de examen."
    found = {}
    for name, pair in zip(SHARES, items(given, 3, form)):
        x, part = (np.asarray(value, dtype="float64") for value in items(pair, 2, form))
        require(
            x.shape == (part.size, 2),
            f"En la parte de {name}, x tiene forma {x.shape} e y, {part.size} respuestas. {form}",
        )
        rows = x[:, 0].astype(int)
        wrong = int((part.ravel() != y[rows]).sum())
        require(
            not wrong,
            f"{wrong} filas de {name} no conservan su respuesta: baraja x e y con el mismo orden.",
        )
        found[name] = rows.tolist()
    return found


@ejercicio_4.solved_by
def split(x, y, seed):
    """Tres parejas ``(x, y)``: 60 % para entrenar, 20 % para validar y 20 % para el examen."""
    rows = np.random.default_rng(seed).permutation(len(x))
    cuts = [int(0.6 * len(x)), int(0.8 * len(x))]
    return [(x[part], y[part]) for part in np.split(rows, cuts)]


@exercise(
    "Tu primera red, y una rosquilla",
    "Las piezas son las de la página: keras.Sequential([...]), compile(...), fit(..., verbose=0) y "
    "return model.",
    "La rosquilla tiene dos fronteras, una dentro de otra: hacen falta más dobleces, o sea, más "
    "neuronas o una segunda capa oculta.",
    "Con dos capas Dense de 32 «relu» y las mismas épocas, lotes y Adam(0.02) sobra.",
    praise="¡Correcto! Tu primera red neuronal, y aprende de verdad.",
)
def ejercicio_5(answer):
    lines = _code_lines(answer)
    yield {
        f"Tu función tiene {lines} líneas (una llamada larga cuenta como una) y el tope son "
        f"{MAX_LINES}: Sequential, Input, tres Dense, compile y fit caben de "
        "sobra.": lines > MAX_LINES
    }
    x, y = _ring(2000, seed=3)
    for seed in (0, 1):  # un mal comienzo no suspende a una red buena
        keras.utils.set_random_seed(seed)
        model = answer(*_ring(512, seed=2))
        check_network(model)
        output = np.asarray(model.predict(x, verbose=0), dtype=float).reshape(len(x), -1)
        answers, form = yield from _decisions(output, y)
        right = f"Acierta el {100 * np.mean(answers == y):.1f} % de 2000 puntos "
        if np.mean(answers == y) > ENOUGH:
            return f"{right}nuevos, y responde con {form}."
    right += f"que no ha visto y hace falta más del {100 * ENOUGH:.0f} %; responder siempre lo "
    right += f"mismo ya da el {100 * (1 - y.mean()):.0f} %. "
    outside = output.shape[1] == 1 and (output.min() < 0 or output.max() > 1)
    advice = "¿La has entrenado con fit? ¿Tiene capa oculta con «relu»? ¿Bastantes neuronas para "
    advice += "una frontera doble? ¿Bastantes épocas, y una tasa que no sea muy pequeña?"
    yield {
        f"{right}La salida se sale de 0–1: si no es a propósito (como con from_logits=True en la "
        f'pérdida), falta activation="sigmoid" en la última capa. Si lo es: {advice}': outside,
        f"{right}Responde lo mismo a todos los puntos. ¿Lleva «softmax» una capa de una sola "
        "neurona? Da siempre 1: usa «sigmoid».": np.ptp(output, axis=0).max() < 1e-6,
        f"{right}{advice}": True,
    }


def _decisions(output, y):
    """La respuesta de cada fila de ``output`` ``(n, 1)`` o ``(n, 2)``, y en qué forma la da."""
    yield {
        f"La red da {output.shape[1]} números por punto. Basta uno, con Dense(1), o dos, uno por "
        "respuesta.": output.shape[1] not in (1, 2),
        "La red responde NaN: los pasos son tan largos que se ha salido del mapa. Baja la "
        "tasa.": not np.isfinite(output).all(),
    }
    if output.shape[1] == 2:
        return output.argmax(axis=1), "dos números, uno por clase: gana el mayor"
    values = output[:, 0]
    if values.min() >= 0 and values.max() <= 1:
        return values > 0.5, "una probabilidad: decide en 0.5"
    # Sin sigmoide decide en 0 (logits, o clases −1 y 1) o en 0.5 (si persigue el 0 y el 1).
    cut = max((0.0, 0.5), key=lambda cut: np.mean((values > cut) == y))
    return values > cut, f"un número sin límites: decide en {cut:g}"


@ejercicio_5.solved_by
def network(x, y):
    """Red entrenada con ``x`` (n, 2) e ``y`` (n,)."""
    model = keras.Sequential()
    model.add(keras.Input(shape=(2,)))
    model.add(keras.layers.Dense(32, activation="relu"))
    model.add(keras.layers.Dense(32, activation="relu"))
    model.add(keras.layers.Dense(1, activation="sigmoid"))
    model.compile(optimizer=keras.optimizers.Adam(0.02), loss="binary_crossentropy")
    model.fit(x, y, epochs=40, batch_size=64, verbose=0)
    return model


@exercise(
    "Dibuja tu propia frontera",
    "x[:, 0] y x[:, 1] son las coordenadas; una condición sobre ellas da un array de sí y no.",
    "Piensa en figuras con fuera por varios lados: una franja, un rombo, las esquinas.",
    "Una franja vertical: np.abs(x[:, 0]) < 0.5.",
    praise="¡Bien dibujada!",
)
def ejercicio_6(answer):
    (x, _), (x_new, circle) = doctor.circle(512, seed=4), doctor.circle(2000, seed=5)
    y = yield from _shape_of(answer, x)
    y_new = yield from _shape_of(answer, x_new)
    share, alike = 100 * y_new.mean(), np.mean(y_new == circle)
    fair, new = 20 <= share <= 80, 0.05 < alike < 0.95
    yield {
        f"Tu figura ocupa el {share:.0f} % del cuadrado y se pide entre el 20 y el 80 %.": not fair,
        "Es casi el círculo de la página (o lo de fuera, que es la misma frontera). Inventa "
        "otra.": not new,
    }
    line = LogisticRegression().fit(x, y).score(x_new, y_new)
    yield {
        f"Una recta acierta el {100 * line:.0f} %, más del 85 %: tu figura es casi un corte recto. "
        "Que tenga fuera por los dos lados.": line > 0.85
    }
    keras.utils.set_random_seed(0)
    model = doctor.first_network()
    # Las épocas de la página, seguidas en una sola: los mismos pasos en mucho menos tiempo.
    rows, goals = np.tile(x, (doctor.EPOCHS, 1)), np.tile(y, doctor.EPOCHS)
    model.fit(rows, goals, batch_size=doctor.BATCH, verbose=0)
    learned = np.mean((model.predict(x_new, verbose=0)[:, 0] > 0.5) == y_new)
    said = f"Una recta acierta el {100 * line:.0f} % y la red, el {100 * learned:.0f} %"
    yield {
        f"{said}: para la de 16 neuronas es demasiado, y se pide más del {100 * ENOUGH:.0f} %. "
        "Menos trozos, o más grandes.": learned <= ENOUGH
    }
    return f"{said}."


def _shape_of(answer, x):
    """Lo que dice ``answer`` de cada punto, float32 ``(n,)``; rechaza lo que no sea 0 o 1."""
    given, again = (np.asarray(answer(x)) for _ in range(2))
    binary = given.dtype.kind in "biuf" and np.isin(given, (0, 1)).all()
    yield {
        f"Con {len(x)} puntos devuelves algo de forma {given.shape}: hace falta una respuesta por "
        "punto. Trabaja con las columnas, x[:, 0] y "
        "x[:, 1].": given.size != len(x) or given.ndim not in (1, 2),
        f"Las respuestas son 0 o 1 (o False y True), y hay un {given.ravel()[:1]}.": not binary,
        "Con los mismos puntos responde dos cosas distintas: la figura no puede depender del "
        "azar.": not np.array_equal(given, again),
    }
    return given.ravel().astype("float32")


@ejercicio_6.solved_by
def my_shape(x):
    """Una franja vertical en el centro."""
    return np.abs(x[:, 0]) < 0.5


def _ring(samples: int, seed: int):
    """Puntos ``(n, 2)`` del cuadrado de lado 2 y, ``(n,)``, 1 si están en la rosquilla."""
    x = np.random.default_rng(seed).uniform(-1, 1, (samples, 2)).astype("float32")
    radius = np.hypot(x[:, 0], x[:, 1])
    return x, ((0.45 < radius) & (radius < 0.85)).astype("float32")


def _code_lines(function) -> int:
    """Instrucciones de una función, sin la docstring. 0 si no se puede saber.

    Una llamada repartida en varias líneas cuenta como una: así las escribe la página.
    """
    try:
        (tree,) = ast.parse(source_of(function)).body
    except (SyntaxError, ValueError):
        return 0
    documented = isinstance(tree, ast.FunctionDef) and ast.get_docstring(tree) is not None
    return sum(isinstance(node, ast.stmt) for node in ast.walk(tree)) - documented
