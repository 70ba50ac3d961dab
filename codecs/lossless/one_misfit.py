"""Fits a payload to its type where one thing in it is amiss, as in most payloads that strict decoding refuses.

Law: it gives what `fitting.py` gives, or None. What the strict decoder said is amiss is put where it is kept, and the
rest is converted at once: if that fits, it was all. The payload itself is changed, for a copy takes time: whoever is
given None has to read it again.
"""

from __future__ import annotations

from typing import Any

from msgspec import ValidationError, convert

from .forms import Form
from .mismatch import UNKNOWN_FIELD, is_so, names_along
from .wire import UNKNOWN_FIELDS, Displaced, Kept, Unknown, kept_of, unfit_of


def fit_one(form: Form, value: Any, said: list[str]) -> Any:
    """Give the typed value of `value`, of which strict decoding said this (see `told`); None if that was not all."""
    if value.__class__ is not dict:
        return None
    fields = form.fields_of(value)
    if fields is None:
        return Unknown(kept_of(value)) if form.open else None
    try:
        fitted = _with_field(value, said) if said[0] == UNKNOWN_FIELD else _with_misfit(form, value, said)
        return convert(value, fields.shape) if fitted is value else fitted
    except (ValidationError, LookupError, TypeError, ValueError, AttributeError):
        return None


def _with_field(value: Any, said: list[str]) -> Any:
    """Give `value` with the field that was unknown kept in its object; None where it is not seen there."""
    name = said[1]
    holder = value
    for step in names_along(said):
        holder = holder[int(step)] if holder.__class__ is list else holder[step]
    return _keep(value, holder, kept_of({name: holder.pop(name)}))


def _with_misfit(form: Any, value: Any, said: list[str]) -> Any:
    """Give `value` with what does not fit kept where it stands, or the `Unknown` of all of it; None where it is not seen.

    It is kept in the innermost object on the way there that has a place for it: under the name of its optional field, or
    with the object itself.
    """
    names = names_along(said)
    way = [value]
    amiss = value
    place, optional = -1, False
    for depth, name in enumerate(names):
        if amiss.__class__ is list:
            amiss = amiss[int(name)]
            form = form and form.elements
        else:
            fields = form.fields_of(amiss)
            if fields is None:
                return _replaced(way, names, depth, Unknown(kept_of(amiss))) if form.open else None
            if name in fields.optional:
                place, optional = depth, True
            elif form.open:
                place, optional = depth, False
            amiss = amiss[name]
            form = fields.forms().get(name)
        way.append(amiss)
    kind = amiss.__class__
    if not is_so(said, amiss) or kind is float or (amiss is None and names[-1] == "type"):
        return None  # it was sent twice, or may be an integer, or its object be known without a `type`
    if kind is dict and form is not None and form.open:
        if not amiss.get("type"):
            return None
        place, optional = len(names), False
    if place < 0:
        return None
    odd = way[place]
    if optional:
        return _keep(value, odd, Displaced({names[place]: odd.pop(names[place])}))
    return _replaced(way, names, place, Unknown(unfit_of(odd, names[place:], said)))


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
