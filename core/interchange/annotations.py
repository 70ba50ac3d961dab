"""What the annotations of the library's structs and functions say, and whether a value fits them.

Law: `holds` is asked of every field of every struct of the library that is read, so that its frames meet no value
that a type-checker would have kept from them. What it cannot tell from a value (what a function takes and returns,
what an operation ends in) `flow` checks.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable
from functools import cache
from importlib import import_module
from types import NoneType, UnionType
from typing import Any, ForwardRef, Literal, Never, TypeVar, Union, get_args, get_origin, get_type_hints, is_typeddict

from msgspec import NODEFAULT, UNSET, Struct, UnsetType
from returns.result import Failure, Result, Success

from ...codecs.lossless.building import once

Bound = dict[Any, Any]
"""The values of type variables, as far as that is known."""

_PACKAGE = __name__.rsplit(".", 2)[0]
_UNIONS = (Union, UnionType)
_CALLABLE: Any = Callable


@cache  # which builds nothing: it loads what annotations name, before what they name is built under the lock
def _names_in(annotated: Any, *, others: bool = False) -> dict[str, Any]:
    """The names in annotations that their module has for type-checkers or on demand: public ones of core and codecs.

    With `others`, names that are none mean anything: those of arguments that no frame passes.
    """
    kinds = annotated.__mro__ if isinstance(annotated, type) else (annotated,)
    own = {**vars(builtins), **vars(import_module(annotated.__module__))}
    found: dict[str, Any] = {}
    for annotation in [written for kind in kinds for written in getattr(kind, "__annotations__", {}).values()]:
        for name in _NAME.findall(str(annotation)):
            if name not in own or isinstance(own[name], ForwardRef):
                value = _public(name)
                if value is not None or others:
                    found[name] = Any if value is None else value
    return found


_NAME = re.compile(r"[^\W\d]\w*")


def _public(name: str) -> Any:
    for package in (_PACKAGE, "..codecs"):
        home = import_module(package, _PACKAGE)
        if name in home.__all__:
            return getattr(home, name)
    return None


def fields_of(struct: type[Struct]) -> dict[str, Any]:
    """The annotations of a struct's fields, evaluated."""
    _names_in(struct)
    return _fields_of(struct)


@once
def _fields_of(struct: type[Struct]) -> dict[str, Any]:
    hints = get_type_hints(struct, localns=_names_in(struct))
    return {name: hints[name] for name in struct.__struct_fields__}


def signature_of(called: Any) -> tuple[Any, Any] | None:
    """What a function or a type of the library takes, if that is one argument, and what it returns; else None.

    Of a struct with `__call__` this is its constructor: `signature_of_frame` is for what is called.
    """
    if isinstance(called, type) or hasattr(called, "__code__"):
        _names_in(called, others=not isinstance(called, type))
    return _signature_of(called)


@once
def _signature_of(called: Any) -> tuple[Any, Any] | None:
    if isinstance(called, type):
        return _of_constructor(called)
    code = getattr(called, "__code__", None)
    if code is None:
        return None
    hints = get_type_hints(called, localns=_names_in(called, others=True))
    names = code.co_varnames[: code.co_argcount]
    required = code.co_argcount - len(called.__defaults__ or ())
    only_named = code.co_kwonlyargcount - len(called.__kwdefaults__ or {})
    if not names or required > 1 or only_named:
        return None
    return hints.get(names[0], Any), hints.get("return", Any)


def _of_constructor(called: type) -> tuple[Any, Any] | None:
    if called in (bool, float, int, str):
        return Any, called
    if not issubclass(called, Struct) or not called.__match_args__:
        return None
    fields, defaults = called.__struct_fields__, called.__struct_defaults__
    required = [
        name for name, default in zip(reversed(fields), reversed(defaults), strict=False) if default is NODEFAULT
    ]
    required += fields[: len(fields) - len(defaults)]
    first = called.__match_args__[0]
    return (fields_of(called)[first], called) if set(required) <= {first} else None


def signature_of_frame(frame: type[Struct]) -> tuple[Any, Any] | None:
    """What the `__call__` of a struct takes and returns; None where it has none."""
    method = vars(frame).get("__call__")
    if method is None or method.__code__.co_argcount != 2:
        return None
    _names_in(method)
    return _signature_of_method(method)


@once
def _signature_of_method(method: Any) -> tuple[Any, Any]:
    hints = get_type_hints(method, localns=_names_in(method))
    return hints.get(method.__code__.co_varnames[1], Any), hints.get("return", Any)


# --- values -----------------------------------------------------------------------------------------


def holds(value: Any, wanted: Any) -> bool:
    """Whether a value is what an annotation says. A type variable is anything, a callable whatever can be called."""
    return form_of(wanted).holds(value)


