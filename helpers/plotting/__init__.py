"""Figuras de los cuadernos. Aquí no se sabe nada de modelos: entran arrays, salen ejes."""
