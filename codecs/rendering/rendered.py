"""What this room is asked for: a value as text, as a page, as a part of a page. The rest of it is loaded then."""

from __future__ import annotations

from typing import Any


def to_text(value: Any, *, width: int | None = None, colour: bool = False) -> str:
    r"""Show a response as people read it: messages, calls with arguments and outputs, reasoning, images, citations.

    Nothing is left out but what nobody reads: encrypted content and data are shown by size, log probabilities by
    number, and of secrets in tools that they are there. What this version of the library does not know is shown as its
    JSON. Nothing in the text controls a terminal: what is not printable is escaped. Takes a `Response`, a
    `ResponseAudit`, a page or a list of them or of items, an item, or the same as plain JSON. Never raises for what
    these hold.

    Args:
        value: What to show.
        width: The columns that a line may have; words that are longer are left whole. None wraps nothing, and nor does
            a width below 20.
        colour: Whether to mark titles with ANSI escape sequences, for a terminal.

    >>> from puresponse.codecs import Message
    >>> print(to_text(Message(role="user", content="What is the capital\nof France?")), end="")
    User
      What is the capital
      of France?
    """
    from .text import text_of

    return text_of(value, width, colour)


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
    from .page import page_of

    return page_of(value)


def for_notebooks(value: Any) -> str:
    """A value as a part of a page of somebody else's: elements without a script, in the colours that are there."""
    from .page import part_of_page

    return part_of_page(value)
