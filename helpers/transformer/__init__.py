"""El Transformer, pieza a pieza: tokenizadores, atención, capas, modelo y traducción (cuaderno 09).

Lo de todos los días::

    from helpers.transformer.translator import Translator
    translator = Translator(source_tokenizer, target_tokenizer, d_model=128, heads=4, layers=2,
                            d_ff=256, max_length=40, norm="pre", seed=0)
    history = translator.fit(pairs, valid, epochs=10)
    translator.translate("hola amigos")                 # texto; con una lista, lista de textos
    translator.steps("el perro duerme")                 # [Step(text="the", candidates=[…]), …]
    translator.attention("el perro duerme")             # Maps(.source, .target, .encoder, .cross…)
    translator.save("traductor.keras"); Translator.load("traductor.keras")

Cada archivo trata de una cosa, y se leen en este orden:

================  ==============================================================================
``text``          limpiar y partir un texto; PAD 0, START 1, END 2, UNK 3, MASK 4
``tokenizers``    ``WordTokenizer.learn(texts)``, ``BytePairTokenizer.learn(texts, 2000)``
``attention``     máscaras, ``scaled_dot_product_attention``, ``MultiHeadAttention``
``embedding``     ``sinusoidal(length, depth)``, ``PositionalEncoding``, ``TokenEmbedding``
``layers``        ``FeedForward``, ``AddNorm``, ``Block(cross=…)``, ``Stack``
``model``         ``Transformer``; ``LanguageModel`` (GPT; con ``causal=False``, BERT)
``batches``       ``Batches`` (para traducir), ``shifted`` (para GPT), ``mask_tokens`` (BERT)
``training``      ``TokenLoss(smoothing)``, ``TokenAccuracy()``, ``compile_model``, ``warm_up``
``decoding``      ``probabilities(scores, …)``, ``Generator(model, length, temperature=…)``
``translator``    ``Translator``: todo junto
``metrics``       BLEU y chrF
``counts``        cuántos parámetros tiene cada modelo conocido
``applications``  el mismo bloque con imágenes y con series
================  ==============================================================================

Un GPT pequeño, y un BERT pequeño::

    ids = tokenizer.batch(texts, start=True, end=True)
    gpt = LanguageModel(tokenizer.vocab_size, d_model=64)
    gpt.compile("adam", TokenLoss(0.0), metrics=[TokenAccuracy()])
    gpt.fit(*shifted(ids), epochs=30, verbose=0)
    prompt = tokenizer.batch(["en casa de herrero"], start=True)
    Generator(gpt, 20).generate(forced=prompt)                      # (1, 20) tokens

    bert = LanguageModel(tokenizer.vocab_size, causal=False, d_model=64)
    bert.compile("adam", TokenLoss(0.0), metrics=[TokenAccuracy()])
    bert.fit(*mask_tokens(ids, tokenizer.vocab_size, seed=0), epochs=30, verbose=0)
    bert.vectors(ids)                                               # (B, T, 64), con contexto

Fuente: Vaswani et al. (2017), «Attention Is All You Need», arXiv:1706.03762.
"""
