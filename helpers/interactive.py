"""Lo que cambia en un cuaderno cuando hay una persona delante, y no un programa."""

import ast

from helpers.console import someone_is_watching, wrapped


def no_longer_holds(code: str, message=None) -> None:
    """Dice que una comprobación del cuaderno ha dejado de cumplirse, sin pararlo.

    Args:
        code: lo que se comprobaba, como está escrito.
        message: el texto que llevaba el ``assert``; si lo hay, se escribe en lugar del código.
    """
    what = f"«{message}»" if message else f"`{code}`"
    print(wrapped(f"Con tus cambios, esta comprobación ya no coincide: {what}. El cuaderno sigue."))


class GentleAsserts(ast.NodeTransformer):
    """Con alguien delante, un ``assert`` de la celda que falla avisa y deja seguir.

    Quien cambia un número del cuaderno ve qué comprobación depende de él y puede seguir leyendo.
    Sin nadie delante no toca nada: al ejecutarlo un programa, el ``assert`` falla como siempre.
    Tampoco toca los de dentro de funciones y clases, que son de quien las llama, ni los de un
    ``try``, que ya dice qué hacer si fallan.
    """

    def visit_Module(self, node):
        """La celda entera."""
        return self.generic_visit(node) if someone_is_watching() else node

    def visit_Assert(self, node):
        """Cambia ``assert test, message`` por ``if not test: no_longer_holds(…)``."""
        # Por el nombre del módulo: la celda podría haber borrado cualquier otro.
        here = f"__import__({__name__!r}, fromlist=['*'])"
        call = ast.parse(f"{here}.no_longer_holds({ast.unparse(node.test)!r})").body[0]
        for part in ast.walk(call):
            if "lineno" in part._attributes:
                ast.copy_location(part, node)
        if node.msg:
            call.value.args.append(node.msg)
        gentle = ast.copy_location(ast.If(ast.UnaryOp(ast.Not(), node.test), [call], []), node)
        return ast.fix_missing_locations(gentle)

    def _leave(self, node):
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = _leave
    visit_Try = visit_TryStar = _leave


def soften_asserts() -> None:
    """Aplica :class:`GentleAsserts` desde la celda siguiente; llamarla dos veces da lo mismo."""
    try:
        from IPython import get_ipython
    except ImportError:
        return
    shell = get_ipython()
    if shell is None:
        return
    # Por el nombre y no por la clase: si el módulo se recarga, la de antes es otra.
    name = GentleAsserts.__name__
    others = [t for t in shell.ast_transformers if type(t).__name__ != name]
    shell.ast_transformers[:] = [*others, GentleAsserts()]
