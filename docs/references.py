"""Whether what a docstring refers to exists."""

import ast
import builtins
import importlib
import inspect
import pkgutil
from functools import cache

import exactrelu


@cache
def modules():
    """All modules of the package."""
    found = [module.name for module in pkgutil.walk_packages(exactrelu.__path__, "exactrelu.")]
    return [importlib.import_module(name) for name in found if not name.endswith("__main__")]


def exists(name, place):
    """Whether a name means something at a place: there, in the package, in Python, or in a library."""
    module, _, rest = place.partition(":")
    package = module.rpartition(".")[0]
    for start in (f"{module}.{rest}.{name}", f"{module}.{name}", f"{package}.{name}", name, f"exactrelu.{name}"):
        parts = [part for part in start.split(".") if part]
        for cut in range(len(parts), 0, -1):
            try:
                found = importlib.import_module(".".join(parts[:cut]))
            except ImportError:
                continue
            try:
                for part in parts[cut:]:
                    fields = getattr(found, "__dataclass_fields__", {})
                    annotations = getattr(found, "__annotations__", {})
                    found = fields[part] if part in fields else getattr(found, part, annotations.get(part))
                    if found is None:
                        raise AttributeError(part)
                return True
            except AttributeError:
                break
    return hasattr(builtins, name)


@cache
def names_of_the_package():
    """Every name in some module: classes of its own, those of libraries, and what only a type checker imports."""
    names = {name for module in modules() for name in (*vars(module), *vars(builtins))}
    for module in modules():
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
                names |= {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
                names |= {part.name for part in ast.walk(node) if isinstance(part, ast.alias)}
    return names
