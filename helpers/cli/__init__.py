"""Las órdenes de ``python -m helpers``: preparar el entorno, abrir, probar y publicar."""

NEEDED_GB = 4  # el entorno ocupa unos 3 GB, y las descargas pasan antes por el disco
OLDEST, NEWEST = (3, 11), (3, 13)  # los Python que sirven
