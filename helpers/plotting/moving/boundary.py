"""La frontera de una red de dos entradas, según sus neuronas ocultas y las épocas. Cuaderno 03."""

import numpy as np

from helpers.console import counted
from helpers.plotting import style
from helpers.plotting.moving import moving

CELLS, SCALE = 40, 1000  # casillas por lado del primer fotograma; los pesos van en milésimas
LOW, SIDE = -0.5, 2.0  # el plano va de −0.5 a 1.5
BLUE, ORANGE = (list(bytes.fromhex(colour[1:])) for colour in (style.BLUE, style.ORANGE))
FRAME = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 350" role="img">
<rect width="480" height="350" fill="#fff"/>
<svg x="50" y="10" width="300" height="300" viewBox="-0.5 -1.5 2 2">
<g class="field">{field}</g><g class="lines" stroke="#222" stroke-width="0.006"
 stroke-dasharray="0.03 0.02">{lines}</g>{points}</svg>
<g font-family="sans-serif" font-size="13" fill="#222">
<text x="120" y="328">0</text><text x="270" y="328">1</text><text x="170" y="341">entrada 1</text>
<text x="32" y="240">0</text><text x="32" y="90">1</text>
<text x="22" y="190" transform="rotate(-90 22 190)">entrada 2</text>
<rect x="366" y="20" width="16" height="16" fill="{blue}"/><text x="390" y="33">responde 1</text>
<rect x="366" y="46" width="16" height="16" fill="#fff" stroke="#8e8e8e"/>
<text x="390" y="59">no sabe</text>
<rect x="366" y="72" width="16" height="16" fill="{orange}"/><text x="390" y="85">responde 0</text>
<path d="M366 106h16" stroke="#222" stroke-width="3"/><text x="390" y="111">frontera</text>
<path d="M366 132h16" stroke="#222" stroke-dasharray="5 3"/><text x="390" y="137">neurona</text>
</g></svg>"""
SCRIPT = """
  const canvas = document.createElement("canvas"), size = 150;
  canvas.width = canvas.height = size;
  const pen = canvas.getContext("2d"), pixels = pen.createImageData(size, size);
  part("field").textContent = "";
  const picture2 = make(part("field"), "image", {x: -0.5, y: -1.5, width: 2, height: 2});
  function draw(neurons, moment, seed) {
    const w = data.weights[neurons][moment][seed].map((v) => v / data.scale);
    const h = data.sizes[neurons], answers = new Float64Array(size * size);
    for (let i = 0; i < size * size; i++) {
      const x = -0.5 + 2 * (i % size + 0.5) / size;
      const y = 1.5 - 2 * (Math.floor(i / size) + 0.5) / size;
      let z = w[4 * h];
      for (let k = 0; k < h; k++) {
        z += w[3 * h + k] * Math.max(0, w[k] * x + w[h + k] * y + w[2 * h + k]);
      }
      answers[i] = 1 / (1 + Math.exp(-z));
    }
    for (let i = 0; i < size * size; i++) {
      const p = answers[i], near = [i + 1, i + size].filter((j) => j < size * size);
      const edge = (i + 1) % size && near.some((j) => (answers[j] > 0.5) !== (p > 0.5));
      const tone = p > 0.5 ? data.blue : data.orange, mix = Math.abs(2 * p - 1);
      for (let c = 0; c < 3; c++) {
        pixels.data[4 * i + c] = edge ? 34 : 255 + mix * (tone[c] - 255);
      }
      pixels.data[4 * i + 3] = 255;
    }
    pen.putImageData(pixels, 0, 0);
    picture2.setAttribute("href", canvas.toDataURL());
    part("lines").textContent = "";
    for (let k = 0; k < h; k++) {
      const a = w[k], b = w[h + k], c = w[2 * h + k], long = Math.hypot(a, b);
      if (long < 0.01) { continue; }
      const x = -a * c / long / long, y = -b * c / long / long;
      make(part("lines"), "line", {
        x1: x - 4 * b / long, y1: -(y + 4 * a / long),
        x2: x + 4 * b / long, y2: -(y - 4 * a / long),
      });
    }
    const hits = data.hits[neurons][moment][seed];
    return data.sliders[0][neurons] + ", época " + data.sliders[1][moment] + ": acierta " + hits +
      " de " + data.rows + (hits === data.rows ? ", XOR entero." : ".");
  }
