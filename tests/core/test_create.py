"""Creating a response: the exact request, what is refused before it is sent, and what becomes of every answer."""

from __future__ import annotations

import inspect
import pickle
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from msgspec import UNSET, Struct, json
from returns.result import Failure, Success

from puresponse.codecs import (
    AccessPrograms,
    AudioData,
    BackgroundOptions,
    ImageOptions,
    InputAudio,
    InputText,
    Message,
    PromptCacheOptions,
    PythonFormat,
    Response,
    TextConfig,
    to_plain,
)
from puresponse.codecs.lossless.codec import Codec
from puresponse.codecs.lossless.lists import ItemList
from puresponse.codecs.lossless.wire import Kept, Unknown
from puresponse.codecs.types.compaction import ContextManagement
from puresponse.codecs.types.create import CreateResponse, StreamOptions
from puresponse.codecs.types.reasoning import Reasoning
from puresponse.codecs.types.tools.functions import FunctionCall, FunctionCallOutput, FunctionTool
from puresponse.core import (
    ApiError,
    DecodeError,
    Done,
    HttpRequest,
    HttpResponse,
    Interrupted,
    InvalidArgument,
    Operation,
    Page,
    Send,
    list_input_items,
    retrieve_response,
    retrying,
)
from puresponse.core.endpoints.create import create_request, create_response
from puresponse.core.endpoints.create_arguments import CreateArguments
from puresponse.transports import VirtualClock, run
from puresponse.transports.cassette.format import Recording, load_cassette
from puresponse.transports.cassette.transport import CassetteTransport
from puresponse.transports.testing.stub import StubTransport, json_response

NOTHING: list[Any] = []
NO_MEMBERS: dict[str, Any] = {}
SESSION = Path(__file__).parent.parent / "cassettes" / "session"
ANSWER: dict[str, Any] = {
    "id": "resp_1",
    "object": "response",
    "created_at": 1,
    "status": "completed",
    "model": "m",
    "output": [],
}


def request_of(operation: Operation[Any]) -> HttpRequest:
    assert isinstance(operation, Send), operation
    return operation.request


def body_of(operation: Operation[Any]) -> Any:
    body = request_of(operation).body
    assert body is not None
    return json.decode(body)


def refusal_of(operation: Operation[Any]) -> InvalidArgument:
    assert isinstance(operation, Done), operation
    error = operation.result.failure()
    assert isinstance(error, InvalidArgument)
    return error


# --- the request ----------------------------------------------------------------------------------


def test_the_exact_request() -> None:
    assert request_of(create_response(model="gpt-5", input="Say this is a test")) == HttpRequest(
        method="POST",
        path="/responses",
        query=(),
        headers=(("Content-Type", "application/json"),),
        body=b'{"model":"gpt-5","input":"Say this is a test"}',
        idempotent=False,
        timeout=None,
    )


def test_nothing_left_out_is_sent() -> None:
    assert request_of(create_response()).body == b"{}"
    assert create_response(model=UNSET, input=UNSET, store=UNSET) == create_response()


def test_null_is_not_left_out() -> None:
    names = CreateResponse.__struct_fields__[1:]
    nulls: Any = {name: None for name in names if name not in {"stream", "stream_options"}}
    assert body_of(create_response(**nulls)) == nulls


def test_every_parameter_of_the_specification_is_a_keyword() -> None:
    parameters = inspect.signature(create_response).parameters
    assert {parameter.kind for parameter in parameters.values()} == {inspect.Parameter.KEYWORD_ONLY}
    in_the_body = {name for name, parameter in parameters.items() if parameter.default is UNSET}
    assert in_the_body == set(CreateResponse.__struct_fields__) - {"unknown_fields", "stream", "stream_options"}
    added = {"idempotency_key", "extra_headers", "extra_query", "extra_body", "timeout"}
    assert parameters.keys() - in_the_body == added
    assert CreateArguments.__annotations__.keys() == parameters.keys()


