"""A key that a process asks a function of its own for: what is sent to another process is the function's name.

Law: a name holds no secret, and what it leads to is asked in the process that sends. So a transport that has its key
by name pickles with it, and the key travels nowhere.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

from msgspec import Struct

from .secret import Secret

_NAME = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*")
_ALLOWED = "the name of a function of a module, as 'package.module:function'"


class NamedKey(Struct, frozen=True):
    """A key by the `name` of the function that returns it, as `package.module:function`.

    It is given as the `api_key` of a transport, or its `azure_ad_token`. The module is imported when the first request
    is sent, in the process that sends it, and the function is asked at each request, without arguments. A pickle of the
    transport keeps the name, where it keeps no other key: so it is for transports that travel to other processes.

    Raises `ValueError` for what is no such name. A module or a function that is not there is, at the request, a
    `NotSent` (`invalid_request`).

    >>> from puresponse import Urllib3Transport
    >>> Urllib3Transport(api_key=NamedKey("my_company.keys:current"))
    Urllib3Transport(base_url='https://api.openai.com/v1', api_key=[redacted])
    """

    name: str

    def __post_init__(self) -> None:
        check_name("name", self.name)

    def __call__(self) -> str | Secret:
        """The key, asked of the function."""
        key: str | Secret = value_called(self.name)()
        return key


def named(key: object) -> NamedKey | None:
    """A key that is known by name; None for any other, which is not to be kept."""
    return key if isinstance(key, NamedKey) else None


def check_name(parameter: str, name: Any) -> None:
    """Raise `ValueError` for what is no name of a function of a module; it is not shown, for it may be a key."""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        given = f"a text of {len(name)} characters" if isinstance(name, str) else f"a {type(name).__name__}"
        raise ValueError(f"{parameter}: given {given}; allowed is {_ALLOWED}")


def value_called(name: str) -> Any:
    """What a name leads to. Raises what importing it raises, and `AttributeError` where the module has none."""
    module, _, path = name.partition(":")
    value: Any = import_module(module)
    for part in path.split("."):
        value = getattr(value, part)
    return value
