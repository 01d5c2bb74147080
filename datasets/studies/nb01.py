"""Estudio del cuaderno 01: cuánto cambia la primera red al cambiar solo la semilla."""

from helpers import smoke

SEEDS = range(30)


def run(step) -> dict:
    """Exactitud en el examen con cada semilla; el entrenamiento es el de ``helpers.smoke``."""
    accuracies = []
    for seed in SEEDS:
        accuracies.append(smoke.fit(seed)["accuracy"])
        step(len(SEEDS))
    return {"seeds": list(SEEDS), "accuracy": accuracies, "baseline": smoke.fit(0)["baseline"]}
