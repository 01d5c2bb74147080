"""Clasificar imágenes: las redes del cuaderno 05, cómo repartir y una receta para tus fotos.

- :mod:`~helpers.classification.networks`: las redes que el cuaderno escribe en sus celdas.
- :mod:`~helpers.classification.splits`: repartir sin separar lo que va junto.
- :mod:`~helpers.classification.baselines`: la más frecuente y un modelo lineal.
- :mod:`~helpers.classification.recipe`: de tu carpeta al clasificador guardado.
- :mod:`~helpers.classification.classifier`: red, nombres y tamaño en un solo ``.keras``.
- :mod:`~helpers.classification.preparation`: una imagen cualquiera, lista para la red.
"""
