"""Versiones de paquetes: compararlas bien y saber si cumplen un rango (solo biblioteca estándar).

«3.10» es posterior a «3.9», aunque como texto vaya antes. Las reglas son las de la especificación
de versiones de Python (PEP 440, hoy «Version specifiers» de PyPA); aquí está la parte que usan los
archivos de requisitos. Se explica en el cuaderno 01; las pruebas la comparan con ``packaging``.
"""

import re
from functools import total_ordering

VERSION = re.compile(
    r"v?(?:(?P<epoch>\d+)!)?(?P<release>\d+(?:\.\d+)*)"
    r"(?:[-_.]?(?P<pre>alpha|beta|preview|pre|rc|a|b|c)[-_.]?(?P<pre_n>\d*))?"
    r"(?:-(?P<post_only>\d+)|(?P<post>[-_.]?(?:post|rev|r))[-_.]?(?P<post_n>\d*))?"
    r"(?P<dev>[-_.]?dev[-_.]?(?P<dev_n>\d*))?"
    r"(?:\+(?P<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?"
)
STAGES = {"a": 1, "alpha": 1, "b": 2, "beta": 2, "c": 3, "rc": 3, "pre": 3, "preview": 3}
FINAL = (4, 0)


def _without_final_zeros(numbers: tuple[int, ...]) -> tuple[int, ...]:
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers = numbers[:-1]
    return numbers


@total_ordering
class Version:
    """Una versión que se compara por sus números, no por sus letras.

    Attributes:
        release: sus números, ``(2, 21, 0)``.
        base: época y números sin ceros finales: 2.0 y 2.0.0 son la misma.
        public: tupla que la ordena, sin la parte local (``+cpu``).

    Raises:
        ValueError: si ``text`` no es una versión.
    """

    def __init__(self, text: str):
        self.text = text
        match = VERSION.fullmatch(text.strip().lower())
        if not match:
            raise ValueError(f"«{text}» no es una versión: esperaba algo como 2.21.0.")
        self.release = tuple(int(n) for n in match["release"].split("."))
        self.base = int(match["epoch"] or 0), _without_final_zeros(self.release)
        dev = int(match["dev_n"] or 0) if match["dev"] else None
        post = match["post_only"] or (match["post_n"] or 0 if match["post"] else -1)
        self.post = int(post)
        self.pre = (STAGES[match["pre"]], int(match["pre_n"] or 0)) if match["pre"] else FINAL
        self.is_prerelease = bool(match["pre"]) or dev is not None
        if self.pre == FINAL and self.post < 0 and dev is not None:
            self.pre = (0, 0)  # 2.0.dev1 va antes que 2.0a1
        self.public = (*self.base, self.pre, self.post, float("inf") if dev is None else dev)
        local = re.split("[-_.]", match["local"]) if match["local"] else []
        self.local = tuple((1, int(p), "") if p.isdigit() else (0, 0, p) for p in local)

    @property
    def key(self) -> tuple:
        """Tupla que la ordena del todo."""
        return self.public, self.local

    def __eq__(self, other):
        return self.key == other.key

    def __lt__(self, other):
        return self.key < other.key

    def __hash__(self):
        return hash(self.key)

    def __str__(self):
        return self.text

    def __repr__(self):
        return f"Version({self.text!r})"


def _starts_with(version: Version, prefix: Version, length: int) -> bool:
    padded = version.release + (0,) * length
    return version.base[0] == prefix.base[0] and padded[:length] == prefix.release[:length]


def clause_matches(version: Version, operator: str, text: str) -> bool:
    """¿Cumple ``version`` una sola condición, como ``">=", "2.20"`` o ``"==", "2.*"``?

    Raises:
        ValueError: si la condición no es válida.
    """
    if operator == "===":
        return str(version).lower() == text.lower()
    if text.endswith(".*"):
        if operator not in ("==", "!="):
            raise ValueError(f"«{operator}{text}»: el comodín .* solo va con == o !=.")
        limit = Version(text[:-2])
        return _starts_with(version, limit, len(limit.release)) is (operator == "==")
    limit = Version(text)
    if operator in ("==", "!="):
        # sin parte local en la condición, la de la versión no cuenta: 2.6.0+cu124 es la 2.6.0
        same = version == limit if "+" in text else version.public == limit.public
        return same is (operator == "==")
    if operator == "~=":
        if len(limit.release) < 2:
            raise ValueError(f"«~={text}» necesita al menos dos números, como ~={text}.0.")
        return version.public >= limit.public and _starts_with(
            version, limit, len(limit.release) - 1
        )
    if operator == ">=":
        return version.public >= limit.public
    if operator == "<=":
        return version.public <= limit.public
    same = version.base == limit.base
    if operator == "<":  # <2.22 tampoco admite 2.22.0rc1, que es una fase previa de esa versión
        same = same and (limit.post < 0 or version.public[2:4] == limit.public[2:4])
        return version < limit and not (version.is_prerelease and not limit.is_prerelease and same)
    same = same and version.pre == limit.pre  # >2.0 tampoco admite 2.0.post1
    return version.public > limit.public and not (version.post >= 0 > limit.post and same)