"""


def _answers(weights, points):
    """Lo que responde cada red en cada punto, ``(N, m)``."""
    W1, b1, W2, b2 = weights
    return 1 / (1 + np.exp(-(np.maximum(points @ W1 + b1, 0) @ W2 + b2)))[..., 0]


def _field(weights) -> str:
    """El plano en casillas, una ``path`` por tono: unos pocos kB y siempre el mismo texto."""
    centers = LOW + SIDE * (np.arange(CELLS) + 0.5) / CELLS
    plane = np.stack(np.meshgrid(centers, centers[::-1]), axis=-1)
    answers = _answers(weights, plane.reshape(-1, 2))[0].reshape(CELLS, CELLS)
    levels = np.rint(8 * (2 * answers - 1)).astype(int)
    paths = []
    for level in np.unique(levels):
        tone = BLUE if level > 0 else ORANGE
        red, green, blue = (round(255 + abs(level) / 8 * (part - 255)) for part in tone)
        cells = ""
        for row, line in enumerate(levels == level):
            turns = np.flatnonzero(np.diff(line, prepend=False, append=False))
            for begin, end in turns.reshape(-1, 2):
                cells += f"M{begin} {row}h{end - begin}v1h-{end - begin}z"
        paths.append(f'<path fill="rgb({red},{green},{blue})" d="{cells}"/>')
    one = answers > 0.5
    frontier = [f"M{c + 1} {r}v1" for r, c in np.argwhere(one[:, 1:] != one[:, :-1])]
    frontier += [f"M{c} {r + 1}h1" for r, c in np.argwhere(one[1:] != one[:-1])]
    paths.append(f'<path stroke="#222" stroke-width="0.3" d="{"".join(frontier)}"/>')
    shape = f"translate({LOW} -1.5) scale({SIDE / CELLS})"
    return f'<g transform="{shape}" shape-rendering="crispEdges">{"".join(paths)}</g>'


def _lines(weights) -> str:
    """La recta en la que se enciende cada neurona."""
    drawn = ""
    for a, b, c in np.concatenate([weights[0][0], weights[1][0]]).T:
        if (long := np.hypot(a, b)) >= 0.01:
            x, y, dx, dy = -a * c / long**2, -b * c / long**2, -4 * b / long, 4 * a / long
            drawn += f'<line x1="{x + dx:.2f}" y1="{-y - dy:.2f}" '
            drawn += f'x2="{x - dx:.2f}" y2="{-y + dy:.2f}"/>'
    return drawn


def _points(X, Y) -> str:
    """Círculos azules los unos y cuadrados naranjas los ceros, con borde para verlos encima."""
    look = 'stroke="#fff" stroke-width="0.03"'
    marks = []
    for (x, y), one in zip(X, Y):
        if one > 0.5:
            marks.append(f'<circle cx="{x:g}" cy="{-y:g}" r="0.08" fill="{style.BLUE}" {look}/>')
        else:
            marks.append(f'<rect x="{x - 0.07:g}" y="{-y - 0.07:g}" width="0.14" height="0.14" '
                         f'fill="{style.ORANGE}" {look}/>')  # fmt: skip
    return "".join(marks)


def boundary(album: dict, moments, X, Y, *, start: tuple[int, int], name: str = "frontera"):
    """La frontera de redes 2-``h``-1 (ReLU y sigmoide) mientras aprenden.

    Args:
        album: ``{h: [pesos en cada momento]}``; los pesos, los de ``N`` redes a la vez:
            ``[(N, 2, h), (N, 1, h), (N, h, 1), (N, 1, 1)]``.
        moments: la época de cada momento. X, Y: ``(m, 2)`` y ``(m, 1)``.
        start: el primer fotograma: neuronas y época.

    Raises:
        ValueError: si el álbum no tiene un momento por época, o ``start`` no está en él.
    """
    sizes, moments = list(album), [int(moment) for moment in moments]
    if any(len(photos) != len(moments) for photos in album.values()):
        raise ValueError(f"Cada red del álbum debe tener {len(moments)} momentos.")
    if start[0] not in sizes or start[1] not in moments:
        raise ValueError(f"start={start} no está: hay {sizes} neuronas y las épocas {moments}.")
    X, Y = np.asarray(X, float), np.asarray(Y, float).ravel()
    weights, hits = [], []
    for photos in album.values():
        rows = [np.concatenate([w.reshape(len(w), -1) for w in nets], axis=1) for nets in photos]
        weights.append([np.rint(SCALE * row).astype(int).tolist() for row in rows])
        right = [(_answers(nets, X) > 0.5) == (Y > 0.5) for nets in photos]
        hits.append([each.sum(axis=1).tolist() for each in right])
    size, moment = sizes.index(start[0]), moments.index(start[1])
    shown = [w[:1] for w in album[start[0]][moment]]
    names = [counted(h, "neurona") for h in sizes]
    said = f"{names[size]}, época {start[1]}: acierta {hits[size][moment][0]} de {len(X)}."
    svg = FRAME.format(
        field=_field(shown), lines=_lines(shown), points=_points(X, Y), blue=style.BLUE,
        orange=style.ORANGE,
    )  # fmt: skip
    data = {"weights": weights, "hits": hits, "sizes": sizes, "rows": len(X), "scale": SCALE,
            "blue": BLUE, "orange": ORANGE}  # fmt: skip
    seeds = [f"semilla {seed}" for seed in range(len(weights[0][0]))]
    return moving(
        name, "La frontera según las neuronas ocultas y las épocas", svg,
        f"El plano de las dos entradas, coloreado por la respuesta de la red. {said}", said,
        {"neuronas ocultas": (names, size), "época": (moments, moment),
         "pesos iniciales": (seeds, 0)},
        SCRIPT, data, play=1,
    )  # fmt: skip
