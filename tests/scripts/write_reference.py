"""Writes the reference of every public name: `docs/reference/names/` and `docs/reference/values/`.

    python tests/scripts/write_reference.py

What is told is in the docstrings, and in which group a name is, in `reference_groups`. A test says when the pages are
not what this writes.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from reference_docstrings import SPAN, Docstring, Section, parsed
from reference_examples import runnable
from reference_groups import GROUPS, Group
from reference_names import Call, Told, public_names, told
from reference_sources import alias_of
from reference_telling import ERRORS, errors_told, sends

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "reference"
INDEX = "names/README.md"
MADE = "<!-- Written by tests/scripts/write_reference.py from the docstrings. -->"


@cache
def headings() -> dict[str, tuple[str, str]]:
    """The file and the heading of every name: of two that differ by case on one page, the class says that it is one."""
    found: dict[str, tuple[str, str]] = {}
    for group in GROUPS:
        lower = [name.lower() for name in group.names]
        for name in group.names:
            twin = lower.count(name.lower()) > 1 and name != name.lower()
            found[name] = group.file, f"{name} class" if twin else name
    return found


def anchor(name: str) -> str:
    """The anchor of a name's heading, as those who show Markdown make it."""
    return headings()[name][1].lower().replace(" ", "-")


def link(name: str, file: str) -> str:
    """A link to where a name is told, from the page `file`."""
    there = headings()[name][0]
    path = "" if there == file else os.path.relpath(there, os.path.dirname(file))
    return f"[`{name}`]({path}#{anchor(name)})"


def linked(text: str, file: str, own: str = "") -> str:
    """A text, its names that have a heading as links, and what Markdown would take for more than text escaped."""

    def shown(match: re.Match[str]) -> str:
        span = " ".join((match[1] or match[2]).split())
        if span in headings() and span != own:
            return link(span, file)
        return f"`` {span} ``" if "`" in span else f"`{span}`"

    parts: list[str] = []
    end = 0
    for match in SPAN.finditer(text):
        parts += [_plain(text[end : match.start()]), shown(match)]
        end = match.end()
    return "".join([*parts, _plain(text[end:])])


def _plain(text: str) -> str:
    """What is outside code spans."""
    text = re.sub(r"https?://[^\s)>]*[^\s).>,;:]", r"<\g<0>>", text)
    return re.sub(r"\*{2,}|(?<=\w)\*(?=\w)", lambda match: "\\*" * len(match[0]), text)


def page(group: Group) -> str:
    """A page of the reference."""
    lines = [f"# {group.title}", MADE, linked(group.what, group.file)]
    lines.append("\n".join(["| name | what |", "|---|---|", *(_row(name, group.file) for name in group.names)]))
    for title, names in group.sections.items():
        lines.append(f"## {title}")
        for name in names.split():
            lines += _entry(told(name), group.file)
    return "\n\n".join(lines) + "\n"


def _row(name: str, file: str) -> str:
    return f"| {link(name, file)} | {_cell(linked(first_sentence(told(name).doc), file, name))} |"


def first_sentence(doc: str) -> str:
    """What a docstring begins with."""
    text = " ".join(doc.partition("\n\n")[0].split())
    return re.split(r"(?<=[^.]\.)\s(?=[A-Z`])", text)[0]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _entry(one: Told, file: str) -> Iterator[str]:
    """The heading of a name, and all that is told of it."""
    yield f"### {headings()[one.name][1]}"
    if one.package != "puresponse":
        yield f"From `{one.package}`."
    yield from _written(one)
    doc = parsed(one.doc)
    yield from _blocks(doc, file, one.name)
    if sends(one):
        errors = sorted(error for error in errors_told(one.name) if error in ERRORS)
        yield f"All that it can fail with: {', '.join(link(error, file) for error in errors)}."
    if one.name == "RequestOptions":
        yield from _types(one, ["ExtraHeaders | ExtraQuery"], file)
    if one.kind in {"wire", "keywords"} and one.fields:
        yield "\n".join(["| field | type | |", "|---|---|---|", *_fields(one)])
    if one.kind in {"union", "literals"} and len(one.members) > 1:
        yield f"One of: {', '.join(_member(member, file) for member in one.members)}."
    if one.call is not None:
        written = [call.signature for call in (one.call, *one.methods)]
        # Those of any request are told by `RequestOptions`.
        yield from _types(one, [re.sub(r"\b(?:ExtraHeaders|ExtraQuery)\b", "", text) for text in written], file)
    if one.methods:
        yield "Methods and properties:" if one.kind != "protocol" else "Its methods:"
        yield "\n".join(_method(one, method, file) for method in one.methods)
    if doc.example:
        yield _fence("pycon", f"{runnable(doc.example, one.module)}\n")


def _member(member: str, file: str) -> str:
    bare = member.partition("[")[0]
    return link(bare, file) if bare in headings() else f"`{member}`"


def _fence(language: str, text: str) -> str:
    return f"```{language}\n{text}\n```"


