"""A credential as a value that cannot be shown by accident.

Law: no repr, str, format, pickle or exception of this module holds the text of a secret; `reveal` is the one way to it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any, NoReturn
from urllib.parse import quote

from ...core.credentials import REDACTED

_VISIBLE = re.compile(r"[!-~]+")
_PLAIN = re.compile(r"[A-Za-z0-9._~-]*")
_ESCAPED_IN_JSON = re.compile("[+<>&'\"]")


class Secret:
    """A key or token: `text` is visible ASCII characters, without spaces and line breaks.

    Raises `ValueError`, which does not hold the text, for any other: a line break in a key that was read from a
    file would otherwise end up in a header.
    """

    __slots__ = ("_spellings", "_text")

    def __init__(self, text: str) -> None:
        if _VISIBLE.fullmatch(text) is None:
            del text  # a report of a crash may show the variables of this frame
            raise ValueError("a secret is made of visible ASCII characters, without spaces and line breaks")
        self._text = str.__str__(text)  # not the `Hidden` that it may be
        self._spellings = _spellings(self._text)

    def reveal(self) -> str:
        """The text itself."""
        return self._text

    def header(self, scheme: str = "") -> str:
        """The text as the value of a header, after `scheme` and whatever separates the two. It shows as redacted."""
        return Hidden(scheme + self._text)

    def redact(self, text: str) -> str:
        """Replace the secret where `text` holds it: as it is, percent-encoded, or escaped in JSON or HTML."""
        for spelling in self._spellings:
            text = text.replace(spelling, REDACTED)
        return text

    def redact_bytes(self, data: bytes) -> bytes:
        """Replace the secret where `data` holds it, in the same ways. Costs a copy only then."""
        for spelling in self._spellings:
            data = data.replace(spelling.encode(), REDACTED.encode())
        return data

    def is_in(self, data: bytes) -> bool:
        """Whether `data` holds the secret, in one of these ways."""
        return any(spelling.encode() in data for spelling in self._spellings)

    def __repr__(self) -> str:
        return f"Secret({REDACTED})"

    def __str__(self) -> str:
        return REDACTED

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash((Secret, self._text))

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Secret:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is never pickled")


class Hidden(str):
    """A string that shows as redacted; what reads it is an encoder, a comparison or a concatenation.

    A tool that reports a crash prints the local variables of frames, and those of urllib3 hold the headers.
    """

    __slots__ = ()

    def __new__(cls, text: str) -> Hidden:
        """Hide a text, which may be hidden already: `str` would take what that shows."""
        return super().__new__(cls, str.__str__(text))

    def __repr__(self) -> str:
        return REDACTED

    def __str__(self) -> str:
        return REDACTED

    def __format__(self, spec: str) -> str:
        return format(REDACTED, spec)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a hidden string is never pickled")


class HiddenValues(dict[str, str]):
    """Headers whose values show as redacted, for a reader that formats them and so must be given plain strings."""

    def __repr__(self) -> str:
        return repr(dict.fromkeys(self, REDACTED))


def hidden(text: Any) -> Any:
    """A string as one that shows as redacted; anything else as it is."""
    return Hidden(text) if isinstance(text, str) else text


def hidden_values(pairs: Mapping[str, str]) -> dict[str, str]:
    """Names with their values, none of which shows."""
    return {name: hidden(value) for name, value in pairs.items()}


def _spellings(text: str) -> tuple[str, ...]:
    """How others write a text where it means something to them; for most keys that is the text alone."""
    if _PLAIN.fullmatch(text):
        return (text,)
    found = [text]
    for encoded in (quote(text, ""), quote(text)):
        found += [encoded, re.sub("%..", _lower, encoded)]
    escaped = text.replace("\\", "\\\\")
    for quoted in (escaped, escaped.replace('"', '\\"')):
        found += [quoted, quoted.replace("/", "\\/")]
    coded = _ESCAPED_IN_JSON.sub(_as_code, escaped)
    found += [coded, coded.replace("/", "\\/"), re.sub(r"\\u....", _lower, coded)]
    found += [html.escape(text), html.escape(text, quote=False)]
    return tuple(dict.fromkeys(found))


def _lower(match: re.Match[str]) -> str:
    return match[0].lower()


def _as_code(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04X}"
