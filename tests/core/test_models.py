"""The models that can be used: one of them, and all."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from msgspec import json

from puresponse.codecs import to_plain
from puresponse.codecs.types.models import Model
from puresponse.core import (
    ApiError,
    DecodeError,
    Done,
    HttpRequest,
    HttpResponse,
    InvalidArgument,
    Operation,
    Page,
    Send,
    all_pages,
    collect,
    fail,
)
from puresponse.core.endpoints.models import list_models, retrieve_model
from puresponse.transports import run
from puresponse.transports.testing.stub import StubTransport, json_response

MODEL = {"id": "gpt-5", "object": "model", "created": 1754425777, "owned_by": "system"}


def request_of(operation: Operation[Any]) -> HttpRequest:
    assert isinstance(operation, Send), operation
    return operation.request


def listed(count: int, **more: object) -> HttpResponse:
    return json_response({"object": "list", "data": [{**MODEL, "id": f"m{n}"} for n in range(count)], **more})


def test_a_model_is_retrieved_by_its_id() -> None:
    assert request_of(retrieve_model("gpt-5")) == HttpRequest("GET", "/models/gpt-5", idempotent=True)
    model = run(retrieve_model("gpt-5"), StubTransport.answering(json_response(MODEL))).unwrap()
    assert model == Model(id="gpt-5", object="model", created=1754425777, owned_by="system")


def test_what_is_not_known_of_a_model_is_kept() -> None:
    body = {**MODEL, "shutdown_date": None, "context": {"window": 400000}}
    assert to_plain(run(retrieve_model("gpt-5"), StubTransport.answering(json_response(body))).unwrap()) == body


@pytest.mark.parametrize(
    ("model", "path"),
    [
        ("ft:gpt-4o-mini:acemeco:suffix:abc123", "/models/ft%3Agpt-4o-mini%3Aacemeco%3Asuffix%3Aabc123"),
        ("meta-llama/Llama-4", "/models/meta-llama%2FLlama-4"),
    ],
)
def test_the_id_is_one_segment_of_the_path(model: str, path: str) -> None:
    assert request_of(retrieve_model(model)).path == path


@pytest.mark.parametrize("model", ["", ".", "..", "../responses/resp_1", "a//b", "a\\..\\b", "/a", 5, None])
def test_an_id_that_leads_elsewhere_is_refused(model: Any) -> None:
    step = retrieve_model(model)
    assert isinstance(step, Done)
    error = step.result.failure()
    assert isinstance(error, InvalidArgument)
    assert error.parameter == "model"


def test_an_unknown_model_is_a_404() -> None:
    body = {"error": {"message": "The model 'x' does not exist", "code": "model_not_found"}}
    error = run(retrieve_model("x"), StubTransport.answering(json_response(body, status=404))).failure()
    assert isinstance(error, ApiError)
    assert error.code == "model_not_found"


def test_all_models_come_as_a_sequence() -> None:
    assert request_of(list_models()) == HttpRequest("GET", "/models", idempotent=True)
    page = run(list_models(), StubTransport.answering(listed(3))).unwrap()
    assert isinstance(page, Page)
    assert [model.id for model in page] == ["m0", "m1", "m2"]
    assert page[-1].owned_by == "system"


@pytest.mark.parametrize("count", [0, 20, 300])
def test_a_list_of_any_length_is_whole(count: int) -> None:
    page = run(list_models(), StubTransport.answering(listed(count))).unwrap()
    assert len(page) == count
    assert page.next_page is None


def test_a_server_that_gives_pages_is_followed() -> None:
    stub = StubTransport.answering(listed(2, has_more=True, last_id="m1"), listed(1, has_more=False))
    operation = list_models(extra_query={"limit": 2}, timeout=5)
    assert len(run(collect(all_pages(operation)), stub).unwrap()) == 3
    assert [request.query for request in stub.requests] == [(("limit", "2"),), (("limit", "2"), ("after", "m1"))]
    assert {request.timeout for request in stub.requests} == {5.0}


def test_a_list_of_another_shape_is_a_decode_error() -> None:
    body = json_response({"object": "list", "data": [{**MODEL, "created": "now"}]})
    error = run(list_models(), StubTransport.answering(body)).failure()
    assert isinstance(error, DecodeError)
    assert error.path == "$.data[0].created"


def _retrieve_m(**extras: Any) -> Operation[Any]:
    return retrieve_model("m", **extras)


@pytest.mark.parametrize("make", [list_models, _retrieve_m])
def test_what_a_caller_adds_is_sent(make: Any) -> None:
    request = request_of(make(extra_headers={"X-Trace": "1"}, extra_query={"a": True}, timeout=1))
    assert (request.headers, request.query, request.timeout) == ((("X-Trace", "1"),), (("a", "true"),), 1.0)
    refused = InvalidArgument(
        "timeout", "given 0; allowed is a number of seconds greater than 0, up to 2000000, or None"
    )
    assert make(timeout=0) == fail(refused)


@pytest.mark.parametrize("make", [list_models, lambda: retrieve_model("m")])
def test_the_operations_are_values(make: Any) -> None:
    assert make() == make()
    assert pickle.loads(pickle.dumps(make())) == make()
    assert json.decode(json.encode(to_plain(Model(id="m", created=1, owned_by="o")))) == {
        "id": "m",
        "created": 1,
        "owned_by": "o",
    }
