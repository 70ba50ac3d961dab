"""From what the options of a command say to the arguments of a builder of the core.

Law: an option says more than `--param`, and that more than the file of `--body`. A name that the builder does not know
is sent as it is: the service may know it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from msgspec import DecodeError, json

from ...codecs.lossless.plain import is_array, is_object
from ...core.endpoints.keywords import OPTIONS
from ..failures import ExitCode
from ..streams import FROM_STDIN, Stopped, is_text

if TYPE_CHECKING:
    from ..parameters import Invocation

T = TypeVar("T")

_NAMES = {"previous": "previous_response_id"}
"""Options that have a shorter name than the parameter."""

_LONGEST_NAME = 64
"""Characters of the name of a JSON Schema."""


def with_arguments(
    given: Invocation, asked: Mapping[str, Any], known: Collection[str], act: Callable[[dict[str, Any]], ExitCode | str]
) -> ExitCode | str:
    """Do what a command does with the arguments that its options `asked` for: see `arguments_of`."""
    return stoppable(given, lambda: act(arguments_of(asked, known, given.process.stdin)))


def stoppable(given: Invocation, act: Callable[[], ExitCode | str]) -> ExitCode | str:
    """Do what a command does, and say why where it must stop: where it raises `Stopped` for what is amiss."""
    from ..execute import give_up
    from ..output import Sentences

    try:
        return act()
    except Stopped as stopped:
        return give_up(stopped, Sentences(), given.process.stderr)


def arguments_of(asked: Mapping[str, Any], known: Collection[str], stdin: BinaryIO | None) -> dict[str, Any]:
    """The arguments of a builder that knows the names `known`. Raises `Stopped` for what makes none.

    `asked` are the values of the options by name: None, or none, where they were not given.
    """
    body: dict[str, Any] = {}
    if asked.get("body") is not None:
        body |= _file("--body", asked["body"], _object)
    for parameter in asked.get("param") or ():
        name, value = _parameter(parameter)
        body[name] = value
    text = _text(asked, stdin)
    if text is not None:
        body["input"] = text
    for name in ("model", "instructions", "background", "store", "previous", "conversation", "include"):
        if asked.get(name) not in (None, ()):
            body[_NAMES.get(name, name)] = asked[name]
    if asked.get("tools") is not None:
        body["tools"] = _file("--tools", asked["tools"], _tools)
    if asked.get("json_schema") is not None:
        schema = _file("--json-schema", asked["json_schema"], _object)
        text_options = body.get("text")
        body["text"] = {
            **(text_options if is_object(text_options) else {}),
            "format": schema_format(schema, asked["json_schema"]),
        }
    usable = set(known).difference(OPTIONS)
    arguments = {name: value for name, value in body.items() if name in usable}
    unknown = {name: value for name, value in body.items() if name not in usable}
    if unknown:
        arguments["extra_body"] = unknown
    if asked.get("idempotency_key") is not None:
        arguments["idempotency_key"] = asked["idempotency_key"]
    return arguments


def schema_format(schema: dict[str, Any], path: str) -> dict[str, Any]:
    """The text format for a JSON Schema: a file may hold the format itself, which has a name and its schema.

    The name is the schema's title, or that of its file. It is strict where every object has all its members, and no
    others, as strict mode wants them.
    """
    if is_object(schema.get("schema")) and isinstance(schema.get("name"), str):
        return {"type": "json_schema", **schema}
    title = schema.get("title")
    name = re.sub(r"[^A-Za-z0-9_-]+", "_", title if isinstance(title, str) else PurePath(path).stem)
    return {
        "type": "json_schema",
        "name": name.strip("_")[:_LONGEST_NAME] or "answer",
        "schema": schema,
        "strict": is_strict(schema),
    }


def is_strict(schema: Any) -> bool:
    """Whether every object within a JSON Schema requires all that it names, and allows nothing else."""
    if is_array(schema):
        return all(map(is_strict, schema))
    if not is_object(schema):
        return True
    members = schema.get("properties")
    if schema.get("type") == "object" or members is not None:
        required = schema.get("required")
        named = set(members) if is_object(members) else set[str]()
        if schema.get("additionalProperties") is not False or set(required if is_array(required) else ()) != named:
            return False
    return all(map(is_strict, schema.values()))


def json_items(option: str, path: str) -> list[Any]:
    """The items of a file: a JSON array of them, or one. Raises `Stopped`."""
    return _file(option, path, _tools)


def metadata_of(pairs: Collection[str]) -> dict[str, str]:
    """What `--metadata KEY=VALUE`, given any number of times, says. Raises `Stopped`."""
    found: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise Stopped(ExitCode.USAGE, f"--metadata {pair}: write it as KEY=VALUE")
        found[name] = value
    return found


def text_of(text: str, stdin: BinaryIO | None) -> str:
    """A text that was given as an argument; `-` is what standard input holds. Raises `Stopped`."""
    if text != FROM_STDIN:
        return text
    if stdin is None:
        raise Stopped(ExitCode.LOCAL_IO, "cannot read the input: standard input is closed")
    try:
        return _utf8("standard input", stdin.read())
    except OSError as error:
        raise Stopped(ExitCode.LOCAL_IO, f"cannot read the input: {error.strerror or error}") from None


def _text(asked: Mapping[str, Any], stdin: BinaryIO | None) -> str | None:
    """The input, where it is a text."""
    text, path = asked.get("text"), asked.get("input_file")
    if path is None:
        return None if text is None else text_of(text, stdin)
    if text is not None:
        raise Stopped(ExitCode.USAGE, "INPUT and --input-file exclude each other")
    return _utf8(path, _file("--input-file", path, bytes))


def _utf8(name: str, data: bytes) -> str:
    """A text without the end of its last line, which a shell's `echo` adds."""
    try:
        return data.decode().removeprefix("\ufeff").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError as error:
        raise Stopped(ExitCode.USAGE, f"{name}: no text in UTF-8: {error.reason} at byte {error.start}") from None


def _parameter(given: str) -> tuple[str, Any]:
    """What `--param NAME=JSON` says."""
    name, equals, value = given.partition("=")
    if not equals or not name:
        raise Stopped(ExitCode.USAGE, f"--param {given}: write it as NAME=JSON, such as temperature=0.2")
    try:
        return name, json.decode(value)
    except DecodeError:
        quoted = json.encode(value).decode() if is_text(value) else '"…"'
        hint = f"{value!r} is no JSON; a text is written with its quotes: --param '{name}={quoted}'"
        raise Stopped(ExitCode.USAGE, f"--param {name}: {hint}") from None


def _file(option: str, path: str, load: Callable[[bytes], T]) -> T:
    from ..serving.files import read_file

    return read_file(option, path, load)


def _object(data: bytes) -> dict[str, Any]:
    value = _json(data)
    if not is_object(value):
        raise ValueError("expected a JSON object")
    return value


def _tools(data: bytes) -> list[Any]:
    value = _json(data)
    if is_object(value):
        return [value]
    if not is_array(value) or not all(map(is_object, value)):
        raise ValueError("expected a JSON array of objects, or one object")
    return value


def _json(data: bytes) -> Any:
    try:
        return json.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except DecodeError as error:
        raise ValueError(f"no JSON: {error}") from None
