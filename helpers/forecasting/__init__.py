"""Pronosticar una serie diaria: calendario, métodos, exámenes y la receta. Cuaderno 07."""
