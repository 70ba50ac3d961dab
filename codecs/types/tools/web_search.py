"""Web search: the tool, the call and what the model did in it."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from msgspec import UNSET, UnsetType

from ...lossless.wire import Unknown, Wire


class WebSearchFilters(Wire, frozen=True, kw_only=True):
    """Which sites a web search may read."""

    allowed_domains: tuple[str, ...] | UnsetType | None = UNSET


class ApproximateLocation(Wire, frozen=True, kw_only=True):
    """About where the user is. Schema `ApproximateLocation`.

    `type`: `approximate`.
    """

    city: str | UnsetType | None = UNSET
    country: str | UnsetType | None = UNSET
    region: str | UnsetType | None = UNSET
    timezone: str | UnsetType | None = UNSET
    type: str | UnsetType | None = UNSET


class WebSearchTool(Wire, frozen=True, kw_only=True, tag_field="type", tag="web_search"):
    """Lets the model search the web. Schema `WebSearchTool`.

    `search_context_size`: `low`, `medium` or `high`.
    """

    type: ClassVar[Literal["web_search", "web_search_2025_08_26"]] = "web_search"
    search_context_size: str | UnsetType | None = UNSET
    user_location: ApproximateLocation | UnsetType | None = UNSET
    external_web_access: bool | UnsetType | None = UNSET
    filters: WebSearchFilters | UnsetType | None = UNSET


class WebSearchPreviewTool(Wire, frozen=True, kw_only=True, tag_field="type", tag="web_search_preview"):
    """Lets the model search the web: the earlier form. Schema `WebSearchPreviewTool`.

    `search_context_size`: `low`, `medium` or `high`. `search_content_types`: `text` or `image`.
    """

    type: ClassVar[Literal["web_search_preview", "web_search_preview_2025_03_11"]] = "web_search_preview"
    search_context_size: str | UnsetType | None = UNSET
    user_location: ApproximateLocation | UnsetType | None = UNSET
    search_content_types: tuple[str, ...] | UnsetType | None = UNSET


class WebSearchSource(Wire, frozen=True, kw_only=True, tag_field="type", tag="url"):
    """A web page that a search read."""

    type: ClassVar[Literal["url"]] = "url"
    url: str


class WebSearchAPISource(Wire, frozen=True, kw_only=True, tag_field="type", tag="api"):
    """A data source, by name, that a search read. Not in the specification: seen in recorded answers."""

    type: ClassVar[Literal["api"]] = "api"
    name: str | UnsetType | None = UNSET


class SearchAction(Wire, frozen=True, kw_only=True, tag_field="type", tag="search"):
    """The model searched. Schema `WebSearchActionSearch`."""

    type: ClassVar[Literal["search"]] = "search"
    queries: tuple[str, ...] | UnsetType | None = UNSET
    query: str | UnsetType | None = UNSET
    sources: tuple[WebSearchSource | WebSearchAPISource | Unknown, ...] | UnsetType | None = UNSET


class OpenPageAction(Wire, frozen=True, kw_only=True, tag_field="type", tag="open_page"):
    """The model opened a page of the results. Schema `WebSearchActionOpenPage`."""

    type: ClassVar[Literal["open_page"]] = "open_page"
    url: str | UnsetType | None = UNSET


class FindInPageAction(Wire, frozen=True, kw_only=True, tag_field="type", tag="find_in_page"):
    """The model looked for a pattern in a page. Schema `WebSearchActionFind`."""

    type: ClassVar[Literal["find_in_page"]] = "find_in_page"
    url: str
    pattern: str


class WebSearchCall(Wire, frozen=True, kw_only=True, tag_field="type", tag="web_search_call"):
    """The model used the web search. Schema `WebSearchToolCall`, which lacks the `status` `incomplete`.

    `status`: `in_progress`, `searching`, `completed` or `failed`. The service sends the `action` once it is known: a
    call that has just begun has none.
    """

    type: ClassVar[Literal["web_search_call"]] = "web_search_call"
    id: str | UnsetType | None = UNSET
    status: str | UnsetType | None = UNSET
    action: WebSearchAction | UnsetType | None = UNSET


class WebSearchTool20250826(WebSearchTool, frozen=True, kw_only=True, tag_field="type", tag="web_search_2025_08_26"):
    """The same, under its dated name. Schema `WebSearchTool`."""

    type: ClassVar[Literal["web_search", "web_search_2025_08_26"]] = "web_search_2025_08_26"


class WebSearchPreviewTool20250311(
    WebSearchPreviewTool, frozen=True, kw_only=True, tag_field="type", tag="web_search_preview_2025_03_11"
):
    """The same, under its dated name. Schema `WebSearchPreviewTool`."""

    type: ClassVar[Literal["web_search_preview", "web_search_preview_2025_03_11"]] = "web_search_preview_2025_03_11"


WebSearchAction: TypeAlias = SearchAction | OpenPageAction | FindInPageAction | Unknown
"""What the model did in a web search."""
