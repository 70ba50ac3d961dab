"""How Sphinx makes the site of the pages in `docs/`: `tests/run docs` builds it.

Law: a page is plain Markdown, as GitHub shows it. What the site adds, its extensions derive from the pages.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

SITE = Path(__file__).resolve().parent
ROOT = SITE.parents[1]

sys.path.insert(0, str(SITE))

project = "puresponse"
author = "the authors of puresponse"
copyright = "MIT licence"
version = release = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]

root_doc = "index"
source_suffix = {".md": "markdown"}
exclude_patterns = ["site"]
extensions = [
    "myst_parser",
    "sphinx_copybutton",
    "site_code",
    "site_pages",
    "site_links",
    "site_navigation",
    "site_index",
    "site_names",
    "site_playground",
]
nitpicky = True

# As GitHub reads Markdown, and as it makes anchors.
myst_gfm_only = True
myst_linkify_fuzzy_links = False
myst_heading_anchors = 6

html_theme = "furo"
html_title = f"puresponse {version}"
html_copy_source = False
html_show_copyright = False
html_show_sphinx = False
html_use_index = True
html_static_path = ["static"]
html_css_files = ["site.css"]
html_js_files = [("site.js", {"defer": "defer"})]
html_favicon = "../playground/icon.svg"
templates_path = ["templates"]

# What is copied out of an interpreter is what was typed.
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
html_search_scorer = str(SITE / "scorer.js")
