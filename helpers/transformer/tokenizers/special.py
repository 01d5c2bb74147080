"""Los tokens especiales y sus números, los mismos en todos los tokenizadores. Cuaderno 09."""

PAD, START, END, UNK, MASK = range(5)
SPECIAL = ("[PAD]", "[START]", "[END]", "[UNK]", "[MASK]")
GLUE = "##"  # «pegado al anterior»: solo, o delante de un trozo de palabra (##ndo)
SPACE = "␣"  # un espacio donde no se espera: «hola !»
