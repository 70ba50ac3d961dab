"""Public types as annotations name them: each is loaded when an annotation is evaluated, and not before.

Law: what a module imports for type-checkers alone has that name in the module nevertheless, by `public_type`: so
`typing.get_type_hints`, and whatever stands on it, finds the type itself, and importing the module defines no struct.
"""

from typing import Any, ForwardRef

_PACKAGE = __name__.rpartition(".")[0]


def public_type(name: str, package: str = _PACKAGE) -> Any:
    """What stands for a public type of a package (of codecs, unless another is named) until it is evaluated.

    `typing` evaluates a `ForwardRef` wherever it stands in an annotation, among the names of its module: here of the
    package, one of whose names is the function that loads the others.
    """
    return ForwardRef(f"__getattr__({name!r})", module=package)
