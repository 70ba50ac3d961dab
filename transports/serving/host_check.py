"""Which names a server answers to.

Law: a web page of anybody's can have its own name lead to this machine (DNS rebinding), and would be let read what is
served here, as of its own origin; the browser then sends that name as `Host`. So only names that lead nowhere but to
this machine are answered, and those that the user allows.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from ipaddress import IPv6Address, ip_address

from ...core.http import HttpResponse
from .answers import misdirected
from .received import Received

ANY = "*"
"""Among the allowed names: whatever the name is."""

_HOST = re.compile(r"(?:\[(?P<literal>[0-9A-Fa-f:.]+)\]|(?P<name>[^\[\]:/@\s]+))(?::[0-9]*)?")
"""RFC 9110, section 7.2: a name or an address, and a port."""


def refuse_host(received: Received, allowed: Collection[str] | None) -> HttpResponse | None:
    """The refusal of a request to a name that is neither local nor among the `allowed`; None for any other.

    With None for `allowed` all are let in. So is a request that names nobody, which no browser makes.
    """
    if allowed is None or ANY in allowed:
        return None
    for field, value in received.headers:
        if field == "host" and not _is_allowed(value, allowed):
            return misdirected(value)
    return None


def check_hosts(names: Collection[str]) -> frozenset[str]:
    """The names as they are compared. Raises `ValueError` for one that is neither a name, nor an address, nor `*`."""
    checked: set[str] = set()
    for name in names:
        compared = ANY if name == ANY else _name_of(f"[{name.strip('[]')}]" if name.count(":") > 1 else name)
        if compared is None or name.count(":") == 1:
            raise ValueError(f"hosts: {name!r} is no name of a server; it must be one without a port, or {ANY}")
        checked.add(compared)
    return frozenset(checked)


def is_local(name: str) -> bool:
    """Whether a name or an address leads to this machine and no other, whatever a name server says.

    >>> is_local("localhost"), is_local("127.8.9.1"), is_local("::1"), is_local("localhost.example.com")
    (True, True, True, False)
    """
    if name == "localhost" or name.endswith(".localhost"):  # RFC 6761, section 6.3
        return True
    try:
        address = ip_address(name)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return address.is_loopback


def _is_allowed(value: str, allowed: Collection[str]) -> bool:
    name = _name_of(value)
    return name is not None and (is_local(name) or name in allowed)


def _name_of(value: str) -> str | None:
    """The name in the value of a `Host` header, in the one way in which names are compared; None where it has none."""
    found = _HOST.fullmatch(value)
    if found is None:
        return None
    literal = found["literal"]
    if literal is None:
        return found["name"].lower().removesuffix(".")
    try:
        return IPv6Address(literal).compressed
    except ValueError:
        return None
