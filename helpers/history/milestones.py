"""Los hitos de la línea del tiempo del cuaderno 04, con su fuente primaria."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Milestone:
    """Un hito: ``glyph`` es su dibujo y ``in_article``, si el artículo lo cuenta."""

    year: int
    name: str
    who: str
    glyph: str
    in_article: bool
    source: str

    @property
    def card(self):
        """Lo que pide :func:`helpers.plotting.timeline.timeline`."""
        return (self.year, self.name, self.who, self.glyph, self.in_article)


MILESTONES = (
    Milestone(1943, "La neurona\nformal", "McCulloch y Pitts", "neuron", True,
              "McCulloch y Pitts, Bulletin of Mathematical Biophysics 5, 115-133"),
    Milestone(1958, "El perceptrón\n(aprende)", "Rosenblatt", "boundary", True,
              "Rosenblatt, Psychological Review 65, 386-408"),
    Milestone(1965, "Varias capas\nque aprenden", "Ivajnenko y Lapa", "polynomial", True,
              "Ivakhnenko y Lapa, Cybernetic Predicting Devices"),
    Milestone(1969, "«Perceptrons»:\nlos límites", "Minsky y Papert", "cross", False,
              "Minsky y Papert, Perceptrons, MIT Press"),
    Milestone(1970, "Derivadas\nhacia atrás", "Linnainmaa", "chain", False,
              "Linnainmaa, tesis de máster, Universidad de Helsinki"),
    Milestone(1980, "Neocognitrón", "Fukushima", "pyramid", False,
              "Fukushima, Biological Cybernetics 36, 193-202"),
    Milestone(1982, "Memoria\nasociativa", "Hopfield", "valleys", False,
              "Hopfield, PNAS 79, 2554-2558"),
    Milestone(1986, "Retro-\npropagación", "Rumelhart, Hinton\ny Williams", "backward", True,
              "Rumelhart, Hinton y Williams, Nature 323, 533-536"),
    Milestone(1989, "Convolución que\nlee cifras", "LeCun y otros", "window", True,
              "LeCun y otros, Neural Computation 1, 541-551"),
    Milestone(1990, "Red recurrente\nsimple", "Elman", "loop", True,
              "Elman, Cognitive Science 14, 179-211"),
    Milestone(1997, "LSTM", "Hochreiter y\nSchmidhuber", "vault", True,
              "Hochreiter y Schmidhuber, Neural Computation 9, 1735-1780"),
    Milestone(2006, "Redes de creencia\nprofunda", "Hinton, Osindero\ny Teh", "bipartite", True,
              "Hinton, Osindero y Teh, Neural Computation 18, 1527-1554"),
    Milestone(2012, "AlexNet", "Krizhevsky,\nSutskever y Hinton", "deep", False,
              "Krizhevsky, Sutskever y Hinton, NeurIPS 25"),
    Milestone(2013, "word2vec", "Mikolov y otros", "words", False,
              "Mikolov y otros, arXiv:1301.3781"),
    Milestone(2014, "GAN", "Goodfellow\ny otros", "duel", True,
              "Goodfellow y otros, NeurIPS 27"),
    Milestone(2014, "Atención", "Bahdanau, Cho\ny Bengio", "spotlight", False,
              "Bahdanau, Cho y Bengio, arXiv:1409.0473"),
    Milestone(2015, "ResNet", "He y otros", "skip", False,
              "He y otros, arXiv:1512.03385"),
    Milestone(2017, "Transformer", "Vaswani y otros", "towers", False,
              "Vaswani y otros, arXiv:1706.03762"),
)  # fmt: skip

# Los dos «inviernos» de la inteligencia artificial: años de poca financiación, según la crónica
# habitual (bordes aproximados): tras el informe Lighthill (1973) y la caída de las máquinas Lisp
# (1987).
WINTERS = ((1974, 1980, "invierno"), (1987, 1993, "invierno"))
