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


def page_of(value: Any) -> str:
    """What `to_html` returns."""
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


def part_of_page(value: Any) -> str:
    """What `for_notebooks` returns."""
    return f"<style>{SHARED}</style>{''.join(fragment(document_of(value)))}"
