"""YAML as plain values and back, by PyYAML's parser (the extra `vcr`), which is asked for events and makes no objects.

Laws: scalars are read as YAML 1.2 does (its core schema), and no tag makes anything but text, bytes, numbers, booleans
and null. Nothing recurses. Aliases are followed, but never so that the whole becomes much larger than its text.
"""

from __future__ import annotations

import re
from base64 import b64decode
from typing import Any, NoReturn

from ....codecs.lossless.plain import is_object

NEEDED = "reading and writing YAML needs PyYAML: pip install 'puresponse[vcr]'"

_DEEPEST = 200
"""How deeply collections may be nested."""

_LARGEST = 16
"""How many times larger than its text a file may become by its aliases; a mebibyte is always allowed."""

_CORE = "tag:yaml.org,2002:"
_TEXTS = frozenset({f"{_CORE}str", f"{_CORE}python/str", f"{_CORE}python/unicode"})
_PLAIN = frozenset({f"{_CORE}{kind}" for kind in ("int", "float", "bool", "null")})
_COLLECTIONS = frozenset({None, "!", f"{_CORE}map", f"{_CORE}seq", f"{_CORE}python/tuple"})

_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NAMES: dict[str, bool | None] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


def load_yaml(data: bytes) -> Any:
    """Read one document. Raises `ValueError` with the line, and `ImportError` where PyYAML is not installed."""
    yaml = _pyyaml()
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    builder = _Builder(len(data))
    try:
        for event in yaml.parse(data, Loader=loader):
            builder.take(type(event).__name__, event)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = "" if mark is None else f"line {mark.line + 1}: "
        reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "is no YAML"
        raise ValueError(f"{line}{reason}") from None
    except UnicodeDecodeError as error:
        raise ValueError(f"is not UTF-8: {error.reason}") from None
    return builder.whole


def dump_yaml(value: Any) -> bytes:
    """Write plain values as PyYAML lays them out, names in their order. Raises `ImportError` without PyYAML."""
    yaml = _pyyaml()
    base: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

    dumper: Any = type("Dumper", (base,), {"ignore_aliases": _never})
    dumper.add_representer(str, _text_node)
    written: bytes = yaml.dump(value, Dumper=dumper, encoding="utf-8", sort_keys=False)
    return written


def is_plain_text(text: str) -> bool:
    """Whether a scalar without quotes is text."""
    return text not in _NAMES and not _INTEGER.fullmatch(text) and not _FLOAT.fullmatch(text)


def _never(self: object, data: object) -> bool:
    return True


def _text_node(dumper: Any, text: str) -> Any:
    # PyYAML quotes what YAML 1.1 would read as something else; this, what YAML 1.2 would.
    return dumper.represent_scalar(f"{_CORE}str", text, style=None if is_plain_text(text) else "'")


class _Open:
    """A collection that is being read; `value` is a dict or a list, `key` the name of the member that is next."""

    __slots__ = ("anchor", "key", "line", "size", "value")

    def __init__(self, value: Any, anchor: str | None, line: int) -> None:
        self.value = value
        self.anchor = anchor
        self.key: str | None = None
        self.size = 1
        self.line = line


class _Builder:
    """Makes a value of events."""

    def __init__(self, size: int) -> None:
        self.whole: Any = None
        self._open: list[_Open] = []
        self._known: dict[str, tuple[Any, int]] = {}
        self._begun: set[str] = set()
        self._most = _LARGEST * size + 2**20
        self._documents = 0

    def take(self, kind: str, event: Any) -> None:
        """Take the next event."""
        line: int = event.start_mark.line + 1
        if kind == "DocumentStartEvent":
            self._documents += 1
            if self._documents > 1:
                _refuse(line, "a second document")
        elif kind == "ScalarEvent":
            value = _scalar(event, line, is_key=self._is_key())
            self._add(value, 1 + len(event.value), event.anchor, line)
        elif kind == "AliasEvent":
            if event.anchor not in self._known:
                what = "holds itself" if event.anchor in self._begun else "is not known"
                _refuse(line, f"the alias *{event.anchor} {what}")
            value, size = self._known[event.anchor]
            self._add(value, size, None, line)
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            if event.tag not in _COLLECTIONS:
                _refuse(line, f"the tag {event.tag} is not read")
            if len(self._open) == _DEEPEST:
                _refuse(line, "nested too deeply")
            if self._is_key():
                _refuse(line, "a name is a collection")
            if event.anchor:
                self._begun.add(event.anchor)
            self._open.append(_Open({} if kind == "MappingStartEvent" else [], event.anchor, line))
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            ended = self._open.pop()
            self._add(ended.value, ended.size, ended.anchor, line)

    def _is_key(self) -> bool:
        return bool(self._open) and is_object(self._open[-1].value) and self._open[-1].key is None

    def _add(self, value: Any, size: int, anchor: str | None, line: int) -> None:
        if anchor:
            self._known[anchor] = value, size
        if not self._open:
            self.whole = value
            return
        inside = self._open[-1]
        inside.size += size
        if inside.size > self._most:
            _refuse(line, f"it would become more than {_LARGEST} times larger by its aliases")
        known = inside.value
        if not is_object(known):
            known.append(value)
        elif inside.key is None:
            if not isinstance(value, str):
                _refuse(line, "a name is no text")
            if value in known:
                _refuse(line, f"the name {value[:40]!r} is there twice")
            inside.key = value
        else:
            known[inside.key] = value
            inside.key = None


def _scalar(event: Any, line: int, *, is_key: bool) -> Any:
    text: str = event.value
    try:
        text.encode()
    except UnicodeEncodeError:
        _refuse(line, "half a surrogate pair")
    tag: str | None = event.tag
    if tag == f"{_CORE}binary":
        try:
            return b64decode("".join(text.split()), validate=True)
        except ValueError as error:
            _refuse(line, f"no base64: {error}")
    if tag in _TEXTS or is_key or (tag in (None, "!") and not event.implicit[0]):
        return text
    if tag is not None and tag not in _PLAIN:
        _refuse(line, f"the tag {tag} is not read")
    if text in _NAMES:
        return _NAMES[text]
    if _INTEGER.fullmatch(text):
        if len(text) > 400:
            _refuse(line, "a number that is too long")
        return int(text, 0) if text[:2] in ("0x", "0o") else int(text)
    return float(text) if _FLOAT.fullmatch(text) and len(text) < 400 else text


def _refuse(line: int, reason: str) -> NoReturn:
    raise ValueError(f"line {line}: {reason}")


def _pyyaml() -> Any:
    try:
        import yaml
    except ImportError:
        raise ImportError(NEEDED) from None
    return yaml