@pytest.mark.parametrize(
    ("parameter", "struct", "plain"),
    [
        ("access_programs", AccessPrograms(cyber="daybreak_blue"), {"cyber": "daybreak_blue"}),
        (
            "background_options",
            BackgroundOptions(completion_window="8h", continuation_id="nightly"),
            {"completion_window": "8h", "continuation_id": "nightly"},
        ),
        ("image", ImageOptions(context_compression="auto"), {"context_compression": "auto"}),
        (
            "prompt_cache_options",
            PromptCacheOptions(ttl="12h", comparison_response_id="resp_1", prewarm=True),
            {"ttl": "12h", "comparison_response_id": "resp_1", "prewarm": True},
        ),
        ("tools", [FunctionTool(name="f", async_=True)], [{"type": "function", "name": "f", "async": True}]),
        ("text", TextConfig(format=PythonFormat()), {"format": {"type": "python"}}),
        (
            "input",
            [InputAudio(input_audio=AudioData(data="AA==", format="wav"))],
            [{"type": "input_audio", "input_audio": {"data": "AA==", "format": "wav"}}],
        ),
    ],
)
def test_what_only_the_official_client_has_is_sent_as_a_struct_and_as_a_dict(
    parameter: str, struct: Any, plain: Any
) -> None:
    for given in (struct, plain):
        arguments: Any = {"model": "m", parameter: given}
        assert body_of(create_response(**arguments)) == {"model": "m", parameter: plain}


def test_what_a_caller_adds_is_sent() -> None:
    request = request_of(
        create_response(
            model="m",
            extra_headers={"X-Trace": "1"},
            extra_query={"api-version": "preview"},
            extra_body={"model": "n", "seed": 1},
            timeout=30,
            idempotency_key="key-1",
        )
    )
    assert request == HttpRequest(
        "POST",
        "/responses",
        (("api-version", "preview"),),
        (("Content-Type", "application/json"), ("Idempotency-Key", "key-1"), ("X-Trace", "1")),
        b'{"model":"n","seed":1}',
        idempotent=True,
        timeout=30.0,
    )


def test_a_stream_is_asked_for_in_body_and_header() -> None:
    request = create_request(
        {"model": "m"}, stream=True, stream_options=StreamOptions(include_obfuscation=False)
    ).unwrap()
    assert request.body == b'{"model":"m","stream":true,"stream_options":{"include_obfuscation":false}}'
    assert ("Accept", "text/event-stream") in request.headers
    refused = InvalidArgument("model", "given 5; allowed is a non-empty string, or None")
    wrong: Any = {"model": 5}
    assert create_request(wrong) == Failure(refused)
    plain = create_request({"model": "m"}, stream=True, stream_options={"include_obfuscation": False})
    assert plain == Success(request)
    without = create_request({"model": "m"}, stream=True).unwrap()
    assert without.body == b'{"model":"m","stream":true}'


def test_an_argument_that_there_is_none_of_is_a_type_error_however_it_is_passed() -> None:
    misspelt: Any = {"modle": "m"}
    with pytest.raises(TypeError, match="modle"):
        create_response(**misspelt)
    with pytest.raises(TypeError, match=r"create_response\(\) .* 'modle'"):
        create_request(misspelt)


# --- input ----------------------------------------------------------------------------------------

MESSAGE = Message(role="user", content="Hello.")
PLAIN = {"role": "user", "content": "Hello."}


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ("Hello.", "Hello."),
        ("", ""),
        ([], []),
        (["Hello."], [PLAIN]),
        (PLAIN, [PLAIN]),
        (MappingProxyType(PLAIN), [PLAIN]),
        (MESSAGE, [{"type": "message", **PLAIN}]),
        ((MESSAGE, PLAIN, "Hello."), [{"type": "message", **PLAIN}, PLAIN, PLAIN]),
        (Kept({"type": "new", "x": 1}), [{"type": "new", "x": 1}]),
        ([Unknown(Kept({"type": "new", "x": 1}))], [{"type": "new", "x": 1}]),
        (Page(ItemList(data=(MESSAGE, MESSAGE))), [{"type": "message", **PLAIN}] * 2),
    ],
    ids=["text", "empty", "none", "texts", "dict", "mapping", "struct", "mixed", "kept", "unknown", "page"],
)
def test_an_input_is_a_text_a_struct_a_dict_or_a_sequence_of_these(given: Any, sent: Any) -> None:
    assert body_of(create_response(input=given)) == {"input": sent}


