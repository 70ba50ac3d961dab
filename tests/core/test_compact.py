"""Compacting a conversation and counting its tokens: exact requests, refusals, answers, recorded exchanges."""

from __future__ import annotations

import inspect
import pickle
from pathlib import Path
from typing import Any

import pytest
from msgspec import UNSET, json

from puresponse.codecs import Compaction, ImageOptions, Message, to_plain
from puresponse.codecs.lossless.plain import is_array, is_object
from puresponse.codecs.types.input_context import CompactedResponse, CompactRequest, TokenCount, TokenCountRequest
from puresponse.core import ApiError, DecodeError, Done, HttpRequest, HttpResponse, InvalidArgument, Operation, Send
from puresponse.core.endpoints.create import create_response
from puresponse.core.endpoints.input_context import compact_response, count_input_tokens
from puresponse.transports import run
from puresponse.transports.cassette.transport import CassetteTransport
from puresponse.transports.testing.stub import StubTransport, json_response

SESSION = Path(__file__).parent.parent / "cassettes" / "session"
ADDED = {"extra_headers", "extra_query", "extra_body", "timeout"}


def request_of(operation: Operation[Any]) -> HttpRequest:
    assert isinstance(operation, Send), operation
    return operation.request


def refusal_of(operation: Operation[Any]) -> InvalidArgument:
    assert isinstance(operation, Done), operation
    error = operation.result.failure()
    assert isinstance(error, InvalidArgument)
    return error


def body_of(request: HttpRequest) -> Any:
    assert request.body is not None
    return json.decode(request.body)


def answer_to(replayed: CassetteTransport, index: int) -> Any:
    answer = replayed.recordings[index].answer
    assert isinstance(answer, HttpResponse)
    return json.decode(answer.body)


# --- requests -------------------------------------------------------------------------------------


def test_compacting_posts_what_is_to_be_compacted() -> None:
    assert request_of(compact_response(model="gpt-5", input=["Hello."])) == HttpRequest(
        "POST",
        "/responses/compact",
        headers=(("Content-Type", "application/json"),),
        body=b'{"model":"gpt-5","input":[{"role":"user","content":"Hello."}]}',
        idempotent=False,
    )


def test_compacting_says_what_becomes_of_images() -> None:
    for image in (ImageOptions(context_compression="enabled"), {"context_compression": "enabled"}):
        body = body_of(request_of(compact_response(model="m", image=image)))
        assert body == {"model": "m", "image": {"context_compression": "enabled"}}
    wrong: Any = "enabled"
    assert refusal_of(compact_response(model="m", image=wrong)).parameter == "image"


def test_counting_posts_the_input_and_may_be_repeated() -> None:
    assert request_of(count_input_tokens(model="gpt-5", input="Hello.")) == HttpRequest(
        "POST",
        "/responses/input_tokens",
        headers=(("Content-Type", "application/json"),),
        body=b'{"model":"gpt-5","input":"Hello."}',
        idempotent=True,
    )
    assert request_of(count_input_tokens()).body == b"{}"


@pytest.mark.parametrize(
    ("operation", "schema"), [(compact_response, CompactRequest), (count_input_tokens, TokenCountRequest)]
)
def test_every_parameter_of_the_specification_is_a_keyword(operation: Any, schema: Any) -> None:
    parameters = inspect.signature(operation).parameters
    assert {parameter.kind for parameter in parameters.values()} == {inspect.Parameter.KEYWORD_ONLY}
    assert parameters.keys() == {*schema.__struct_fields__, *ADDED} - {"unknown_fields"}
    required = {name for name, parameter in parameters.items() if parameter.default is inspect.Parameter.empty}
    assert required == ({"model"} if schema is CompactRequest else set())


@pytest.mark.parametrize(
    ("operation", "schema"), [(compact_response, CompactRequest), (count_input_tokens, TokenCountRequest)]
)
def test_null_is_not_left_out(operation: Any, schema: Any) -> None:
    nulls = dict.fromkeys(set(schema.__struct_fields__) - {"unknown_fields"})
    assert body_of(request_of(operation(**nulls))) == nulls
    left_out = {**nulls, "input": UNSET, "previous_response_id": UNSET}
    assert body_of(request_of(operation(**left_out))).keys() == nulls.keys() - {"input", "previous_response_id"}


@pytest.mark.parametrize("operation", [compact_response, count_input_tokens])
def test_what_a_caller_adds_is_sent(operation: Any) -> None:
    request = request_of(
        operation(model="m", extra_headers={"X-Trace": "1"}, extra_query={"a": 1}, extra_body={"model": "n"}, timeout=1)
    )
    assert request.headers == (("Content-Type", "application/json"), ("X-Trace", "1"))
    assert (request.query, request.body, request.timeout) == ((("a", "1"),), b'{"model":"n"}', 1.0)


