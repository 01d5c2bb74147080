"""Parámetros de las redes famosas, sumados a partir de las tablas de sus artículos. Cuaderno 06.

Cada función devuelve un número entero. Las pruebas lo comparan con ``keras.applications`` donde
existe, y con la cifra de su artículo donde no.
"""

from helpers.convolution.counting import conv_params, dense_params


def lenet5(*, original: bool = False) -> int:
    """LeNet-5: LeCun et al. (1998), § II.B y tabla I.

    Con ``original=True``, la de 1998: submuestreos con dos números por mapa, C3 conectada solo en
    parte (6 mapas ven 3, 9 ven 4 y 1 ve los 6) y salida sin pesos que aprender.
    """
    first, last = conv_params(5, 1, 6), conv_params(5, 16, 120) + dense_params(120, 84)
    if original:
        partial = 25 * (6 * 3 + 9 * 4 + 1 * 6) + 16
        return first + 2 * 6 + partial + 2 * 16 + last
    return first + conv_params(5, 6, 16) + last + dense_params(84, 10)


def alexnet() -> int:
    """AlexNet: Krizhevsky, Sutskever y Hinton (2012), § 3.5, repartida en dos GPU."""
    convs = [(11, 3, 96, 1), (5, 96, 256, 2), (3, 256, 384, 1), (3, 384, 384, 2), (3, 384, 256, 2)]
    total = sum(conv_params(k, c, f, groups=g) for k, c, f, g in convs)
    return (
        total
        + dense_params(6 * 6 * 256, 4096)
        + dense_params(4096, 4096)
        + dense_params(4096, 1000)
    )


# GoogLeNet, tabla 1: canales de 1×1, 3×3 (antes y después), 5×5 (antes y después) y tras el máximo.
INCEPTION = (
    (64, 96, 128, 16, 32, 32), (128, 128, 192, 32, 96, 64), (192, 96, 208, 16, 48, 64),
    (160, 112, 224, 24, 64, 64), (128, 128, 256, 24, 64, 64), (112, 144, 288, 32, 64, 64),
    (256, 160, 320, 32, 128, 128), (256, 160, 320, 32, 128, 128), (384, 192, 384, 48, 128, 128),
)  # fmt: skip


def inception_block(channels: int, plan: tuple[int, ...]) -> tuple[int, int]:
    """Parámetros y canales de salida de un módulo Inception (Szegedy et al., 2015, figura 2b)."""
    one, before3, three, before5, five, pooled = plan
    total = conv_params(1, channels, one) + conv_params(1, channels, pooled)
    total += conv_params(1, channels, before3) + conv_params(3, before3, three)
    total += conv_params(1, channels, before5) + conv_params(5, before5, five)
    return total, one + three + five + pooled


def googlenet() -> int:
    """GoogLeNet: Szegedy et al. (2015), tabla 1, sin los clasificadores auxiliares."""
    total = conv_params(7, 3, 64) + conv_params(1, 64, 64) + conv_params(3, 64, 192)
    channels = 192
    for plan in INCEPTION:
        added, channels = inception_block(channels, plan)
        total += added
    return total + dense_params(channels, 1000)


def resnet50() -> int:
    """ResNet-50: He et al. (2016), tabla 1; con los sesgos que añade Keras.

    Cada normalización por lotes lleva 4 números por canal (escala, desplazamiento, media y
    varianza; las dos últimas no se aprenden por gradiente).
    """
    total, channels = conv_params(7, 3, 64) + 4 * 64, 64
    for width, blocks in ((64, 3), (128, 4), (256, 6), (512, 3)):
        for block in range(blocks):
            steps = [(1, channels, width), (3, width, width), (1, width, 4 * width)]
            if block == 0:  # el atajo cambia de número de canales
                steps.append((1, channels, 4 * width))
            total += sum(conv_params(*step) + 4 * step[2] for step in steps)
            channels = 4 * width
    return total + dense_params(channels, 1000)


def densenet121() -> int:
    """DenseNet-121: Huang et al. (2017), tabla 1, crecimiento 32; convoluciones sin sesgo."""
    growth, channels = 32, 64
    total = conv_params(7, 3, 64, bias=False) + 4 * 64
    for stage, layers in enumerate((6, 12, 24, 16)):
        for _ in range(layers):
            total += 4 * channels + conv_params(1, channels, 4 * growth, bias=False)
            total += 4 * 4 * growth + conv_params(3, 4 * growth, growth, bias=False)
            channels += growth  # cada capa se añade a todo lo anterior
        total += 4 * channels
        if stage < 3:  # transición: la mitad de los canales
            total += conv_params(1, channels, channels // 2, bias=False)
            channels //= 2
    return total + dense_params(channels, 1000)
