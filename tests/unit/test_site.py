"""La web: lo que se prepara para ella y, si están sus herramientas, la web entera."""

import argparse
import copy
import json
import re

import pytest
from bs4 import BeautifulSoup

from helpers import paths
from helpers.cli import environment, publish, site
from helpers.exercises import nb03

PNG = {"data": {"image/png": "iVBORw0KGgo="}, "metadata": {"image/png": {"alt": "Un punto."}},
       "output_type": "display_data"}  # fmt: skip


def cell(kind, source, **more):
    found = {"cell_type": kind, "id": source[:9], "metadata": {}, "source": [source]}
    return found | ({"outputs": [], "execution_count": 1} if kind == "code" else {}) | more


def notebook(*cells):
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def shown(*cells, **options):
    """Los textos de la página que sale de esas celdas."""
    return ["".join(c["source"]) for c in site.prepared(notebook(*cells), **options)["cells"]]


def test_it_is_an_order_that_says_what_is_missing(monkeypatch, capsys):
    monkeypatch.setattr(site, "missing_tools", lambda: ["myst_nb"])
    assert site.main(argparse.Namespace()) == 1
    error = capsys.readouterr().err
    assert "faltan: myst_nb. " in error
    assert "pip install -r requirements.txt -r requirements-site.txt" in error


def test_the_tools_it_asks_for_are_those_of_its_requirements():
    found = environment.parse_requirements(paths.ROOT / "requirements-site.txt")
    assert {r.name.replace("-", "_") for r in found} == {n.replace("-", "_") for n in site.NEEDS}


def test_a_page_loses_what_is_only_for_a_kernel_and_the_original_does_not_change():
    badge = f"{publish.BEGIN}\n\n![x](https://otro.es/x.svg)\n\n{publish.END}"
    before = [
        cell("markdown", f"# Uno\n\n{badge}"),
        cell("code", publish.PRIVATE),
        cell("code", "progress.show()", metadata={"tags": [site.NOTEBOOK_ONLY]}),
        cell("code", "print(1)", outputs=[PNG]),
    ]
    kept = copy.deepcopy(before)
    assert [text.strip() for text in shown(*before)] == ["# Uno", "print(1)"]
    assert before == kept


def test_alternative_texts_and_attachments_reach_the_page():
    picture = {"foto.jpg": {"image/jpeg": "AAAA"}}
    page = site.prepared(notebook(
        cell("code", "show()", outputs=[PNG]),
        cell("markdown", "![Una foto.](attachment:foto.jpg)", attachments=picture),
    ))  # fmt: skip
    assert page["cells"][0]["metadata"]["mystnb"]["image"]["alt"] == "Un punto."
    assert page["cells"][1]["source"] == "![Una foto.](data:image/jpeg;base64,AAAA)"


def test_links_stay_inside():
    text = "[a](../datasets/README.md) [b](#Instalar-en-Tu-PC) [c](03_red.ipynb#La-Red) [d](https://x.es/#A)"
    [linked] = shown(cell("markdown", text))
    assert linked.startswith("[a](datos.md) [b](#instalar-en-tu-pc) [c](03_red.ipynb#la-red)")


def test_the_first_bold_of_a_word_goes_to_the_glossary():
    text = "Una **Época** y otra **época**; **pesos** y [**capa**](x.ipynb), **nada**."
    [linked] = shown(cell("markdown", text), words={"época", "peso", "capa"})
    assert linked == (
        'Una <a href="glosario.html#epoca">**Época**</a> y otra **época**; '
        '<a href="glosario.html#peso">**pesos**</a> y [**capa**](x.ipynb), **nada**.'
    )


def test_hints_and_solution_are_folded_after_the_cell_that_checks():
    checks = cell("code", "ejercicio_2.comprobar(xnor_weights)")
    exercises = [nb03.ejercicio_1, nb03.ejercicio_2]
    _, folded, end = shown(checks, cell("markdown", "fin"), exercises=exercises)
    assert end == "fin" and nb03.ejercicio_2.source in folded
    assert folded.count("<details>") == folded.count("</details>") == 1 + len(exercises[1].hints)


def test_colab_and_source_buttons_only_once_published():
    options = site.settings(publish.Publication())
    assert options["language"] == "es" and options["nb_execution_mode"] == "off"
    assert not {"repository_url", "launch_buttons"} & options["html_theme_options"].keys()
    where = publish.Publication("ana/curso", "v1.0")
    options = site.settings(where)["html_theme_options"]
    assert options["repository_url"] == where.url and options["repository_branch"] == "v1.0"
    assert options["path_to_docs"] == "notebooks" and "colab_url" in options["launch_buttons"]


# --- la web entera ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def web(tmp_path_factory):
    """La carpeta de la web."""
    if site.missing_tools():
        pytest.skip("faltan las herramientas de requirements-site.txt")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site, "OUTPUT", tmp_path_factory.mktemp("web"))
        assert site.main(argparse.Namespace()) == 0, "Sphinx da avisos"
        return site.OUTPUT / "html"


@pytest.fixture(scope="module")
def pages(web):
    files = web.glob("*.html")
    return {file.name: BeautifulSoup(file.read_bytes(), "html.parser") for file in files}


def test_every_notebook_has_its_page(pages):
    names = {file.with_suffix(".html").name for file in paths.NOTEBOOKS.glob("*.ipynb")}
    assert names | {"datos.html", "search.html"} <= pages.keys()


LOADED = (
    "[src]:is(script, img, iframe, source, video, audio),"
    "link:is([rel~=stylesheet], [rel~=icon], [rel~=preload], [rel~=preconnect])"
)


def test_no_page_loads_anything_from_another_host(web, pages):
    for name, page in pages.items():
        loads = [tag.get("src") or tag["href"] for tag in page.select(LOADED)]
        assert loads and not [url for url in loads if re.match(r"(https?:)?//", url)], name
    for sheet in web.rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        assert not re.search(r"(@import\s+|url\()[\"']?(https?:)?//", text), sheet.name


def test_links_and_anchors_exist(web, pages):
    ids = {name: {tag["id"] for tag in page.select("[id]")} for name, page in pages.items()}
    for name, page in pages.items():
        for link in page.select("a[href]"):
            if re.match(r"(https?|mailto|data):", link["href"]):
                continue
            path, _, place = link["href"].partition("#")
            target = path.split("?")[0] or name
            assert (web / target).is_file(), f"{name}: {link}"
            assert not place or place in ids.get(target, {place}), f"{name}: {link}"


def test_every_picture_has_a_text(pages):
    for name, page in pages.items():
        alts = [picture.get("alt", "") for picture in page.find_all("img")]
        assert all(len(alt) > 10 and not alt.startswith("_images") for alt in alts), name


def test_the_sources_of_the_site_are_the_notebooks(web):
    page = json.loads((web.parent / "paginas" / "03_red_neuronal_xor.ipynb").read_text())
    assert any("data-moving" in json.dumps(c) for c in page["cells"])
