"""El Transformer, pieza a pieza: tokenizadores, atención, capas, modelo y traducción (cuaderno 09).

Lo de todos los días::

    from helpers.transformer.translator import Translator
    translator = Translator(source_tokenizer, target_tokenizer, d_model=128, heads=4, layers=2,
                            d_ff=256, max_length=40, norm="pre", seed=0)
    history = translator.fit(pairs, valid, epochs=10, checkpoint_dir="puntos")
    translator.translate("hola amigos")                 # texto; con una lista, lista de textos
    translator.translate(sentences, beam=4)
    translator.steps("el perro duerme")                 # [Step(text="the", candidates=[…]), …]
    maps = translator.attention("el perro duerme")      # Maps(.source, .target, .encoder, .cross…)
    translator.save("traductor.keras"); Translator.load("traductor.keras")

Con frases cortas y repetidas, ``dropout=0.0``. Con ``network=`` se pone otra red y lo demás es lo
mismo: así compara el estudio con una LSTM y con las capas de Keras (``datasets/studies``).

Números fijos de los tokens: PAD 0, START 1, END 2, UNK 3, MASK 4 (``tokenizers.special``). Una
máscara es siempre booleana y de tres ejes, ``(B, consultas, claves)``; ``True``, «puede mirar».

======================  =========================================================================
``tokenizers``          ``WordTokenizer.learn(texts)``, ``BytePairTokenizer.learn(texts, 2000)``
``masks``               ``padding_mask(ids)``, ``look_ahead_mask(T)``, ``decoder_mask(ids)``
``positional``          ``sinusoidal(length, depth)``, ``PositionalEncoding``, ``TokenEmbedding``
``attention``           ``scaled_dot_product_attention(q, k, v, mask, scale) → (salida, pesos)``,
                        ``MultiHeadAttention(d_model, heads)(q, k, v, attention_mask=…)``
``sublayers``           ``FeedForward(d_model, d_ff)``, ``AddNorm(norm, residual, dropout)``
``layers``, ``stacks``  ``EncoderLayer``, ``DecoderLayer(cross=True)``; ``Encoder``, ``Decoder``
``model``               ``Transformer(source_vocabulary, target_vocabulary, …)``; ``BASE``
``base``                ``parameters(model) → {parte: número}``
``language``            ``LanguageModel`` (GPT), ``MaskedLanguageModel`` (BERT; ``.vectors(ids)``),
                        ``shifted(ids)``, ``mask_tokens(ids, vocabulary)``
``vision``              ``patches(images, size)``, ``VisionTransformer(image_shape, classes)``
``forecasting``         ``SeriesTransformer(window, features, horizon)``
``losses``              ``TokenLoss(smoothing)``, ``TokenAccuracy()``, ``WarmUp(d_model, warmup)``
``batches``             ``Batches(sources, targets, batch=64)``: teacher forcing, por longitudes
``training``            ``Settings`` (``epochs, batch, learning_rate, schedule, smoothing…``)
``decoding``            ``Greedy(model, length).generate(source, forced)``, ``Sampler(model, length,
                        temperature, top_k, top_p)``, ``probabilities(scores, temperature, …)``
``beam``                ``Beam(model, length, width=4, alpha=0.6).generate(source)``
``metrics``             BLEU y chrF
======================  =========================================================================

Variantes para ver cuánto vale cada pieza: ``positions="none"``, ``heads=1``, ``scale=False``,
``residual=False``, ``norm="post"`` o ``"pre"``.

Capa a capa, con los pesos de atención a la vista::

    mask = padding_mask(ids)                                        # (B, 1, T)
    x = TokenEmbedding(vocabulary, 64, max_length=40)(ids)          # (B, T, 64)
    y, weights = MultiHeadAttention(64, 4)(x, x, x, attention_mask=mask, return_attention=True)
    model((source, target))                                         # (B, T, vocabulario)
    model.attention(source, target)["cross"][0]                     # (B, cabezas, T, S)

Un GPT pequeño, y un BERT pequeño::

    ids = tokenizer.batch(texts, start=True, end=True)
    gpt = LanguageModel(tokenizer.vocab_size, d_model=64, tokenizers=(tokenizer,))
    gpt.compile("adam", TokenLoss(0.0), metrics=[TokenAccuracy()])
    gpt.fit(*shifted(ids), epochs=30, verbose=0)
    prompt = tokenizer.batch(["en casa de herrero"], start=True)
    Greedy(gpt, length=20).generate(forced=prompt)                  # (1, 20) tokens
    probabilities(gpt(prompt)[0, -1], temperature=0.7, top_p=0.9)   # (vocabulario,)

    bert = MaskedLanguageModel(tokenizer.vocab_size, d_model=64)
    bert.compile("adam", TokenLoss(0.0), metrics=[TokenAccuracy()])
    bert.fit(*mask_tokens(ids, tokenizer.vocab_size, seed=0), epochs=30, verbose=0)
    bert.vectors(ids)                                               # (B, T, 64), con contexto

Fuente: Vaswani et al. (2017), «Attention Is All You Need», arXiv:1706.03762.
"""
