"""Dónde está publicado el proyecto, anotado en un solo sitio, y el sello que eso deja.

El sitio es ``helpers/publication.json``; mientras esté vacío no hay insignias ni direcciones que no
existan. Solo usa la biblioteca estándar.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from helpers import lessons, paths

RECORD = Path(__file__).with_name("publication.json")
BEGIN, END = "<!-- publicación: inicio", "<!-- publicación: fin -->"
BLOCK = re.compile(rf"{BEGIN}[^>]*-->.*?{END}", re.S)
BADGE = "https://colab.research.google.com/assets/colab-badge.svg"
GITHUB = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})/[A-Za-z0-9._-]{1,100}"
TAG = r"[A-Za-z0-9](?:[A-Za-z0-9_+-]|\.(?!\.))*(?<!\.)(?<!\.lock)"


@dataclass(frozen=True)
class Publication:
    """Repositorio y etiqueta. ``repo`` es ``USUARIO/NOMBRE`` de GitHub, otra URL, o vacío."""

    repo: str = ""
    tag: str = ""

    @property
    def url(self) -> str:
        """Dirección que se puede clonar."""
        return self.repo if "://" in self.repo else f"https://github.com/{self.repo}"

    def colab(self, name: str) -> str:
        """Dirección que abre ``notebooks/name`` en Colab; vacía si no está en GitHub."""
        if not self.repo or "://" in self.repo:
            return ""
        site = "https://colab.research.google.com/github"
        return f"{site}/{self.repo}/blob/{self.tag}/notebooks/{name}"


def parse(repo: str, tag: str) -> Publication:
    """Valida ``repo`` (``USUARIO/NOMBRE`` o una URL) y ``tag``; vacío quita la publicación.

    Raises:
        ValueError: si alguno no vale; el mensaje dice cuál y cómo se escribe.
    """
    repo, tag = repo.strip(), tag.strip()
    if not repo:
        return Publication()
    short = re.sub(r"^(https?://|git@)(www\.)?github\.com[/:]", "", repo)
    short = short.removesuffix("/").removesuffix(".git") if short != repo else repo
    known_url = re.fullmatch(r"(https|file)://[^\s\"'\\{}]+", short)
    if not re.fullmatch(GITHUB, short) and not known_url:
        raise ValueError(
            f"«{repo}» no es un repositorio. Escríbelo como USUARIO/NOMBRE (el de GitHub) o como "
            "una dirección https://… que se pueda clonar."
        )
    if not tag:
        raise ValueError("Falta la etiqueta: añade --tag, por ejemplo --tag v1.0.")
    if not re.fullmatch(TAG, tag):
        raise ValueError(
            f"«{tag}» no vale como etiqueta: usa letras, cifras, puntos y guiones, como v1.0."
        )
    return Publication(short, tag)


def recorded() -> Publication:
    """La publicación registrada; vacía si todavía no hay ninguna.

    Raises:
        ValueError: si el registro está dañado.
    """
    try:
        record = json.loads(RECORD.read_text(encoding="utf-8"))
        return parse(record["repo"], record["tag"])
    except FileNotFoundError:
        return Publication()
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        raise ValueError(
            f"{paths.relative(RECORD)} está dañado ({error}). "
            "Bórralo y repite «python -m helpers publish --repo USUARIO/NOMBRE --tag ETIQUETA»."
        ) from None


def badge(where: Publication, name: str) -> str:
    """La insignia que abre ``notebooks/name`` en Colab, o vacío."""
    url = where.colab(name)
    return f"[![Abrir en Colab]({BADGE})]({url})" if url else ""


def links(where: Publication, notebooks: list[str]) -> str:
    """La insignia de la portada y un enlace por cuaderno, o vacío."""
    first = badge(where, "index.ipynb")
    if not first:
        return ""
    numbers = {n.filename: n.number for n in lessons.SERIES}
    each = [f"[{numbers[name]}]({where.colab(name)})" for name in notebooks if name in numbers]
    return f"{first}\n\nEn Colab, cuaderno a cuaderno: {' · '.join(each)}" if each else first


def _checked(text: str, name: str) -> str:
    if text.count(BEGIN) != len(BLOCK.findall(text)) or text.count(END) != text.count(BEGIN):
        raise ValueError(
            f"{name}: las marcas de la publicación están rotas. Deja una pareja "
            f"«{BEGIN} -->» … «{END}», o ninguna si es un cuaderno."
        )
    return text


def stamp_markdown(text: str, content: str, name: str) -> str:
    """Pone ``content`` bajo el título de la primera celda de un cuaderno (o lo quita).

    Raises:
        ValueError: si las marcas están rotas.
    """
    plain = re.sub(rf"\n\n{BLOCK.pattern}", "", _checked(text, name), flags=re.S)
    if not content:
        return plain
    title, newline, rest = plain.partition("\n")
    return f"{title}\n\n{BEGIN} -->\n\n{content}\n\n{END}{newline}{rest}"


def stamp_readme(text: str, content: str, name: str) -> str:
    """Pone ``content`` entre las marcas del README, que siempre están.

    Raises:
        ValueError: si faltan o sobran marcas.
    """
    if len(BLOCK.findall(_checked(text, name))) != 1:
        raise ValueError(f"{name}: falta la pareja de marcas «{BEGIN} -->» … «{END}».")
    opening = re.search(rf"{BEGIN}[^>]*-->", text)[0]
    inside = f"\n\n{content}\n\n" if content else "\n"
    return BLOCK.sub(lambda match: f"{opening}{inside}{END}", text)
