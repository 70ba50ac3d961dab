"""Code blocks: languages that Pygments lacks, and no empty line at the end.

Law: code that is not in the language that it says is a warning, which fails the build.
"""

from __future__ import annotations

from typing import Any, ClassVar

from docutils import nodes
from pygments.lexers.python import PythonLexer
from pygments.token import Keyword
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util.typing import ExtensionMetadata


class SignatureLexer(PythonLexer):
    """Python's signatures, with `…` for a default that is not written out."""

    name = "Signature"
    aliases: ClassVar[list[str]] = ["pyi"]
    tokens: ClassVar[dict[str, list[object]]] = {
        **PythonLexer.tokens,
        "expr": [("…", Keyword.Constant), *PythonLexer.tokens["expr"]],
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
