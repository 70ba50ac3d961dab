"""Scripts as JSON: read into replies, and refused with the place where they are not what they are to be."""

from __future__ import annotations

from ....codecs.lossless.building import decoder_of
from ....codecs.lossless.errors import REFUSALS
from .replies import Reply
from .script import Scripted


def load_script(data: bytes | str) -> Scripted:
    """Read a script out of its JSON. Raises `ValueError`, which says the place, what was given and what is allowed."""
    given = data.encode() if isinstance(data, str) else data
    try:
        value: Scripted | list[str | Reply] = decoder_of(Scripted | list[str | Reply])(given)
    except REFUSALS as error:
        raise ValueError(str(error)) from None
    return value if isinstance(value, Scripted) else Scripted.of(*value)