def _written(one: Told) -> Iterator[str]:
    """How a name is called, made or meant."""
    if one.kind == "function" and one.call is not None:
        yield _fence("pyi", f"def {one.call.signature}: ...")
    elif one.kind in {"struct", "class", "exception"} and one.call is not None and one.call.parameters:
        yield _fence("pyi", one.call.signature)
    elif one.kind in {"alias"} or (one.kind == "union" and len(one.members) < 8):
        yield _fence("pyi", f"{one.name} = {one.written}")
    elif one.kind == "constant":
        yield _fence("pyi", f"{one.name}: {one.written}")


def _blocks(doc: Docstring, file: str, own: str) -> Iterator[str]:
    for block in doc.blocks:
        if isinstance(block, Section):
            title = {"Args": "Parameters", "Attributes": "Fields", "Raises": "Raises"}[block.title]
            entries = [
                f"- {', '.join(f'`{name}`' for name in names)}: {linked(text, file, own)}"
                for names, text in block.entries
            ]
            yield "\n".join([f"**{title}**", "", *entries])
        else:
            yield re.sub(r"^(Errors|Raises)\b", r"**\1**", linked(_lines(block), file, own))


def _lines(block: str) -> str:
    """A paragraph on one line; lists and tables are left on their own."""
    if re.match(r"[-|*] |\||    ", block):
        return block
    return "\n".join(_joined(block.split("\n")))


def _joined(lines: list[str]) -> Iterator[str]:
    """Lines with the links that have a line of their own apart."""
    text: list[str] = []
    for line in lines:
        if line.startswith("https://"):
            if text:
                yield " ".join(text) + "\n"
            text = []
            yield f"See {line}"
        else:
            text.append(line.strip())
    if text:
        yield " ".join(text)


def _fields(one: Told) -> Iterator[str]:
    for field in one.fields:
        kinds = [part.strip() for part in field.annotation.split(" | ")]
        absent = "UnsetType" in kinds
        kind = " | ".join(part for part in kinds if part != "UnsetType")
        notes = [f"in JSON `{field.wire}`"] if field.wire != field.name else []
        if one.kind == "keywords":
            notes = []
        elif field.default == "UNSET" or absent:
            notes.append("may be absent")
        elif field.default is not None:
            notes.append(f"default `{field.default}`")
        yield f"| `{field.name}` | `{_cell(kind)}` | {_cell(', '.join(notes))} |"


def _types(one: Told, signatures: list[str], file: str) -> Iterator[str]:
    """The types that have a name in signatures and are not public: what they are."""
    found: dict[str, str] = {}
    for signature in signatures:
        for word in re.findall(r"[A-Za-z_]\w*", signature):
            if word not in found and word not in public_names():
                alias = alias_of(one.module, word)
                if alias is not None:
                    doc = f": {' '.join(alias.doc.split())}" if alias.doc else ""
                    found[word] = f"- `{word}` is `{alias.value}`{linked(doc, file)}"
    if found:
        yield "\n".join(["Types:", "", *found.values()])


def _method(one: Told, method: Call, file: str) -> str:
    doc = parsed(method.doc)
    signature = " ".join(method.signature.replace("(\n ", "(").replace(",\n)", ")").split())
    blocks = list(_blocks(doc, file, one.name))
    if doc.example:
        blocks.append(_fence("pycon", f"{runnable(doc.example, one.module)}\n"))
    text = "\n\n".join([f"`{signature}`", *blocks]).replace("`\n\n", "`: ", 1) if blocks else f"`{signature}`"
    return "- " + text.replace("\n", "\n  ").replace("\n  \n", "\n\n")


def index() -> str:
    """The page that lists all names."""
    lines = ["# Every public name", MADE]
    lines.append(
        "Everything public, by what it is for; each page is made from the docstrings, and its examples run. All can be "
        "imported from `puresponse`, but for the contract suites."
    )
    lines.append("\n".join(_listing(file) for file in GROUPS if file.file.startswith("names/")))
    lines.append("The objects of the API, with their fields:")
    lines.append("\n".join(_listing(file) for file in GROUPS if file.file.startswith("values/")))
    lines.append("## By the alphabet")
    names = sorted(headings(), key=lambda name: (name.lower(), name))
    for letter in sorted({name[0].upper() for name in names}):
        own = [name for name in names if name[0].upper() == letter]
        lines.append(f"**{letter}**: {', '.join(link(name, INDEX) for name in own)}")
    return "\n\n".join(lines) + "\n"


def _listing(group: Group) -> str:
    path = os.path.relpath(group.file, os.path.dirname(INDEX))
    return f"- [{group.title}]({path}): {linked(group.what, INDEX)}"


def pages() -> dict[Path, str]:
    """Every page, by its path."""
    return {FOLDER / INDEX: index()} | {FOLDER / group.file: page(group) for group in GROUPS}


if __name__ == "__main__":
    for path, text in pages().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")
