"""Responses on a terminal as the text that the model wrote, whole or as it arrives.

Law: line breaks and tabs of a text are shown, and nothing else in it that controls a terminal.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ...codecs import to_plain
from ...codecs.lossless.plain import is_array, is_object
from ...core import Error
from ..output import Sentences, printable
from ..tables import preview

_DELTAS = frozenset({"response.output_text.delta", "response.refusal.delta"})
_SAID = frozenset({"message", "reasoning"})
"""Items whose text arrives as deltas, or is not for the reader."""


def readable(text: str) -> str:
    """A text of several lines, made harmless."""
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join("\t".join(map(printable, line.split("\t"))) for line in lines)


def lines_of(response: Any) -> Iterator[str]:
    """What a response holds as lines: what the model wrote, and the calls that it makes."""
    for item in _array(to_plain(response), "output"):
        if not is_object(item) or item.get("type") == "reasoning":
            continue
        if item.get("type") != "message":
            yield _call(item)
            continue
        for part in _array(item, "content"):
            text = part.get("text", part.get("refusal")) if is_object(part) else None
            if isinstance(text, str):
                yield readable(text)


class ResponseText(Sentences):
    """The text of responses."""

    def values(self, values: Sequence[Any]) -> str:
        """The text of each response, as lines of their own."""
        return "".join(f"{line}\n" for response in values for line in lines_of(response))


class CountText(Sentences):
    """Numbers of tokens."""

    def values(self, values: Sequence[Any]) -> str:
        """A number a line."""
        return "".join(f"{value.input_tokens}\n" for value in values)


class StreamedText(Sentences):
    """The text of a response as its events arrive. What else is said begins a line of its own."""

    def __init__(self) -> None:
        self._within_line = False
        self._has_text = False

    def values(self, values: Sequence[Any]) -> str:
        """What the events add to the text."""
        return "".join(map(self._added, values))

    def error(self, response_id: str | None, error: Error) -> str:
        """A line that says what went wrong."""
        return self._apart() + super().error(response_id, error)

    def complaint(self, kind: str, reason: str) -> str:
        """A line."""
        return self._apart() + super().complaint(kind, reason)

    def note(self, text: str) -> str:
        """A line."""
        return self._apart() + super().note(text)

    def log(self, level: str, line: str) -> str:
        """A line, all of it."""
        return self._apart() + super().log(level, line)

    def _added(self, event: Any) -> str:
        plain = to_plain(event)
        kind, item = event.type, plain.get("item")
        delta = plain.get("delta")
        if kind in _DELTAS and isinstance(delta, str) and delta:
            self._has_text, self._within_line = True, not delta.endswith("\n")
            return readable(delta)
        if kind == "response.content_part.added":
            return self._apart()
        if kind == "response.output_item.done" and is_object(item) and item.get("type") not in _SAID:
            self._has_text = True
            return f"{self._apart()}{_call(item)}\n"
        if is_object(plain.get("response")) and not kind.endswith((".created", ".queued", ".in_progress")):
            # A response that was waited for has no deltas before its end.
            whole = "" if self._has_text else "".join(f"{line}\n" for line in lines_of(event.response))
            return self._apart() + whole
        return ""

    def _apart(self) -> str:
        """The end of the line that is begun, if one is."""
        apart = "\n" if self._within_line else ""
        self._within_line = False
        return apart


def _call(item: dict[str, Any]) -> str:
    """A line for an item that is no message: a call, mostly."""
    return f"[{printable(str(item.get('type')))}: {printable(preview(item))}]"


def _array(value: Any, name: str) -> list[Any]:
    found = value.get(name) if is_object(value) else None
    return found if is_array(found) else []