@pytest.mark.parametrize(
    ("given", "parameter"),
    [
        (5, "input"),
        (b"x", "input"),
        ({1, 2}, "input"),
        ([5], "input[0]"),
        (["a", b"x"], "input[1]"),
        ([NOTHING], "input[0]"),
    ],
)
def test_any_other_input_is_refused_by_place(given: Any, parameter: str) -> None:
    assert refusal_of(create_response(input=given)).parameter == parameter


def test_an_output_goes_in_again_as_it_came() -> None:
    item: dict[str, Any] = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "status": "completed",
        "new": {"x": 1},
        "content": [],
    }
    response = Codec[Response](Response).decode(json.encode({**ANSWER, "output": [item]})).unwrap()
    sent = body_of(create_response(input=[*response.output, "And now?"]))
    assert sent == {"input": [item, {"role": "user", "content": "And now?"}]}


def test_structs_and_plain_dicts_are_sent_alike() -> None:
    tool = FunctionTool(name="now", parameters={"type": "object"}, strict=False)
    structs = create_response(
        tools=[tool],
        tool_choice="auto",
        reasoning=Reasoning(effort="low"),
        context_management=[ContextManagement(type="compaction", compact_threshold=1000)],
        input=[FunctionCallOutput(call_id="call_1", output="12:00")],
    )
    plain = create_response(
        tools=[{"type": "function", "name": "now", "parameters": {"type": "object"}, "strict": False}],
        tool_choice="auto",
        reasoning={"effort": "low"},
        context_management=[{"type": "compaction", "compact_threshold": 1000}],
        input=[{"type": "function_call_output", "call_id": "call_1", "output": "12:00"}],
    )
    assert body_of(structs) == body_of(plain)


# --- refused before it is sent --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameter", "good"),
    [
        ("temperature", [0, 2, 0.5, 1]),
        ("top_p", [0, 1, 0.1]),
        ("top_logprobs", [0, 20]),
        ("max_output_tokens", [16, 100_000]),
        ("max_tool_calls", [0, 1, -1]),
        (
            "metadata",
            [NO_MEMBERS, {"k" * 64: "v" * 512}, {str(n): "" for n in range(16)}, MappingProxyType({"a": "b"})],
        ),
        ("safety_identifier", ["", "x" * 64]),
        ("include", [NOTHING, ["reasoning.encrypted_content", "new.thing"]]),
        ("context_management", [[{"type": "compaction"}], [{"type": "new", "compact_threshold": None}]]),
        ("conversation", ["conv_1", {"id": "conv_1"}]),
        ("tool_choice", ["new_choice", {"type": "web_search"}]),
        ("tools", [NOTHING, [{"type": "new_tool"}]]),
        ("service_tier", ["new_tier"]),
        ("truncation", ["new_truncation"]),
        ("prompt_cache_retention", ["new"]),
        ("store", [True, False]),
        ("prompt", [{"id": "pmpt_1"}]),
        ("instructions", [""]),
    ],
)
def test_what_the_specification_allows_is_sent(parameter: str, good: list[Any]) -> None:
    for value in good:
        arguments: Any = {parameter: value}
        assert body_of(create_response(**arguments)) == {parameter: dict(value) if parameter == "metadata" else value}


