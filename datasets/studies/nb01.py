"""Estudio del cuaderno 01: cuánto cambia la primera red al cambiar solo la semilla."""

SEEDS = range(30)


def run(step) -> dict:
    """Exactitud en el examen con cada semilla; el entrenamiento es el de ``helpers.cli.doctor``."""
    from helpers.cli.doctor import train_first_network

    accuracies = []
    for seed in SEEDS:
        accuracies.append(train_first_network(seed)["accuracy"])
        step(len(SEEDS))
    baseline = train_first_network(0)["baseline"]
    return {"seeds": list(SEEDS), "accuracy": accuracies, "baseline": baseline}
