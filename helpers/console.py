"""Lo que se escribe para quien lee, en una terminal o un cuaderno: líneas, cifras y progreso.

Sin que falle ninguna terminal, tampoco las de Windows que no son UTF-8. Solo biblioteca estándar.
"""

import numbers
import sys
import textwrap
import time

THIN_SPACE = "\u202f"  # entre millares, como pide la RAE
WIDTH = 100  # caracteres que caben en una línea de JupyterLab sin partir palabras
BAR = 24  # caracteres que ocupa una barra
REDRAW = 0.1  # segundos entre dos dibujos de una barra

PLAIN = str.maketrans({
    "✔": "+", "✘": "x", "·": "-", "–": "-", "—": "-", "…": "...", "→": "->", "≥": ">=", "≤": "<=",
    "«": '"', "»": '"', "\u202f": " ", "\u00a0": " ", "█": "#",
})  # fmt: skip


def someone_is_watching() -> bool:
    """¿Ejecuta la celda una persona, y no un programa?

    Un cuaderno abierto puede pedir datos al teclado; ``helpers run``, nbval y nbclient avisan de
    que no hay nadie que los escriba.
    """
    from IPython import get_ipython

    kernel = getattr(get_ipython(), "kernel", None)
    return bool(getattr(kernel, "_allow_stdin", False))


def fit(text: str, encoding: str | None) -> str:
    """``text`` con lo que ``encoding`` sabe escribir; lo demás, con el signo más parecido.

    Las tildes y la ñ se conservan si la codificación las tiene (cp1252 y cp850 las tienen).
    """
    encoding = encoding or "ascii"
    pieces = []
    for character in text:
        try:
            character.encode(encoding)
        except (UnicodeEncodeError, LookupError):
            character = character.translate(PLAIN)
        pieces.append(character)
    return "".join(pieces).encode(encoding, "replace").decode(encoding)


def say(text: str = "", stream=None) -> None:
    """Escribe una línea en ``stream`` (la salida normal, si no se dice) y la muestra al momento."""
    _write(f"{text}\n", stream or sys.stdout)


def _write(text: str, stream) -> None:
    stream.write(fit(text, getattr(stream, "encoding", None) or "utf-8"))
    stream.flush()


def wrapped(text: str, indent: str = "") -> str:
    """``text`` en líneas de :data:`WIDTH` caracteres; ``indent`` sangra las que siguen a otra."""
    return "\n".join(
        textwrap.fill(line, WIDTH, subsequent_indent=indent, break_long_words=False,
                      break_on_hyphens=False, replace_whitespace=False)
        for line in text.splitlines()
    )  # fmt: skip


def number(value, decimals: int = 3) -> str:
    """Escribe ``value`` para leerlo: ``158954`` → ``158 954``, ``0.16821`` → ``0.168``.

    Los enteros de cuatro cifras van seguidos (norma de la RAE); los decimales se redondean a
    ``decimals`` sin ceros sobrantes. Lo que no es un número se devuelve con ``str``.
    """
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return "sí" if value else "no"
    if not isinstance(value, numbers.Real):
        if isinstance(value, (list, tuple)):
            return ", ".join(number(item, decimals) for item in value)
        return str(value)
    if isinstance(value, numbers.Integral) or float(value).is_integer():
        text = f"{int(value):,}"
        return text.replace(",", THIN_SPACE if abs(value) >= 10_000 else "")
    text = f"{float(value):,.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    text = "0" if text in {"-0", ""} else text
    return text.replace(",", THIN_SPACE if abs(value) >= 10_000 else "")


def counted(count: int, what: str, plural: str = "") -> str:
    """``counted(2, "fila rota")`` → ``"2 filas rotas"``; ``plural``, si no es con una ese."""
    many = plural or " ".join(f"{word}s" for word in what.split())
    return f"{number(int(count))} {what if count == 1 else many}"


class Bar:
    """Barra de progreso que se redibuja en su sitio.

    En un cuaderno la ve quien tiene la página abierta; ejecutado por un programa no escribe nada, y
    así su salida es siempre la misma. Fuera ocupa una línea de la salida de errores, como es
    costumbre en las terminales; si va a un archivo, solo queda la línea final.

    Args:
        label: qué se está haciendo.
        stream: dónde se escribe, si no es ahí.
    """

    def __init__(self, label: str, stream=None):
        self.label = label
        self.notebook = not stream and type(sys.stdout).__module__.startswith("ipykernel")
        self.stream = stream or sys.stderr
        self.live = someone_is_watching() if self.notebook else self.stream.isatty()
        self.begin, self.drawn, self.longest, self.handle = time.perf_counter(), 0.0, 0, None

    def __call__(self, done: int, total: int, note: str = "") -> None:
        """Dibuja ``done`` de ``total``; con ``note``, ese texto en lugar de las dos cifras."""
        now = time.perf_counter()
        if self.live and (now - self.drawn >= REDRAW or done >= total):
            self.drawn = now
            filled = BAR * done // max(total, 1)
            bar = "█" * filled + "·" * (BAR - filled)
            self.write(f"{self.label} {bar} {note or f'{done}/{total}'} · {self.seconds():.0f} s")

    def seconds(self) -> float:
        """Segundos transcurridos desde que se creó."""
        return time.perf_counter() - self.begin

    def write(self, text: str, end: str = "") -> None:
        """Pone ``text`` en el lugar de la barra."""
        if self.notebook:
            if self.live:
                self._display(text)
            return
        if self.live:
            text, self.longest = f"\r{text:<{self.longest}}", len(text)
        _write(text + end, self.stream)

    def close(self, verdict: str) -> None:
        """Sustituye la barra por ``verdict`` y el tiempo empleado."""
        self.write(f"{self.label} {verdict} ({self.seconds():.0f} s)", end="\n")

    def _display(self, text: str) -> None:
        # Con «\r», cualquier otra cosa que escriba la celda partiría la barra en dos.
        from IPython.display import display

        content = {"text/plain": text}
        if self.handle is None:
            self.handle = display(content, raw=True, display_id=True)
        else:
            self.handle.update(content, raw=True)
