"""Figuras de juguete fotografiadas por un pequeño motor 3D en NumPy, con sus cajas exactas::

    from helpers.data.lego import dataset
    data = dataset.load()               # 300 imágenes de 100 escenas, una clase
    test = dataset.load("prueba")       # 60 imágenes de 30 escenas que nadie ha visto

Sustituye a las fotos del artículo, que vienen con su libro. Cuaderno 08.
"""
