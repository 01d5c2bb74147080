"""Buscar el código de una celda ya ejecutada."""

import linecache

import pytest

from helpers import cells


def test_finds_the_last_cell_with_the_text(monkeypatch):
    entries = {
        "celda-1": (10, None, ["x = 1\n", "train()\n"], "celda-1"),
        "celda-2": (10, None, ["x = 2\n", "train()\n"], "celda-2"),
        "sin-leer": (lambda: "x = 3\ntrain()\n",),
    }
    monkeypatch.setattr(linecache, "cache", entries)
    assert cells.executed_source("\ntrain(") == "x = 2\ntrain()\n"
    assert cells.executed_source("x = 1") == "x = 1\ntrain()\n"
    with pytest.raises(LookupError, match="Ejecútala antes"):
        cells.executed_source("evaluate")
