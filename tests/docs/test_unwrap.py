"""README and docs take values out of results by `value_or_raise`, `fold` and `match`: `.unwrap()` is counted here.

It stays where a failure was ruled out by then (`is_failure`), and where one would be a bug: `unwrap` has no message.
"""

from __future__ import annotations

import re

from places import ROOT

EXPECTED = {
    "docs/guides/embedding.md": 1,
    "docs/examples/by_hand.py": 2,
    "docs/guides/patterns.md": 4,
    "docs/how-to/export-and-audit.md": 1,
    "docs/reference/errors.md": 1,
    "docs/tutorial/1-first-steps.md": 1,
    "docs/tutorial/5-nightly-clean-up.md": 1,
    "docs/tutorial/6-tests.md": 1,
    "docs/playground/playground.py": 1,
    "docs/playground/playground_facts.py": 4,
    "docs/playground/playground_life.py": 1,
    "docs/playground/playground_views.py": 4,
    "docs/workflows/temporal_activity.py": 2,
    "docs/workflows/temporal_host.py": 3,
}
"""How often each page and program has it: the pages behind an `is_failure`, and `patterns.md` once where it says so."""

FROM_DOCSTRINGS = {"names", "values"}
"""Folders whose pages are made of docstrings, which are no pages of a reader's own."""

PAGES = [
    ROOT / "README.md",
    *sorted(
        path
        for path in (ROOT / "docs").rglob("*")
        if path.suffix in {".md", ".py"} and path.parent.name not in FROM_DOCSTRINGS
    ),
]
UNWRAP = re.compile(r"\.unwrap\(\)")


def test_unwrap_appears_only_where_a_failure_is_ruled_out() -> None:
    found = {str(page.relative_to(ROOT)): len(UNWRAP.findall(page.read_text(encoding="utf-8"))) for page in PAGES}
    assert {name: count for name, count in found.items() if count} == EXPECTED


def test_the_pages_teach_what_is_used_instead() -> None:
    """README in its one screen of code, the tour before anything is composed."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "value_or_raise(run(" in readme
    assert "fold(result" in readme
    tour = (ROOT / "docs" / "tutorial" / "a-tour.md").read_text(encoding="utf-8")
    assert tour.index("value_or_raise(result)") < tour.index("## Compose\n")
    assert tour.index("fold(result") < tour.index("## Page\n")
    users = [page.name for page in PAGES if "value_or_raise(" in page.read_text(encoding="utf-8")]
    assert len(users) >= 10
