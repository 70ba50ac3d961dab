"""What a value is to people, before it is written as text or as a page: sections of blocks, which are made of parts.

Law: these are plain data. Texts are as they were received: whoever writes them sees to what a terminal or a browser
would make of them.
"""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct


class Words(Struct, frozen=True, tag=True):
    """Text that is read: a message, a thought. With `quiet` it is a remark of the library's own."""

    text: str
    quiet: bool = False


class Code(Struct, frozen=True, tag=True):
    """Text that is read letter by letter: JSON, code, what a program printed. `title` says which, where it must."""

    text: str
    title: str = ""


class Picture(Struct, frozen=True, tag=True):
    """An image. `source` is a data URL that holds one, or nothing; `link` is where it is, which is never loaded."""

    about: str
    source: str = ""
    link: str = ""


class Link(Struct, frozen=True, tag=True):
    """Something that is elsewhere. Whether `url` is one to follow is for the writer to see."""

    text: str
    url: str


class Note(Struct, frozen=True):
    """A citation: its number in the text, what it names, and where that is."""

    number: int
    text: str
    url: str = ""


class Notes(Struct, frozen=True, tag=True):
    """The citations of a text."""

    notes: tuple[Note, ...]


class Facts(Struct, frozen=True, tag=True):
    """Names and values."""

    rows: tuple[tuple[str, str], ...]


class Folded(Struct, frozen=True, tag=True):
    """Parts under a title that few readers want at once."""

    title: str
    parts: tuple[Part, ...]


Part: TypeAlias = Words | Code | Picture | Link | Notes | Facts | Folded
"""What a block is made of."""


class Block(Struct, frozen=True):
    """An item, or something else that is said of a response.

    `kind` is `message`, `call`, `output`, `reasoning`, `image`, `error`, `usage`, `tools`, `settings`, `note` or
    `unknown`. Of a block that is not `open` most readers want no more than the title.
    """

    kind: str
    title: str
    about: tuple[tuple[str, str], ...] = ()
    parts: tuple[Part, ...] = ()
    open: bool = True


class Section(Struct, frozen=True):
    """Blocks under a title; that of the only section may be empty."""

    title: str
    blocks: tuple[Block, ...]


class Document(Struct, frozen=True):
    """A whole value: a title, what is to be known first, and sections."""

    title: str
    about: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
