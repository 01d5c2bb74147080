"""Python importa este módulo al arrancar si su carpeta está en PYTHONPATH (ver conftest.py)."""

import guard

guard.block_network()
