"""Soluciones de los ejercicios del cuaderno 01."""


def newer(version, other):
    """¿Es ``version`` posterior a ``other``?"""

    def numbers(text):
        return [int(part) for part in text.split(".")]

    first, second = numbers(version), numbers(other)
    length = max(len(first), len(second))
    pad = [0] * length  # 2.0 y 2.0.0 son la misma versión
    return (first + pad)[:length] > (second + pad)[:length]


def package_report(minimums):
    """«falta», «vieja» o «bien» para cada ``{distribución: versión mínima}``."""
    from importlib import metadata

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


def reproducible(cells, order):
    """¿Queda la misma memoria que al ejecutarlo todo de arriba abajo?"""

    def memory_after(positions):
        memory = {}
        for position in positions:
            exec(cells[position], memory)
        return {name: value for name, value in memory.items() if name != "__builtins__"}

    try:
        return memory_after(order) == memory_after(range(len(cells)))
    except Exception:  # de arriba abajo ni siquiera termina
        return False


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
