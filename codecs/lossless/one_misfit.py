"""Fits a payload to its type where one thing in it is amiss, as in most payloads that strict decoding refuses.

Law: it gives what `fitting.py` gives, or None. What the strict decoder said is amiss is put where it is kept, and the
rest is converted at once: if that fits, it was all. The payload itself is changed, for a copy takes time: whoever is
given None has to read it again.
"""

from __future__ import annotations

from typing import Any

from msgspec import ValidationError, convert

from .forms import Fields, Form
from .mismatch import UNKNOWN_FIELD, is_so, names_along
from .wire import UNKNOWN_FIELDS, Displaced, Kept, Unfit, Unknown, kept_of


def fit_one(form: Form, value: Any, said: list[str]) -> Any:
    """Give the typed value of `value`, of which strict decoding said this (see `told`); None if that is not all."""
    fields = form.fields_of(value) if value.__class__ is dict else None
    if fields is None:
        return Unknown(kept_of(Kept, value)) if form.open and value.__class__ is dict else None
    try:
        name = fields.required.get(said[-2])
        if name is not None and form.open:  # as of most events
            amiss = value[name]
            if amiss.__class__ not in _UNSURE and is_so(said, amiss):
                return _unfit(value, [name], said)
        names = names_along(said)
        if said[0] == UNKNOWN_FIELD:
            fitted = _with_field(value, said, names)
        else:
            fitted = _with_misfit(form, fields, value, said, names)
        return convert(value, fields.shape) if fitted is value else fitted
    except (ValidationError, LookupError, TypeError, ValueError, AttributeError):
        return None


def _with_field(value: Any, said: list[str], names: list[str]) -> Any:
    """Give `value` with the field that was unknown kept in its object; None where it is not seen there."""
    name = said[1]
    holder = value
    for step in names:
        holder = holder[int(step)] if holder.__class__ is list else holder[step]
    return _keep(value, holder, kept_of(Kept, {name: holder.pop(name)}))


def _with_misfit(form: Form | None, fields: Fields | None, value: Any, said: list[str], names: list[str]) -> Any:
    """Give `value` with what does not fit kept in its place, or the `Unknown` of all of it; None where it is not seen.

    The place is the innermost object on the way there that has one: an optional field, or itself in an open union.
    """
    way = [value]
    amiss = value
    place, optional = -1, False
    for depth, name in enumerate(names):
        if fields is not None and form is not None:
            if name in fields.optional:
                place, optional = depth, True
            elif form.open:
                place, optional = depth, False
            amiss = amiss[name]
            form = fields.forms().get(name) if amiss.__class__ in _HOLDERS else None
        elif amiss.__class__ is list:
            amiss = amiss[int(name)]
            form = None if form is None else form.elements
        elif form is not None and form.open and amiss.__class__ is dict:
            return _replaced(way, names, depth, Unknown(kept_of(Kept, amiss)))
        else:
            return None
        way.append(amiss)
        fields = form.fields_of(amiss) if form is not None and amiss.__class__ is dict else None
    if not is_so(said, amiss) or amiss.__class__ is float:
        return None  # it was sent twice, or may be an integer
    if form is not None and form.open and amiss.__class__ is dict:
        if fields is None or not amiss.get("type"):
            return None
        place, optional = len(names), False
    if place < 0:
        return None
    odd = way[place]
    if optional:
        return _keep(value, odd, Displaced({names[place]: odd.pop(names[place])}))
    return _replaced(way, names, place, _unfit(odd, names[place:], said))


_HOLDERS = frozenset({dict, list})
_UNSURE = frozenset({dict, float})
"""What may be amiss within, or an integer."""


def _unfit(members: dict[str, Any], names: list[str], said: list[str]) -> Unknown:
    kept = kept_of(Unfit, members)
    kept.steps, kept.said = names, said
    return Unknown(kept)


def _keep(value: Any, holder: dict[str, Any], kept: Kept) -> Any:
    """Give `value` with what is kept in its object; None where the sender gave a field that name."""
    return value if holder.setdefault(UNKNOWN_FIELDS, kept) is kept else None


def _replaced(way: list[Any], names: list[str], place: int, odd: Unknown) -> Any:
    """Give the first object on the way with `odd` in place of that one of them, or `odd` itself."""
    if not place:
        return odd
    above, name = way[place - 1], names[place - 1]
    above[int(name) if above.__class__ is list else name] = odd
    return way[0]
