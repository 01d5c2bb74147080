"""Reglas de la casa que valen para todo el código."""

import ast
import graphlib
import re
import subprocess
import warnings

import pytest

from helpers import paths

MODULES = sorted((paths.ROOT / "helpers").rglob("*.py"))
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
    """Todo lo que importa, también dentro de las funciones."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: import relativo"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


# De abajo arriba: herramientas sueltas → datos y dibujos → redes → las salas de las lecciones →
# ejercicios, estudios y órdenes. Cada sala importa de las de abajo; las lecciones no se conocen.
LESSONS = {"classification", "football", "forecasting", "history", "transformer", "yolo"}
TOOLS = {"__main__", "cli", "exercises", "studies"}


def forbidden(room: str) -> str:
    """Qué no puede importar una sala."""
    above = set() if room in TOOLS else TOOLS
    if room in LESSONS:
        above = above | LESSONS - {room} | {"plotting"}
    elif room in ("data", "nets", "plotting"):
        above = above | LESSONS | {"data", "nets", "plotting"} - {room}
    frameworks = {
        "plotting": r"|(keras|tensorflow)\b",  # dibuja arrays
        "data": r"|(keras(?!\.utils)|tensorflow)(\.|$)",  # sin modelos; keras.utils descarga
    }.get(room, "")
    return rf"(notebooks|tests)\b|helpers\.({'|'.join(sorted(above)) or '-'})\b{frameworks}"


@pytest.mark.parametrize("path", MODULES, ids=paths.relative)
def test_rooms_do_not_mix(path):
    room = path.relative_to(paths.ROOT / "helpers").with_suffix("").parts[0]
    bad = [name for name in imports(path) if re.match(forbidden(room), name)]
    assert not bad


def test_no_module_imports_itself_by_a_detour():
    """Sin círculos, ni siquiera con los imports que están dentro de las funciones."""
    known = {}
    for path in MODULES:
        parts = path.relative_to(paths.ROOT).with_suffix("").parts
        known[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    graph = {}
    for name, path in known.items():
        found = {n if n in known else n.rpartition(".")[0] for n in imports(path)}
        graph[name] = found & known.keys()
    assert sum(map(len, graph.values())) > len(graph)  # se han leído
    graphlib.TopologicalSorter(graph).prepare()  # CycleError dice cuál es el círculo


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
