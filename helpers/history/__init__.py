"""Las máquinas de la historia de las redes neuronales, pequeñas y en marcha (cuaderno 04)."""
