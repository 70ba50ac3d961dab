"""Fits a payload that strict decoding refused to its type: what does not fit is kept where it stands.

Law: nothing is lost, and what fits is typed as ever. Each thing that does not fit is kept in the innermost place that
there is for it:

| what | where it is kept |
|---|---|
| a field that the struct does not name | `unknown_fields` |
| an object of a `type` that the union does not know | an `Unknown` |
| an object that lacks a required field, or holds there what does not fit | the `Unknown` of its union, with why |
| what an optional field holds | `unknown_fields`, under the field's name; the field is absent |
| an entry of a map | the same, in the object that holds the map; the other entries stay |

What has no such place is a `Misfit` of the whole. A number such as `3.0` is an integer, as JSON Schema has it.

msgspec judges what fits: the payload is converted, what it says does not fit is kept, and so on until all fits. Each
object of a list is fitted alone, so that many misfits take no longer than as many payloads with one.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from msgspec import ValidationError, convert

from .forms import Fields, Form
from .mismatch import path_of, readable, steps_of
from .wire import UNKNOWN_FIELDS, Displaced, Kept, Unfit, Unknown, Untagged


class Misfit(Exception):
    """What does not fit, and has no place where it is kept: where, from here, and what was expected there."""

    def __init__(self, reason: str, steps: tuple[str | int, ...] = ()) -> None:
        self.reason = reason
        self.steps = steps

    def explained(self) -> tuple[str, str]:
        """The JSON path of it, and the reason."""
        return path_of(self.steps), readable(self.reason)


_NOWHERE: Any = object()


def fit(form: Form, value: Any) -> Any:
    """Give the typed value of `value`, which is what `decode_plain` gives and stays as it is. Raises `Misfit`."""
    fields = form.fields_of(value) if value.__class__ is dict else None
    if fields is not None:
        shape = fields.shape
        fitted: Any = _without_unknown(fields, value)
    elif form.open and value.__class__ is dict:
        return Unknown(Kept(value))
    else:
        shape, fitted = form.shape, value
    while fitted.__class__ is not Unknown:
        try:
            return convert(fitted, shape)
        except ValidationError as mismatch:
            steps, reason = steps_of(mismatch)
        fitted = _mended(form, fitted, value, steps, reason)
    return fitted


def _mended(form: Form | None, fitted: Any, value: Any, steps: list[Any], reason: str) -> Any:
    """Give `fitted`, which is `value` as far as it is fitted, with what is amiss at `steps` kept in its place."""
    above: list[_Above] = []
    for step in steps:
        fields = form.fields_of(fitted) if form is not None and fitted.__class__ is dict else None
        if form is None or fields is None or (step == "type" and fields.tag is not None and fitted["type"] is None):
            break
        above.append((form, fields, fitted, value, step))
        form, fitted, value = fields.forms().get(step), fitted[step], value[step]
    steps = steps[len(above) :]
    along: tuple[str | int, ...] = ()
    mended = _NOWHERE
    try:
        if form is None or form.members is None or not steps or fitted.__class__ is not dict:
            mended = _mended_here(form, fitted, value, steps, reason)
        elif above:
            mended = _with_entries(form.members, above.pop(), reason)
        else:
            mended = _map(form.members, fitted, reason)
    except Misfit as misfit:
        reason, along = misfit.reason, misfit.steps
    while above:
        form, fields, fitted, value, step = above.pop()
        if mended is not _NOWHERE:
            mended = {**fitted, step: mended}
            continue
        along = (step, *along)
        if step in fields.optional:
            mended = _with_displaced(_without_unknown(fields, fitted), step, value[step])
        elif form.open:
            mended = Unknown(Unfit(value, along, (reason,)))
    if mended is _NOWHERE:
        raise Misfit(reason, along)
    return mended


_Above: TypeAlias = tuple[Form, Fields, dict[str, Any], dict[str, Any], str]
"""An object on the way to what is amiss: its form and fields, it as far as it is fitted, and as sent, and the field."""


def _mended_here(form: Form | None, fitted: Any, value: Any, steps: list[Any], reason: str) -> Any:
    """The same for what has no struct, or is itself what is amiss; `_NOWHERE` where there is no place in it."""
    kind = fitted.__class__
    if kind is list and steps:
        return _mended_list(form, fitted, value, steps, reason)
    if kind is float and reason.startswith("Expected `int") and fitted.is_integer():
        return int(fitted)
    if kind is dict and form is not None:
        fields = form.fields_of(fitted)
        stripped = fitted if fields is None else _without_unknown(fields, fitted)
        if stripped is not fitted:
            return stripped
        if form.open:
            return Unknown(Kept(value)) if fields is None else Unknown(Unfit(value, (), (reason,)))
    return _NOWHERE


def _mended_list(form: Form | None, fitted: list[Any], value: Any, steps: list[Any], reason: str) -> list[Any]:
    """Fit the objects of a list one by one; or all its numbers."""
    elements = None if form is None else form.elements
    index: int = steps[0]
    mended = fitted.copy()
    try:
        if elements is None or fitted[index].__class__ is not dict:
            mended[index] = _mended_here(None, fitted[index], value[index], steps[1:], reason)
            if mended[index] is _NOWHERE:
                raise Misfit(reason)
            if mended[index].__class__ is int:
                return [int(one) if one.__class__ is float and one.is_integer() else one for one in fitted]
            return mended
        for index, element in enumerate(value):
            if element.__class__ is dict:
                mended[index] = fit(elements, element)
    except Misfit as misfit:
        raise Misfit(misfit.reason, (index, *misfit.steps)) from None
    return mended


def _without_unknown(fields: Fields, value: dict[str, Any]) -> dict[str, Any]:
    """The object with the fields that its struct does not name in `unknown_fields`; itself where there are none."""
    untagged = fields.tag is not None and value.get("type") is None
    if not untagged and (value.keys() <= fields.names or isinstance(value.get(UNKNOWN_FIELDS), Kept)):
        return value
    unknown = value.keys() - fields.names
    known = value.copy()
    if untagged:
        rest: Kept = Untagged({name: known.pop(name) for name in value if name == "type" or name in unknown})
        known["type"] = fields.tag
    elif len(unknown) == 1:
        name = unknown.pop()
        rest = Kept({name: known.pop(name)})
    else:
        rest = Kept({name: known.pop(name) for name in value if name in unknown})
    known[UNKNOWN_FIELDS] = rest
    return known


def _with_displaced(fitted: dict[str, Any], name: str, value: Any) -> dict[str, Any]:
    """The object without the field `name`, and with the `value` that was sent for it in `unknown_fields`."""
    kept = {UNKNOWN_FIELDS: Displaced.beside(fitted.get(UNKNOWN_FIELDS), name, value)}
    return {field: one for field, one in fitted.items() if field != name} | kept


def _with_entries(members: Form, above: _Above, reason: str) -> dict[str, Any]:
    """The object with a map that has only the entries that fit, and the others in `unknown_fields`."""
    _, fields, holder, _, name = above
    fitted = _without_unknown(fields, holder)
    fit_entries: dict[str, Any] = {}
    others: dict[str, Any] = {}
    for key, entry in fitted[name].items():
        try:
            fit_entries[key] = fit(members, entry)
        except Misfit:
            others[key] = entry
    mended = {**fitted, name: fit_entries}
    if all(fit_entries.get(key, others) is entry for key, entry in fitted[name].items()):
        raise Misfit(reason)
    if others:
        mended[UNKNOWN_FIELDS] = Displaced.beside(fitted.get(UNKNOWN_FIELDS), name, others, entries=True)
    return mended


def _map(members: Form, fitted: dict[str, Any], reason: str) -> dict[str, Any]:
    """A map that no object holds, with its entries fitted. Raises `Misfit` for one that does not fit."""
    mended: dict[str, Any] = {}
    for key, entry in fitted.items():
        try:
            mended[key] = fit(members, entry)
        except Misfit as misfit:
            raise Misfit(misfit.reason, (key, *misfit.steps)) from None
    if all(mended[key] is entry for key, entry in fitted.items()):
        raise Misfit(reason)
    return mended
