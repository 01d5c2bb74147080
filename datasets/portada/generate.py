"""Hace la portada y el glosario a partir de ``camino.toml``, ``glosario.toml`` y los cuadernos.

``python datasets/portada/generate.py`` escribe ``notebooks/glosario.ipynb`` y, en
``notebooks/index.ipynb``, las celdas que llevan por identificador ``mapa``, ``camino`` y
``vocabulario``; el resto de la portada se escribe a mano. Los minutos salen de las fichas y las
estampas, de las figuras guardadas: repítelo después de cambiar un cuaderno.
"""

import base64
import io
import json
import re
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))

from helpers import atomic, lessons, paths  # noqa: E402
from helpers.cli import notebooks  # noqa: E402
from helpers.plotting import style  # noqa: E402

INDEX, GLOSSARY = paths.NOTEBOOKS / "index.ipynb", paths.NOTEBOOKS / "glosario.ipynb"
THUMBNAIL = (240, 150)  # píxeles; se enseñan a la mitad, más o menos
SPOTS = {"01": (0, 1.65), "02": (1, 1.65), "03": (2, 1.65), "04": (3.2, 3.3), "05": (3.2, 2.2),
         "06": (3.2, 1.1), "07": (3.2, 0), "08": (4.4, 1.1), "09": (4.4, 0)}  # fmt: skip
NAMES = {
    "01": "Instalar", "02": "Guía rápida", "03": "XOR", "04": "Historia", "05": "Clasificar",
    "06": "Convolución", "07": "Pronóstico", "08": "Detectar", "09": "Transformers",
}  # fmt: skip


def load(name: str) -> dict:
    """Un TOML de esta carpeta."""
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))


def read(file: Path) -> dict:
    """El JSON de un cuaderno."""
    return json.loads(file.read_text(encoding="utf-8"))


def minutes(card: str, what: str) -> str:
    """Lo que la ficha dice de ``what``, sin lo que va entre paréntesis; vacío si no lo dice."""
    found = re.search(rf"\*\*Minutos {what}\*\* \| (?:unos )?([^|(]+?) *[|(]", card)
    return found[1] if found else ""


def thumbnail(notebook: dict, figure, crop) -> bytes:
    """La figura pedida de un cuaderno, recortada y pequeña, en JPEG.

    Raises:
        ValueError: si el cuaderno no tiene esa figura.
    """
    from PIL import Image, ImageOps

    found = [
        (output.get("metadata", {}).get(kind, {}).get("alt", ""), output["data"][kind])
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
        for kind in ("image/png", "image/jpeg")
        if kind in output.get("data", {})
    ]
    chosen = [pair for pair in found if pair[0].startswith(figure)]
    if not chosen:
        raise ValueError(f"camino.toml pide la figura «{figure}», y no está en el cuaderno.")
    picture = Image.open(io.BytesIO(base64.b64decode("".join(chosen[0][1])))).convert("RGB")
    sides = [part * side for part, side in zip(crop, picture.size * 2)]
    small = ImageOps.pad(picture.crop(sides), THUMBNAIL, color="white")
    small.save(packed := io.BytesIO(), "JPEG", quality=80, optimize=True)
    return packed.getvalue()


def path_map(path: dict) -> bytes:
    """El camino dibujado: un círculo por cuaderno y una flecha desde cada uno de los de antes."""
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    style.apply()
    figure, ax = plt.subplots(figsize=(8, 4.2))
    for number, (x, y) in SPOTS.items():
        direct = set(path[number]["antes"]) - {far for near in path[number]["antes"]
                                               for far in path[near]["antes"]}  # fmt: skip
        for before in direct:  # lo que otro ya pide no se repite
            ax.annotate("", (x, y), SPOTS[before], zorder=1, arrowprops={
                "arrowstyle": "-|>", "color": style.GREY, "shrinkA": 20, "shrinkB": 21, "lw": 1.8,
            })  # fmt: skip
        ax.scatter(x, y, 1150, color=style.BLUE, zorder=2)
        ax.text(x, y, number, color="white", ha="center", va="center", weight="bold", size=13)
        ax.text(x, y - 0.36, NAMES[number], ha="center", va="top", size=10.5)
    ax.set(xlim=(-0.45, 4.95), ylim=(-0.75, 3.65))
    ax.axis("off")
    figure.savefig(packed := io.BytesIO(), format="png", dpi=130, metadata={"Software": None})
    plt.close(figure)
    return packed.getvalue()


