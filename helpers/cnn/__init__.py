"""Redes convolucionales en Keras: las del artículo, las que se comparan y cómo mirarlas por dentro.

Cuaderno 06. La convolución en sí, escrita desde cero, está en :mod:`helpers.convolution`.
"""
