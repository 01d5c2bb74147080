"""Deslizadores opcionales: solo si hay alguien delante y está ipywidgets. Cuaderno 04.

Cada celda con deslizadores va detrás de una figura fija que cuenta lo mismo, así que nadie se
pierde nada si no los ve: ni en GitHub, ni al ejecutar el cuaderno sin pantalla.
"""

from helpers.interactive import someone_is_watching

MISSING = (
    "Aquí habría unos mandos para jugar. Si los quieres, ejecuta «%pip install ipywidgets» en una "
    "celda nueva, reinicia el cuaderno y vuelve a esta celda. Sin ellos no te pierdes nada."
)


def explore(draw, *, active: bool | None = None, **sliders):
    """Vuelve a llamar a ``draw`` cada vez que se mueve un mando.

    Args:
        draw: función que dibuja una figura con los valores de los mandos.
        active: ``None``, solo si hay alguien delante.
        sliders: ``nombre=(mínimo, máximo, paso, inicial, etiqueta)``.

    Returns:
        El control; ``None`` si no hay nadie mirando o falta ipywidgets (y dice cómo instalarlo).

    Raises:
        ValueError: si un mando no trae los cinco valores o el inicial se sale.
    """
    for name, values in sliders.items():
        if len(values) != 5 or not values[0] <= values[3] <= values[1] or values[2] <= 0:
            raise ValueError(f"El mando «{name}» debe ser (mínimo, máximo, paso, inicial, "
                             f"etiqueta), y es {values}.")  # fmt: skip
    if not (someone_is_watching() if active is None else active):
        return None
    try:
        import ipywidgets
    except ImportError:
        print(MISSING)
        return None
    controls = {
        name: ipywidgets.FloatSlider(
            value, min=low, max=high, step=step, description=label, continuous_update=False
        )
        for name, (low, high, step, value, label) in sliders.items()
    }
    return ipywidgets.interactive(draw, **controls)