def map_text(path: dict) -> str:
    """El dibujo del camino, con su texto alternativo."""
    each = [f"{n} después de {' y '.join(path[n]['antes'])}" for n in path if path[n]["antes"]]
    return f"![El camino: empieza por 01; {', '.join(each)}.](attachment:mapa.png)"


def path_text(path: dict) -> str:
    """La tabla del camino: estampa, título, qué sabrás, minutos y qué conviene leer antes."""
    rows = ["| | Cuaderno |", "|---|---|"]
    for info in lessons.SERIES:
        entry = path[info.number]
        card = "".join(read(paths.NOTEBOOKS / info.filename)["cells"][0]["source"])
        reading, running = minutes(card, "de lectura"), minutes(card, "en CPU")
        facts = [f"leer: {reading or 'alrededor de 60'} min", f"ejecutar: {running} min"]
        facts += [f"antes: {', '.join(entry['antes'])}"] if entry["antes"] else []
        rows.append(
            f"| ![{entry['alt']}](attachment:{info.number}.jpg) | "
            f"**{info.number} · [{info.title}]({info.filename})**<br>"
            f"Sabrás {entry['sabras']}.<br>"
            f"*{' · '.join(facts)}* · [artículo]({info.url}) |"
        )
    return "\n".join(rows)


def vocabulary_text(words: dict) -> str:
    """Las palabras con las que se empieza."""
    rows = [f"| {word} | *{entry['en']}* | {entry['es']} |"
            for word, entry in words.items() if entry.get("inicio")]  # fmt: skip
    return "\n".join(["| Palabra | En inglés | Qué es |", "|---|---|---|", *rows])


def glossary_text(words: dict) -> str:
    """Todas las palabras, con el cuaderno que las explica."""
    rows = ["| Palabra | En inglés | Qué es | Se explica en |", "|---|---|---|---|"]
    for word, entry in words.items():
        info = lessons.by_number(entry["nb"])
        rows.append(f"| **{word}** | *{entry['en']}* | {entry['es']} | "
                    f"[{info.number}]({info.filename}) |")  # fmt: skip
    return "\n".join(rows)


def _cell(name: str, source: str) -> dict:
    return {"cell_type": "markdown", "id": name, "metadata": {},
            "source": source.splitlines(keepends=True)}  # fmt: skip


def glossary_page(words: dict) -> dict:
    """El cuaderno del glosario."""
    first = (
        f"# Glosario\n\nLas {len(words)} palabras de la serie, con su nombre en inglés y el "
        "cuaderno que las explica despacio.\n\n[Volver al índice](index.ipynb)"
    )
    return {"cells": [_cell("titulo", first), _cell("palabras", glossary_text(words))],
            "metadata": notebooks.METADATA, "nbformat": 4, "nbformat_minor": 5}  # fmt: skip


def start_page(index: dict, path: dict, words: dict) -> dict:
    """La portada con sus tres celdas generadas; las estampas, como adjuntos.

    Raises:
        KeyError: si le falta alguna de las tres celdas.
    """
    cells = {cell["id"]: cell for cell in index["cells"]}
    texts = {"mapa": map_text(path), "camino": path_text(path),
             "vocabulario": vocabulary_text(words)}  # fmt: skip
    for name, text in texts.items():
        cells[name]["source"] = text.splitlines(keepends=True)
    cells["mapa"]["attachments"] = {"mapa.png": _attached("image/png", path_map(path))}
    cells["camino"]["attachments"] = {
        f"{info.number}.jpg": _attached("image/jpeg", thumbnail(
            read(paths.NOTEBOOKS / info.filename), path[info.number]["figura"],
            path[info.number]["recorte"]))
        for info in lessons.SERIES
    }  # fmt: skip
    return index


def _attached(kind: str, content: bytes) -> dict:
    return {kind: base64.b64encode(content).decode()}


def main() -> None:
    """Escribe las dos páginas."""
    path, words = load("camino"), load("glosario")
    pages = {GLOSSARY: glossary_page(words), INDEX: start_page(read(INDEX), path, words)}
    for file, page in pages.items():
        atomic.replace_with(file, f"{json.dumps(page, ensure_ascii=False, indent=1)}\n".encode())
        print(f"✔ {paths.relative(file)}")


if __name__ == "__main__":
    main()
