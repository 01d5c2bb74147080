"""Ejercicios que se corrigen solos: un módulo por cuaderno (``nb01``, ``nb03``…)."""

from helpers.exercises.base import Exercise, Wrong, close, require

__all__ = ["Exercise", "Wrong", "close", "require"]
