"""Prepara el entorno de los cuadernos: crea ``.venv``, instala en él y lo repara.

Solo biblioteca estándar: se ejecuta antes de que haya nada instalado. Lo usan las órdenes de
``python -m helpers``; el cuaderno 01 hace los mismos pasos a mano.
"""
