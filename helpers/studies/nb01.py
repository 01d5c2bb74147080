"""Estudio del cuaderno 01: cuánto cambia la primera red al cambiar solo la semilla."""

SEEDS = range(30)


def run(progress) -> dict:
    """Exactitud en el examen con cada semilla; el entrenamiento es el de ``helpers.cli.doctor``."""
    from helpers.cli.doctor import train_first_network

    accuracies = []
    for done, seed in enumerate(SEEDS):
        progress(done, len(SEEDS))
        accuracies.append(train_first_network(seed)["accuracy"])
    return {
        "seeds": list(SEEDS),
        "accuracy": accuracies,
        "baseline": train_first_network(0)["baseline"],
    }
