"""Pronóstico de ventas del cuaderno 07: de la serie a la tabla, modelos, evaluación y servicio."""
