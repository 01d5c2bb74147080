"""Reglas de la casa que valen para todo el código."""

import ast
import re
import subprocess
import warnings

import pytest

from helpers import paths

MODULES = sorted((paths.ROOT / "helpers").rglob("*.py"))
IDS = [paths.relative(p) for p in MODULES]
RECIPES = [p for p in sorted(paths.DATASETS.rglob("*.py")) if paths.CACHE not in p.parents]


def tracked() -> list:
    git = subprocess.run(["git", "ls-files"], cwd=paths.ROOT, capture_output=True, text=True)
    if git.returncode:
        pytest.skip("no es un repositorio de git")
    files = [paths.ROOT / name for name in git.stdout.splitlines()]
    return [file for file in files if file.is_file()]


@pytest.mark.parametrize("path", MODULES + RECIPES, ids=paths.relative)
def test_a_module_has_one_subject(path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    if lines > 400:
        name = paths.relative(path)
        warnings.warn(f"{name} tiene {lines} líneas: ¿trata de un solo asunto?", stacklevel=1)
    assert path.name != "utils.py"


@pytest.mark.parametrize("path", MODULES + RECIPES, ids=paths.relative)
def test_modules_and_public_names_have_docstrings(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "módulo sin docstring"
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    public = [n for n in tree.body if isinstance(n, kinds) and not n.name.startswith("_")]
    if path.parent.name == "exercises":  # a un corrector lo documenta su enunciado
        public = [n for n in public if not n.name.startswith("ejercicio_")]
    missing = [n.name for n in public if not ast.get_docstring(n)]
    assert not missing, f"sin docstring: {missing}"


def imports(path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("path", MODULES, ids=IDS)
def test_rooms_do_not_mix(path):
    room = path.relative_to(paths.ROOT / "helpers").parts[0]
    forbidden = {
        "plotting": r"(keras|tensorflow|helpers\.(yolo|transformer|data))\b",
        "data": r"keras(?!\.utils)(\.|$)",  # sin modelos; keras.utils sirve para descargar
        "yolo": r"helpers\.transformer\b",
        "transformer": r"helpers\.yolo\b",
    }.get(room, r"(notebooks|tests)\b")
    bad = [name for name in imports(path) if re.match(forbidden, name)]
    assert not bad


def test_no_unsafe_keras():
    for path in MODULES + RECIPES:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"safe_mode\s*=\s*False|layers\.Lambda\b|\bpickle\.load", text), path


def test_no_paths_of_one_machine_and_no_downloaded_originals():
    binary = {".gz", ".png", ".jpg", ".zip", ".keras", ".npz", ".webm"}
    for path in tracked():
        assert path.name not in {"time_series.csv", "international_results.csv", "spa-eng.zip"}
        if path.suffix not in binary:
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"/(home|root|work)/[a-z]+/", text), path
