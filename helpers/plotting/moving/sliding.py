"""El kernel que se desliza por la imagen, paso a paso. Cuaderno 06."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import to_hex

from helpers.plotting import style
from helpers.plotting.convolution import LUMA, products, text_of
from helpers.plotting.moving import moving

SIDE, GAP, TOP = 32, 28, 24  # lado de una casilla, separación entre matrices y alto de su título
FRAME = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 0 {wide} {high}" role="img">
<rect x="-2" width="{wide}" height="{high}" fill="#fff"/>
<g font-family="sans-serif" font-size="14" text-anchor="middle" stroke="none">{grids}</g>
<g fill="none" stroke="{tone}" stroke-width="4">
<rect class="window" x="0" y="{top}" width="{width}" height="{height}"/>
<rect class="here" x="{output}" y="{top}" width="{side}" height="{side}"/></g></svg>"""
SCRIPT = """
  const cells = [...part("resultado").children];
  function draw(step) {
    const y = Math.floor(step / data.columns), x = step % data.columns;
    part("window").setAttribute("x", data.side * data.stride * x);
    part("window").setAttribute("y", data.top + data.side * data.stride * y);
    part("here").setAttribute("x", data.output + data.side * x);
    part("here").setAttribute("y", data.top + data.side * y);
    cells.forEach((cell, i) => {
      cell.firstChild.setAttribute("fill", i <= step ? data.back[i] : "#fff");
      cell.lastChild.textContent = i <= step ? data.text[i] : "";
    });
    return data.sums[step];
  }
"""


def _painted(values, cmap: str, bound: float | None = None) -> list[tuple[str, str, str]]:
    """Por casilla: el color del fondo, el del número y el número."""
    low, high = (values.min(), values.max()) if bound is None else (-bound, bound)
    shades = plt.get_cmap(cmap)((values.ravel() - low) / max(high - low, 1e-12))[:, :3]
    return [(to_hex(shade), "#fff" if shade @ LUMA < 0.5 else "#222", text_of(value))
            for shade, value in zip(shades, values.ravel())]  # fmt: skip


def _grid(name: str, left: int, columns: int, cells, shown: int | None = None) -> str:
    """Una matriz con su nombre encima; si se dice, llenas solo las ``shown`` primeras casillas."""
    drawn = []
    for k, (back, front, text) in enumerate(cells):
        x, y = left + SIDE * (k % columns), TOP + SIDE * (k // columns)
        full = shown is None or k < shown
        drawn.append(
            f'<g><rect x="{x}" y="{y}" width="{SIDE}" height="{SIDE}" stroke="#999" '
            f'fill="{back if full else "#fff"}"/><text x="{x + SIDE // 2}" y="{y + 21}" '
            f'fill="{front}">{text if full else ""}</text></g>'
        )
    title = f'<text x="{left + SIDE * columns // 2}" y="16" fill="#222">{name}</text>'
    return f'{title}<g class="{name}">{"".join(drawn)}</g>'


def sliding(image, kernel, output, stride: int = 1, *, name: str = "deslizar"):
    """El kernel recorriendo la imagen, con un deslizador.

    Args:
        image: ``(alto, ancho)``, ya con su relleno. kernel: ``(k_alto, k_ancho)``.
        output: el resultado, ``(alto', ancho')``. stride: paso.

    Raises:
        ValueError: si las formas no casan.
    """
    image, kernel, output = (np.asarray(a, dtype=float) for a in (image, kernel, output))
    high, wide = kernel.shape
    sizes = tuple((n - k) // stride + 1 for n, k in zip(image.shape, kernel.shape))
    if output.shape != sizes:
        raise ValueError(
            f"Con paso {stride} el resultado debe medir {sizes}, y mide {output.shape}."
        )
    corners = [(stride * y, stride * x) for y, x in np.ndindex(output.shape)]
    sums = [products(image[y : y + high, x : x + wide], kernel) for y, x in corners]
    second = SIDE * image.shape[1] + GAP
    third = second + SIDE * wide + GAP
    result = _painted(output, "RdBu", 1.6 * max(np.abs(output).max(), 1e-9))
    grids = [
        _grid("imagen", 0, image.shape[1], _painted(image, "Greys_r")),
        _grid("kernel", second, wide, _painted(kernel, "RdBu", 1.6 * np.abs(kernel).max())),
        _grid("resultado", third, output.shape[1], result, shown=1),
    ]
    svg = FRAME.format(
        wide=third + SIDE * output.shape[1] + 4, high=TOP + SIDE * image.shape[0] + 2, top=TOP,
        grids="\n".join(grids), width=SIDE * wide, height=SIDE * high, output=third, side=SIDE,
        tone=style.ORANGE,
    )  # fmt: skip
    back, _, text = zip(*result)
    data = {"columns": output.shape[1], "stride": stride, "side": SIDE, "top": TOP,
            "output": third, "back": back, "text": text, "sums": sums}  # fmt: skip
    steps = [f"{k} de {output.size}" for k in range(1, output.size + 1)]
    return moving(
        name, "El kernel se desliza por la imagen", svg,
        f"Una imagen, un kernel y su resultado, en casillas con números. El kernel está en la "
        f"primera ventana: {sums[0]}.",
        sums[0], {"paso": (steps, 0)}, SCRIPT, data,
    )  # fmt: skip
