"""A qué palabras mira cada palabra, capa a capa y cabeza a cabeza. Cuaderno 09."""

from html import escape

import numpy as np

from helpers.plotting import style
from helpers.plotting.moving import moving

ROW, TOP, WIDE = 26, 40, 480  # alto de una línea y de lo que hay encima, y ancho del dibujo
FRAME = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" role="img">
<rect width="{wide}" height="{high}" fill="#fff"/>
<g font-family="sans-serif" font-size="12" fill="#5c5c5c"><text x="150" y="18"
 text-anchor="end">mira</text><text x="330" y="18">es mirada</text></g>
<g class="links" stroke="{blue}">{links}</g>
<g class="queries" font-family="sans-serif" font-size="15" text-anchor="end">{queries}</g>
<g class="keys" font-family="sans-serif" font-size="15">{keys}</g></svg>"""
SCRIPT = """
  const left = [...part("queries").children], right = [...part("keys").children];
  left.forEach((word, i) => {
    word.style.cursor = "pointer";
    word.onclick = () => { stop(); bars[2].value = i; refresh(); };
  });
  function draw(layer, head, word) {
    const row = data.weights[layer][head][word].map((v) => v / 100);
    left.forEach((text, i) => {
      text.setAttribute("font-weight", i === word ? "bold" : "normal");
      text.setAttribute("fill", i === word ? data.blue : "#222");
    });
    part("links").textContent = "";
    row.forEach((weight, j) => {
      right[j].textContent = data.words[j] + (weight >= 0.05 ?
        "  " + Math.round(100 * weight) + " %" : "");
      right[j].setAttribute("fill", weight >= 0.05 ? "#222" : "#6e6e6e");
      if (weight < 0.01) { return; }
      make(part("links"), "line", {
        x1: 160, x2: 320, y1: data.top + data.row * word, y2: data.top + data.row * j,
        "stroke-width": 1 + 7 * weight, "stroke-opacity": 0.15 + 0.85 * weight,
      });
    });
    const most = row.map((w, j) => [w, j]).sort((a, b) => b[0] - a[0] || a[1] - b[1]).slice(0, 3);
    return data.sliders[0][layer] + ", " + data.sliders[1][head] + ": «" + data.words[word] +
      "» mira a " + most.map(([w, j]) =>
        "«" + data.words[j] + "» (" + Math.round(100 * w) + " %)").join(", ") + ".";
  }
"""


def attention(weights, words, *, start: tuple[int, int, int] = (0, 0, 0), name: str = "atencion"):
    """La atención sobre una frase, con tres deslizadores: capa, cabeza y palabra que mira.

    Args:
        weights: ``(capas, cabezas, n, n)``; cada fila suma 1.
        words: las ``n`` palabras, que miran y son miradas.
        start: capa, cabeza y palabra del primer fotograma, desde 0.

    Raises:
        ValueError: si las formas no casan o las filas no suman 1.
    """
    weights, words = np.asarray(weights, float), [str(word) for word in words]
    if weights.ndim != 4 or weights.shape[2:] != (len(words), len(words)):
        raise ValueError(
            f"Los pesos tienen forma {weights.shape} y hacen falta (capas, cabezas, "
            f"{len(words)}, {len(words)}): una fila por palabra que mira."
        )
    if not np.allclose(weights.sum(axis=-1), 1, atol=1e-3):
        raise ValueError("Cada fila de la atención debe sumar 1: ¿es la salida de la softmax?")
    percent = np.rint(100 * weights).astype(int)
    layer, head, word = start
    row, heights = percent[layer, head, word], [TOP + ROW * i for i in range(len(words))]

    def column(x):
        return "".join(f'<text x="{x}" y="{y + 5}">{escape(text)}</text>'
                       for y, text in zip(heights, words))  # fmt: skip

    links = "".join(
        f'<line x1="160" x2="320" y1="{heights[word]}" y2="{y}" '
        f'stroke-width="{1 + 0.07 * w:.2f}" stroke-opacity="{0.15 + 0.0085 * w:.2f}"/>'
        for y, w in zip(heights, row) if w
    )  # fmt: skip
    svg = FRAME.format(
        wide=WIDE, high=TOP + ROW * len(words), blue=style.BLUE, links=links, queries=column(150),
        keys=column(330),
    )  # fmt: skip
    layers, heads = (
        [f"{what} {i + 1}" for i in range(count)]
        for what, count in zip(("capa", "cabeza"), weights.shape)
    )
    most = [f"«{words[j]}» ({row[j]} %)" for j in np.argsort(-row, kind="stable")[:3]]
    said = f"{layers[layer]}, {heads[head]}: «{words[word]}» mira a {', '.join(most)}."
    data = {"weights": percent.tolist(), "words": words, "row": ROW, "top": TOP,
            "blue": style.BLUE}  # fmt: skip
    return moving(
        name, "La atención sobre una frase, capa a capa", svg,
        f"Dos columnas de palabras unidas por rayas: las más gruesas, lo más mirado. {said}", said,
        {"capa": (layers, layer), "cabeza": (heads, head), "palabra que mira": (words, word)},
        SCRIPT, data, interval=1200,
    )  # fmt: skip
