"""Estudio del cuaderno 01: cuánto cambia la primera red al cambiar solo la semilla."""

SEEDS = range(30)


def run(step) -> dict:
    """Exactitud en el examen con cada semilla, tras las épocas de la página y tras el doble.

    La red, los ejemplos y el examen son los de ``helpers.cli.doctor``, los mismos de la página.
    """
    import keras

    from helpers.cli import doctor

    (x, y), (x_exam, y_exam) = doctor.circle(512, seed=0), doctor.circle(512, seed=1)
    accuracy, double = [], []
    for seed in SEEDS:
        keras.utils.set_random_seed(seed)
        model = doctor.first_network()
        for scores in (accuracy, double):  # la segunda vez sigue donde lo dejó
            model.fit(x, y, epochs=doctor.EPOCHS, batch_size=doctor.BATCH, verbose=0)
            exam = model.evaluate(x_exam, y_exam, verbose=0, return_dict=True)
            scores.append(float(exam["accuracy"]))
        step(len(SEEDS))
    baseline = float(max(y_exam.mean(), 1 - y_exam.mean()))
    return {"seeds": list(SEEDS), "accuracy": accuracy, "double": double, "baseline": baseline}
