"""Ejercicios que se corrigen solos, un módulo por cuaderno. ``base`` explica cómo añadir uno."""