@pytest.mark.parametrize(
    ("parameter", "bad"),
    [
        ("temperature", [-0.1, 2.1, "1", True, float("nan")]),
        ("top_p", [-0.1, 1.1, "1"]),
        ("top_logprobs", [-1, 21, 1.0, True]),
        ("max_output_tokens", [15, 0, 16.0]),
        ("max_tool_calls", ["1", 1.5]),
        (
            "metadata",
            [NOTHING, "a", {1: "a"}, {"a": 1}, {"k" * 65: ""}, {"a": "v" * 513}, {str(n): "" for n in range(17)}],
        ),
        ("safety_identifier", ["x" * 65, 5]),
        ("include", ["reasoning", [""], [5]]),
        ("context_management", [NOTHING, NO_MEMBERS, [5], "auto"]),
        ("conversation", ["", 5]),
        ("tool_choice", ["", 5, NOTHING]),
        ("tools", [NO_MEMBERS, "auto", [5]]),
        ("model", ["", 5]),
        ("previous_response_id", ["", 5]),
        ("instructions", [5, ["a"]]),
        ("background", [1, "true"]),
        ("store", [0]),
        ("parallel_tool_calls", ["yes"]),
        ("text", ["text", NOTHING]),
        ("reasoning", ["low"]),
        ("moderation", [True]),
        ("prompt", ["pmpt_1"]),
        ("prompt_cache_options", ["30m"]),
        ("access_programs", ["standard"]),
        ("background_options", ["2h", NOTHING]),
        ("image", ["auto", True]),
        ("prompt_cache_key", [5]),
        ("prompt_cache_retention", [""]),
        ("service_tier", [""]),
        ("truncation", [False]),
        ("user", [5]),
        ("idempotency_key", [""]),
        ("timeout", [0]),
        ("extra_headers", [{"Authorization": "Bearer x"}]),
        ("extra_query", ["a=b"]),
        ("extra_body", [5]),
    ],
)
def test_what_it_does_not_allow_is_refused_by_name_and_nothing_is_sent(parameter: str, bad: list[Any]) -> None:
    for value in bad:
        arguments: Any = {parameter: value}
        refused = refusal_of(create_response(**arguments))
        assert refused.parameter == parameter
        assert "allowed" in refused.reason


@pytest.mark.parametrize(
    "entry", [ContextManagement(type="compaction", compact_threshold=999), {"compact_threshold": 1}]
)
def test_a_threshold_for_compaction_is_a_thousand_tokens_or_more(entry: Any) -> None:
    assert refusal_of(create_response(context_management=[entry])).parameter == "context_management.compact_threshold"


def test_an_excess_is_told_in_numbers_and_not_shown_whole() -> None:
    assert "513 characters for 'a'" in refusal_of(create_response(metadata={"a": "v" * 513})).reason
    assert "17 pairs" in refusal_of(create_response(metadata={str(n): "" for n in range(17)})).reason


def test_what_json_cannot_hold_is_refused_by_name() -> None:
    assert refusal_of(create_response(model="m", tools=[{"x": object()}])).parameter == "tools"
    assert refusal_of(create_response(model="\ud800")).parameter == "model"


# --- values ---------------------------------------------------------------------------------------


def test_the_operation_is_a_value() -> None:
    def make() -> Operation[Response]:
        return create_response(model="m", input=[MESSAGE, PLAIN], idempotency_key="k", timeout=1)

    assert make() == make()
    assert pickle.loads(pickle.dumps(make())) == make()
    assert repr(make()).startswith("Send(request=HttpRequest(method='POST', path='/responses'")


def test_a_mutable_argument_may_change_afterwards() -> None:
    items: list[Any] = ["one"]
    operation = create_response(input=items)
    items.append("two")
    assert body_of(operation) == {"input": [{"role": "user", "content": "one"}]}


# --- answers --------------------------------------------------------------------------------------


def test_the_answer_is_the_response() -> None:
    step = create_response(model="m")
    assert isinstance(step, Send)
    done = step.resume(Success(HttpResponse(status=200, body=json.encode(ANSWER))))
    assert isinstance(done, Done)
    assert done.result.unwrap() == Response(
        id="resp_1", object="response", created_at=1, status="completed", model="m", output=()
    )


def test_a_refusal_is_an_api_error() -> None:
    body = b'{"error": {"message": "no such model", "code": "model_not_found", "param": "model"}}'
    error = run(create_response(model="m"), lambda _: Success(HttpResponse(status=400, body=body))).failure()
    assert isinstance(error, ApiError)
    assert (error.status, error.code, error.param) == (400, "model_not_found", "model")


def test_an_answer_of_another_shape_is_a_decode_error() -> None:
    error = run(create_response(model="m"), lambda _: Success(HttpResponse(status=200, body=b'{"id": 5}'))).failure()
    assert isinstance(error, DecodeError)
    assert error.path == "$.id"


def flaky() -> StubTransport:
    """Breaks the first exchange off, and answers the second."""
    return StubTransport.answering(Interrupted("reset", "gone"), json_response(ANSWER))


