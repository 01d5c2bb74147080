"""Pronosticar partidos: forma, rating, redes, puntuaciones y torneos simulados. Cuaderno 02."""
