"""What is in the file of a cassette, as structs: from these its JSON Schema is made, and all that is read is checked.

Law: what these structs do not have is no cassette. A file is a `CassetteFile`; in the JSON Lines form its first line is
a `Head`, and each line after it an `Entry`.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from ...core.errors import InterruptedKind, NotSentKind

VERSION = 1

Fields: TypeAlias = dict[str, str | list[str]] | list[tuple[str, str]]
Seconds: TypeAlias = Annotated[float, Meta(ge=0, description="Seconds that were waited for it.")]


class Bytes(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Bytes, as one of `json`, `text` and `base64`.

    `json` is written compactly, or as `indent` says: on one line with spaces (0), or with 2 or 4 of them a level.
    """

    json: Raw | UnsetType = UNSET
    indent: int | UnsetType = UNSET
    text: str | list[str] | UnsetType = UNSET
    base64: str | UnsetType = UNSET


class ChunkBytes(Bytes, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The bytes of one chunk, and how long after the chunk before it they were received."""

    after: Seconds | None = None


class BodyBytes(Bytes, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The bytes of a body that was received whole; or its `chunks`, and how long after the last of them it ended."""

    chunks: list[ChunkBytes] | UnsetType = UNSET
    end_after: Seconds | None = None


class RequestEntry(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A request, without server and credential."""

    method: str
    path: str
    query: Fields = {}
    headers: Fields = {}
    body: Bytes | None = None


class ResponseEntry(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A response of any status; an absent body is an empty one."""

    status: int
    headers: Fields = {}
    body: BodyBytes | None = None


class NotSentEntry(
    Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="error", tag="NotSent"
):
    """A request that did not reach the server."""

    kind: NotSentKind
    reason: str
    response_id: str | None = None


class InterruptedEntry(
    Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="error", tag="Interrupted"
):
    """An exchange that broke off; with a `response`, within its body."""

    kind: InterruptedKind
    reason: str
    response_id: str | None = None


class Entry(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A request, and its response or failure, or both where the body broke off.

    `after` is how long the response took to begin, or the failure to be there.
    """

    request: RequestEntry
    response: ResponseEntry | None = None
    failure: NotSentEntry | InterruptedEntry | None = None
    after: Seconds | None = None


class Head(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The first line of the JSON Lines form."""

    version: int
    recorded: str | None = None


class CassetteFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A whole cassette; `recorded` is when, by RFC 3339, in UTC."""

    version: int
    recorded: str | None = None
    recordings: list[Entry]
