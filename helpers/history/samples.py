"""¿Vienen dos montones de muestras del mismo sitio? Datos de dos números y su examen.

Se explica en el cuaderno 04.
"""

import numpy as np

MODES, RADIUS, SPREAD = 8, 2.0, 0.2
EXAMS, EXAM_SIZE, LEVEL = 20, 300, 0.05


def centers(modes: int = MODES) -> np.ndarray:
    """Los centros de los grupos: repartidos en una circunferencia de radio 2, ``(modes, 2)``."""
    angle = 2 * np.pi * np.arange(modes) / modes
    return RADIUS * np.column_stack([np.cos(angle), np.sin(angle)])


def ring(count: int, seed: int, modes: int = MODES) -> np.ndarray:
    """Un corro de ``modes`` nubes gaussianas de desviación 0.2, ``(count, 2)`` en float32."""
    if count < 1 or modes < 1:
        raise ValueError(f"count y modes deben ser 1 o más: {count} y {modes}.")
    generator = np.random.default_rng(seed)
    which = generator.integers(0, modes, count)
    return (centers(modes)[which] + generator.normal(0, SPREAD, (count, 2))).astype("float32")


def modes_covered(samples, modes: int = MODES, share: float = 0.25) -> int:
    """Cuántas nubes reciben al menos ``share`` de las muestras que les tocarían.

    Una muestra pertenece a la nube de centro más próximo si está a menos de 3 desviaciones.
    """
    samples = np.asarray(samples, "float64")
    distance = np.linalg.norm(samples[:, None] - centers(modes), axis=-1)
    inside = distance.min(axis=1) < 3 * SPREAD
    counts = np.bincount(distance.argmin(axis=1)[inside], minlength=modes)
    return int((counts >= share * len(samples) / modes).sum())


def _distances(a, b):
    return np.linalg.norm(a[:, None] - b[None], axis=-1)


def _check(first, second):
    pair = [np.asarray(x, "float64") for x in (first, second)]
    if any(x.ndim != 2 or len(x) < 2 for x in pair) or pair[0].shape[1] != pair[1].shape[1]:
        raise ValueError(f"Hacen falta dos tablas (m, n) con las mismas columnas; llegan formas "
                         f"{pair[0].shape} y {pair[1].shape}.")  # fmt: skip
    if not all(np.isfinite(x).all() for x in pair):
        raise ValueError("Hay muestras que no son números (NaN o infinito).")
    return pair


def two_sample_test(first, second, shuffles: int = 500, seed: int = 0):
    """Prueba de permutación con la distancia de energía (Székely y Rizzo, 2013).

    Esa distancia, ``2 E|X - Y| - E|X - X'| - E|Y - Y'|``, es 0 solo si las dos distribuciones son
    la misma. Fuente: Journal of Statistical Planning and Inference 143, pp. 1249-1272.

    Si las dos muestras salen del mismo sitio, barajarlas no cambia nada: el valor ``p`` es la
    fracción de barajas con una distancia igual o mayor que la real. Con ``p < 0.05`` se dice que
    **se distinguen**.

    Returns:
        ``(distance, p)``.
    """
    a, b = _check(first, second)
    both, n = np.concatenate([a, b]), len(a)
    matrix = _distances(both, both)
    generator, m = np.random.default_rng(seed), len(b)

    def distance(order):
        side = np.zeros(n + m)
        side[order[:n]] = 1
        rows = matrix @ side
        xx = side @ rows
        xy = (1 - side) @ rows
        yy = matrix_total - xx - 2 * xy
        return 2 * xy / (n * m) - xx / n**2 - yy / m**2

    matrix_total = matrix.sum()
    real = distance(np.arange(n + m))
    shuffled = [distance(generator.permutation(n + m)) for _ in range(shuffles)]
    extreme = sum(value >= real - 1e-12 for value in shuffled)
    return float(real), (1 + extreme) / (1 + shuffles)


def exams(sampler, seed: int = 0, count: int = EXAMS) -> float:
    """Fracción de exámenes aprobados (``p ≥ 0.05``) con 300 muestras nuevas y 300 reales.

    Un generador perfecto aprobaría 19 de cada 20.

    Args:
        sampler: ``sampler(count, seed)`` devuelve muestras ``(count, 2)``.
    """
    verdicts = []
    for k in range(count):
        real = ring(EXAM_SIZE, 1_000_000 + 100 * seed + k)
        fake = sampler(EXAM_SIZE, 100 * seed + k)
        verdicts.append(two_sample_test(real, fake, 200, k)[1] >= LEVEL)
    return float(np.mean(verdicts))


def detective(real, fake, seed: int = 0) -> float:
    """¿Con qué exactitud aprende un bosque aleatorio a separar lo real de lo falso? Al azar, 0.5.

    Se entrena con la mitad de las muestras y se examina con la otra mitad. Fuente: Lopez-Paz y
    Oquab (2017), «Revisiting Classifier Two-Sample Tests», ICLR.
    """
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.model_selection import train_test_split

    a, b = _check(real, fake)
    labels = np.repeat([1, 0], (len(a), len(b)))
    parts = train_test_split(
        np.concatenate([a, b]), labels, test_size=0.5, random_state=seed, stratify=labels
    )
    forest = RandomForestClassifier(200, random_state=seed).fit(parts[0], parts[2])
    return float(forest.score(parts[1], parts[3]))
