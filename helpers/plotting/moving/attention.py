"""A qué palabras mira cada palabra, capa a capa y cabeza a cabeza. Cuaderno 09."""

from html import escape

import numpy as np

from helpers.plotting import style
from helpers.plotting.moving import moving

ROW, WIDE = 26, 480  # alto de una línea y ancho del dibujo
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
      right[j].textContent = data.keys[j] + (weight >= 0.05 ?
        "  " + Math.round(100 * weight) + " %" : "");
      right[j].setAttribute("fill", weight >= 0.05 ? "#222" : "#6e6e6e");
      if (weight < 0.01) { return; }
      make(part("links"), "line", {
        x1: 160, x2: 320, y1: data.top + data.row * word, y2: data.top + data.row * j,
        "stroke-width": 1 + 7 * weight, "stroke-opacity": 0.15 + 0.85 * weight,
      });
    });
    const most = row.map((w, j) => [w, j]).sort((a, b) => b[0] - a[0] || a[1] - b[1]).slice(0, 3);
    return data.sliders[0][layer] + ", " + data.sliders[1][head] + ": «" + data.queries[word] +
      "» mira a " + most.map(([w, j]) =>
        "«" + data.keys[j] + "» (" + Math.round(100 * w) + " %)").join(", ") + ".";
  }
"""


def attention(weights, queries, keys=None, *, start: tuple[int, int, int] = (0, 0, 0),
              name: str = "atencion"):  # fmt: skip
    """La atención sobre una frase, con tres deslizadores: capa, cabeza y palabra que mira.

    Args:
        weights: ``(capas, cabezas, n, m)``; cada fila suma 1.
        queries: las ``n`` palabras que miran. keys: las ``m`` miradas; si no se dice, las mismas.
        start: capa, cabeza y palabra del primer fotograma, desde 0.

    Raises:
        ValueError: si las formas no casan o las filas no suman 1.
    """
    weights = np.asarray(weights, float)
    queries = [str(word) for word in queries]
    keys = queries if keys is None else [str(word) for word in keys]
    if weights.ndim != 4 or weights.shape[2:] != (len(queries), len(keys)):
        raise ValueError(
            f"Los pesos tienen forma {weights.shape} y hacen falta (capas, cabezas, "
            f"{len(queries)}, {len(keys)}): una fila por palabra que mira."
        )
    if not np.allclose(weights.sum(axis=-1), 1, atol=1e-3):
        raise ValueError("Cada fila de la atención debe sumar 1: ¿es la salida de la softmax?")
    percent = np.rint(100 * weights).astype(int)
    layer, head, word = start
    row, top = percent[layer, head, word], 40

    def column(words, x):
        return "".join(f'<text x="{x}" y="{top + ROW * i + 5}">{escape(text)}</text>'
                       for i, text in enumerate(words))  # fmt: skip

    links = "".join(
        f'<line x1="160" x2="320" y1="{top + ROW * word}" y2="{top + ROW * j}" '
        f'stroke-width="{1 + 0.07 * w:.2f}" stroke-opacity="{0.15 + 0.0085 * w:.2f}"/>'
        for j, w in enumerate(row) if w
    )  # fmt: skip
    layers = [f"capa {i + 1}" for i in range(weights.shape[0])]
    heads = [f"cabeza {i + 1}" for i in range(weights.shape[1])]
    most = np.argsort(-row, kind="stable")[:3]
    said = f"{layers[layer]}, {heads[head]}: «{queries[word]}» mira a " + ", ".join(
        f"«{keys[j]}» ({row[j]} %)" for j in most
    )
    svg = FRAME.format(
        wide=WIDE, high=top + ROW * max(len(queries), len(keys)), blue=style.BLUE, links=links,
        queries=column(queries, 150), keys=column(keys, 330),
    )  # fmt: skip
    data = {"weights": percent.tolist(), "queries": queries, "keys": keys, "row": ROW, "top": top,
            "blue": style.BLUE}  # fmt: skip
    return moving(
        name, "La atención sobre una frase, capa a capa", svg,
        f"Dos columnas de palabras unidas por rayas: las más gruesas, lo más mirado. {said}.",
        f"{said}.",
        {"capa": (layers, layer), "cabeza": (heads, head), "palabra que mira": (queries, word)},
        SCRIPT, data, play=0, interval=1200,
    )  # fmt: skip
