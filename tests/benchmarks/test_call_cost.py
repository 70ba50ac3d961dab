"""What a call costs beside the same call written by hand with urllib3 and msgspec, over loopback, in CPU time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import msgspec
import pytest
import urllib3
from benchmarking import compare, loopback_service
from bodies import DELETED_BODY, PAGE_BODY, RESPONSE_BODY, RESPONSE_ID

from puresponse.core import cancel_response, delete_response, list_input_items, value_or_raise
from puresponse.transports import Urllib3Transport, run

pytestmark = pytest.mark.benchmark

BOUND = 1.10


class Format(msgspec.Struct):
    type: str


class Text(msgspec.Struct):
    format: Format
    verbosity: str | None = None


class Reasoning(msgspec.Struct):
    effort: str | None = None
    summary: str | None = None


class HandWrittenResponse(msgspec.Struct):
    """The fields that the answer holds, typed as one would for one's own use."""

    id: str
    object: str
    created_at: float
    status: str
    model: str
    output: list[Any]
    parallel_tool_calls: bool
    tool_choice: str
    tools: list[Any]
    metadata: dict[str, str]
    text: Text
    reasoning: Reasoning
    background: bool | None = None
    error: dict[str, Any] | None = None
    incomplete_details: dict[str, Any] | None = None
    instructions: str | None = None
    max_output_tokens: int | None = None
    max_tool_calls: int | None = None
    previous_response_id: str | None = None
    prompt_cache_key: str | None = None
    safety_identifier: str | None = None
    service_tier: str | None = None
    store: bool | None = None
    temperature: float | None = None
    top_logprobs: int | None = None
    top_p: float | None = None
    truncation: str | None = None
    usage: dict[str, Any] | None = None
    user: str | None = None


class HandWrittenDeleted(msgspec.Struct):
    id: str
    object: str
    deleted: bool


class HandWrittenText(msgspec.Struct):
    type: Literal["input_text"]
    text: str


class HandWrittenMessage(msgspec.Struct):
    id: str
    type: Literal["message"]
    status: str
    role: str
    content: list[HandWrittenText]


class HandWrittenPage(msgspec.Struct):
    object: str
    data: list[HandWrittenMessage]
    first_id: str
    last_id: str
    has_more: bool


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder: Path = tmp_path_factory.mktemp("bodies")
    with loopback_service(folder, cancel=RESPONSE_BODY, delete=DELETED_BODY, page=PAGE_BODY) as port:
        yield port


def by_hand(port: int, method: str, path: str, body: bytes | None, shape: type[Any]) -> Callable[[], object]:
    """The call that someone writes who wants this one thing and nothing else."""
    pool = urllib3.HTTPConnectionPool("127.0.0.1", port)
    headers = {
        "Authorization": "Bearer sk-benchmark",
        "Accept": "application/json",
        "User-Agent": "benchmark",
    }
    timeout = urllib3.Timeout(connect=5.0, read=600.0)
    decode = msgspec.json.Decoder(shape).decode

    def call() -> object:
        response = pool.urlopen(
            method, path, body=body, headers=headers, retries=False, redirect=False, timeout=timeout
        )
        if response.status != 200:
            raise RuntimeError(response.status)
        return decode(response.data)

    return call


def test_a_cancel_costs_hardly_more_than_by_hand(port: int) -> None:
    path = f"/cancel/responses/{RESPONSE_ID}/cancel"
    with Urllib3Transport(api_key="sk-benchmark", base_url=f"http://127.0.0.1:{port}/cancel") as transport:
        found = compare(
            by_hand(port, "POST", path, b"", HandWrittenResponse),
            lambda: value_or_raise(run(cancel_response(RESPONSE_ID), transport)),
            calls=60,
        )
    found.report("cancel_response", BOUND)
    assert found.ratio <= BOUND


def test_a_delete_costs_hardly_more_than_by_hand(port: int) -> None:
    path = f"/delete/responses/{RESPONSE_ID}"
    with Urllib3Transport(api_key="sk-benchmark", base_url=f"http://127.0.0.1:{port}/delete") as transport:
        found = compare(
            by_hand(port, "DELETE", path, None, HandWrittenDeleted),
            lambda: value_or_raise(run(delete_response(RESPONSE_ID), transport)),
            calls=60,
        )
    found.report("delete_response", BOUND)
    assert found.ratio <= BOUND


def test_a_page_of_100_items_costs_hardly_more_than_by_hand(port: int) -> None:
    path = f"/page/responses/{RESPONSE_ID}/input_items?limit=100"
    with Urllib3Transport(api_key="sk-benchmark", base_url=f"http://127.0.0.1:{port}/page") as transport:
        found = compare(
            by_hand(port, "GET", path, None, HandWrittenPage),
            lambda: value_or_raise(run(list_input_items(RESPONSE_ID, limit=100), transport)),
            calls=60,
        )
    found.report("list_input_items, 100 items", BOUND)
    assert found.ratio <= BOUND
