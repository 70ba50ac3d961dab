"""What a text refers to: the sources it cites."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from msgspec import UNSET, UnsetType

from ..lossless.wire import Unknown, Wire


class FileCitation(Wire, frozen=True, kw_only=True, tag_field="type", tag="file_citation"):
    """Cites a file. Schema `FileCitationBody`."""

    type: ClassVar[Literal["file_citation"]] = "file_citation"
    file_id: str
    filename: str
    index: int


class URLCitation(Wire, frozen=True, kw_only=True, tag_field="type", tag="url_citation"):
    """Cites a web page for a span of the text. Schema `UrlCitationBody`.

    Some servers send no more than the `url`.
    """

    type: ClassVar[Literal["url_citation"]] = "url_citation"
    end_index: int | UnsetType | None = UNSET
    start_index: int | UnsetType | None = UNSET
    title: str | UnsetType | None = UNSET
    url: str


class ContainerFileCitation(Wire, frozen=True, kw_only=True, tag_field="type", tag="container_file_citation"):
    """Cites a file in a container for a span of the text. Schema `ContainerFileCitationBody`.

    Some servers leave out the span.
    """

    type: ClassVar[Literal["container_file_citation"]] = "container_file_citation"
    container_id: str
    end_index: int | UnsetType | None = UNSET
    file_id: str
    filename: str
    start_index: int | UnsetType | None = UNSET


class FilePath(Wire, frozen=True, kw_only=True, tag_field="type", tag="file_path"):
    """Refers to a file that the model made. Schema `FilePath`."""

    type: ClassVar[Literal["file_path"]] = "file_path"
    file_id: str
    index: int


Annotation: TypeAlias = FileCitation | URLCitation | ContainerFileCitation | FilePath | Unknown
"""What a span of text refers to. Schema `Annotation`."""
