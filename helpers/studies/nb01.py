"""Estudio del cuaderno 01: cuánto cambia la primera red al cambiar solo la semilla."""

SEEDS = range(30)


def run(progress) -> dict:
    """Exactitud en el examen con cada semilla; el entrenamiento es el de ``helpers.smoke``."""
    from helpers import smoke

    accuracies = []
    for done, seed in enumerate(SEEDS):
        progress(done, len(SEEDS))
        accuracies.append(smoke.fit(seed)["accuracy"])
    return {"seeds": list(SEEDS), "accuracy": accuracies, "baseline": smoke.fit(0)["baseline"]}
