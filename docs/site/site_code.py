"""The languages of code blocks that Pygments lacks.

Law: code that is not in the language that it says is a warning, which fails the build.
"""

from __future__ import annotations

from typing import ClassVar

from pygments.lexers.python import PythonLexer
from pygments.token import Keyword
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata


class SignatureLexer(PythonLexer):
    """Python's signatures, with `…` for a default that is not written out."""

    name = "Signature"
    aliases: ClassVar[list[str]] = ["pyi"]
    tokens: ClassVar[dict[str, list[object]]] = {
        **PythonLexer.tokens,
        "expr": [("…", Keyword.Constant), *PythonLexer.tokens["expr"]],
    }


def setup(app: Sphinx) -> ExtensionMetadata:
    """Called by Sphinx."""
    app.add_lexer("pyi", SignatureLexer)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
