"""Code blocks: languages that Pygments lacks, and no empty line at the end.

Law: code that is not in the language that it says is a warning, which fails the build.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from docutils import nodes
from pygments.lexer import RegexLexer
from pygments.token import Keyword
from sphinx.application import Sphinx
from sphinx.highlighting import lexer_classes
from sphinx.transforms import SphinxTransform
from sphinx.util.typing import ExtensionMetadata

PYTHON: dict[str, list[Any]] = vars(type(lexer_classes["python"]()))["tokens"]


class SignatureLexer(RegexLexer):
    """Python's signatures, with `…` for a default that is not written out."""

    name = "Signature"
    aliases: ClassVar[Sequence[str]] = ("pyi",)
    tokens: ClassVar[dict[str, list[Any]]] = {
        **PYTHON,
        "expr": [("…", Keyword.Constant), *PYTHON["expr"]],
    }


class NoEmptyLineAtTheEnd(SphinxTransform):
    """Drops the line that ends an example of doctest."""

    default_priority = 300

    def apply(self, **kwargs: Any) -> None:
        """Go through the code blocks of a page."""
        for block in self.document.findall(nodes.literal_block):
            text = block.astext().rstrip() + "\n"
            block.rawsource = text
            block.children = [nodes.Text(text)]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Called by Sphinx."""
    app.add_transform(NoEmptyLineAtTheEnd)
    app.add_lexer("pyi", SignatureLexer)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
