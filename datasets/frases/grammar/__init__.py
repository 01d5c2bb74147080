"""La gramática: léxico, sintagmas y oraciones, en español y en inglés a la vez."""