class Form:
    """An annotation: the classes whose values are it without any more ado, and what else is to be asked, of what."""

    __slots__ = ("checks", "exactly")

    def __init__(self, wanted: Any) -> None:
        self.exactly: set[type] = set()
        self.checks: list[tuple[Callable[[Any, Any], bool], Any]] = []
        self._add(wanted)

    def holds(self, value: Any) -> bool:
        """Whether a value is what the annotation says."""
        return value.__class__ in self.exactly or any(check(value, args) for check, args in self.checks)

    def _add(self, wanted: Any) -> None:
        origin, args = get_origin(wanted), get_args(wanted)
        if wanted is Any:
            self.checks.append((_is_anything, ()))
        elif origin in _UNIONS:
            for option in args:
                self._add(option)
        elif origin is tuple and args[1:] == (Ellipsis,):
            self.checks.append((_is_row, form_of(args[0])))
        elif origin is tuple:
            self.checks.append((_is_tuple, [form_of(arg) for arg in args]))
        elif origin is Literal:
            self.checks.append((_is_one_of, args))
        elif origin in (Result, dict, list):
            check = _is_result if origin is Result else _is_dict if origin is dict else _is_list
            self.checks.append((check, [form_of(arg) for arg in args]))
        elif wanted is float:
            self.exactly |= {int, float}
        elif wanted is UnsetType:
            self.exactly.add(type(UNSET))
        elif wanted is None or wanted is NoneType:
            self.exactly.add(NoneType)
        elif isinstance(_class_of(wanted), type):
            self._add_class(_class_of(wanted))
        else:  # a type variable, or what no value can be held to
            self.checks.append((_is_anything, ()))

    def _add_class(self, wanted: Any) -> None:
        self.exactly.add(wanted)
        if wanted is _CALLABLE:
            self.checks.append((_is_called, ()))
        elif wanted not in (bool, bytes, int, str):
            self.checks.append((isinstance, wanted))


@once
def form_of(wanted: Any) -> Form:
    """The form of an annotation, made once."""
    return Form(wanted)


def forms_of(struct: type[Struct]) -> dict[str, Form]:
    """The forms of a struct's fields."""
    fields_of(struct)
    return _forms_of(struct)


@once
def _forms_of(struct: type[Struct]) -> dict[str, Form]:
    return {name: form_of(annotation) for name, annotation in fields_of(struct).items()}


def _is_anything(value: Any, args: Any) -> bool:
    return True


def _is_called(value: Any, args: Any) -> bool:
    return callable(value)


def _is_row(value: Any, element: Form) -> bool:
    return value.__class__ is tuple and all(map(element.holds, value))


def _is_tuple(value: Any, forms: list[Form]) -> bool:
    return (
        value.__class__ is tuple
        and len(value) == len(forms)
        and all(form.holds(element) for form, element in zip(forms, value, strict=True))
    )


def _is_list(value: Any, forms: list[Form]) -> bool:
    return value.__class__ is list and all(map(forms[0].holds, value))


def _is_dict(value: Any, forms: list[Form]) -> bool:
    names, members = forms
    return value.__class__ is dict and all(map(names.holds, value)) and all(map(members.holds, value.values()))


def _is_one_of(value: Any, args: Any) -> bool:
    return any(value.__class__ is option.__class__ and value == option for option in args)


def _is_result(value: Any, forms: list[Form]) -> bool:
    if isinstance(value, Failure):
        return forms[1].holds(value.failure())
    return isinstance(value, Success) and forms[0].holds(value.unwrap())


# --- types ------------------------------------------------------------------------------------------


def fits(given: Any, wanted: Any, bound: Bound) -> bool:
    """Whether what is `given` where something is `wanted` is that. Type variables in what is wanted become `bound`."""
    if given is wanted or wanted is Any or wanted is object or given is Any or given is Never:
        return True
    if isinstance(given, TypeVar):
        return True
    if isinstance(wanted, TypeVar):
        known = bound.get(wanted, Any)
        if known is Any:
            bound[wanted] = given
            return True
        return fits(given, known, {}) or fits(known, given, {})
    if get_origin(given) in _UNIONS:
        return all(fits(option, wanted, bound) for option in get_args(given))
    if get_origin(wanted) in _UNIONS:
        options = sorted(get_args(wanted), key=_is_variable)
        return any(fits(given, option, bound) for option in options)
    if get_origin(given) is Literal:
        return all(holds(value, wanted) for value in get_args(given))
    return _fits_class(given, wanted, bound)


def _fits_class(given: Any, wanted: Any, bound: Bound) -> bool:
    kind: Any = _class_of(given)
    needed: Any = _class_of(wanted)
    if not isinstance(kind, type) or not isinstance(needed, type):
        return bool(given == wanted)
    if not issubclass(kind, needed) and not (needed is float and kind is int):
        return False
    args, params = get_args(given), get_args(wanted)
    if needed is _CALLABLE or len(args) != len(params):
        return True  # a function's own types are checked when it is known what it is given
    pairs = zip(args, params, strict=True)
    return all(arg == param if Ellipsis in (arg, param) else fits(arg, param, bound) for arg, param in pairs)


def _class_of(annotation: Any) -> Any:
    kind = NoneType if annotation is None else get_origin(annotation) or annotation
    return dict if is_typeddict(kind) else kind


def _is_variable(annotation: Any) -> bool:
    return isinstance(annotation, TypeVar)


def put_in(annotation: Any, bound: Bound) -> Any:
    """The annotation with the values of its type variables; unknown ones mean anything."""
    if isinstance(annotation, TypeVar):
        return bound.get(annotation, Any)
    variables = getattr(annotation, "__parameters__", ())
    if isinstance(annotation, type) or not variables:
        return annotation
    return annotation[tuple(bound.get(variable, Any) for variable in variables)]
