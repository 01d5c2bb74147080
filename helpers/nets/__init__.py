"""Lo que comparten las lecciones: redes en NumPy, XOR, guardar una red de Keras y calibrarla."""
