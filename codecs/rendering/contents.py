"""The parts of messages, outputs and thoughts: what is said, shown, attached and cited."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ..lossless.plain import is_sequence
from .blocks import Code, Facts, Folded, Link, Note, Notes, Part, Picture, Words
from .fields import Fields, is_object_like, json_text, members_of, structured, word_of
from .images import data_in


def counted(count: int, thing: str) -> str:
    """So many things, in words."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def content(value: Any) -> tuple[Part, ...]:
    """The content of a message, or the output of a tool: a text, or parts."""
    if isinstance(value, str):
        return (Words(value),) if value else ()
    if not is_sequence(value):
        return () if value is None else (Code(json_text(value)),)
    return tuple(part for one in value for part in content_part(one))


def told(value: Any) -> tuple[Part, ...]:
    """The same where a text is a program's: JSON is indented."""
    if not isinstance(value, str):
        return content(value)
    return (Code(structured(value) or value),) if value else ()


def content_part(value: Any) -> Iterator[Part]:
    """One part, and what it holds beside what is read of it."""
    if not is_object_like(value):
        yield Code(json_text(value))
        return
    fields = Fields(value)
    kind = fields.text("type")
    read = PARTS.get(kind)
    if read is None:
        yield Code(json_text(value), title=f"unknown part {kind}" if kind else "unknown part")
        return
    yield from read(fields)
    yield from further(fields)


def further(fields: Fields, within: str = "") -> Iterator[Part]:
    """What was not read of an object: names and values, and as JSON what is more than that."""
    rows: list[tuple[str, str]] = []
    folded: list[Part] = []
    _add(fields.rest(), within, rows, folded, _NESTED)
    if rows:
        yield Facts(tuple(rows))
    yield from folded


_NESTED = 3
"""Objects in objects whose members are shown one by one."""

_SCHEMAS = {"schema", "parameters", "input_schema", "output_schema"}
"""Members that are shown as JSON, whatever is in them."""


def _add(members: dict[str, Any], within: str, rows: list[tuple[str, str]], folded: list[Part], deepest: int) -> None:
    for name, value in members.items():
        called = f"{within}{name}"
        said = words_of(value)
        if said and "\n" not in said:
            rows.append((called, said))
        elif isinstance(value, str) or (is_sequence(value) and not value):
            folded += (Folded(called, told(value)),) if value else ()
        elif is_object_like(value) and deepest and name not in _SCHEMAS:
            _add(members_of(value), f"{called}.", rows, folded, deepest - 1)
        else:
            folded.append(Folded(called, (Code(json_text(value)),)))


def words_of(value: Any) -> str:
    """A value that is said in a few words: one, or a list of them; nothing for what is more."""
    if is_sequence(value):
        words = [word_of(one) for one in value]
        return ", ".join(words) if all(words) else ""
    return word_of(value)


def _text(fields: Fields) -> Iterator[Part]:
    text = fields.text("text")
    notes = list(_notes(fields))
    yield Words(_marked(text, notes))
    if notes:
        yield Notes(tuple(note for note, _ in notes))
    logprobs = fields.list("logprobs")
    if logprobs:
        yield Words(f"log probabilities of {counted(len(logprobs), 'token')}", quiet=True)


def _refusal(fields: Fields) -> Iterator[Part]:
    yield Words("The model refused:", quiet=True)
    yield Words(fields.text("refusal"))


def _image(fields: Fields) -> Iterator[Part]:
    yield from picture(fields.text("image_url"), fields.words("file_id detail"))


def _file(fields: Fields) -> Iterator[Part]:
    name, data = fields.text("filename"), fields.text("file_data")
    about = [name, *_sized(data)] if data else [name]
    about += [f"{name} {said}" for name, said in fields.words("file_id detail")]
    url = fields.text("file_url")
    told = f"File {', '.join(filter(None, about))}".rstrip()
    yield Link(told, url) if url else Words(told, quiet=True)


def _audio(fields: Fields) -> Iterator[Part]:
    inner = fields.fields("input_audio") or Fields({})
    about = [inner.text("format"), *_sized(inner.text("data"))]
    yield Words(f"Audio {', '.join(filter(None, about))}", quiet=True)
    yield from further(inner)


def _sized(data: str) -> Iterator[str]:
    found = data_in(data)
    if found is not None and found.media_type:
        yield found.media_type
    yield f"{found.size:,} bytes" if found is not None else f"{len(data):,} characters"


PARTS: dict[str, Callable[[Fields], Iterator[Part]]] = {
    "input_text": _text,
    "output_text": _text,
    "text": _text,
    "summary_text": _text,
    "reasoning_text": _text,
    "refusal": _refusal,
    "input_image": _image,
    "computer_screenshot": _image,
    "input_file": _file,
    "input_audio": _audio,
}
"""What reads a part, by its `type`."""


def picture(url: str, about: Iterable[tuple[str, str]] = (), *, called: str = "Image") -> Iterator[Part]:
    """An image by its URL, which may hold it, or not at all."""
    words = [f"{name} {said}" for name, said in about]
    data = data_in(url) if url else None
    if data is not None:
        yield Picture(", ".join([f"{called} {data.about}", *words]), source=data.source)
    elif url[:5].lower() == "data:":
        yield Picture(", ".join([f"{called} of {len(url):,} characters that cannot be read", *words]))
    else:
        yield Picture(", ".join([called, *words]) if words else called, link=url)


# --- citations ------------------------------------------------------------------------------------


def _notes(fields: Fields) -> Iterator[tuple[Note, int | None]]:
    """The annotations of a text, numbered, each with the place in the text that it is about."""
    for number, value in enumerate(fields.list("annotations"), 1):
        yield _note(number, value)


def _note(number: int, value: Any) -> tuple[Note, int | None]:
    fields = Fields(value)
    kind = fields.text("type")
    if kind not in CITATIONS:
        return Note(number, json_text(value)), None
    place = fields.index("end_index", "index", "start_index")
    url = fields.text("url")
    named = fields.text("title") or fields.text("filename")
    said = [named, CITATIONS[kind], *(f"{name} {said}" for name, said in fields.words("file_id container_id"))]
    rest = fields.rest()
    if rest:
        said.append(json_text(rest))
    return Note(number, ", ".join(filter(None, said)), url), place


CITATIONS = {
    "url_citation": "",
    "file_citation": "cited file",
    "container_file_citation": "cited file",
    "file_path": "file that was made",
}
"""What a citation cites, by its `type`."""


def _marked(text: str, notes: list[tuple[Note, int | None]]) -> str:
    """The text with the number of each citation behind what it is about."""
    places = sorted((place, note.number) for note, place in notes if place is not None and 0 < place <= len(text))
    chunks: list[str] = []
    start = 0
    for place, number in places:
        chunks += (text[start:place], f"[{number}]")
        start = place
    return "".join([*chunks, text[start:]])
