"""Public names in the text of pages lead to what the reference says of them.

Law: a page says a name in a code span, as ever, and the site makes a link of it: where the name is an object that a
page of the reference has noted, or a word of the glossary that is written as code. A single small word such as `run` is
a link only where it is called: `run(…)`.
"""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from site_index import CODE, GLOSSARY
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.osutil import relative_uri
from sphinx.util.typing import ExtensionMetadata

NAME = re.compile(r"([A-Za-z_]\w*)((?:\.\w+)*)(\(.*\))?", re.DOTALL)
SHELL = ("reference/command", "reference/environment", "reference/extras", "reference/exit-codes")
"""Pages whose words are those of a shell, and no names of Python."""


class Names(SphinxPostTransform):
    """Makes links of the names of a page."""

    default_priority = 20  # after links are resolved: what is in one stays as it is
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Go through the code spans of a page."""
        if self.env.docname.startswith(SHELL):
            return
        for literal in list(self.document.findall(nodes.literal)):
            if stays(literal):
                continue
            found = NAME.fullmatch(literal.astext())
            if found is None or (re.fullmatch(r"[a-z]+", found[1]) and not found[3]):
                continue
            target, anchor = self.where(found[1])
            if target in ("", self.env.docname):
                continue
            page = relative_uri(f"{self.env.docname}.html", f"{target}.html")
            link = nodes.reference("", "", internal=True, refuri=f"{page}#{anchor}", classes=["name"])
            literal.replace_self(link)
            link += literal

    def where(self, name: str) -> tuple[str, str]:
        """The page and the anchor of what is said of a name; empty where nothing is."""
        entry = self.env.domains.python_domain.objects.get(f"puresponse.{name}")
        if entry is not None:
            return entry.docname, entry.node_id
        words: dict[str, str] = self.env.metadata[GLOSSARY].get(CODE, {})
        return (GLOSSARY, words[name]) if name in words else ("", "")


def stays(literal: nodes.literal) -> bool:
    """Whether a code span is in a link or a heading already, or is the name of a parameter, before its colon."""
    above: nodes.Node | None = literal.parent
    while above is not None:
        if isinstance(above, (nodes.reference, nodes.title, addnodes.toctree)):
            return True
        above = above.parent
    paragraph = literal.parent
    first = isinstance(paragraph.parent, nodes.list_item) and paragraph.children[0] is literal
    return first and paragraph.astext().startswith(f"{literal.astext()}:")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Called by Sphinx."""
    app.add_post_transform(Names)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
