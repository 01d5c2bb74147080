"""La web: lo que se prepara para ella y, si están sus herramientas, la web entera."""

import argparse
import copy
import json
import re
from html.parser import HTMLParser

import pytest
from packaging.requirements import Requirement

from helpers import paths
from helpers.cli import commands, publish, site
from helpers.exercises import nb03

PNG = {"data": {"image/png": "iVBORw0KGgo="}, "metadata": {"image/png": {"alt": "Un punto."}},
       "output_type": "display_data"}  # fmt: skip


def cell(kind, source, **more):
    found = {"cell_type": kind, "id": source[:9], "metadata": {}, "source": [source]}
    return found | ({"outputs": [], "execution_count": 1} if kind == "code" else {}) | more


def notebook(*cells):
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def sources(page):
    return ["".join(c["source"]) for c in page["cells"]]


def test_it_is_an_order_that_says_what_is_missing(monkeypatch, capsys):
    assert commands.parse(["site"]).command == "site"
    monkeypatch.setattr(site, "missing_tools", lambda: ["myst_nb"])
    assert site.main(argparse.Namespace()) == 1
    error = capsys.readouterr().err
    assert (
        "myst_nb" in error and "pip install -r requirements.txt -r requirements-site.txt" in error
    )


def test_its_tools_are_ranges_with_both_ends():
    lines = (paths.ROOT / "requirements-site.txt").read_text(encoding="utf-8").splitlines()
    found = [Requirement(line) for line in lines if not line.startswith("#")]
    assert {r.name.replace("-", "_") for r in found} == {n.replace("-", "_") for n in site.NEEDS}
    for requirement in found:
        assert {s.operator for s in requirement.specifier} == {">=", "<"}, requirement


def test_a_page_loses_what_is_only_for_a_kernel_and_the_original_does_not_change():
    before = notebook(
        cell(
            "markdown", f"# Uno\n\n{publish.BEGIN}\n\n![x](https://otro.es/x.svg)\n\n{publish.END}"
        ),
        cell("code", publish.PRIVATE),
        cell("code", "progress.show()", metadata={"tags": [site.NOTEBOOK_ONLY]}),
        cell("code", "print(1)"),
    )
    kept = copy.deepcopy(before)
    page = site.prepared(before)
    assert before == kept
    assert [text.strip() for text in sources(page)] == ["# Uno", "print(1)"]


def test_alternative_texts_and_attachments_reach_the_page():
    picture = {"foto.jpg": {"image/jpeg": "AAAA"}}
    page = site.prepared(notebook(
        cell("code", "show()", outputs=[PNG]),
        cell("markdown", "![Una foto.](attachment:foto.jpg)", attachments=picture),
    ))  # fmt: skip
    assert page["cells"][0]["metadata"]["mystnb"]["image"]["alt"] == "Un punto."
    assert sources(page)[1] == "![Una foto.](data:image/jpeg;base64,AAAA)"


def test_links_stay_inside():
    text = "[a](../datasets/README.md) [b](#Instalar-en-Tu-PC) [c](03_red.ipynb#La-Red) [d](https://x.es/#A)"
    [shown] = sources(site.prepared(notebook(cell("markdown", text))))
    assert shown.startswith("[a](datos.md) [b](#instalar-en-tu-pc) [c](03_red.ipynb#la-red)")


def test_the_first_bold_of_a_word_goes_to_the_glossary():
    text = "Una **Época** y otra **época**; **pesos** y [**capa**](x.ipynb), **nada**."
    [shown] = sources(
        site.prepared(notebook(cell("markdown", text)), words={"época", "peso", "capa"})
    )
    assert shown == (
        'Una <a href="glosario.html#epoca">**Época**</a> y otra **época**; '
        '<a href="glosario.html#peso">**pesos**</a> y [**capa**](x.ipynb), **nada**.'
    )


def test_hints_and_solution_are_folded_after_the_cell_that_checks():
    page = site.prepared(
        notebook(cell("code", "ejercicio_2.comprobar(xnor_weights)"), cell("markdown", "fin")),
        [nb03.ejercicio_1, nb03.ejercicio_2],
    )
    _, folded, end = sources(page)
    assert end == "fin" and nb03.ejercicio_2.source in folded
    assert (
        folded.count("<details>") == len(nb03.ejercicio_2.hints) + 1 == folded.count("</details>")
    )


def test_colab_and_source_buttons_only_once_published():
    options = site.settings(publish.Publication())
    assert options["language"] == "es" and options["nb_execution_mode"] == "off"
    assert not {"repository_url", "launch_buttons"} & options["html_theme_options"].keys()
    where = publish.Publication("ana/curso", "v1.0")
    options = site.settings(where)["html_theme_options"]
    assert options["repository_url"] == where.url and options["repository_branch"] == "v1.0"
    assert options["path_to_docs"] == "notebooks" and "colab_url" in options["launch_buttons"]


# --- la web entera ---------------------------------------------------------------------------


class Page(HTMLParser):
    """Lo que una página carga, enlaza y nombra."""

    def __init__(self, text):
        super().__init__()
        self.loads, self.links, self.ids, self.alts = [], [], set(), []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.ids |= {found["id"]} if "id" in found else set()
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        elif tag in ("script", "img", "iframe", "source", "video", "audio"):
            self.loads.append(found.get("src") or "")
        elif tag == "link" and found.get("rel") in ("stylesheet", "icon", "preload", "preconnect"):
            self.loads.append(found["href"])
        if tag == "img":
            self.alts.append(found.get("alt") or "")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    if site.missing_tools():
        pytest.skip("faltan las herramientas de requirements-site.txt")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site, "OUTPUT", tmp_path_factory.mktemp("web"))
        assert site.main(argparse.Namespace()) == 0, "Sphinx da avisos"
        folder = site.OUTPUT / "html"
    return {
        file.name: Page(file.read_text(encoding="utf-8")) for file in folder.glob("*.html")
    }, folder


def test_every_notebook_has_its_page(built):
    pages, _ = built
    names = {file.with_suffix(".html").name for file in paths.NOTEBOOKS.glob("*.ipynb")}
    assert names | {"datos.html", "search.html"} <= pages.keys()


def test_no_page_loads_anything_from_another_host(built):
    pages, folder = built
    for name, page in pages.items():
        assert not [url for url in page.loads if re.match(r"(https?:)?//", url)], name
    for sheet in folder.rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        assert not re.search(r"(@import\s+|url\()[\"']?(https?:)?//", text), sheet.name


def test_links_and_anchors_exist(built):
    pages, folder = built
    for name, page in pages.items():
        for link in page.links:
            if re.match(r"(https?|mailto|data):", link):
                continue
            path, _, place = link.partition("#")
            target = path.split("?")[0] or name
            assert (folder / target).is_file(), f"{name}: {link}"
            if place and target in pages:
                assert place in pages[target].ids, f"{name}: {link}"


def test_every_picture_has_a_text(built):
    pages, _ = built
    for name, page in pages.items():
        assert all(len(alt) > 10 and not alt.startswith("_images") for alt in page.alts), name


def test_the_sources_of_the_site_are_the_notebooks(built):
    _, folder = built
    page = json.loads((folder.parent / "paginas" / "03_red_neuronal_xor.ipynb").read_text())
    assert any("data-moving" in json.dumps(c) for c in page["cells"])
