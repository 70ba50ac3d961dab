"""What there is to tell of a public name: its kind, its signature as it is written, its fields and its methods.

Law: annotations are those of the source. An alias that has a name is shown by it, and not as the union behind it.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from inspect import Parameter
from types import FunctionType, ModuleType
from typing import Any, get_args, get_origin, is_typeddict

from msgspec import NODEFAULT, Struct, structs
from reference_sources import Assigned, assigned_to, members_of

from puresponse.codecs import Wire
from puresponse.transports.testing import contract

COMBINATORS = {"Operation": ("puresponse.core.steps", "_Step"), "Stream": ("puresponse.core.streams", "_StreamStep")}
"""The unions whose members have most methods in common: these are told there, once."""

_STARS = {"VAR_POSITIONAL": "*", "VAR_KEYWORD": "**"}

WIDEST = 60
"""Characters of a default that is shown; what is longer is `…`."""


class Field(Struct, frozen=True):
    """A field of a struct: its name, the name in JSON, its type and its default as they are written."""

    name: str
    wire: str
    annotation: str
    default: str | None


class Call(Struct, frozen=True):
    """A function, a constructor or a method: how it is written, and its parameters but for `self`."""

    name: str
    signature: str
    parameters: tuple[str, ...]
    returns: str
    doc: str
    function: Any


class Told(Struct, frozen=True):
    """A public name, with all that there is to tell of it."""

    name: str
    package: str
    kind: str
    module: ModuleType
    doc: str
    call: Call | None = None
    fields: tuple[Field, ...] = ()
    methods: tuple[Call, ...] = ()
    members: tuple[str, ...] = ()
    written: str = ""


@cache
def public_names() -> dict[str, tuple[str, ModuleType]]:
    """Every public name: the package that it is imported from, and the module that holds it."""
    found: dict[str, tuple[str, ModuleType]] = {}
    for package in ("core", "codecs", "transports", "transports.testing.contract"):
        whole = import_module(f"puresponse.{package}")
        imported = whole.__name__ if whole is contract else "puresponse"
        for name, home in vars(whole)["_HOME"].items():
            found[name] = imported, import_module(f".{home}", whole.__name__)
    return found


@cache
def told(name: str) -> Told:
    """What there is to tell of a public name."""
    package, module = public_names()[name]
    value = getattr(module, name)
    own = isinstance(value, type | FunctionType) and value.__name__ == name
    written = None if own else assigned_to(module, name)
    if written is not None:
        return _assigned(name, package, module, value, written)
    doc = inspect.getdoc(value) or ""
    if not isinstance(value, type):
        return Told(name, package, "function", module, doc, _function(name, value))
    if is_typeddict(value):
        fields = tuple(Field(key, key, _text(hint), "optional") for key, hint in vars(value)["__annotations__"].items())
        return Told(name, package, "keywords", module, doc, fields=fields)
    return Told(
        name,
        package,
        _kind(value),
        module,
        doc,
        _constructor(value),
        tuple(_fields(value)),
        tuple(_methods(value)),
    )


def _assigned(name: str, package: str, module: ModuleType, value: Any, written: Assigned) -> Told:
    """A name that is assigned: a type by another name, or a constant."""
    if not written.is_alias:
        shown = written.annotation or type(value).__name__
        return Told(name, package, "constant", module, written.doc, written=shown)
    literals = tuple(map(repr, get_args(value))) if str(get_origin(value)) == "typing.Literal" else ()
    members = literals or tuple(members_of(written.value))
    methods: tuple[Call, ...] = ()
    if name in COMBINATORS:
        home, base = COMBINATORS[name]
        methods = tuple(_methods(getattr(import_module(home), base)))
    return Told(
        name,
        package,
        "literals" if literals else "union" if len(members) > 1 else "alias",
        module,
        written.doc,
        methods=methods,
        members=members,
        written=written.value,
    )


def _kind(value: type) -> str:
    if vars(value).get("_is_protocol"):
        return "protocol"
    if issubclass(value, BaseException):
        return "exception"
    if issubclass(value, Wire) and value is not Wire:
        return "wire"
    return "struct" if issubclass(value, Struct) else "class"


def _text(annotation: Any) -> str:
    """An annotation as it is written."""
    if isinstance(annotation, str):
        return _quoted(annotation)
    if hasattr(annotation, "__forward_arg__"):
        return _quoted(str(annotation.__forward_arg__))
    return _quoted(inspect.formatannotation(annotation))


def _quoted(text: str) -> str:
    """Code with the quotes that sources have."""
    return text if '"' in text else text.replace("'", '"')


def _default(value: Any) -> str:
    if isinstance(value, type | FunctionType) or inspect.isbuiltin(value):
        own = value.__module__ == "builtins" or value.__module__.startswith("puresponse.")
        return value.__qualname__ if own else f"{value.__module__}.{value.__qualname__}"
    text = _quoted(repr(value).replace("typing.", ""))
    return "…" if len(text) > WIDEST or "<" in text else text


def _written(name: str, parameters: list[Parameter], returns: str) -> str:
    """A signature on one line, or with a line for each parameter."""
    parts: list[str] = []
    kinds = [parameter.kind for parameter in parameters]
    for number, parameter in enumerate(parameters):
        if parameter.kind is Parameter.KEYWORD_ONLY and not {Parameter.KEYWORD_ONLY, Parameter.VAR_POSITIONAL} & set(
            kinds[:number]
        ):
            parts.append("*")
        if number and kinds[number - 1] is Parameter.POSITIONAL_ONLY is not parameter.kind:
            parts.append("/")
        stars = _STARS.get(parameter.kind.name, "")
        annotated = parameter.annotation is not Parameter.empty
        text = f"{stars}{parameter.name}{f': {_text(parameter.annotation)}' if annotated else ''}"
        if parameter.default is not Parameter.empty:
            text += f" = {_default(parameter.default)}" if annotated else f"={_default(parameter.default)}"
        parts.append(text)
    end = f") -> {returns}" if returns else ")"
    line = f"{name}({', '.join(parts)}{end}"
    return line if len(line) <= 100 else "\n".join([f"{name}(", *(f"    {part}," for part in parts), end])


def _function(name: str, function: Any, *, skip: int = 0, returns: bool = True) -> Call:
    shown = inspect.signature(function)
    parameters = list(shown.parameters.values())[skip:]
    result = _text(shown.return_annotation) if returns and shown.return_annotation is not shown.empty else ""
    names = tuple(parameter.name for parameter in parameters if not parameter.name.startswith("_"))
    return Call(name, _written(name, parameters, result), names, result, inspect.getdoc(function) or "", function)


def _constructor(value: type) -> Call | None:
    """How an object is made; None for a protocol, and for a class that is made by others."""
    if vars(value).get("_is_protocol"):
        return None
    if issubclass(value, Struct):
        hints = _annotations(value)
        parameters = [
            one.replace(annotation=hints[one.name])
            for one in inspect.signature(value).parameters.values()
            if not one.name.startswith("_")
        ]
        return Call(
            value.__name__,
            _written(value.__name__, parameters, ""),
            tuple(one.name for one in parameters),
            "",
            inspect.getdoc(value) or "",
            value,
        )
    for maker in ("__init__", "__new__"):
        for base in value.__mro__:
            if maker in vars(base) and base.__module__.startswith("puresponse"):
                return _function(value.__name__, vars(base)[maker], skip=1, returns=False)
    return None


def _annotations(value: type) -> dict[str, str]:
    found: dict[str, str] = {}
    for base in reversed(value.__mro__):
        found |= {name: _text(hint) for name, hint in vars(base).get("__annotations__", {}).items()}
    return found


def _fields(value: type) -> Iterator[Field]:
    if not issubclass(value, Struct):
        return
    hints = _annotations(value)
    for name, hint in hints.items():
        constant = re.fullmatch(r"ClassVar\[Literal\[(.+)\]\]", hint)
        if constant is not None and not name.startswith("_"):
            yield Field(name, name, constant[1], None)
    for field in structs.fields(value):
        if field.name.startswith("_") or (
            issubclass(value, Wire) and field.name == "unknown_fields" and value is not Wire
        ):
            continue
        default: str | None = None
        if field.default is not NODEFAULT:
            default = _default(field.default)
        elif field.default_factory is not NODEFAULT:
            default = _default(field.default_factory())
        yield Field(field.name, field.encode_name, hints[field.name], default)


def _methods(value: type) -> Iterator[Call]:
    """The public methods and properties of a class, those of bases that are not public included."""
    bases = [base for base in value.__mro__ if base.__module__.startswith("puresponse")]
    if value.__module__.startswith(
        contract.__name__
    ):  # what is inherited there are laws, and what other suites ask for
        bases = [value]
    shared = {base for _, base in COMBINATORS.values()}
    seen: set[str] = set()
    for base in bases:
        if base is not value and (base.__name__ in public_names() or base.__name__ in shared):
            continue
        for name, member in vars(base).items():
            if (name.startswith("_") and name != "__call__") or name in seen:
                continue
            if base is not value and name == "then" and value.__name__ != "_Step":
                continue
            function = (
                inspect.unwrap(getattr(member, "__func__", member)) if not isinstance(member, property) else member
            )
            if isinstance(member, property):
                seen.add(name)
                hint = _text(inspect.signature(member.fget).return_annotation) if member.fget else ""
                yield Call(name, f"{name}: {hint}", (), hint, inspect.getdoc(member) or "", member)
            elif isinstance(function, FunctionType):
                seen.add(name)
                skip = 0 if isinstance(member, staticmethod) else 1
                made = _function(name, function, skip=skip)
                yield made if made.doc or name == "__call__" else _inherited(made, value)


def _inherited(method: Call, value: type) -> Call:
    """The method with the docstring of the class or protocol that it has it from."""
    doc = inspect.getdoc(getattr(value, method.name)) or ""
    return Call(method.name, method.signature, method.parameters, method.returns, doc, method.function)
