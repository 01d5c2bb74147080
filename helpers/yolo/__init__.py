"""Detección de objetos con YOLOv2, pieza a pieza (cuaderno 08)."""
