"""Take the bodies out of test records of OpenAI's .NET client, each with the name of its schema.

    python tests/scripts/extract_bodies.py SOURCE_DIR OUT_DIR

A record is `{"Entries": [{RequestUri, RequestMethod, RequestBody, StatusCode, ResponseBody, …}]}`; its JSON bodies are
inlined, its event streams are lists of lines. Each becomes a file of the same name: a list of `{schema, body}`, where
the body of an event stream is all its text and its schema is that of its events. A body that stands more than once in a
record is taken once. The same record always gives the same file.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from msgspec import Struct, json


class Entry(Struct, rename="pascal"):
    """One exchange, as the .NET client's tests record it."""

    request_uri: str
    request_method: str
    request_body: Any
    status_code: int
    response_body: Any


class Record(Struct, rename="pascal"):
    """A file of recorded exchanges."""

    entries: list[Entry]


class Body(Struct, frozen=True):
    """A body, and the schema that describes it. `DeletedResponse` and `CreateItems` are not in the specification."""

    schema: str
    body: Any


class Exchange(NamedTuple):
    """The schemas of an operation's request and answer."""

    request: str
    answer: str


OPERATIONS = {
    "POST /responses": Exchange("CreateResponse", "Response"),
    "GET /responses/*": Exchange("", "Response"),
    "DELETE /responses/*": Exchange("", "DeletedResponse"),
    "POST /responses/*/cancel": Exchange("", "Response"),
    "GET /responses/*/input_items": Exchange("", "ResponseItemList"),
    "POST /responses/compact": Exchange("CompactResponseMethodPublicBody", "CompactResource"),
    "POST /responses/input_tokens": Exchange("TokenCountsBody", "TokenCountsResource"),
    "POST /conversations": Exchange("CreateConversationBody", "ConversationResource"),
    "GET /conversations/*": Exchange("", "ConversationResource"),
    "POST /conversations/*": Exchange("UpdateConversationBody", "ConversationResource"),
    "DELETE /conversations/*": Exchange("", "DeletedConversationResource"),
    "POST /conversations/*/items": Exchange("CreateItems", "ConversationItemList"),
    "GET /conversations/*/items": Exchange("", "ConversationItemList"),
    "GET /conversations/*/items/*": Exchange("", "ConversationItem"),
}
"""The operations of the API, ids as stars."""

_ID = re.compile(r"(?<=/)(resp|conv|msg|fc)_[^/]+")


def operation(entry: Entry) -> str:
    """Name what an exchange was."""
    path = urlsplit(entry.request_uri).path.removeprefix("/v1")
    return f"{entry.request_method} {_ID.sub('*', path)}"


def bodies(record: bytes) -> list[Body]:
    """All bodies of a record, in order, each once."""
    found: dict[bytes, Body] = {}
    for entry in json.decode(record, type=Record).entries:
        schemas = OPERATIONS[operation(entry)]
        answer = Body(schemas.answer if entry.status_code == 200 else "ErrorResponse", entry.response_body)
        if answer.body.__class__ is list:
            answer = Body("ResponseStreamEvent", "".join(answer.body))
        for body in (Body(schemas.request, entry.request_body), answer):
            if body.body is not None:
                found[json.encode(body)] = body
    return list(found.values())


def main(source: Path, target: Path) -> None:
    """Extract every record of a folder into another."""
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(source.glob("*.json")):
        extracted = bodies(path.read_bytes())
        (target / path.name).write_bytes(json.format(json.encode(extracted), indent=1) + b"\n")
        print(f"{path.name}: {len(extracted)} bodies")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
