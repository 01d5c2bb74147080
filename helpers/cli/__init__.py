"""Las órdenes de ``python -m helpers``: preparar el entorno, abrir, probar y publicar."""
