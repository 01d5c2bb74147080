"""Los datos: catálogo, descargas verificadas y un módulo por conjunto de datos."""
