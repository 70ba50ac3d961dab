"""Which files are pages, and what they are called in the site.

Law: a page lies in the site where it lies in the repository. A folder's README is its index, and the pages of the root
lie at the root.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.project import Project
from sphinx.util.typing import ExtensionMetadata

OUTSIDE = ("CHANGELOG", "CONTRIBUTING", "SECURITY")
"""Pages of the repository's root that are pages of the site too."""

NAMES = {
    "README.md": "index",
    "../README.md": "index",
    "playground/README.md": "playground/about",  # the index of that folder is the playground itself
    **{f"../{name}.md": name for name in OUTSIDE},
}


class Pages(Project):
    """Knows the pages of `docs/`, and those of the repository's root."""

    def discover(self, exclude_paths: Iterable[str] = (), include_paths: Iterable[str] = ("**",)) -> set[str]:
        """Find all pages."""
        super().discover(exclude_paths, include_paths)
        for name in OUTSIDE:
            self.docnames.add(name)
            self._docname_to_path[name] = Path(f"../{name}.md")
        return self.docnames

    def path2doc(self, filename: str | os.PathLike[str]) -> str | None:
        """The name of a page by its path, absolute or from `docs/`; None where it is none."""
        path = Path(os.path.relpath(Path(self.srcdir, filename), self.srcdir)).as_posix()
        if path in NAMES:
            return NAMES[path]
        if path.startswith("../") or not path.endswith(".md"):
            return None
        folder, _, name = path.rpartition("/")
        return f"{folder}/index" if name == "README.md" else path.removesuffix(".md")


def take_over(app: Sphinx) -> None:
    """Have Sphinx ask this project, and not its own."""
    pages = Pages(app.srcdir, app.config.source_suffix)
    pages.restore(app.project)
    app.project = app.env.project = pages


def setup(app: Sphinx) -> ExtensionMetadata:
    """Called by Sphinx."""
    app.connect("builder-inited", take_over)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
