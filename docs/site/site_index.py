"""The general index, and what other projects may link to (`objects.inv`).

Law: whatever the reference has a heading or a row of a table for is an entry of the index: public names, which are
objects of Python for intersphinx too, commands, options, variables of the environment, errors, words.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util.typing import ExtensionMetadata

import puresponse
import puresponse.codecs
import puresponse.core
import puresponse.transports

REFERENCE = "reference/"
ENTRIES = ("reference/names/", "reference/values/")
DEPTH = 3
"""Where the entry of a public name is, and how deep its heading."""
CODE = "words_in_code"
"""What the glossary's metadata calls its words that are written as code, with where they are."""
GLOSSARY = "reference/glossary"
PACKAGES = (puresponse.core, puresponse.codecs, puresponse.transports)


@cache
def public_names() -> dict[str, str]:
    """What kind of object of Python each public name is: a class, an exception, a function or data."""
    return {name: kind_of(getattr(puresponse, name)) for name in dir(puresponse) if not name.startswith("_")}


def kind_of(value: Any) -> str:
    """What Sphinx's domain calls such an object."""
    if inspect.isclass(value):
        return "exception" if issubclass(value, BaseException) else "class"
    return "function" if callable(value) and hasattr(value, "__name__") else "data"


class Entries(SphinxTransform):
    """Enters what a page of the reference has headings and rows for."""

    default_priority = 700  # all ids are there, and no domain has collected what it collects

    def apply(self, **kwargs: Any) -> None:
        """Go through the headings and the tables of a page."""
        if not self.env.docname.startswith(REFERENCE):
            return
        entered: set[str] = set()
        for section in self.document.findall(nodes.section):
            title = section.next_node(nodes.title)
            if title is not None and (entry := self.of_heading(title, section)) and entry not in entered:
                entered.add(entry)
                enter(section, str(section["ids"][0]), entry)
        for row in list(self.document.findall(nodes.row)):
            entries = [entry for entry in self.of_row(row) if entry not in entered]
            if not entries:
                continue
            entered.update(entries)
            anchor = self.name_row(row, entries[0])
            enter(row.children[0], anchor, *entries)
            for entry in entries:
                if self.env.docname == GLOSSARY:
                    if row.children[0].next_node(nodes.literal):
                        self.env.metadata[GLOSSARY].setdefault(CODE, {})[entry.removesuffix(" (term)")] = anchor
                    word = entry.removesuffix(" (term)")
                    self.env.domains.standard_domain.note_object("term", word.lower(), anchor, location=row)

    def of_heading(self, title: nodes.title, section: nodes.section) -> str | None:
        """What a heading is entered as; a public name is noted as an object of Python as well."""
        text = title.astext().removesuffix(" class")  # where a function has the same anchor
        if text in public_names() and self.env.docname.startswith(ENTRIES) and len(list(headings(section))) == DEPTH:
            self.note(text, str(section["ids"][0]), section)
            return f"{text} ({public_names()[text]})"
        if re.fullmatch(r"puresponse [a-z -]+", text):
            return f"{text} (command)"
        if len(title.children) == 1 and isinstance(title.children[0], nodes.literal):
            return self.said_of(text, section)
        return None

    def note(self, name: str, anchor: str, where: nodes.Element) -> None:
        """Make a public name an object of the domain of Python, by all the names that it can be imported by."""
        python = self.env.domains.python_domain
        kind = public_names()[name]
        python.note_object(f"puresponse.{name}", kind, anchor, location=where)
        for package in PACKAGES:
            if name in dir(package):
                python.note_object(f"{package.__name__}.{name}", kind, anchor, aliased=True, location=where)

    def of_row(self, row: nodes.row) -> list[str]:
        """What a row is entered as, by its first cell; one whose cell leads elsewhere is entered there."""
        cell = row.children[0]
        assert isinstance(cell, nodes.Element)
        if (
            isinstance(row.parent, nodes.thead)
            or cell.next_node(addnodes.pending_xref)
            or cell.next_node(nodes.reference)
        ):
            return []
        if self.env.docname == GLOSSARY:
            return [f"{cell.astext()} (term)"]
        if re.fullmatch(r"\d+", cell.astext()) and self.env.docname.endswith("exit-codes"):
            return [f"exit code {cell.astext()}"]
        literals = [literal.astext() for literal in cell.findall(nodes.literal)]
        if literals and cell.astext().startswith(literals[0]):
            return list(dict.fromkeys(self.said_of(text, row) for text in literals))
        return []

    def said_of(self, text: str, where: nodes.Element) -> str:
        """A name with what it is: an option of which command, a variable, an error, or something of the page's."""
        if text.startswith("-"):
            titles = [heading.astext() for heading in headings(where)]
            command = next((f"option of {title}" for title in titles if title.startswith("puresponse ")), "option")
            return f"{text.split(maxsplit=1)[0]} ({command})"
        if re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+", text) and text not in public_names():
            return f"{text} (environment variable)"
        if text in public_names():
            kind = "error" if self.env.docname.endswith("errors") else public_names()[text]
            return f"{text} ({kind})"
        page = self.document.next_node(nodes.title)
        return f"{text} ({page.astext()})" if page is not None else text

    def name_row(self, row: nodes.row, entry: str) -> str:
        """Give a row an id that the index can lead to."""
        wanted = nodes.make_id(entry.split(" (", maxsplit=1)[0]) or "row"
        anchor, number = wanted, 1
        while anchor in self.document.ids:
            number += 1
            anchor = f"{wanted}-{number}"
        row["ids"].append(anchor)
        self.document.ids[anchor] = row
        return anchor


def headings(node: nodes.Element) -> Iterator[nodes.title]:
    """Yield the headings above something, the nearest first."""
    above: nodes.Node | None = node
    while above is not None:
        if isinstance(above, nodes.section) and (title := above.next_node(nodes.title)):
            yield title
        above = above.parent


def enter(node: nodes.Node, anchor: str, *entries: str) -> None:
    """Put entries of the index into a section, below its heading, or into a cell."""
    assert isinstance(node, nodes.Element)
    index = addnodes.index(entries=[("single", entry, anchor, "", None) for entry in entries])
    node.insert(0 if isinstance(node, nodes.entry) else 1, index)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Called by Sphinx."""
    app.add_transform(Entries)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
