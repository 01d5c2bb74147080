"""Comparar versiones y leer requisitos: el oráculo es ``packaging``."""

import itertools

import pytest
from packaging.requirements import Requirement as OracleRequirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version as OracleVersion

from helpers import paths
from helpers.requirements import marker_holds, parse_requirement, parse_requirements
from helpers.versions import Version

VERSIONS = """0 0.0.1 0.9 1 1.0 1.0.0 1.0.1 1.1 1.9 1.10 1.10.0 1.11 2 2.0 2.0.dev1 2.0a1 2.0a1.dev2
2.0a2 2.0b1 2.0rc1 2.0rc2.post1 2.0.post1 2.0.post1.dev3 2.0+cpu 2.0+cu124 2.0.1 2.1 2.1rc1 2.2.3
2.20.0 2.21.0 2.21.0rc1 2.22.0rc1 2.22.0 2.6.0+cu12.4 3.9 3.10 3.11.7 3.13.0a2 4.14.0.94 5.0.0.93
1!0.5 1!1 1!1.2 1!2.0 2026.1 v1.2 1.0-1 1.0.post2 1.0_rc3 1.0-alpha.4 1.0.c1 2.0PRE1""".split()
LIMITS = "1 1.0 1.10 2.0 2.0a1 2.0rc1 2.0.post1 2.21.0 2.22 3.9 3.10 5.0.0.93 1!1.0".split()
SPECIFIERS = [op + limit for op in (">=", "<", "<=", ">", "==", "!=", "~=") for limit in LIMITS
              if not (op == "~=" and limit == "1")]  # fmt: skip
SPECIFIERS += """==2.* !=2.* ==2.0.* ==1!2.* ==2.0+cpu !=2.0+cpu ~=2.20.0 ~=2.2.post1 ===2.0
>=2.20,<2.22 >=1.0,!=1.10,<2 ~=1.9,!=1.10.*""".split()


def test_order_is_the_same_as_packaging():
    for a, b in itertools.product(VERSIONS, repeat=2):
        mine, oracle = (Version(a), Version(b)), (OracleVersion(a), OracleVersion(b))
        assert (mine[0] < mine[1]) is (oracle[0] < oracle[1]), (a, b)
        assert (mine[0] == mine[1]) is (oracle[0] == oracle[1]), (a, b)
        assert mine[0] != mine[1] or hash(mine[0]) == hash(mine[1])


@pytest.mark.parametrize("specifier", SPECIFIERS)
def test_matching_is_the_same_as_packaging(specifier):
    mine, oracle = parse_requirement("x" + specifier), SpecifierSet(specifier)
    answers = [mine.matches(v) for v in VERSIONS]
    assert answers == [oracle.contains(v, prereleases=True) for v in VERSIONS]
    assert {True, False} <= set(answers)  # si no, la condición no probaría nada


def test_numbers_not_letters():
    assert Version("3.10") > Version("3.9") and not "3.10" > "3.9"


@pytest.mark.parametrize("text", ["", "dos", "1..2", "2.0 beta", "1.0+", "2.x", "-1"])
def test_what_is_not_a_version_is_said(text):
    with pytest.raises(ValueError, match="no es una versión"):
        Version(text)


def test_unreadable_installed_version_never_matches_a_range():
    assert not parse_requirement("x>=1").matches("desconocida")
    assert parse_requirement("x").matches("desconocida")


@pytest.mark.parametrize("line", [
    "pandas>=2.2,<4", "tensorflow[and-cuda] >= 2.20, < 2.22", "numpy", "imgaug==0.4.0",
    "a.b_c-d~=1.4", "x (>=1.0)", "opencv-python!=5.0.0.1",
])  # fmt: skip
def test_requirement_lines_like_packaging(line):
    mine, oracle = parse_requirement(line), OracleRequirement(line)
    assert (mine.name, set(mine.extras)) == (oracle.name, oracle.extras)
    assert SpecifierSet(mine.specifier) == oracle.specifier


@pytest.mark.parametrize("line", [
    "pandas=2.2", "pandas>=", ">=2.2", "pandas 2.2", "pandas>=2.2;", "pandas>=2.*", "pandas~=2",
    "pandas>=dos", "pandas,numpy", "pandas>=2.2,,<4", "¿qué?",
])  # fmt: skip
def test_bad_lines_name_file_and_line(tmp_path, line):
    file = tmp_path / "requisitos.txt"
    file.write_text(f"# comentario\nnumpy\n{line}\n", encoding="utf-8")
    if line.endswith(";"):  # un «;» sin condición no estorba
        assert [r.name for r in parse_requirements(file)] == ["numpy", "pandas"]
        return
    with pytest.raises(ValueError, match=r"requisitos\.txt, línea 3: "):
        parse_requirements(file)


def test_comments_options_nested_files_and_byte_order_mark(tmp_path):
    (tmp_path / "base.txt").write_text("numpy>=2  # rápido\n\n", encoding="utf-8-sig")
    file = tmp_path / "todo.txt"
    file.write_text("-r base.txt\n--index-url algo\npandas\n", encoding="utf-8")
    assert [str(r) for r in parse_requirements(file)] == ["numpy>=2", "pandas"]


def test_files_from_powershell_and_files_that_are_not_text(tmp_path):
    file = tmp_path / "foto.txt"
    file.write_text("numpy==2.4.6\r\npandas>=2 # año\r\n", encoding="utf-16")
    assert [str(r) for r in parse_requirements(file)] == ["numpy==2.4.6", "pandas>=2"]
    file.write_bytes(b"numpy # a\xf1o\n")
    with pytest.raises(ValueError, match="foto.txt no es un texto UTF-8"):
        parse_requirements(file)


def test_missing_and_circular_files(tmp_path):
    with pytest.raises(FileNotFoundError, match="no-esta.txt"):
        parse_requirements(tmp_path / "no-esta.txt")
    file = tmp_path / "bucle.txt"
    file.write_text("-r bucle.txt\n", encoding="utf-8")
    with pytest.raises(ValueError, match="a sí mismo"):
        parse_requirements(file)


def test_markers():
    assert marker_holds('python_version >= "3.8"') and not marker_holds("python_version < '3.8'")
    assert not marker_holds('python_version >= "3.8" and sys_platform == "amiga"')
    for bad in ("python_version >= '3.8' or True", "extra == 'gpu'", "sys_platform > 'linux'"):
        with pytest.raises(ValueError):
            marker_holds(bad)


def test_lines_whose_condition_fails_are_left_out(tmp_path):
    file = tmp_path / "r.txt"
    file.write_text('a>=1; sys_platform == "amiga"\nb>=1; sys_platform != "amiga"\n')
    assert [r.name for r in parse_requirements(file)] == ["b"]


def test_project_requirements_are_readable():
    names = {r.name for r in parse_requirements(paths.ROOT / "requirements.txt")}
    assert {"tensorflow", "keras", "numpy", "pandas", "jupyterlab", "nbval"} <= names
    dev = {r.name for r in parse_requirements(paths.ROOT / "requirements-dev.txt")}
    assert names < dev
