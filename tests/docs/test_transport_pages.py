"""The pages of transports say what the code says: each setting with its default, each limit, each kind of error."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any, get_args

import pytest
from places import ROOT

from puresponse import (
    AiohttpTransport,
    AsyncCassetteRecorder,
    AsyncCassetteTransport,
    CassetteRecorder,
    CassetteTransport,
    FetchTransport,
    MemoryTransport,
    Urllib3Transport,
    serve,
)
from puresponse.core.errors import InterruptedKind, NotSentKind
from puresponse.transports.cassette.format import KEPT_HEADERS
from puresponse.transports.http1 import response_head, socket_options
from puresponse.transports.http1.incoming import Bounds
from puresponse.transports.network.environment import DEFAULT_BASE_URL
from puresponse.transports.serving.front import Front

PAGES = ROOT / "docs" / "transports"

SETTINGS: list[tuple[str, int, tuple[Callable[..., Any], ...]]] = [
    ("urllib3.md", 0, (Urllib3Transport,)),
    ("fetch.md", 0, (FetchTransport,)),
    ("memory.md", 0, (MemoryTransport,)),
    ("cassette.md", 0, (CassetteRecorder, AsyncCassetteRecorder, CassetteTransport.recording)),
    (
        "cassette.md",
        1,
        (CassetteTransport, CassetteTransport.replaying, CassetteTransport.from_bytes, AsyncCassetteTransport),
    ),
    ("serving.md", 0, (Front,)),
    ("serving.md", 1, (serve,)),
]
"""A page, which of its tables of settings, and what takes them."""


def text(page: str) -> str:
    return (PAGES / page).read_text(encoding="utf-8")


def tables(page: str, first: str) -> list[list[dict[str, str]]]:
    """The tables of a page whose first column is called so: their rows, by the names of the columns."""
    found: list[list[dict[str, str]]] = []
    for match in re.finditer(r"(?:^\|.*\|\n)+", text(page), re.MULTILINE):
        rows = [[cell.strip() for cell in line[1:-1].split("|")] for line in match[0].splitlines()]
        if rows[0][0] == first:
            found.append([dict(zip(rows[0], row, strict=True)) for row in rows[2:]])
    return found


def defaults(takers: tuple[Callable[..., Any], ...]) -> dict[str, Any]:
    return {
        name: parameter.default
        for taker in takers
        for name, parameter in inspect.signature(taker).parameters.items()
        if name != "self" and parameter.kind is not parameter.VAR_KEYWORD
    }


@pytest.mark.parametrize(("page", "number", "takers"), SETTINGS, ids=lambda value: str(value)[:20])
def test_a_table_of_settings_has_each_of_them_with_its_default(
    page: str, number: int, takers: tuple[Callable[..., Any], ...]
) -> None:
    rows = tables(page, "argument")[number]
    expected = defaults(takers)
    assert {row["argument"].strip("`") for row in rows} == expected.keys()
    for row in rows:
        default = expected[row["argument"].strip("`")]
        said = re.match(r"required|`([^`]+)`", row["default"])
        assert said is not None, row
        if default is inspect.Parameter.empty:
            assert said[0] == "required", row
        elif callable(default):
            assert said[1] == default.__name__, row
        else:
            assert repr(eval(said[1])) == repr(default), row


def test_aiohttp_has_the_settings_of_urllib3_and_says_which_mean_something_else() -> None:
    assert defaults((AiohttpTransport,)) == defaults((Urllib3Transport,))
    (rows,) = tables("aiohttp.md", "setting")
    told = {name for row in rows for name in re.findall(r"`(\w+)`", row["setting"])}
    assert told
    assert told <= defaults((AiohttpTransport,)).keys()


def test_the_table_of_heads_is_that_of_the_code() -> None:
    (told,) = tables("urllib3.md", "head")
    module = response_head.__doc__ or ""
    assert len(told) >= 8
    assert [f"| {row['head']} | {row['what becomes of it']} |" in module for row in told] == [True] * len(told)
    assert module.count("\n| ") == len(told) + 1


def test_the_limits_are_those_of_the_code() -> None:
    (rows,) = tables("urllib3.md", "of")
    limits = {row["of"]: row["at most"] for row in rows}
    given = defaults((Urllib3Transport,))
    assert (given["max_head"], given["max_body"]) == (Bounds().head, Bounds().body)
    assert limits["the head, interim answers included"] == f"{Bounds().head:,} bytes"
    assert limits["the body as it is sent"] == f"{Bounds().body // 1024**3} GiB"
    assert limits["a whole call"] == f"{given['total']:,.0f} s"
    assert limits["waiting for bytes of the answer"] == f"{given['timeout']:.0f} s"
    assert limits["connecting, the tunnel, the handshake"] == f"{given['connect_timeout']:.0f} s for each"
    assert f"`{DEFAULT_BASE_URL}`" in text("urllib3.md")


def test_each_kind_of_error_is_in_its_table() -> None:
    (rows,) = tables("urllib3.md", "error")
    told = [kind for row in rows for kind in re.findall(r"`(\w+)`", row["kind"])]
    by_others = {"status"}  # what a program makes of an earlier answer
    assert told == [kind for kind in told if kind in {*get_args(NotSentKind), *get_args(InterruptedKind)}]
    assert set(told) == {*get_args(NotSentKind), *get_args(InterruptedKind)} - by_others


def test_the_headers_that_a_cassette_keeps_are_listed() -> None:
    page = text("cassette.md")
    section = page[page.index("Of headers these") : page.index("## The file")]
    assert set(re.findall(r"`([a-z-]+)`", section)) == {*KEPT_HEADERS, "x-ratelimit-"}


def test_the_options_of_a_socket_that_a_system_may_lack_are_listed() -> None:
    names = set(re.findall(r'"(TCP_KEEP\w+)"', inspect.getsource(socket_options)))
    assert len(names) == 3
    assert {name for name in names if f"`{name}`" in text("platforms.md")} == names


def test_each_page_of_a_transport_is_in_the_index_of_the_transports_and_of_the_docs() -> None:
    pages = {page.name for page in PAGES.glob("*.md")} - {"README.md"}
    assert set(re.findall(r"\]\((\w+\.md)\)", text("README.md"))) == pages
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\(transports/(\w+\.md)\)", index)) == {*pages, "README.md"}
