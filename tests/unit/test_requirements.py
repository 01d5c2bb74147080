"""requirements.txt, environment.yml, pyproject.toml y el código piden lo mismo, y Colab cabe."""

import tomllib

import pytest
import versions
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from helpers import __main__ as entry
from helpers import paths
from helpers.cli import environment

PYTHONS = ("3.11", "3.12", "3.13")


def requirements(name="requirements.txt"):
    found = environment.parse_requirements(paths.ROOT / name)
    return {canonicalize_name(r.name): r for r in found}


@pytest.fixture(scope="module")
def conda():
    """El nombre del entorno de conda, sus paquetes y lo que en él instala pip."""
    found = yaml.safe_load((paths.ROOT / "environment.yml").read_text(encoding="utf-8"))
    *packages, inside = found["dependencies"]
    return found["name"], [Requirement(line) for line in packages], inside["pip"]


def test_the_supported_pythons_agree_everywhere(conda):
    project = tomllib.loads((paths.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    [python] = [r for r in conda[1] if r.name == "python"]
    ranges = [SpecifierSet(project["project"]["requires-python"]), python.specifier]
    for minor in range(8, 20):
        served = not entry.unsupported((3, minor, 5), "python", [], find=lambda: None)
        assert served == (f"3.{minor}" in PYTHONS)
        assert all(r.contains(f"3.{minor}.5") == served for r in ranges), minor


def test_conda_installs_the_same_requirements_and_contradicts_none(conda):
    name, packages, pip = conda
    assert name == "aprende-dl" and "-r requirements.txt" in pip
    assert {"python", "pip"} <= {r.name for r in packages}
    pinned = [Requirement(line) for line in pip if not line.startswith("-")]
    for extra in [*packages, *pinned]:
        same = requirements().get(canonicalize_name(extra.name))
        assert same is None or same.specifier == extra.specifier, extra


def test_development_requirements_start_with_the_common_ones():
    lines = (paths.ROOT / "requirements-dev.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not line.startswith("#")][0] == "-r requirements.txt"
    assert not set(requirements()) & set(requirements("requirements-dev.txt"))


def test_colab_versions_are_admitted():
    colab = requirements(versions.COLAB)
    for name in set(requirements()) & set(colab):
        [exact] = colab[name].specifier
        assert requirements()[name].specifier.contains(exact.version), colab[name]


def test_every_requirement_is_a_range_with_both_ends():
    """imgaug es la excepción: no habrá otra versión."""
    others = requirements("requirements-dev.txt") | requirements("requirements-site.txt")
    for name, requirement in (requirements() | others).items():
        operators = {s.operator for s in requirement.specifier}
        assert operators == ({"=="} if name == "imgaug" else {">=", "<"}), name


def test_the_oldest_versions_are_the_first_of_each_range():
    lowest = [Requirement(versions.lowest(r)) for r in environment.parse_requirements()]
    pinned = {r.name: r.specifier for r in lowest}
    assert str(pinned["numpy"]) == "==2.1.*" and str(pinned["imgaug"]) == "==0.4.0"
    for name, requirement in requirements().items():
        [oldest] = [s.version for s in requirement.specifier if s.operator in (">=", "==")]
        assert oldest in pinned[requirement.name], name
