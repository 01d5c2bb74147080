"""Los hitos de la línea del tiempo del cuaderno 04, cada uno con su fuente primaria al lado."""

# (año, nombre, quién, si lo cuenta el blog)
MILESTONES = (
    # Bulletin of Mathematical Biophysics 5, 115-133
    (1943, "La neurona formal", "McCulloch y Pitts", True),
    # Psychological Review 65, 386-408
    (1958, "El perceptrón, que aprende", "Rosenblatt", True),
    # Cybernetic Predicting Devices
    (1965, "Varias capas que aprenden", "Ivajnenko y Lapa", True),
    # Perceptrons, MIT Press
    (1969, "«Perceptrons»: los límites", "Minsky y Papert", False),
    # Tesis de máster, Universidad de Helsinki
    (1970, "Derivadas hacia atrás", "Linnainmaa", False),
    # Biological Cybernetics 36, 193-202
    (1980, "Neocognitrón", "Fukushima", False),
    # PNAS 79, 2554-2558
    (1982, "Memoria asociativa", "Hopfield", False),
    # Nature 323, 533-536
    (1986, "Retropropagación", "Rumelhart, Hinton y Williams", True),
    # Neural Computation 1, 541-551
    (1989, "Convolución que lee cifras", "LeCun y otros", True),
    # Cognitive Science 14, 179-211
    (1990, "Red recurrente simple", "Elman", True),
    # Neural Computation 9, 1735-1780
    (1997, "LSTM", "Hochreiter y Schmidhuber", True),
    # Neural Computation 18, 1527-1554
    (2006, "Redes de creencia profunda", "Hinton, Osindero y Teh", True),
    # NeurIPS 25
    (2012, "AlexNet", "Krizhevsky, Sutskever y Hinton", False),
    # arXiv:1301.3781
    (2013, "word2vec", "Mikolov y otros", False),
    # NeurIPS 27
    (2014, "GAN", "Goodfellow y otros", True),
    # arXiv:1409.0473
    (2014, "Atención", "Bahdanau, Cho y Bengio", False),
    # arXiv:1512.03385
    (2015, "ResNet", "He y otros", False),
    # arXiv:1706.03762
    (2017, "Transformer", "Vaswani y otros", False),
)

# Los dos «inviernos» de la inteligencia artificial: años de poca financiación, según la crónica
# habitual (bordes aproximados): tras el informe Lighthill (1973) y la caída de las máquinas Lisp
# (1987).
WINTERS = ((1974, 1980), (1987, 1993))
