"""The playground, in a page of the site.

Law: nothing of its 14 MB is loaded before a reader asks for it.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util.typing import ExtensionMetadata

PAGE = "playground/about"

FRAME = """\
<p><a class="open-playground" href="index.html">Open the playground</a> in a page of its own, or here:</p>
<details class="playground">
<summary>Start it in this page (14 MB)</summary>
<iframe src="index.html" title="The playground" loading="lazy"></iframe>
</details>
"""


class Frame(SphinxTransform):
    """Puts it below the first paragraph of its page."""

    default_priority = 700

    def apply(self, **kwargs: Any) -> None:
        """Find the paragraph."""
        paragraph = self.document.next_node(nodes.paragraph)
        if self.env.docname == PAGE and paragraph is not None:
            paragraph.parent.insert(paragraph.parent.index(paragraph) + 1, nodes.raw("", FRAME, format="html"))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Called by Sphinx."""
    app.add_transform(Frame)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
