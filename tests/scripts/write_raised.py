"""Writes the section "Who raises what" of docs/reference/errors.md, from the docstrings of all that is public.

    python tests/scripts/write_raised.py

A test says when the section is not what this writes.
"""

from __future__ import annotations

import builtins
import inspect
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "errors.md"
HEADING = "## Who raises what"

_SENTENCE = re.compile(r"(?<=\.)\s|(?<=:)\s(?!`)|\n\n|\n(?=\w+: )")
_RAISED = re.compile(r"(?:\braises?\b|what is raised:)(?P<after>.*)", re.IGNORECASE | re.DOTALL)
_IS_RAISED = re.compile(r"`(\w+)`(?= is raised)")


def every_name() -> Iterator[tuple[str, Any]]:
    """Every public name, with what it is."""
    package: Any = import_module("puresponse")
    names: list[str] = package.__all__
    for name in sorted(names, key=str.lower):
        yield name, getattr(package, name)


def public() -> Iterator[tuple[str, Any]]:
    """Every public name, and the public methods of classes, those among them that they inherit."""
    for name, found in every_name():
        yield name, found
        if inspect.isclass(found) and not is_exception(name):
            members: list[tuple[str, Any]] = inspect.getmembers(found, inspect.isroutine)
            for method, function in members:
                ours = getattr(function, "__module__", None) or ""
                if not method.startswith("_") and ours.startswith("puresponse."):
                    yield f"{name}.{method}", function


def raised_by(name: str, found: Any) -> set[str]:
    """The exceptions that a docstring says are raised."""
    named: set[str] = set()
    if not callable(found) or is_exception(name):
        return named
    doc: Any = inspect.getdoc(found)
    paragraph = re.sub(r"\n(?=[^\n])(?! *\w+: )", " ", str(doc or ""))
    for sentence in _SENTENCE.split(paragraph):
        said = _RAISED.search(sentence)
        spans = set(_IS_RAISED.findall(sentence))
        spans |= set(re.findall(r"`(\w+)`", said["after"])) if said else set()
        named |= {span for span in spans if is_exception(span)}
    return named


def is_exception(name: str) -> bool:
    """Whether a name is that of an exception: of Python, or a public one of the library."""
    found: Any = getattr(builtins, name, None) or getattr(import_module("puresponse"), name, None)
    found = found or getattr(import_module("concurrent.futures"), name, None)
    return isinstance(found, type) and issubclass(found, BaseException)


def section() -> str:
    """The section."""
    by_exception: dict[str, list[str]] = defaultdict(list)
    for name, found in public():
        for exception in raised_by(name, found):
            by_exception[exception].append(f"`{name}`")
    rows = [f"| `{exception}` | {', '.join(names)} |" for exception, names in sorted(by_exception.items())]
    told = "Written by `tests/scripts/write_raised.py` from what their docstrings say."
    return "\n".join([HEADING, "", told, "", "| exception | raised by |", "|---|---|", *rows]) + "\n"


def page(text: str) -> str:
    """The page, with the section as it is now."""
    return text[: text.index(HEADING)] + section()


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)}\n")
