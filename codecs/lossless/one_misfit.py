"""Fits a payload to its type where one thing in it is amiss, as in most payloads that strict decoding refuses.

Law: it gives what `fitting.py` gives, or None. What the strict decoder said is amiss is put where it is kept, and the
rest is converted at once: if that fits, it was all. The payload itself is changed, for a copy takes time: whoever is
given None has to read it again.
"""

from __future__ import annotations

from typing import Any

from msgspec import convert, json

from .errors import REFUSALS
from .forms import Fields, Form
from .mismatch import EXPECTED, NAMES, UNKNOWN_FIELD, is_so, names_along
from .wire import UNKNOWN_FIELDS, Displaced, Kept, Unknown, kept_of, unknown_of


def fit_one(form: Form, data: bytes, said: list[str]) -> Any:
    """Read `data`, of which strict decoding said this (see `told`), as a typed value; None if that is not all."""
    try:
        value = json.decode(data)
        tag = value.get("type")
        fields = form.tagged.get(tag) if tag.__class__ is str else None
        if fields is None:
            fields = form.fields_of(value)
            if fields is None:
                return Unknown(kept_of(Kept, value)) if form.open else None
        if said[0] == UNKNOWN_FIELD:
            return _with_field(fields.shape, value, said)
        if said[0] == EXPECTED:  # of a field of the whole, or of the item of an event, most often
            outer, _, name = said[-2][2:].rpartition(".")
            holder: Any = value
            held: Form | None = form
            known: Fields | None = fields
            if outer:
                held = fields.forms().get(outer)
                if held is not None:
                    holder = value[outer]
                    known = held.fields_of(holder)
            if held is not None and known is not None and said[3] == _SURE.get(holder[name].__class__):
                if name in known.optional:
                    return convert(value, fields.shape) if _displaced(holder, name) else None
                if held.open and name in known.required:
                    unfit = unknown_of(holder, [name], said)
                    if not outer:
                        return unfit
                    value[outer] = unfit
                    return convert(value, fields.shape)
        return _with_misfit(form, fields, value, said)
    except (*REFUSALS, LookupError, TypeError, ValueError, AttributeError):
        return None


def _with_field(shape: Any, value: dict[str, Any], said: list[str]) -> Any:
    """Give `value` with the field that was unknown kept in its object; None where the sender gave a field that name."""
    holder: Any = value
    for step in names_along(said) if said[3:] else ():
        holder = holder[int(step)] if holder.__class__ is list else holder[step]
    name = said[1]
    kept = kept_of(Kept, {name: holder.pop(name)})
    return convert(value, shape) if holder.setdefault(UNKNOWN_FIELDS, kept) is kept else None


def _with_misfit(form: Form | None, fields: Fields, value: dict[str, Any], said: list[str]) -> Any:
    """Give `value` with what does not fit kept in its place, or the `Unknown` of all of it; None where it is not seen.

    The place is the innermost object on the way there that has one: an optional field, or itself in an open union.
    """
    names = names_along(said)
    known: Fields | None = fields
    amiss: Any = value
    odd: Any = None  # the object that has a place, how deep it is, and what holds it under which key
    above = key = over = under = odd
    place, optional = 0, False
    for depth, name in enumerate(names):
        if known is not None and form is not None:
            if name in known.optional:
                odd, place, optional = amiss, depth, True
            elif form.open:
                odd, place, optional, over, under = amiss, depth, False, above, key
            above, key, amiss = amiss, name, amiss[name]
            form = known.forms().get(name) if amiss.__class__ in _HOLDERS else None
        elif amiss.__class__ is list:
            above, key = amiss, int(name)
            amiss = amiss[key]
            form = None if form is None else form.elements
        elif form is not None and form.open and amiss.__class__ is dict:
            above[key] = Unknown(kept_of(Kept, amiss))
            return convert(value, fields.shape)
        else:
            return None
        known = form.fields_of(amiss) if form is not None and amiss.__class__ is dict else None
    if not is_so(said, amiss) or amiss.__class__ is float:
        return None  # it was sent twice, or may be an integer
    if form is not None and form.open and amiss.__class__ is dict:
        if known is None or not amiss.get("type"):
            return None
        odd, place, optional, over, under = amiss, len(names), False, above, key
    if odd is None:
        return None
    if optional:
        if not _displaced(odd, names[place]):
            return None
    elif over is None:
        return unknown_of(odd, names, said)
    else:
        over[under] = unknown_of(odd, names[place:], said)
    return convert(value, fields.shape)


_HOLDERS = frozenset({dict, list})
_SURE = {kind: name for kind, name in NAMES.items() if kind not in {dict, float}}
"""What is amiss itself, and not within, and is no integer."""


def _displaced(holder: dict[str, Any], name: str) -> bool:
    """Keep what a field holds in its object; False where the sender gave a field that name."""
    kept = kept_of(Displaced, {name: holder.pop(name)})
    kept.entries, kept.untagged = _NO_ENTRIES, False
    return holder.setdefault(UNKNOWN_FIELDS, kept) is kept


_NO_ENTRIES = frozenset[str]()
