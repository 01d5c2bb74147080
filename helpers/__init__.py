"""Código compartido por los nueve cuadernos.

Cada módulo trata un solo tema y no hace nada al importarse. Para preparar el entorno y abrir
los cuadernos: ``python -m helpers lab``.
"""
