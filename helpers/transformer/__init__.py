"""El Transformer, pieza a pieza: tokenizadores, atención, capas, modelo y traducción. Cuaderno 09."""
