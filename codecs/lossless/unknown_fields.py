"""Goes over a payload that plain msgspec refused, and keeps what it did not expect.

Law: afterwards `msgspec.convert` takes the payload if and only if each field that the structs name holds what the
structs say. Fields that they do not name have moved into `unknown_fields`, objects of a `type` that they do not know
have become `Unknown`; everything else is left for msgspec to judge, so that both ways of decoding judge alike.

What has to be known of a type for that is its `Form`, made when it is first needed.
"""

from __future__ import annotations

from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from .building import building, once
from .wire import UNKNOWN_FIELDS, Kept, Unknown, Untagged, Wire


class Form:
    """A type: the structs that an object of it may be, and what its arrays and its other objects hold.

    `tagged` are the structs that an object is by its `type`, `untagged` is the one that it may be without; `open`
    where it may be an `Unknown`. `keeps` says whether there is anything to look for at all.
    """

    __slots__ = ("elements", "keeps", "members", "open", "tagged", "untagged")

    def __init__(self, shape: Any, given: dict[Any, Any]) -> None:
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
            members = Form(args[1], given)
            self.members = members if members.keeps else None
        elif isinstance(origin, type) and issubclass(origin, Wire):
            parameters: tuple[Any, ...] = getattr(origin, "__parameters__", ())
            self.untagged = Fields(origin, dict(zip(parameters, args, strict=True)))
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
    """A struct: the names that its objects may use, and the forms of the fields that may hold something to keep."""

    __slots__ = ("_forms", "_given", "names", "struct", "tag", "untagged_by")

    def __init__(self, struct: type[Wire], given: dict[Any, Any]) -> None:
        tag = struct.__struct_config__.tag
        self.tag = None if tag is None else str(tag)
        names = {name for name in struct.__struct_encode_fields__ if name != UNKNOWN_FIELDS}
        self.names = frozenset(names if tag is None else names | {"type"})
        self.untagged_by = struct.untagged_by
        self.struct = struct
        self._given = given
        self._forms: dict[str, Form] | None = None

    def forms(self) -> dict[str, Form]:
        """Made at first use, for structs may hold each other."""
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
    return Fields(struct, {})


@once
def form_of(shape: Any) -> Form:
    """The form of a type: a struct, a union, a tuple, or anything made of these."""
    return Form(shape, {})


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


def keep(form: Form, value: Any) -> Any:
    """Move all that `form` does not expect in `value` to where it is kept, in place. The result replaces `value`.

    `value` is what `json.decode` returns, or what an earlier call left of it.
    """
    kind = value.__class__
    if kind is dict:
        fields = form.fields_of(value)
        if fields is not None:
            for name, inner in fields.forms().items():
                if name in value:
                    value[name] = keep(inner, value[name])
            return _keep_fields(fields, value)
        if form.open:
            return Unknown(Kept(value))
        if form.members is not None:
            for name, member in value.items():
                value[name] = keep(form.members, member)
    elif kind is list and form.elements is not None:
        elements = form.elements
        for index, element in enumerate(value):
            value[index] = keep(elements, element)
    return value


def keep_one(form: Form, value: Any, path: list[str | int | None]) -> Any:
    """The same for no more than the object that `path` leads to: where one is not as expected, others seldom are.

    `path` is what a `ValidationError` says: names of fields, indices of elements, None for what it does not name.
    """
    kind = value.__class__
    step = path[0] if path else None
    if kind is dict:
        fields = form.fields_of(value)
        if fields is None:
            return keep(form, value)
        inner = fields.forms().get(step) if isinstance(step, str) else None
        if inner is None or step not in value:
            return _keep_fields(fields, value)
        value[step] = keep_one(inner, value[step], path[1:])
    elif kind is list and form.elements is not None and isinstance(step, int) and step < len(value):
        value[step] = keep_one(form.elements, value[step], path[1:])
    return value


def _keep_fields(fields: Fields, value: dict[str, Any]) -> dict[str, Any]:
    names = fields.names
    if fields.tag is not None and value.get("type") is None:
        rest = Untagged({name: value.pop(name) for name in list(value) if name == "type" or name not in names})
        value |= {"type": fields.tag, UNKNOWN_FIELDS: rest}
    elif not value.keys() <= names and type(value.get(UNKNOWN_FIELDS)) not in {Kept, Untagged}:
        value[UNKNOWN_FIELDS] = Kept({name: value.pop(name) for name in list(value) if name not in names})
    return value
