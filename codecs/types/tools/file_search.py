"""File search: the tool and the call."""

from __future__ import annotations

from typing import ClassVar, Literal

from msgspec import UNSET, UnsetType

from ...lossless.wire import Wire
from .filters import Filter


class HybridSearchOptions(Wire, frozen=True, kw_only=True):
    """How much embeddings and text each count in a search. Schema `HybridSearchOptions`."""

    embedding_weight: int | float
    text_weight: int | float


class RankingOptions(Wire, frozen=True, kw_only=True):
    """How what is found is ranked. Schema `RankingOptions`.

    `ranker`: `auto` or `default-2024-11-15`.
    """

    ranker: str | UnsetType | None = UNSET
    score_threshold: int | float | UnsetType | None = UNSET
    hybrid_search: HybridSearchOptions | UnsetType | None = UNSET


class FileSearchTool(Wire, frozen=True, kw_only=True, tag_field="type", tag="file_search"):
    """Lets the model search vector stores. Schema `FileSearchTool`."""

    type: ClassVar[Literal["file_search"]] = "file_search"
    filters: Filter | UnsetType | None = UNSET
    max_num_results: int | UnsetType | None = UNSET
    ranking_options: RankingOptions | UnsetType | None = UNSET
    vector_store_ids: tuple[str, ...]


class FileSearchResult(Wire, frozen=True, kw_only=True):
    """One passage that a file search found."""

    file_id: str | UnsetType | None = UNSET
    text: str | UnsetType | None = UNSET
    filename: str | UnsetType | None = UNSET
    attributes: dict[str, str | bool | int | float] | UnsetType | None = UNSET
    score: int | float | UnsetType | None = UNSET


class FileSearchCall(Wire, frozen=True, kw_only=True, tag_field="type", tag="file_search_call"):
    """The model searched files. Schema `FileSearchToolCall`.

    `status`: `in_progress`, `searching`, `completed`, `incomplete` or `failed`.
    """

    type: ClassVar[Literal["file_search_call"]] = "file_search_call"
    id: str | UnsetType | None = UNSET
    status: str | UnsetType | None = UNSET
    queries: tuple[str, ...]
    results: tuple[FileSearchResult, ...] | UnsetType | None = UNSET
