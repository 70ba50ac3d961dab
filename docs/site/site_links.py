"""Where links of pages lead in the site.

Law: a link that works in the repository works in the site. A page is a page, and a page of HTML is copied as it is; any
other file of the repository is shown as text, in a page under `source/`; what is neither is a warning, which fails the
build.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.highlighting import PygmentsBridge
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.osutil import relative_uri
from sphinx.util.typing import ExtensionMetadata

log = logging.getLogger(__name__)

LANGUAGES = {".json": "json", ".jsonl": "text", ".py": "python", ".toml": "toml", ".yaml": "yaml"}
SHOWN, COPIED = "shown_files", "copied_files"
"""What a page's metadata calls the files that it links to: those to show as text, and those to copy."""


class Links(SphinxTransform):
    """Makes of each relative link one that Sphinx resolves, or one to the page that shows the file."""

    default_priority = 300

    def apply(self, **kwargs: Any) -> None:
        """Go through the links of a page."""
        for link in list(self.document.findall(nodes.reference)):
            uri = str(link.get("refuri", ""))
            if uri and ":" not in uri.split("/", maxsplit=1)[0]:
                self.follow(link, *unquote(uri).partition("#")[::2])

    def follow(self, link: nodes.reference, target: str, anchor: str) -> None:
        """Replace one link."""
        here = Path(self.env.doc2path(self.env.docname))
        path = Path(os.path.normpath(here.parent / target)) if target else here
        page = path / "README.md" if (path / "README.md").is_file() else path
        name = self.env.path2doc(str(page))
        root = Path(self.env.srcdir).parent
        if name and page.is_file():
            self.to_page(link, name, anchor)
        elif path.suffix == ".html" and path.is_file() and path.is_relative_to(self.env.srcdir):
            self.to_copy(link, path.relative_to(self.env.srcdir), anchor)
        elif path.exists() and path.is_relative_to(root) and not anchor:
            self.to_file(link, path.relative_to(root))
        else:
            log.warning("the link leads nowhere: %s#%s", target, anchor, location=link)

    def to_page(self, link: nodes.reference, name: str, anchor: str) -> None:
        """Leave it to MyST, which knows the anchors of the other pages when all are read."""
        reference = addnodes.pending_xref(
            refdomain="doc",
            reftype="myst",
            reftarget=name,
            reftargetid=anchor or None,
            refdoc=self.env.docname,
            refexplicit=True,
        )
        reference.source, reference.line = link.source, link.line
        reference += nodes.inline("", "", *link.children)
        link.replace_self(reference)

    def to_file(self, link: nodes.reference, path: Path) -> None:
        """Lead to the page that shows a file, and remember that there is to be one."""
        self.env.metadata[self.env.docname].setdefault(SHOWN, []).append(path.as_posix())
        link["refuri"] = relative_uri(f"{self.env.docname}.html", f"{page_of(path.as_posix())}.html")
        link["internal"] = True

    def to_copy(self, link: nodes.reference, path: Path, anchor: str) -> None:
        """Lead to the copy of a page of HTML, and remember that there is to be one."""
        self.env.metadata[self.env.docname].setdefault(COPIED, []).append(path.as_posix())
        link["refuri"] = relative_uri(f"{self.env.docname}.html", path.as_posix()) + (f"#{anchor}" if anchor else "")
        link["internal"] = True


def page_of(path: str) -> str:
    """The name of the page that shows a file of the repository."""
    return path if path == "LICENSE" else f"source/{path}"


def shown_files(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield a page for each file that a page links to; for a folder, a page of links to its files."""
    root = Path(app.srcdir).parent
    wanted = {path for metadata in app.env.metadata.values() for path in metadata.get(SHOWN, [])}
    folders = {path for path in wanted if (root / path).is_dir()}
    files = {path.relative_to(root).as_posix() for folder in folders for path in listed(root / folder)}
    for folder in sorted(folders):
        name = page_of(folder)
        entries = [path.relative_to(root).as_posix() for path in listed(root / folder)]
        uris = [(relative_uri(f"{name}.html", f"{page_of(entry)}.html"), entry) for entry in entries]
        links = "".join(f'<li><a href="{escape(uri)}"><code>{escape(entry)}</code></a></li>' for uri, entry in uris)
        yield name, {"title": folder, "body": f"<h1><code>{escape(folder)}</code></h1><ul>{links}</ul>"}, "page.html"
    for path in sorted((wanted - folders) | files):
        file = root / path
        code = PygmentsBridge("html").highlight_block(
            file.read_text(), LANGUAGES.get(file.suffix, "text"), location=path, linenos=file.suffix == ".py"
        )
        yield page_of(path), {"title": path, "body": f"<h1><code>{escape(path)}</code></h1>{code}"}, "page.html"


def listed(folder: Path) -> list[Path]:
    """The files of a folder that a reader is shown."""
    return sorted(path for path in folder.iterdir() if path.is_file() and path.suffix in LANGUAGES)


def not_found(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield the page for what is not there, whose links work wherever a server shows it."""
    yield "404", {"prefix": app.config.site_prefix}, "404.html"


def copied_files(app: Sphinx, failed: Exception | None) -> None:
    """Copy each page of HTML that a page links to."""
    for path in {path for metadata in app.env.metadata.values() for path in metadata.get(COPIED, [])}:
        target = Path(app.outdir, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(Path(app.srcdir, path), target)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Called by Sphinx."""
    app.add_transform(Links)
    app.connect("html-collect-pages", shown_files)
    app.connect("html-collect-pages", not_found)
    app.connect("build-finished", copied_files)
    app.add_config_value("site_prefix", "/", "html", str)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
