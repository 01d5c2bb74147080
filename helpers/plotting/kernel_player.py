"""El kernel que se desliza, animado con botones: HTML y JavaScript, sin red ni programas.

Está vivo tal como se guarda: en JupyterLab, en Colab y en una página web hecha con nbconvert, sin
kernel. Donde no se ejecuta JavaScript (GitHub, o un cuaderno en el que JupyterLab aún no confía) se
ve el primer paso, sin botones.
"""

import json

import numpy as np

from helpers.plotting import style
from helpers.plotting.convolution import text_of

PAGE = """
<div data-player="@NAME" data-lm-suppress-shortcuts="true" tabindex="0" role="group"
 aria-label="El kernel, paso a paso; con las flechas se avanza y se retrocede"
 style="background:#fff;color:#222;padding:10px;font:14px sans-serif;max-width:fit-content">
<div style="display:flex;flex-wrap:wrap;gap:12px 34px;align-items:center">
<div>imagen@IMAGE</div>
<div>kernel@KERNEL</div>
<div>resultado@OUTPUT</div>
</div>
<p class="sum" aria-live="polite" style="min-height:1.4em;margin:10px 0">@SUM</p>
<p class="still" style="color:#555;margin:10px 0">Este es el primer paso. Para ver los demás,
 ejecuta esta celda.</p>
<div class="controls"></div>
</div>
<script>
(function () {
  const data = @DATA;
  function start(root) {
    const find = (name) => root.querySelector("." + name);
    find("controls").innerHTML = data.controls;
    const rows = (name) => [...find(name).rows].map((row) => [...row.cells]);
    const image = rows("image"), output = rows("output");
    const columns = output[0].length, total = data.sums.length;
    let step = 0, timer = null;
    function draw() {
      const y = Math.floor(step / columns), x = step % columns;
      const top = y * data.stride, left = x * data.stride;
      image.forEach((line, i) => line.forEach((cell, j) => {
        const inside = i >= top && i < top + data.height && j >= left && j < left + data.width;
        cell.style.boxShadow = inside ? "@FRAME" : "none";
      }));
      output.forEach((line, i) => line.forEach((cell, j) => {
        const done = i * columns + j <= step;
        cell.textContent = done ? data.output.text[i][j] : "";
        cell.style.background = done ? data.output.back[i][j] : "#fff";
        cell.style.color = data.output.front[i][j];
        cell.style.boxShadow = i === y && j === x ? "@FRAME" : "none";
      }));
      find("sum").textContent = data.sums[step];
      find("bar").value = step;
      find("count").textContent = (step + 1) + " de " + total;
    }
    function stop() { clearInterval(timer); timer = null; find("play").textContent = "reproducir"; }
    function go(where) { step = Math.min(Math.max(where, 0), total - 1); draw(); }
    find("back").onclick = () => { stop(); go(step - 1); };
    find("next").onclick = () => { stop(); go(step + 1); };
    find("bar").oninput = (event) => { stop(); go(Number(event.target.value)); };
    find("play").onclick = () => {
      if (timer) { stop(); return; }
      if (step === total - 1) { go(0); }
      find("play").textContent = "pausa";
      timer = setInterval(() => {
        if (step === total - 1) { stop(); } else { go(step + 1); }
      }, @INTERVAL);
    };
    root.onkeydown = (event) => {
      const moves = {
        ArrowRight: step + 1, ArrowLeft: step - 1, ArrowDown: step + columns,
        ArrowUp: step - columns, Home: 0, End: total - 1,
      };
      event.stopPropagation();
      if (event.key in moves) { event.preventDefault(); stop(); go(moves[event.key]); }
    };
    find("still").remove();
    root.dataset.alive = "yes";
    draw();
  }
  document.querySelectorAll('[data-player="@NAME"]:not([data-alive])').forEach(start);
})();
</script>
"""
# Los pone el guion: un cuaderno en el que JupyterLab no confía enseñaría unos que no van.
CONTROLS = """
<button class="back" aria-label="paso anterior">◀</button>
<button class="play">reproducir</button>
<button class="next" aria-label="paso siguiente">▶</button>
<input class="bar" type="range" min="0" max="@LAST" value="0" aria-label="paso"
 style="width:260px;vertical-align:middle">
<span class="count"></span>
"""
FRAME = f"inset 0 0 0 3px {style.ORANGE}"
CELL = "width:34px;height:30px;padding:0;border:1px solid #999;text-align:center"


