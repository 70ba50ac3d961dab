"""Azure's clients find the API where Azure has it: the official `AzureOpenAI`, in process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, TypeAlias

import httpx2
import openai
import pytest
from msgspec import json

from puresponse.transports import MemoryTransport
from puresponse.transports.serving.wsgi import WsgiApplication

ENDPOINT = "http://testserver"
VERSION = "2025-04-01-preview"
MODEL = "gpt-4o-mini"

Connect: TypeAlias = Callable[..., openai.AzureOpenAI]


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Make Azure's official client of a service that asks for the key `right`."""
    with ExitStack() as stack:

        def make(path: str = "/v1", endpoint: str = ENDPOINT, **given: Any) -> openai.AzureOpenAI:
            application = WsgiApplication(MemoryTransport(script="Hello!"), api_key="right", path=path)
            http = stack.enter_context(httpx2.Client(transport=httpx2.WSGITransport(app=application)))
            options: dict[str, Any] = {"api_key": "right", "api_version": VERSION, "max_retries": 0, **given}
            return openai.AzureOpenAI(azure_endpoint=endpoint, http_client=http, **options)

        yield make


def test_azures_client_does_what_the_api_has(connect: Connect) -> None:
    client = connect()
    made = client.responses.create(model=MODEL, input="Hi", background=True)
    assert client.responses.cancel(made.id).status == "cancelled"
    assert client.responses.retrieve("resp_chat").id == "resp_chat"
    items = client.responses.input_items.list("resp_long", limit=100)
    assert len(list(items)) == 250
    client.responses.delete("resp_chat")
    with pytest.raises(openai.NotFoundError):
        client.responses.retrieve("resp_chat")


def test_a_stream_of_azures_client_is_one(connect: Connect) -> None:
    events = list(connect().responses.create(model=MODEL, input="Hi", stream=True))
    assert events[-1].type == "response.completed"
    assert events[-1].response.output_text == "Hello!"


def test_a_deployment_makes_no_other_paths(connect: Connect) -> None:
    client = connect(azure_deployment="mine")
    assert client.responses.create(model=MODEL, input="Hi").output_text == "Hello!"


def test_a_bearer_is_taken_as_that_of_entra(connect: Connect) -> None:
    client = connect(api_key=None, azure_ad_token="right")
    assert client.responses.create(model=MODEL, input="Hi").output_text == "Hello!"


def test_the_paths_are_beside_that_of_the_api(connect: Connect) -> None:
    client = connect(path="/fake/v1", endpoint=f"{ENDPOINT}/fake")
    assert client.responses.create(model=MODEL, input="Hi").output_text == "Hello!"


def test_a_wrong_key_is_refused_in_azures_words(connect: Connect) -> None:
    with pytest.raises(openai.AuthenticationError) as caught:
        connect(api_key="wrong").responses.retrieve("resp_chat")
    body: Any = caught.value.body
    assert body["code"] == "401"
    assert body["message"].startswith("Access denied due to invalid subscription key")


def test_a_version_from_before_the_api_is_refused_in_azures_words(connect: Connect) -> None:
    with pytest.raises(openai.BadRequestError, match="enabled only for api-version 2025-03-01-preview and later"):
        connect(api_version="2025-01-01-preview").responses.create(model=MODEL, input="Hi")


def asked(url: str, memory: MemoryTransport | None = None) -> Any:
    application = WsgiApplication(memory or MemoryTransport(), api_key="right")
    with httpx2.Client(transport=httpx2.WSGITransport(app=application), base_url=ENDPOINT) as client:
        return client.get(url, headers={"api-key": "right"})


@pytest.mark.parametrize("query", ["", "?api-version=preview", "?api-version=v1", "?limit=2&api-version=latest"])
def test_under_v1_any_version_will_do_and_is_not_passed_on(query: str) -> None:
    memory = MemoryTransport()
    assert asked(f"/openai/v1/models{query}", memory).status_code == 200
    (request,) = memory.requests
    assert (request.path, request.query) == ("/models", (("limit", "2"),) if "limit" in query else ())
    assert request.headers == () or not [name for name, _ in request.headers if name == "api-key"]


@pytest.mark.parametrize(
    "url",
    [
        "/openai/models",
        "/openai/models?api-version=",
        "/openai/models?api-version=preview",
        "/openai/deployments/mine/responses?api-version=2025-04-01-preview",
        "/openai",
    ],
)
def test_what_azure_has_not_is_not_found_in_its_words(url: str) -> None:
    answer = asked(url)
    assert (answer.status_code, json.decode(answer.content)) == (
        404,
        {"error": {"code": "404", "message": "Resource not found"}},
    )


def test_the_api_itself_knows_no_key_of_azures() -> None:
    answer = asked("/v1/models")
    assert (answer.status_code, "Missing bearer" in answer.text) == (401, True)
