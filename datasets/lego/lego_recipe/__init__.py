"""Un pequeño motor 3D en NumPy que fotografía figuras de juguete y sabe qué se ve de cada una."""
