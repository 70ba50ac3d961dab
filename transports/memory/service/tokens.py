"""How a text is cut into the deltas of a stream: about where the service's tokens end, as its recorded streams show.

Laws: joined, the deltas are the text; none is empty; none begins with what belongs to the character before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r"""
      [\u2e80-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]{1,2}  # of a script without blanks
    | (?:[^\w\r\n]|_)?[^\W\d_]{1,12}(?:['\u2019](?:s|t|re|ve|m|ll|d)\b)?  # a word, with the blank or the sign before it
    | \d{1,3}
    | [ ]?(?:[^\w\s]|_){1,12}[\r\n]*  # signs, with the end of their line
    | \s*[\r\n]+
    | \s+(?!\S)  # blanks but for the last, which belongs to a word
    | \s
    """,
    re.VERBOSE,
)


def cut(text: str) -> Iterator[str]:
    """The text in deltas.

    >>> list(cut('{"location":"San Francisco, CA"}'))
    ['{"', 'location', '":"', 'San', ' Francisco', ',', ' CA', '"}']
    """
    tokens = (match[0] for match in _TOKEN.finditer(text))
    return tokens if text.isascii() else _joined(tokens)


def _joined(tokens: Iterator[str]) -> Iterator[str]:
    """The tokens, none of them cut where one character is made of several (Unicode, UAX 29)."""
    # Of no use to most of what is imported, and large.
    from unicodedata import category

    whole = ""
    for token in tokens:
        first = token[0]
        goes_on = category(first) in ("Mn", "Me", "Mc") or first in _JOINERS or "\U0001f3fb" <= first <= "\U0001f3ff"
        if whole and (goes_on or whole[-1] == "\u200d" or _is_half_a_flag(whole, first)):
            whole += token
        else:
            if whole:
                yield whole
            whole = token
    if whole:
        yield whole


_JOINERS = ("\u200d", "\u200c", "\ufe0e", "\ufe0f")


def _is_half_a_flag(before: str, first: str) -> bool:
    """Whether a flag is cut in two: an odd count of its letters before the next of them."""
    if not "\U0001f1e6" <= first <= "\U0001f1ff":
        return False
    letters = len(before) - len(before.rstrip("".join(map(chr, range(0x1F1E6, 0x1F200)))))
    return letters % 2 == 1
