"""The navigation of the site.

Law: the front page is the navigation. Each of its headings is a group, and each page that is linked below it, in that
order, an entry under the words of its first link. A page that is in no group is a warning, which fails the build.
"""

from __future__ import annotations

from collections.abc import Iterator

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

INDEXED = "Reference"
"""The group that ends in the general index, which is no page of the repository."""


def groups(front: nodes.document) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield each heading of the front page that has links to pages, with their words and names."""
    seen = {"index"}
    for section in front.findall(nodes.section):
        heading = section.next_node(nodes.title)
        if heading is None or not isinstance(section.parent, nodes.section):
            continue
        entries: list[tuple[str, str]] = []
        for link in section.findall(addnodes.pending_xref):
            name = str(link["reftarget"])
            if name not in seen:
                seen.add(name)
                entries.append((link.astext(), name))
        if entries:
            if heading.astext() == INDEXED:
                entries.append(("Index", "genindex"))
            yield heading.astext(), entries


def navigate(app: Sphinx, page: nodes.document) -> None:
    """Give the front page the hidden tables of contents that Sphinx makes the navigation of."""
    if app.env.docname != "index":
        return
    for caption, entries in groups(page):
        tree = addnodes.toctree(
            parent="index",
            entries=entries,
            includefiles=[name for _, name in entries if name != "genindex"],
            caption=caption,
            rawcaption=caption,
            maxdepth=1,
            hidden=True,
            glob=False,
            includehidden=False,
            numbered=0,
            titlesonly=True,
        )
        page += nodes.compound("", tree, classes=["toctree-wrapper"])


def setup(app: Sphinx) -> ExtensionMetadata:
    """Called by Sphinx."""
    app.connect("doctree-read", navigate, priority=100)  # before Sphinx collects the tables of contents
    return {"parallel_read_safe": True, "parallel_write_safe": True}
