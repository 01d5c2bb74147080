"""Genera ``dos_sentidos.tsv``: «banco», «hoja», «vela»… en frases que aclaran su sentido.

    python datasets/textos/generate.py

Cuaderno 09.
"""

import itertools
import re
from pathlib import Path
from random import Random

FILE = Path(__file__).with_name("dos_sentidos.tsv")
SEED, PER_SENSE = 9, 200
WHO = "{el abuelo|la abuela|mi vecino|una mujer|el niño|la niña|mi hermana|un hombre|el profesor}"
# {a|b} son alternativas; la palabra de dos sentidos va escrita en todas las frases.
PATTERNS = {
    ("banco", "dinero"): (
        f"{WHO} {{ingresó|cobró|guardó}} {{el dinero|un cheque|los billetes|los ahorros}} en el "
        "banco",
        f"{WHO} pidió un préstamo al banco para {{comprar una casa|pagar las deudas}}",
        "el {director|cajero|dueño} del banco {contó|revisó|guardó} {los billetes|las cuentas|el "
        "dinero}",
        "el banco {sube|baja|cobra} los intereses del {préstamo|crédito}",
    ),
    ("banco", "asiento"): (
        f"{WHO} {{se sentó|descansó|durmió|merendó}} en el banco del {{parque|jardín|paseo}}",
        "el banco de {madera|piedra|hierro} está {debajo del árbol|junto a la fuente|a la sombra}",
        f"{WHO} {{pintó|barnizó|limpió}} el banco de {{madera|hierro}} del {{parque|jardín}}",
    ),
    ("hoja", "árbol"): (
        "una hoja {seca|verde|amarilla} {cayó|voló} {del árbol|del roble|de la rama}",
        f"{WHO} {{recogió|barrió|pisó}} una hoja {{seca|verde|amarilla}} en el {{bosque|jardín}}",
        "en {otoño|primavera} cada hoja del {árbol|roble|olmo} {cambia de color|crece|cae}",
    ),
    ("hoja", "papel"): (
        f"{WHO} {{escribió|dibujó|firmó}} en una hoja {{blanca|en blanco|del cuaderno}} con el "
        "{lápiz|bolígrafo}",
        f"{WHO} {{arrancó|dobló|imprimió}} la hoja del {{cuaderno|libro|examen}}",
        "la hoja del {examen|cuaderno|libro} tiene {una mancha de tinta|dos dibujos}",
    ),
    ("vela", "cera"): (
        f"{WHO} {{encendió|apagó|sopló}} la vela de {{cera|la tarta|cumpleaños}}",
        "la {luz|llama|cera} de la vela {alumbra|calienta} {la mesa|la habitación|la cena}",
        f"cuando se fue la luz, {WHO} buscó una vela y {{cerillas|un mechero}}",
    ),
    ("vela", "barco"): (
        "el {marinero|capitán|pescador} {izó|bajó|recogió} la vela del {barco|velero} {con el "
        "viento|en el puerto}",
        "el viento {hinchó|rompió|movió} la vela {mayor del barco|blanca del velero|del barco}",
        "el {barco|velero} de una vela {cruzó|navegó por} {el mar|la bahía|el océano}",
    ),
    ("ratón", "animal"): (
        "el gato {persiguió|cazó|vio} {al|a un} ratón {gris|pequeño} en {la cocina|el granero}",
        "el ratón {comió|robó|mordió} el queso de {la cocina|la despensa|la trampa}",
        f"{WHO} vio un ratón {{gris|pequeño}} que corría por {{el granero|la cocina|el campo}}",
    ),
    ("ratón", "ordenador"): (
        f"{WHO} {{movió|conectó|desenchufó}} el ratón del {{ordenador|portátil}}",
        f"{WHO} hizo clic con el ratón en {{la pantalla|el icono|la ventana del programa}}",
        "el ratón {inalámbrico|del ordenador} necesita {pilas|un cable} y el teclado {también|no}",
    ),
    ("planta", "vegetal"): (
        f"{WHO} {{regó|podó|abonó}} la planta {{de la maceta|del jardín|con flores}}",
        "la planta necesita {agua|sol|tierra} para {crecer|dar flores|echar raíces}",
        "en la maceta hay una planta con {flores|raíces|tallos} {verdes|largas|rojas}",
    ),
    ("planta", "piso"): (
        f"{WHO} {{vive|trabaja|durmió}} en la {{primera|segunda|tercera}} planta del "
        "{edificio|hotel|hospital}",
        "el ascensor {para|se detuvo|subió} en la {primera|segunda|última} planta del "
        "{edificio|hotel|hospital}",
        "la {primera|segunda|última} planta del {edificio|hotel} tiene {oficinas|habitaciones}",
    ),
}  # fmt: skip


def expand(pattern: str) -> list[str]:
    """Todas las frases de un patrón: ``"{a|b} c"`` → ``["a c", "b c"]``."""
    parts = re.split(r"\{([^}]*)\}", pattern)
    options = [part.split("|") if k % 2 else [part] for k, part in enumerate(parts)]
    return ["".join(chosen) for chosen in itertools.product(*options)]


def generate(per_sense: int = PER_SENSE, seed: int = SEED) -> str:
    """El TSV: texto, palabra y sentido; hasta ``per_sense`` frases por sentido, barajadas."""
    rng, lines = Random(seed), []
    for (word, sense), patterns in PATTERNS.items():
        texts = [text for pattern in patterns for text in expand(pattern)]
        rng.shuffle(texts)
        lines += [f"{text[0].upper()}{text[1:]}.\t{word}\t{sense}" for text in texts[:per_sense]]
    rng.shuffle(lines)
    return "\n".join(["texto\tpalabra\tsentido", *lines]) + "\n"


if __name__ == "__main__":
    FILE.write_text(generate(), encoding="utf-8", newline="\n")
    print(f"Escrito {FILE.name}")
