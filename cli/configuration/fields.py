"""What a field of the configuration may be. Each function returns None for what it may not be."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

_VARIABLE = re.compile("[A-Za-z_][A-Za-z0-9_]*")
_URL = re.compile(r"https?://[^\s/?#@\\]+(?:/[^\s?#@\\]*)?")


def text(value: Any) -> str | None:
    """A text that shows."""
    return value if isinstance(value, str) and value and value.isprintable() else None


def url(value: Any) -> str | None:
    """A base URL, which holds no user, query or fragment."""
    return value if isinstance(value, str) and _URL.fullmatch(value) else None


def variable(value: Any) -> str | None:
    """The name of a variable of the environment."""
    return value if isinstance(value, str) and _VARIABLE.fullmatch(value) else None


def seconds(value: Any) -> float | None:
    """A time."""
    return _number(value, 1e9)


def per_second(value: Any) -> float | None:
    """A rate."""
    return _number(value, 1e6)


def _number(value: Any, most: float) -> float | None:
    return float(value) if type(value) in (int, float) and 0 < value <= most else None


def count(value: Any) -> int | None:
    """How many at once."""
    return value if type(value) is int and 1 <= value <= 256 else None


def switch(value: Any) -> bool | None:
    """Yes or no."""
    return value if isinstance(value, bool) else None


ALLOWED: dict[Callable[[Any], Any], str] = {
    text: "a text that is not empty",
    url: "http(s)://host[:port][/path], without user, query or fragment",
    variable: "the name of a variable of the environment, such as OPENAI_API_KEY: the key itself belongs in no file",
    seconds: "a number of seconds greater than 0",
    per_second: "a number of requests a second greater than 0",
    count: "an integer from 1 to 256",
    switch: "true or false",
}
