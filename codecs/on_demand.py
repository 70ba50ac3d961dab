"""What is public is loaded when it is first asked for, by name or by an annotation that is evaluated, and not before.

Law: a package says in `_PUBLIC` what is public in it, by the module that holds it, and nowhere else. Whoever asks the
package for a name finds the thing itself there from then on; `dir`, completion and `import *` show these names and no
others.

What a module imports for type-checkers alone has that name in the module nevertheless, by `public_type`: so
`typing.get_type_hints`, and whatever is built on it, finds the type itself, and importing the module defines no struct.
"""

from importlib import import_module
from typing import Any, ForwardRef

_PACKAGE = __name__.rpartition(".")[0]


def public_name(package: dict[str, Any], name: str) -> object:
    """Load a public name of the package whose globals are given. Raises `AttributeError` for a name that is not one."""
    own, homes = package["__name__"], package["_HOME"]
    if name not in homes:
        raise AttributeError(f"module {own!r} has no attribute {name!r}")
    module = import_module(f".{homes[name]}", own)
    for beside in package["_PUBLIC"][homes[name]].split():  # they are loaded by now, and asking for each takes longer
        package[beside] = getattr(module, beside)
    return package[name]


def public_names(package: dict[str, Any]) -> list[str]:
    """What `dir` shows of the package whose globals are given: what is public, and what Python has in every module."""
    present = [*package]  # at one stroke: another thread may load a name meanwhile
    return sorted({*package["_HOME"], *(name for name in present if name.startswith("__"))})


def public_type(name: str, package: str = _PACKAGE) -> Any:
    """What stands for a public type of a package (of codecs, unless another is named) until it is evaluated.

    `typing` evaluates a `ForwardRef` anywhere in an annotation: until Python 3.13 among the names of its module, from
    3.14 on among those of whoever is asked for its hints. So it names nothing but what is built in, and the package.
    """
    return ForwardRef(f"__import__({package!r}, None, None, ['']).{name}", module=package)
