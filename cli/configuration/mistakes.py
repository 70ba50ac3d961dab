"""What must not be in the configuration, and how a mistake in it is told.

Law: what looks like a key is refused with its place, and never shown.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from ...codecs.lossless.plain import is_array, is_object
from ...core.credentials import names_a_credential

NAME = re.compile(r"[A-Za-z0-9._-]+")
"""How a service, or a field, may be called."""


class Mistake(Exception):
    """What is wrong, and where."""


def refuse_keys(place: str, value: Any) -> None:
    """Refuse what looks like a key, wherever it is."""
    if is_object(value):
        for name, one in value.items():
            inside = f"{place}.{shown_name(name)}" if place else shown_name(name)
            _refuse_key(inside, name)
            refuse_keys(inside, one)
    elif is_array(value):
        for number, one in enumerate(value):
            refuse_keys(f"{place}[{number}]", one)
    elif isinstance(value, str):
        _refuse_key(place, value)


def _refuse_key(place: str, text: str) -> None:
    if _is_a_key(text):
        raise Mistake(
            f"{place}: it looks like a key, and no key belongs in this file: put it in a variable of the environment, "
            "and the name of that into key_variable"
        )


_MAY_BE_A_KEY = re.compile(r"(?=[A-Za-z_.-]*[0-9])[A-Za-z0-9_.-]{16,}|://.*@|PRIVATE KEY")
"""What is worth looking at more closely, with what takes long to load."""


def _is_a_key(text: str) -> bool:
    if _MAY_BE_A_KEY.search(text) is None:
        return False
    from ...transports.cassette.leaks import looks_like_a_key

    return looks_like_a_key(text)


def refuse_others(place: str, table: Mapping[str, Any], known: Collection[str]) -> None:
    """Refuse a field that there is not."""
    for name in table:
        if name not in known:
            where = f"[{place}] {shown_name(name)}" if place else shown_name(name)
            hint = near_names(name, known, "there is")
            if names_a_credential(name):
                hint = "; a key is in no file: key_variable names the variable that has it"
            raise Mistake(f"{where}: there is no such field{hint}")


def near_names(name: str, known: Collection[str], otherwise: str) -> str:
    """What may have been meant, or else what there is."""
    from difflib import get_close_matches

    near = get_close_matches(name, known, n=3, cutoff=0.5)
    if near:
        return f"; did you mean {', '.join(near)}?"
    return f"; {otherwise} {', '.join(known)}" if known else "; it has none"


def shown_name(name: str) -> str:
    """The name of a field, which may be a key that was put in the wrong place."""
    return "[a key]" if _is_a_key(name) else name if NAME.fullmatch(name) else repr(name)