@pytest.mark.parametrize("operation", [compact_response, count_input_tokens])
def test_bad_input_is_refused_by_name(operation: Any) -> None:
    for parameter, bad in {
        "input": 5,
        "model": "",
        "instructions": 5,
        "previous_response_id": "",
        "timeout": 0,
        "extra_body": 5,
    }.items():
        assert refusal_of(operation(**{"model": "m", parameter: bad})).parameter == parameter
    assert refusal_of(operation(model="m", input=[5])).parameter == "input[0]"


@pytest.mark.parametrize("operation", [compact_response, count_input_tokens])
def test_a_text_of_more_than_ten_mebibytes_is_refused(operation: Any) -> None:
    assert request_of(operation(model="m", input="x" * 10_485_760))
    refused = refusal_of(operation(model="m", input="x" * 10_485_761))
    assert refused.parameter == "input"
    assert "10485761 characters" in refused.reason


def test_a_cache_key_for_compacting_has_at_most_64_characters() -> None:
    assert request_of(compact_response(model="m", prompt_cache_key="k" * 64))
    assert refusal_of(compact_response(model="m", prompt_cache_key="k" * 65)).parameter == "prompt_cache_key"
    assert request_of(create_response(model="m", prompt_cache_key="k" * 65))


@pytest.mark.parametrize(
    "make",
    [
        lambda: compact_response(model="m", input=Message(role="user", content="Hello.")),
        lambda: count_input_tokens(tools=[{"type": "web_search"}], conversation="conv_1", personality="friendly"),
    ],
)
def test_the_operations_are_values(make: Any) -> None:
    assert make() == make()
    assert pickle.loads(pickle.dumps(make())) == make()


# --- answers --------------------------------------------------------------------------------------


def test_an_error_is_an_api_error() -> None:
    stub = StubTransport.answering(json_response({"error": {"message": "no"}}, status=400))
    assert isinstance(run(compact_response(model="m"), stub).failure(), ApiError)


def test_an_answer_of_another_shape_is_a_decode_error() -> None:
    stub = StubTransport.answering(json_response({"input_tokens": "many"}))
    error = run(count_input_tokens(model="m"), stub).failure()
    assert isinstance(error, DecodeError)
    assert error.path == "$.input_tokens"


# --- recorded exchanges ---------------------------------------------------------------------------


def test_the_recorded_tokens_are_counted() -> None:
    replayed = CassetteTransport.replaying(SESSION / "ResponsesTests.CanGetInputTokenCounts.json")
    count = run(count_input_tokens(model="gpt-4o-mini", input="Tell me a joke."), replayed).unwrap()
    assert count == TokenCount(object="response.input_tokens", input_tokens=12)
    assert replayed.unused == ()


def test_the_recorded_conversation_is_compacted() -> None:
    replayed = CassetteTransport.replaying(SESSION / "ResponsesTests.CanCompactConversation.json")
    asked: Any = body_of(replayed.recordings[0].request)
    response = run(create_response(**asked), replayed).unwrap()
    recorded: Any = body_of(replayed.recordings[1].request)
    # The recorded client leaves out two empty lists of the answer that it sends back.
    question = {"role": "user", "content": asked["input"][0]["content"][0]["text"]}
    (answer,) = response.output
    operation = compact_response(model=response.model, input=[question, answer])
    assert strip_empty(body_of(request_of(operation))) == strip_empty(recorded)
    compacted = run(compact_response(**recorded), replayed).unwrap()
    assert isinstance(compacted, CompactedResponse)
    assert to_plain(compacted) == answer_to(replayed, 1)
    assert [type(item) for item in compacted.output] == [Message, Compaction]
    assert replayed.unused == ()


def test_a_compacted_conversation_goes_in_again_whole() -> None:
    replayed = CassetteTransport.replaying(SESSION / "ResponsesTests.CanCompactConversation.json")
    recorded: Any = body_of(replayed.recordings[1].request)
    compacted = run(compact_response(**recorded), replayed).unwrap()
    sent = body_of(request_of(create_response(model="m", input=[*compacted.output, "Go on."])))
    assert sent["input"] == [*answer_to(replayed, 1)["output"], {"role": "user", "content": "Go on."}]


def strip_empty(value: Any) -> Any:
    if is_object(value):
        return {name: strip_empty(member) for name, member in value.items() if member != []}
    return [strip_empty(element) for element in value] if is_array(value) else value
