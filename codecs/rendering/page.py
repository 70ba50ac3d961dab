"""Values as pages of HTML, and as parts of a notebook.

Law: a page is one file that asks for nothing. By its Content-Security-Policy (W3C, level 3) it runs the one script and
takes the styles whose hashes it names, shows the images that it holds, and loads, sends and opens nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .documents import document_of
from .markup import escaped, fragment
from .script import SCRIPT
from .style import PAGE, SHARED
from .visible import one_line

_STYLE = f"{SHARED}\n{PAGE}"

_BAR = (
    '<div class="bar" hidden><label>Search <input type="search" placeholder="press / to search" autocomplete="off">'
    '</label><output role="status"></output><button type="button" class="open">Open all</button>'
    '<button type="button" class="shut">Close all</button></div>'
)


def to_html(value: Any) -> str:
    """Show a response as people read it, on a page of HTML: one file, with the images, search and folding.

    It shows what `to_text` shows. What was received is shown and does nothing, whatever it holds: the page lets no
    script run but its own, and loads nothing; images at a URL are links, and only `http` and `https` make a link. Light
    or dark, as the reader has it. Never raises for what the value holds.

    Args:
        value: A `Response`, a `ResponseAudit`, a page or a list of them or of items, an item, or such plain JSON.

    >>> from puresponse.codecs import Message
    >>> "&lt;script&gt;" in to_html(Message(role="user", content="<script>"))
    True
    """
    return "".join(_page(value))


def _page(value: Any) -> Iterator[str]:
    document = document_of(value)
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_policy()}">\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield '<meta name="referrer" content="no-referrer">\n'
    yield f"<title>{escaped(one_line(document.title)) or 'puresponse'}</title>\n<style>{_STYLE}</style>\n</head>\n"
    yield f"<body>\n{_BAR}\n<main>\n"
    yield from fragment(document)
    yield f"\n</main>\n<script>{SCRIPT}</script>\n</body>\n</html>\n"


def _policy() -> str:
    return (
        f"default-src 'none'; script-src '{_hash(SCRIPT)}'; style-src '{_hash(_STYLE)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
    )


def _hash(text: str) -> str:
    from binascii import b2a_base64
    from hashlib import sha256

    return f"sha256-{b2a_base64(sha256(text.encode()).digest(), newline=False).decode()}"


def for_notebooks(value: Any) -> str:
    """A part of a page of somebody else's: the same without a script, in the colours that are there."""
    return f"<style>{SHARED}</style>{''.join(fragment(document_of(value)))}"
