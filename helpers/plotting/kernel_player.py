"""El kernel que se desliza, animado con botones: HTML y JavaScript, sin red ni programas.

Funciona en JupyterLab y en Colab. Donde no se ejecuta JavaScript (GitHub) queda el primer paso;
por eso en el cuaderno 06 va junto a una figura fija.
"""

import json

import numpy as np

from helpers.plotting.convolution import text_of

PAGE = """
<div id="@NAME"
 style="background:#fff;color:#222;padding:10px;font:14px sans-serif;width:fit-content">
<div style="display:flex;gap:34px;align-items:center">
<div>imagen<div class="image"></div></div>
<div>kernel<div class="kernel"></div></div>
<div>resultado<div class="output"></div></div>
</div>
<p class="sum" style="min-height:1.4em;margin:10px 0"></p>
<button class="back" aria-label="paso anterior">◀</button>
<button class="play">reproducir</button>
<button class="next" aria-label="paso siguiente">▶</button>
<input class="bar" type="range" min="0" max="@LAST" value="0" aria-label="paso"
 style="width:260px;vertical-align:middle">
</div>
<script>
(function () {
  const root = document.getElementById("@NAME"), data = @DATA;
  const find = (name) => root.querySelector("." + name);
  const tables = {};
  for (const name of ["image", "kernel", "output"]) {
    const table = document.createElement("table");
    table.style.cssText = "border-collapse:collapse;margin-top:4px";
    tables[name] = data[name].text.map((line, y) => {
      const row = table.insertRow();
      return line.map((text, x) => {
        const cell = row.insertCell();
        cell.style.cssText = "width:34px;height:30px;padding:0;border:1px solid #999";
        cell.style.textAlign = "center";
        cell.style.background = data[name].back[y][x];
        cell.style.color = data[name].front[y][x];
        cell.textContent = text;
        return cell;
      });
    });
    find(name).replaceChildren(table);
  }
  const columns = data.output.text[0].length, total = data.sums.length;
  let step = 0, timer = null;
  function draw() {
    const y = Math.floor(step / columns), x = step % columns;
    const top = y * data.stride, left = x * data.stride;
    tables.image.forEach((line, i) => line.forEach((cell, j) => {
      const inside = i >= top && i < top + data.height && j >= left && j < left + data.width;
      cell.style.boxShadow = inside ? "inset 0 0 0 3px #D55E00" : "none";
    }));
    tables.output.forEach((line, i) => line.forEach((cell, j) => {
      const done = i * columns + j <= step;
      cell.textContent = done ? data.output.text[i][j] : "";
      cell.style.background = done ? data.output.back[i][j] : "#fff";
      cell.style.boxShadow = i === y && j === x ? "inset 0 0 0 3px #D55E00" : "none";
    }));
    find("sum").textContent = data.sums[step];
    find("bar").value = step;
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
  draw();
})();
</script>
"""


def _table(values, colour) -> dict:
    """Textos y colores de una matriz; ``colour(valor)`` da el fondo, (r, g, b) de 0 a 255."""
    back, front = [], []
    for line in values:
        shades = [colour(float(value)) for value in line]
        back.append([f"rgb{shade}" for shade in shades])
        front.append(["#fff" if sum(shade) < 330 else "#222" for shade in shades])
    return {"text": [[text_of(v) for v in line] for line in values], "back": back, "front": front}


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
        "sums": sums, "stride": stride, "height": high, "width": wide,
    }  # fmt: skip
    page = PAGE.replace("@NAME", name).replace("@LAST", str(len(sums) - 1))
    page = page.replace("@INTERVAL", str(int(interval)))
    return HTML(page.replace("@DATA", json.dumps(data, ensure_ascii=False)))