def test_what_may_have_arrived_is_repeated_with_an_idempotency_key_and_not_without() -> None:
    with_key, without = flaky(), flaky()
    assert run(retrying(create_response(model="m", idempotency_key="k")), with_key, clock=VirtualClock()).unwrap()
    assert len(with_key.requests) == 2
    assert with_key.requests[0] == with_key.requests[1]
    error = run(retrying(create_response(model="m")), without, clock=VirtualClock()).failure()
    assert isinstance(error, Interrupted)
    assert len(without.requests) == 1


# --- recorded exchanges ---------------------------------------------------------------------------


def recordings() -> list[Any]:
    return [
        pytest.param(recording, id=f"{path.stem}-{index}")
        for path in sorted(SESSION.glob("*.json"))
        for index, recording in enumerate(load_cassette(path.read_bytes()))
        if recording.request.method == "POST" and recording.request.path == "/responses"
    ]


def test_there_are_recordings() -> None:
    assert len(recordings()) == 21


def answer_to(recording: Recording) -> Any:
    assert isinstance(recording.answer, HttpResponse)
    return json.decode(recording.answer.body)


@pytest.mark.parametrize("recording", recordings())
def test_the_recorded_request_from_plain_dicts_gives_the_recorded_response(recording: Recording) -> None:
    assert recording.request.body is not None
    arguments: Any = json.decode(recording.request.body)
    replayed = CassetteTransport([recording])
    response = run(create_response(**arguments), replayed).unwrap()
    assert isinstance(response, Response)
    assert to_plain(response) == answer_to(recording)
    assert replayed.unused == ()


@pytest.mark.parametrize("recording", recordings())
def test_the_recorded_request_from_structs_gives_the_recorded_response(recording: Recording) -> None:
    assert recording.request.body is not None
    decoded = Codec[CreateResponse](CreateResponse).decode(recording.request.body).unwrap()
    assert decoded.unknown_fields is UNSET
    arguments: Any = {
        name: getattr(decoded, name) for name in CreateArguments.__annotations__ if hasattr(decoded, name)
    }
    replayed = CassetteTransport([recording])
    response = run(create_response(**arguments), replayed).unwrap()
    assert to_plain(response) == answer_to(recording)
    assert replayed.unused == ()


def test_a_function_is_called_and_its_output_read() -> None:
    replayed = CassetteTransport.replaying(SESSION / "ResponsesTests.FunctionCallWorks.json")
    tool = FunctionTool(
        name="get_weather_at_location",
        description="Gets the weather at a specified location, optionally specifying units for temperature",
        parameters={
            "type": "object",
            "properties": {"location": {"type": "string"}, "unit": {"type": "string", "enum": ["C", "F", "K"]}},
            "required": ["location"],
        },
        strict=False,
    )
    text = InputText(text="What should I wear for the weather in San Francisco, CA?")
    question = Message(role="user", content=(text,))
    first = run(create_response(model="gpt-4o-mini", tools=[tool], input=question), replayed).unwrap()
    (call,) = first.output
    assert isinstance(call, FunctionCall)
    assert json.decode(call.arguments)["location"] == "San Francisco, CA"
    output = FunctionCallOutput(call_id=call.call_id, output="22 celcius and windy")
    again = create_response(model="gpt-4o-mini", tools=[tool], input=output, previous_response_id=first.id)
    second = run(again, replayed).unwrap()
    (answer,) = second.output
    assert isinstance(answer, Message)
    assert run(list_input_items(second.id), replayed).unwrap()
    assert replayed.unused == ()


def test_a_response_that_is_not_stored_is_not_found() -> None:
    replayed = CassetteTransport.replaying(SESSION / "ResponsesTests.CanOptOutOfStorage.json")
    asked: Any = json.decode(replayed.recordings[0].request.body or b"")
    response = run(create_response(**asked), replayed).unwrap()
    error = run(retrieve_response(response.id), replayed).failure()
    assert isinstance(error, ApiError)
    assert error.status == 404
    assert replayed.unused == ()


def test_a_struct_of_ones_own_need_have_no_threshold() -> None:
    class Strategy(Struct):
        type: str = "new"

    strategies: list[Any] = [Strategy()]
    assert isinstance(create_response(context_management=strategies), Send)
