"""Figuras que se mueven sin núcleo: HTML, SVG y JavaScript, sin red ni bibliotecas.

Todas salen de la misma plantilla. El primer fotograma es una imagen SVG guardada, con su texto
alternativo: es lo que se ve en GitHub, en papel y en un cuaderno en el que JupyterLab aún no
confía. Donde se ejecuta JavaScript (JupyterLab, Colab, la web), ese mismo SVG cobra vida, con
deslizadores que se manejan con el teclado y una frase, debajo, que lee un lector de pantalla.
"""

import json
import re
from collections.abc import Sequence
from html import escape
from string import Template
from urllib.parse import quote
from xml.etree import ElementTree

STYLE = """
.en-marcha { background: var(--jp-layout-color0, var(--pst-color-background,
 var(--colab-primary-surface-color, #fff))); color: var(--jp-content-font-color1,
 var(--pst-color-text-base, var(--colab-primary-text-color, #222)));
 font: 14px/1.5 sans-serif; padding: 10px; max-width: 640px }
.en-marcha svg { display: block; width: 100%; height: auto; background: #fff }
.en-marcha label { display: flex; flex-wrap: wrap; gap: 2px 10px; align-items: center;
 margin: 6px 0 }
.en-marcha label span { min-width: 8em }
.en-marcha input { flex: 1 1 6em; accent-color: #009AE0 }
.en-marcha output { min-width: 5.5em }
.en-marcha .dice { min-height: 3em; margin: 8px 0 }
"""
PAGE = Template("""<style>$style</style>
<div class="en-marcha" data-moving="$name" data-lm-suppress-shortcuts="true" role="group"
 aria-label="$title">
<div class="dibujo"><img alt="$alt" src="$picture" style="max-width:100%"></div>
<p class="dice" aria-live="polite">$sentence</p>
<p class="quieta"><em>Este es el primer fotograma. Para moverla, ejecuta esta celda.</em></p>
<div class="mandos"></div>
</div>
<script>
(function () {
const data = $data;
function start(root) {
  const find = (name) => root.querySelector(name);
  const picture = find("img").getAttribute("src");
  find(".dibujo").innerHTML = decodeURIComponent(picture.slice(picture.indexOf(",") + 1));
  find(".mandos").innerHTML = data.controls;
  const svg = find("svg"), bars = [...root.querySelectorAll("input")];
  const part = (name) => svg.querySelector("." + name);
  const make = (parent, tag, look, text) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const key in look) { node.setAttribute(key, look[key]); }
    if (text !== undefined) { node.textContent = text; }
    return parent.appendChild(node);
  };
$script
  function refresh() {
    bars.forEach((bar, i) => {
      const text = data.sliders[i][bar.value];
      bar.setAttribute("aria-valuetext", text);
      bar.nextElementSibling.textContent = text;
    });
    find(".dice").textContent = draw(...bars.map((bar) => Number(bar.value)));
  }
  let timer = null;
  function stop() {
    clearInterval(timer); timer = null; find(".play").textContent = "reproducir";
  }
  bars.forEach((bar) => { bar.oninput = () => { stop(); refresh(); }; });
  find(".play").onclick = () => {
    if (timer) { stop(); return; }
    const bar = bars[data.play], last = Number(bar.max);
    if (Number(bar.value) === last) { bar.value = 0; refresh(); }
    find(".play").textContent = "pausa";
    timer = setInterval(() => {
      bar.value = Number(bar.value) + 1;
      refresh();
      if (Number(bar.value) === last || !root.isConnected) { stop(); }
    }, data.interval);
  };
  root.onkeydown = (event) => event.stopPropagation();
  find(".quieta").remove();
  root.dataset.alive = "yes";
  refresh();
}
document.querySelectorAll('[data-moving="$name"]:not([data-alive])').forEach(start);
})();
</script>
""")
SLIDER = (
    '<label><span>{label}</span><input type="range" min="0" max="{last}" value="{start}"'
    ' aria-valuetext="{text}"><output>{text}</output></label>'
)


def moving(name, title, svg, alt, sentence, sliders: dict[str, tuple[Sequence, int]], script,
           data: dict, *, play: int = 0, interval: int = 700):  # fmt: skip
    """Una figura que se mueve.

    Args:
        name: identificador del HTML (letras sin acentos); distinto en cada figura de un cuaderno.
        title: qué es, para un lector de pantalla. alt: qué se ve en el primer fotograma.
        svg: el primer fotograma; sus partes llevan ``class`` y el guion las busca con ``part``.
        sentence: la frase que lo acompaña.
        sliders: ``{etiqueta: (textos de cada posición, posición inicial)}``.
        script: JavaScript que define ``draw(posición, …)``: cambia el SVG y devuelve la frase.
        data: lo que el guion encuentra en ``data``. play: qué deslizador mueve «reproducir».
        interval: milisegundos por paso.

    Returns:
        Un ``IPython.display.HTML``.

    Raises:
        ValueError: si ``name`` no son letras, falta el texto alternativo o una posición no existe.
        xml.etree.ElementTree.ParseError: si ``svg`` no está bien formado.
    """
    from IPython.display import HTML

    if not re.fullmatch("[a-zA-Z]+", name):
        raise ValueError(f"name debe llevar solo letras sin acentos, y es «{name}».")
    if not alt.strip():
        raise ValueError("La figura necesita un texto alternativo: qué se ve en ella.")
    for label, (texts, start) in sliders.items():
        if not 0 <= start < len(texts):
            raise ValueError(f"«{label}» empieza en {start} y tiene {len(texts)} posiciones.")
    ElementTree.fromstring(svg)
    controls = "".join(
        SLIDER.format(label=escape(label), last=len(texts) - 1, start=start,
                      text=escape(str(texts[start])))
        for label, (texts, start) in sliders.items()
    )  # fmt: skip
    # Los mandos los pone el guion: un cuaderno sin confianza enseñaría unos que no van.
    controls += '<button type="button" class="play">reproducir</button>'
    every = {
        **data, "controls": controls, "play": play, "interval": interval,
        "sliders": [[str(text) for text in texts] for texts, _ in sliders.values()],
    }  # fmt: skip
    packed = json.dumps(every, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    return HTML(PAGE.substitute(
        style=STYLE, name=name, title=escape(title), alt=escape(alt), sentence=escape(sentence),
        picture="data:image/svg+xml," + quote(svg, safe=" ()*!.'/:;=,+?$-_~"),
        script=script, data=packed,
    ))  # fmt: skip