def _table(values, colour) -> dict:
    """Textos y colores de una matriz; ``colour(valor)`` da el fondo, (r, g, b) de 0 a 255."""
    back, front = [], []
    for line in values:
        shades = [colour(float(value)) for value in line]
        back.append([f"rgb{shade}" for shade in shades])
        front.append(["#fff" if sum(shade) < 330 else "#222" for shade in shades])
    return {"text": [[text_of(v) for v in line] for line in values], "back": back, "front": front}


def _drawn(name, table, framed, shown=None) -> str:
    """``table`` en HTML: con marco las casillas ``framed``; si se dice, solo llenas ``shown``."""
    lines = []
    for y, line in enumerate(table["text"]):
        cells = []
        for x, text in enumerate(line):
            full = shown is None or (y, x) in shown
            back = table["back"][y][x] if full else "#fff"
            look = f"{CELL};background:{back};color:{table['front'][y][x]}"
            look += f";box-shadow:{FRAME}" if (y, x) in framed else ""
            cells.append(f'<td style="{look}">{text if full else ""}</td>')
        lines.append(f"<tr>{''.join(cells)}</tr>")
    rows = "\n".join(lines)
    return f'<table class="{name}" style="border-collapse:collapse;margin-top:4px">\n{rows}</table>'


def _grey(values):
    low, high = float(np.min(values)), float(np.max(values))

    def shade(value):
        level = round(255 * (value - low) / max(high - low, 1e-12))
        return (level, level, level)

    return shade


def _signed(values):
    """Azul lo positivo y rojo lo negativo, como en las figuras."""
    bound = max(float(np.abs(values).max()), 1e-12)

    def shade(value):
        strength = abs(value) / bound
        target = (66, 146, 198) if value > 0 else (214, 96, 77)
        return tuple(round(255 - strength * (255 - part)) for part in target)

    return shade


def kernel_player(image, kernel, output, stride: int = 1, *, name="kernel", interval: int = 700):
    """Una animación con botones del kernel recorriendo la imagen.

    Args:
        image: ``(alto, ancho)``, ya con su relleno. kernel: ``(k_alto, k_ancho)``.
        output: el resultado, ``(alto', ancho')``. stride: paso.
        name: identificador del HTML (letras); distinto en cada animación de un cuaderno.
        interval: milisegundos por paso.

    Returns:
        Un ``IPython.display.HTML``.

    Raises:
        ValueError: si las formas no casan o ``name`` no son solo letras.
    """
    from IPython.display import HTML

    image, kernel, output = (np.asarray(a, dtype=float) for a in (image, kernel, output))
    sizes = tuple((n - k) // stride + 1 for n, k in zip(image.shape, kernel.shape))
    if output.shape != sizes:
        raise ValueError(
            f"Con paso {stride} el resultado debe medir {sizes}, y mide {output.shape}."
        )
    if not name.isalpha() or not name.isascii():
        raise ValueError(f"name debe llevar solo letras sin acentos, y es «{name}».")
    high, wide = kernel.shape
    sums = []
    for y, x in np.ndindex(output.shape):
        window = image[y * stride : y * stride + high, x * stride : x * stride + wide]
        pairs = [
            f"{text_of(p)}·{text_of(k)}" if k > 0 else f"{text_of(p)}·({text_of(k)})"
            for p, k in zip(window.ravel(), kernel.ravel())
            if p and k
        ]
        sums.append(f"{' + '.join(pairs) or '0'} = {text_of(output[y, x])}")
    data = {
        "image": _table(image, _grey(image)),
        "kernel": _table(kernel, _signed(kernel)),
        "output": _table(output, _signed(output)),
        "controls": CONTROLS.replace("@LAST", str(len(sums) - 1)),
        "sums": sums, "stride": stride, "height": high, "width": wide,
    }  # fmt: skip
    first = set(np.ndindex(kernel.shape))  # donde está el kernel en el primer paso
    parts = {
        "@NAME": name, "@INTERVAL": int(interval), "@FRAME": FRAME,
        "@IMAGE": _drawn("image", data["image"], first), "@SUM": sums[0],
        "@KERNEL": _drawn("kernel", data["kernel"], ()),
        "@OUTPUT": _drawn("output", data["output"], {(0, 0)}, {(0, 0)}),
    }  # fmt: skip
    del data["image"], data["kernel"]  # ya están dibujados
    page = PAGE
    for mark, value in parts.items():
        page = page.replace(mark, str(value))
    return HTML(page.replace("@DATA", json.dumps(data, ensure_ascii=False)))
