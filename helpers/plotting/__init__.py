"""Figuras de los cuadernos. Aquí no se sabe nada de modelos: entran arrays, salen ejes."""


def show(alt: str) -> None:
    """Muestra las figuras dibujadas en la celda, como ``plt.show()``, y las cierra.

    Args:
        alt: texto alternativo: qué se ve, para quien no puede verlo. Queda en los metadatos de la
            salida, de donde lo toman nbconvert y Sphinx. Si hay varias figuras, vale para todas.

    Raises:
        ValueError: si falta el texto o no hay ninguna figura dibujada.
    """
    import matplotlib.pyplot as plt
    from IPython import get_ipython

    if not isinstance(alt, str) or not alt.strip():
        raise ValueError(
            "show necesita un texto alternativo: una frase que cuente lo que se ve en la figura."
        )
    if not plt.get_fignums():
        raise ValueError(
            "No hay ninguna figura que mostrar: dibújala en esta misma celda, antes de show."
        )
    if getattr(get_ipython(), "kernel", None) is not None:
        for number in plt.get_fignums():
            _publish(plt.figure(number), " ".join(alt.split()))
    elif plt.get_backend().lower() != "agg":  # un programa con ventanas
        plt.show()
    plt.close("all")


def _publish(figure, alt: str) -> None:
    """Escribe ``figure`` en la salida de la celda, con el doble de puntos de los que ocupa."""
    from IPython.core.pylabtools import retina_figure
    from IPython.display import display

    if picture := retina_figure(figure):  # es None si no tiene nada dibujado
        png, size = picture
        display(
            {"image/png": png, "text/plain": repr(figure)},
            metadata={"image/png": {"alt": alt, **size}},
            raw=True,
        )
