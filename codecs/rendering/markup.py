"""Documents as HTML. Every text that was received goes through `escaped`, and every URL through `_linked`.

Law: of what was received nothing is markup: neither a tag nor an attribute, nor a URL but one of `http` or `https`, nor
an image but one in the document itself. There are no scripts, no handlers and no `style` attributes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .blocks import Block, Code, Document, Facts, Folded, Link, Notes, Part, Picture, Section, Words
from .visible import one_line, visible

ROOT = "puresponse"
"""The class of the element around all, to which all styles are bound."""


def escaped(text: str) -> str:
    """A text as HTML that shows it, in an element or in an attribute in double quotes."""
    shown = visible(text)
    for character, reference in _REFERENCES:
        shown = shown.replace(character, reference)
    return shown


_REFERENCES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#39;"))


def fragment(document: Document) -> Iterator[str]:
    """A document as elements of HTML, without what a page has around them."""
    yield f'<div class="{ROOT}" lang="en">'
    if document.title or document.about:
        yield f"<header><h1>{_line(document.title)}</h1>{_facts(document.about)}</header>"
    for section in document.sections:
        yield from _section(section)
    yield "</div>"


def _section(section: Section) -> Iterator[str]:
    yield "<section>"
    if section.title:
        yield f"<h2>{_line(section.title)}</h2>"
    for block in section.blocks:
        yield from _block(block)
    yield "</section>"


def _block(block: Block) -> Iterator[str]:
    about = "".join(f"<span>{_line(name)} <b>{_line(value)}</b></span>" for name, value in block.about)
    yield f'<details class="block {block.kind}"{" open" if block.open else ""}><summary><strong>'
    yield f"{_line(block.title)}</strong>{f'<small>{about}</small>' if about else ''}</summary>"
    yield from _parts(block.parts)
    yield "</details>"


def _parts(parts: Iterable[Part]) -> Iterator[str]:
    for part in parts:
        yield from _part(part)


def _part(part: Part) -> Iterator[str]:
    match part:
        case Words():
            yield f'<div dir="auto" class="{"quiet" if part.quiet else "words"}">{escaped(part.text)}</div>'
        case Code():
            yield f"<p>{_line(part.title)}</p>" if part.title else ""
            yield f'<pre tabindex="0">{escaped(part.text)}</pre>'
        case Picture():
            yield _picture(part)
        case Link():
            yield f"<p>{_linked(part.text, part.url)}</p>"
        case Notes():
            notes = (
                f'<li value="{note.number}">{_linked(note.text or note.url, note.url)}</li>' for note in part.notes
            )
            yield f"<ol>{''.join(notes)}</ol>"
        case Facts():
            yield _facts(part.rows)
        case Folded():
            yield f'<details class="folded"><summary>{_line(part.title)}</summary>'
            yield from _parts(part.parts)
            yield "</details>"


def _picture(picture: Picture) -> str:
    said = _linked(picture.about, picture.link)
    if not re.fullmatch(_IMAGE, picture.source):
        return f"<p>{said}</p>"
    return f'<figure><img src="{picture.source}" alt="{_line(picture.about)}"><figcaption>{said}</figcaption></figure>'


_IMAGE = r"data:image/(?:png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/]++={0,2}"
"""The images that are shown. A browser runs no script of an image, and loads nothing for it."""


def _linked(text: str, url: str) -> str:
    """A text that leads to `url` where that is one of the web; else both as text."""
    if not url:
        return f"<bdi>{_line(text)}</bdi>"
    beside = "" if text == url else f" <bdi>{_line(url)}</bdi>"
    if not re.match(r"https?://[^\s]", url, re.IGNORECASE) or one_line(url) != url:
        return f"<bdi>{_line(text)}</bdi>{beside}"
    opened = f'<a href="{escaped(url)}" target="_blank" rel="noopener noreferrer nofollow">'
    return f"{opened}<bdi>{_line(text)}</bdi></a>{beside}"


def _facts(rows: Iterable[tuple[str, str]]) -> str:
    cells = "".join(f'<dt>{_line(name)}</dt><dd dir="auto">{_line(value)}</dd>' for name, value in rows)
    return f"<dl>{cells}</dl>" if cells else ""


def _line(text: str) -> str:
    return escaped(one_line(text))
