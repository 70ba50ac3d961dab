"""A credential as a value that cannot be shown by accident.

Law: no repr, str, format, pickle or exception of this module holds the text of a secret; `reveal` is the one way to it.
"""

from __future__ import annotations

import re
from typing import Any, NoReturn

REDACTED = "[redacted]"
"""What stands wherever a secret would."""

_VISIBLE = re.compile(r"[!-~]+")
_CREDENTIAL = re.compile(r"auth|key|token|secret|cookie|credential|password|signature", re.IGNORECASE)


class Secret:
    """A key or token: visible ASCII characters, without spaces and line breaks.

    Raises `ValueError`, which does not hold the text, for any other text: a line break in a key that was read from a
    file would otherwise end up in a header.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        if _VISIBLE.fullmatch(text) is None:
            raise ValueError("a secret is made of visible ASCII characters, without spaces and line breaks")
        self._text = text

    def reveal(self) -> str:
        """The text itself."""
        return self._text

    def header(self, scheme: str = "") -> str:
        """The text as the value of a header, after `scheme` and whatever separates the two. It shows as redacted."""
        return Hidden(scheme + self._text)

    def redact(self, text: str) -> str:
        """Replace the secret where `text` holds it."""
        return text.replace(self._text, REDACTED)

    def redact_bytes(self, data: bytes) -> bytes:
        """Replace the secret where `data` holds it. Costs a copy only then."""
        return data.replace(self._text.encode(), REDACTED.encode())

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


def names_a_credential(name: str) -> bool:
    """Whether a header or query parameter of that name must be expected to hold a credential."""
    return _CREDENTIAL.search(name) is not None
