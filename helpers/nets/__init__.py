"""Redes hechas a mano con NumPy, la compuerta XOR y cómo se guarda una red de Keras."""
