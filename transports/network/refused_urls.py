"""What no base URL and no proxy's URL may hold, and how to refuse one without showing a credential.

Law: of a URL that is refused only what precedes any user, query, fragment and parameter is shown, and nothing of
a text that does not look like a URL: keys are pasted into the wrong variable.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from ...core.credentials import REDACTED, names_a_credential
from .environment import refused

_HARMLESS = re.compile(r"[^?#;=&%]*")
_LOOKS_LIKE_A_URL = re.compile(
    r"([A-Za-z][A-Za-z0-9+.-]*:)?//.*|(?i:https?):/.*|([a-z0-9-]+(\.[a-z0-9-]+)+|localhost|)([:/].*)?", re.DOTALL
)
_LONGEST_ECHO = 100
"""Characters."""


def check_url_text(parameter: str, text: str) -> None:
    """Raise `ValueError` for what no parser is to see: they read spaces, controls and backslashes in several ways."""
    if not text.isprintable() or " " in text:
        raise refused_url(parameter, text, "it must have no spaces, line breaks or control characters")
    if "\\" in text:
        raise refused_url(parameter, text, "it must have no backslash")


def check_url_path(parameter: str, text: str, path: str) -> None:
    """Raise `ValueError` for the URL `text` if its `path` has a parameter that is a credential: `/v1;token=…`."""
    for part in re.split("[/;,&]", unquote(path)):
        name, sign, _ = part.partition("=")
        if sign and names_a_credential(name):
            raise refused_url(parameter, text, "it must have no credential in its path")


def refused_url(parameter: str, text: str, reason: str) -> ValueError:
    """The error for a URL that cannot be used; `parameter` may be an environment `Variable`."""
    return refused(parameter, f"it is {_shown(text)}; {reason}")


def _shown(text: str) -> str:
    # A user and password precede an @; where there is one, nothing of the text is safe to show.
    if "@" in text or _LOOKS_LIKE_A_URL.fullmatch(text) is None:
        return REDACTED
    start = _HARMLESS.match(text)
    kept = "" if start is None else start[0]
    rest = f"{text[len(kept)]}{REDACTED}" if len(kept) < len(text) else ""
    return repr(f"{kept[:_LONGEST_ECHO]}{'…' if len(kept) > _LONGEST_ECHO else ''}{rest}")
