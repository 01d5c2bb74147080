"""Clasificar imágenes pequeñas: la red del artículo, otra mejor y cómo medirlas. Cuaderno 05.

- :mod:`~helpers.classification.published`: la red publicada y su optimizador, tal como eran.
- :mod:`~helpers.classification.splits`: reparto al azar y reparto por clips.
- :mod:`~helpers.classification.network`: la red mejorada, por piezas, para medir cada una.
- :mod:`~helpers.classification.augmentation`: aumento con imgaug y con capas de Keras.
- :mod:`~helpers.classification.training`: entrenar una receta y medir lo que tarda.
- :mod:`~helpers.classification.baselines`: mayoría, lineal y vecino más próximo.
- :mod:`~helpers.classification.evaluation`: informe, matriz de confusión, fallos.
- :mod:`~helpers.classification.classifier`: red, nombres y tamaño en un solo ``.keras``.
"""
