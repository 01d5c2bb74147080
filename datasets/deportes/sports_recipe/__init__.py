"""Diez deportes pintados con OpenCV: decorados, gente, cámaras y clips. Cuaderno 05."""
