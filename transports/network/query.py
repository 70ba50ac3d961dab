"""Query strings: pairs to text and back.

Law: `decode_query(encode_query(pairs)) == pairs`, in order, with repeats, for any text that UTF-8 can hold.

All but the unreserved characters of RFC 3986 (section 2.3) is percent-encoded: `include[]` goes out as
`include%5B%5D`, which every server reads as `include[]`, and a space as `%20`, which none mistakes for a plus.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, quote

from ...core.http import Pairs


def encode_query(pairs: Pairs) -> str:
    """Write `pairs` as a query string, without the question mark. Raises `UnicodeEncodeError` for lone surrogates."""
    return "&".join([f"{quote(name, '')}={quote(value, '')}" for name, value in pairs])


def decode_query(text: str) -> Pairs:
    """Read a query string, also one with plus signs for spaces. A name without a value has an empty one."""
    return tuple(parse_qsl(text, keep_blank_values=True))
