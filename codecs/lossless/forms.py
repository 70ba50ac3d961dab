"""What has to be known of a type to read what it does not expect: its `Form`, made when it is first needed.

Law: a form tells nothing that the type's annotations do not.
"""

from __future__ import annotations

from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from msgspec import NODEFAULT

from .building import building, once
from .wire import UNKNOWN_FIELDS, Unknown, Wire


class Form:
    """A type: the structs that an object of it may be, and what its arrays and its other objects hold.

    `tagged` are the structs that an object is by its `type`, `untagged` is the one that it may be without; `open`
    where it may be an `Unknown`. `keeps` says whether there is anything to look for at all.
    """

    __slots__ = ("elements", "keeps", "members", "open", "shape", "tagged", "untagged")

    def __init__(self, shape: Any, given: dict[Any, Any]) -> None:
        self.shape = shape
        self.tagged: dict[str, Fields] = {}
        self.untagged: Fields | None = None
        self.open = False
        self.elements: Form | None = None
        self.members: Form | None = None
        self._add(given.get(shape, shape), given)
        self.keeps = bool(self.tagged or self.untagged or self.elements or self.members)

    def _add(self, shape: Any, given: dict[Any, Any]) -> None:
        origin, args = get_origin(shape), get_args(shape)
        if origin in {Union, UnionType}:
            for option in args:
                self._add(option, given)
        elif origin is tuple:
            elements = Form(args[0], given)
            self.elements = elements if elements.keeps else None
        elif origin is dict:
            self.members = None if args[1] is Any else Form(args[1], given)
        elif isinstance(origin, type) and issubclass(origin, Wire):
            parameters: tuple[Any, ...] = getattr(origin, "__parameters__", ())
            self.untagged = Fields(origin, dict(zip(parameters, args, strict=True)), shape)
        elif shape is Unknown:
            self.open = True
        elif isinstance(shape, type) and issubclass(shape, Wire):
            fields = _fields_of(shape)
            if fields.tag is None:
                self.untagged = fields
            else:
                self.tagged[fields.tag] = fields

    def fields_of(self, value: dict[str, Any]) -> Fields | None:
        """The struct that an object is; None where it is none that is known."""
        tag = value.get("type")
        if type(tag) is str:
            return self.tagged.get(tag, self.untagged)
        for fields in self.tagged.values():
            if fields.untagged_by in value:
                return fields
        return self.untagged


class Fields:
    """A struct: the names that its objects may use, those that may be absent, and the forms of what its fields hold.

    `shape` is the struct as a type, with what its parameters stand for; `required` are the others, but for `type`.
    """

    __slots__ = ("_forms", "_given", "names", "optional", "required", "shape", "struct", "tag", "untagged_by")

    def __init__(self, struct: type[Wire], given: dict[Any, Any], shape: Any) -> None:
        tag = struct.__struct_config__.tag
        self.tag = None if tag is None else str(tag)
        names = {name for name in struct.__struct_encode_fields__ if name != UNKNOWN_FIELDS}
        self.names = frozenset(names if tag is None else names | {"type"})
        defaults = zip(reversed(struct.__struct_encode_fields__), reversed(struct.__struct_defaults__), strict=False)
        self.optional = frozenset(name for name, default in defaults if default is not NODEFAULT)
        self.required = self.names - self.optional - {"type"}
        self.untagged_by = struct.untagged_by
        self.struct = struct
        self.shape = shape
        self._given = given
        self._forms: dict[str, Form] | None = None

    def forms(self) -> dict[str, Form]:
        """Those of the fields that may hold something to keep. Made at first use, for structs may hold each other."""
        if self._forms is not None:
            return self._forms
        with building:
            if self._forms is None:
                hints = get_type_hints(self.struct)
                names = zip(self.struct.__struct_fields__, self.struct.__struct_encode_fields__, strict=True)
                forms = {name: Form(hints[attribute], self._given) for attribute, name in names}
                self._forms = {name: form for name, form in forms.items() if form.keeps}
            return self._forms


@once
def _fields_of(struct: type[Wire]) -> Fields:
    return Fields(struct, {}, struct)


@once
def form_of(shape: Any) -> Form:
    """The form of a type: a struct, a union, a tuple, or anything made of these."""
    return Form(shape, {})


def optional_fields(struct: type[Wire]) -> frozenset[str]:
    """The fields of a struct that may be absent, by their names in JSON."""
    return _fields_of(struct).optional


def build_forms(shape: Any) -> None:
    """Make the form of a type, and all forms that are found from there."""
    pending = [form_of(shape)]
    met: set[Fields] = set()
    while pending:
        form = pending.pop()
        pending += (inner for inner in (form.elements, form.members) if inner is not None)
        for fields in (*form.tagged.values(), *([form.untagged] if form.untagged else ())):
            if fields not in met:
                met.add(fields)
                pending += fields.forms().values()
