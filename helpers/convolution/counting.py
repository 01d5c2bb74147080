"""Calculadora de formas y de parámetros, capa por capa y sin construir la red. Cuaderno 06."""

from dataclasses import dataclass

from helpers.console import number
from helpers.convolution.geometry import output_size


def conv_params(kernel: int, channels: int, filters: int, *, bias=True, groups: int = 1) -> int:
    """Parámetros de una convolución ``kernel`` × ``kernel``: pesos y un sesgo por filtro.

    ``groups`` parte los canales en grupos que no se ven entre sí (AlexNet, § 3.2).

    Raises:
        ValueError: si los grupos no dividen a los canales y a los filtros.
    """
    if channels % groups or filters % groups:
        raise ValueError(f"{groups} grupos no dividen a {channels} canales y {filters} filtros.")
    return kernel * kernel * (channels // groups) * filters + (filters if bias else 0)


def dense_params(inputs: int, units: int) -> int:
    """Parámetros de una capa densa: un peso por conexión y un sesgo por neurona."""
    return inputs * units + units


@dataclass(frozen=True)
class Conv:
    """Capa de convolución cuadrada."""

    filters: int
    kernel: int = 3
    stride: int = 1
    padding: str | int = "same"
    bias: bool = True


@dataclass(frozen=True)
class Pool:
    """Submuestreo cuadrado, sin solapar si no se dice el paso."""

    size: int = 2
    stride: int | None = None
    padding: str | int = "valid"


@dataclass(frozen=True)
class Flatten:
    """Aplanar."""


@dataclass(frozen=True)
class Dense:
    """Capa densa."""

    units: int


@dataclass(frozen=True)
class Row:
    """Lo que da de sí una capa.

    Attributes:
        shape: forma de su salida. params: números que aprende.
        connections: parejas de neuronas unidas (las del borde relleno cuentan); es también el
            número de multiplicaciones por imagen.
        field: lado del campo receptivo, en píxeles de la imagen; 0 si ya lo ve todo.
    """

    name: str
    shape: tuple[int, ...]
    params: int
    connections: int
    field: int

    @property
    def neurons(self) -> int:
        total = 1
        for side in self.shape:
            total *= side
        return total


def trace(shape: tuple[int, ...], layers) -> list[Row]:
    """Recorre ``layers`` desde una entrada ``(alto, ancho, canales)`` y apunta cada capa.

    El campo receptivo crece ``(k − 1)·salto`` en cada capa y el salto se multiplica por el paso.

    Raises:
        ValueError: si una capa no cabe, o es densa y no se ha aplanado antes.
    """
    rows, field, jump = [Row("entrada", tuple(shape), 0, 0, 1)], 1, 1
    for layer in layers:
        shape = rows[-1].shape
        if isinstance(layer, Flatten):
            rows.append(Row("aplanar", (rows[-1].neurons,), 0, 0, 0))
            continue
        if isinstance(layer, Dense):
            if len(shape) != 1:
                raise ValueError(f"Antes de una capa densa hay que aplanar: la forma es {shape}.")
            params = dense_params(shape[0], layer.units)
            rows.append(Row("densa", (layer.units,), params, shape[0] * layer.units, 0))
            continue
        if len(shape) != 3:
            raise ValueError(f"Ya se aplanó: no caben más convoluciones en una forma {shape}.")
        size = layer.kernel if isinstance(layer, Conv) else layer.size
        stride = layer.stride or size
        sides = tuple(output_size(n, size, stride, layer.padding) for n in shape[:2])
        field, jump = field + (size - 1) * jump, jump * stride
        if isinstance(layer, Conv):
            params = conv_params(size, shape[2], layer.filters, bias=layer.bias)
            links = sides[0] * sides[1] * layer.filters * size * size * shape[2]
            name = f"convolución {size}×{size}"
            rows.append(Row(name, (*sides, layer.filters), params, links, field))
        else:
            links = sides[0] * sides[1] * shape[2] * size * size
            rows.append(Row(f"máximo {size}×{size}", (*sides, shape[2]), 0, links, field))
    return rows


ARTICLE = (
    Conv(32), Pool(), Conv(64), Pool(), Conv(128), Pool(), Flatten(), Dense(100), Dense(10),
)  # fmt: skip


def table(rows) -> str:
    """Las filas como texto alineado, con el total de parámetros."""
    cells = [("capa", "forma de salida", "neuronas", "parámetros", "ve un cuadrado de")]
    for row in rows:
        shape = "×".join(map(str, row.shape))
        field = f"{row.field} px" if row.field else "toda la imagen"
        cells.append((row.name, shape, number(row.neurons), number(row.params), field))
    cells.append(("total", "", "", number(sum(row.params for row in rows)), ""))
    widths = [max(len(line[i]) for line in cells) for i in range(5)]
    lines = []
    for line in cells:
        texts = [t.ljust(w) if i < 2 else t.rjust(w) for i, (t, w) in enumerate(zip(line, widths))]
        lines.append("  ".join(texts).rstrip())
    return "\n".join(lines)
