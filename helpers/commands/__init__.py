"""Las órdenes de «python -m helpers», una por módulo, cada una con su ``main(options)``."""
