"""El Transformer del cuaderno 09, general y con caché, y lo que hace falta para traducir.

Lo de todos los días::

    from helpers.transformer.tokenizers import BytePairTokenizer
    from helpers.transformer.translator import Translator
    spanish, english = (BytePairTokenizer.learn(texts, 700) for texts in zip(*pairs))
    translator = Translator(spanish, english)
    translator.fit(pairs, valid, epochs=6)
    translator.translate("hola amigos")                 # texto; con una lista, lista de textos
    translator.bleu(exam)
    translator.save("traductor.keras"); Translator.load("traductor.keras")

Cada archivo trata de una cosa, y se leen en este orden:

================  ==============================================================================
``text``          limpiar y partir un texto; PAD 0, START 1, END 2, UNK 3, MASK 4
``tokenizers``    ``BytePairTokenizer.learn(texts, 700)``: trozos de palabra
``attention``     máscaras y ``MultiHeadAttention``
``model``         ``sinusoidal``, ``Embed``, ``Block(cross=…)``, ``Transformer``
``batches``       ``batches(sources, targets)``: los lotes de entrenar
``decoding``      ``Generator(model, length)``: escribir, siempre el token más probable
``translator``    ``compile_model``, ``Translator``: todo junto
``metrics``       BLEU
================  ==============================================================================

Fuente: Vaswani et al. (2017), «Attention Is All You Need», arXiv:1706.03762.
"""
