"""Conversations and their items: exact requests, refusals, answers, pages, recorded exchanges."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from msgspec import UNSET, json
from msgspec.structs import replace
from returns.result import Success

from puresponse.codecs import InputText, Message, Unknown, to_plain
from puresponse.codecs.types.conversations import Conversation, DeletedConversation
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
    collect,
    retrying,
)
from puresponse.core.endpoints.conversation_items import (
    all_conversation_items,
    create_conversation_items,
    delete_conversation_item,
    list_conversation_items,
    retrieve_conversation_item,
)
from puresponse.core.endpoints.conversations import (
    create_conversation,
    delete_conversation,
    retrieve_conversation,
    update_conversation,
)
from puresponse.transports import VirtualClock, run
from puresponse.transports.cassette.transport import CassetteTransport
from puresponse.transports.testing.stub import StubTransport, json_response

SESSION = Path(__file__).parent.parent / "cassettes" / "session"
JSON = (("Content-Type", "application/json"),)
CONVERSATION: dict[str, Any] = {"id": "conv_1", "object": "conversation", "created_at": 1, "metadata": {}}
ITEM = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hello."}]}
INCLUDE = ["message.input_image.image_url", "web_search_call.action.sources"]
INCLUDED = tuple(("include[]", value) for value in INCLUDE)

Make: TypeAlias = Callable[..., Operation[Any]]


def _update(**more: Any) -> Operation[Any]:
    more.setdefault("metadata", {})
    return update_conversation("conv_1", **more)


def _create_items(**more: Any) -> Operation[Any]:
    more.setdefault("items", [ITEM])
    return create_conversation_items("conv_1", **more)


MAKERS: dict[str, Make] = {
    "create": create_conversation,
    "retrieve": partial(retrieve_conversation, "conv_1"),
    "update": _update,
    "delete": partial(delete_conversation, "conv_1"),
    "create_items": _create_items,
    "list_items": partial(list_conversation_items, "conv_1"),
    "retrieve_item": partial(retrieve_conversation_item, "conv_1", "msg_1"),
    "delete_item": partial(delete_conversation_item, "conv_1", "msg_1"),
}
each = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)


def request_of(operation: Operation[Any]) -> HttpRequest:
    assert isinstance(operation, Send), operation
    return operation.request


def refusal_of(operation: Operation[Any]) -> InvalidArgument:
    assert isinstance(operation, Done), operation
    error = operation.result.failure()
    assert isinstance(error, InvalidArgument)
    return error


def page_of(*ids: str, more: bool = False) -> HttpResponse:
    data = [{"id": name, **ITEM} for name in ids]
    ends = {"first_id": ids[0], "last_id": ids[-1]} if ids else {"first_id": "", "last_id": ""}
    return json_response({"object": "list", "data": data, "has_more": more, **ends})


# --- requests -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "request_"),
    [
        (create_conversation(), HttpRequest("POST", "/conversations", headers=JSON, body=b"{}")),
        (
            create_conversation(items=[ITEM], metadata={"topic": "demo"}),
            HttpRequest(
                "POST",
                "/conversations",
                headers=JSON,
                body=b'{"items":[{"type":"message","role":"user","content":'
                b'[{"type":"input_text","text":"Hello."}]}],"metadata":{"topic":"demo"}}',
            ),
        ),
        (retrieve_conversation("conv_1"), HttpRequest("GET", "/conversations/conv_1", idempotent=True)),
        (
            update_conversation("conv_1", metadata={"topic": "new"}),
            HttpRequest(
                "POST", "/conversations/conv_1", headers=JSON, body=b'{"metadata":{"topic":"new"}}', idempotent=True
            ),
        ),
        (delete_conversation("conv_1"), HttpRequest("DELETE", "/conversations/conv_1", idempotent=True)),
        (
            create_conversation_items("conv_1", items="Hello.", include=INCLUDE),
            HttpRequest(
                "POST",
                "/conversations/conv_1/items",
                INCLUDED,
                JSON,
                b'{"items":[{"role":"user","content":"Hello."}]}',
            ),
        ),
        (list_conversation_items("conv_1"), HttpRequest("GET", "/conversations/conv_1/items", idempotent=True)),
        (
            list_conversation_items("conv_1", after="msg_1", include=INCLUDE, limit=5, order="asc"),
            HttpRequest(
                "GET",
                "/conversations/conv_1/items",
                (*INCLUDED, ("limit", "5"), ("order", "asc"), ("after", "msg_1")),
                idempotent=True,
            ),
        ),
        (
            retrieve_conversation_item("conv_1", "msg?1", include=INCLUDE),
            HttpRequest("GET", "/conversations/conv_1/items/msg%3F1", INCLUDED, idempotent=True),
        ),
        (
            delete_conversation_item("conv_1", "msg_1"),
            HttpRequest("DELETE", "/conversations/conv_1/items/msg_1", idempotent=True),
        ),
    ],
)
def test_the_exact_request(operation: Operation[Any], request_: HttpRequest) -> None:
    assert request_of(operation) == request_


def test_null_is_not_left_out() -> None:
    assert request_of(create_conversation(items=None, metadata=None)).body == b'{"items":null,"metadata":null}'
    assert request_of(create_conversation(items=UNSET, metadata=UNSET)).body == b"{}"
    assert request_of(update_conversation("conv_1", metadata=None)).body == b'{"metadata":null}'


@each
def test_what_a_caller_adds_is_sent(make: Make) -> None:
    request = request_of(make(extra_headers={"X-Trace": "1"}, extra_query={"a": 1}, timeout=1))
    assert request.headers[-1] == ("X-Trace", "1")
    assert request.query[-1] == ("a", "1")
    assert request.timeout == 1.0
    assert refusal_of(make(timeout=0)).parameter == "timeout"
    assert refusal_of(make(extra_headers={"Authorization": "Bearer x"})).parameter == "extra_headers"


@pytest.mark.parametrize("name", ["create", "update", "create_items"])
def test_an_extra_body_is_sent(name: str) -> None:
    request = request_of(MAKERS[name](extra_body={"new": 1, "metadata": {"b": "c"}}))
    assert request.body is not None
    assert json.decode(request.body)["new"] == 1
    assert json.decode(request.body)["metadata"] == {"b": "c"}


@each
def test_the_operations_are_values(make: Make) -> None:
    assert make() == make()
    assert pickle.loads(pickle.dumps(make())) == make()


# --- refused before it is sent --------------------------------------------------------------------


@pytest.mark.parametrize("bad", ["", "a/b", "..", 5, None])
def test_an_id_is_one_segment_of_a_path(bad: Any) -> None:
    for step in (
        retrieve_conversation(bad),
        update_conversation(bad, metadata={}),
        delete_conversation(bad),
        create_conversation_items(bad, items=[]),
        list_conversation_items(bad),
        retrieve_conversation_item(bad, "msg_1"),
        delete_conversation_item(bad, "msg_1"),
    ):
        assert refusal_of(step).parameter == "conversation_id"
    assert refusal_of(retrieve_conversation_item("conv_1", bad)).parameter == "item_id"
    assert refusal_of(delete_conversation_item("conv_1", bad)).parameter == "item_id"


def test_at_most_twenty_items_are_added_at_a_time() -> None:
    assert request_of(create_conversation(items=[ITEM] * 20))
    assert refusal_of(create_conversation(items=[ITEM] * 21)) == InvalidArgument(
        "items", "given 21 items; allowed are at most 20"
    )
    assert refusal_of(create_conversation_items("conv_1", items=[ITEM] * 21)).parameter == "items"


def test_bad_items_are_refused_by_place() -> None:
    bad: Any = [ITEM, 5]
    assert refusal_of(create_conversation(items=bad)).parameter == "items[1]"
    assert refusal_of(create_conversation_items("conv_1", items=bad)).parameter == "items[1]"


def test_metadata_are_bounded() -> None:
    assert refusal_of(create_conversation(metadata={"k" * 65: ""})).parameter == "metadata"
    assert refusal_of(update_conversation("conv_1", metadata={"k": "v" * 513})).parameter == "metadata"


@pytest.mark.parametrize(("parameter", "value"), [("limit", 0), ("order", "up"), ("after", ""), ("include", "a")])
def test_what_a_list_cannot_be_asked_is_refused_by_name(parameter: str, value: Any) -> None:
    assert refusal_of(MAKERS["list_items"](**{parameter: value})).parameter == parameter


def test_an_include_is_a_list_of_strings() -> None:
    assert refusal_of(MAKERS["create_items"](include="a")).parameter == "include"
    assert refusal_of(MAKERS["retrieve_item"](include="a")).parameter == "include"


# --- answers --------------------------------------------------------------------------------------


def test_a_conversation_comes_as_a_struct() -> None:
    stub = StubTransport(lambda _: json_response(CONVERSATION))
    expected = Conversation(id="conv_1", object="conversation", created_at=1, metadata={})
    for name in ("create", "retrieve", "update", "delete_item"):
        assert run(MAKERS[name](), stub).unwrap() == expected


@pytest.mark.parametrize("body", [b"", b" \n", b'{"id":"conv_1","deleted":true}'])
def test_an_empty_answer_to_a_deletion_is_an_acknowledgement_too(body: bytes) -> None:
    answered = run(delete_conversation("conv_1"), lambda _: Success(HttpResponse(status=200, body=body)))
    assert answered.unwrap() == DeletedConversation(id="conv_1", deleted=True)


def test_an_empty_answer_to_anything_else_is_a_decode_error() -> None:
    for name, make in MAKERS.items():
        if name != "delete":
            error = run(make(), lambda _: Success(HttpResponse(status=200))).failure()
            assert isinstance(error, DecodeError), name


@each
def test_an_unknown_id_is_a_404(make: Make) -> None:
    stub = StubTransport.answering(json_response({"error": {"message": "not found"}}, status=404))
    error = run(make(), stub).failure()
    assert isinstance(error, ApiError)
    assert error.status == 404


def flaky() -> StubTransport:
    """Breaks the first exchange off, and answers the second with a 404."""
    return StubTransport.answering(Interrupted("reset", "gone"), HttpResponse(status=404))


@pytest.mark.parametrize("body", [b"", b'{"deleted":true}', b'{"id":"conv_1","deleted":false}', b"{}", b"null"])
def test_an_item_is_deleted_where_the_conversation_is_the_answer_and_else_may_be(body: bytes) -> None:
    answered = run(delete_conversation_item("conv_1", "msg_1"), lambda _: Success(HttpResponse(status=200, body=body)))
    error = answered.failure()
    assert isinstance(error, DecodeError)
    assert error.may_have_acted


@pytest.mark.parametrize("name", ["retrieve", "update", "delete", "list_items", "retrieve_item", "delete_item"])
def test_what_is_safe_to_repeat_is_repeated(name: str) -> None:
    transport = flaky()
    error = run(retrying(MAKERS[name]()), transport, clock=VirtualClock()).failure()
    assert isinstance(error, ApiError)
    assert error.after_interruption is not name.startswith(("retrieve", "list"))
    assert len(transport.requests) == 2


@pytest.mark.parametrize("name", ["create", "create_items"])
def test_what_would_be_made_twice_is_not_repeated_without_an_idempotency_key(name: str) -> None:
    transport = flaky()
    assert isinstance(run(retrying(MAKERS[name]()), transport, clock=VirtualClock()).failure(), Interrupted)
    assert len(transport.requests) == 1
    with_key = flaky()
    run(retrying(MAKERS[name](extra_headers={"Idempotency-Key": "k"})), with_key, clock=VirtualClock())
    assert len(with_key.requests) == 2


def test_items_that_were_added_come_as_a_sequence_that_is_not_followed() -> None:
    page = run(create_conversation_items("conv_1", items=[ITEM]), StubTransport.answering(page_of("a", more=True)))
    assert [to_plain(item) for item in page.unwrap()] == [{"id": "a", **ITEM}]
    assert page.unwrap().next_page is None


def test_an_item_of_an_unknown_type_is_kept_whole() -> None:
    body = {"type": "hologram", "id": "holo_1", "depth": 3}
    item = run(retrieve_conversation_item("conv_1", "holo_1"), StubTransport.answering(json_response(body))).unwrap()
    assert isinstance(item, Unknown)
    assert to_plain(item) == body


# --- pages ----------------------------------------------------------------------------------------


def test_a_page_has_a_next_page_as_a_value() -> None:
    first = list_conversation_items("conv_1", limit=2, extra_headers={"X-Trace": "1"}, timeout=7)
    stub = StubTransport.answering(page_of("a", "b", more=True), page_of("c"))
    page = run(first, stub).unwrap()
    assert isinstance(page, Page)
    assert page.next_page is not None
    assert request_of(page.next_page) == replace(request_of(first), query=(("limit", "2"), ("after", "b")))
    assert pickle.loads(pickle.dumps(page)) == page
    assert len(run(page.next_page, stub).unwrap()) == 1


def test_all_items_of_all_pages_come_in_order() -> None:
    stub = StubTransport.answering(page_of("a", "b", more=True), page_of("c", more=True), page_of())
    items = run(collect(all_conversation_items("conv_1", order="asc", timeout=7)), stub).unwrap()
    assert [to_plain(item)["id"] for item in items] == ["a", "b", "c"]
    assert [dict(request.query).get("after") for request in stub.requests] == [None, "b", "c"]
    assert {dict(request.query)["limit"] for request in stub.requests} == {"100"}
    assert {request.timeout for request in stub.requests} == {7.0}


def test_a_list_that_does_not_advance_ends_in_an_error() -> None:
    stub = StubTransport(lambda _: page_of("a", more=True))
    error = run(collect(all_conversation_items("conv_1")), stub).failure()
    assert isinstance(error, DecodeError)
    assert "does not advance" in error.reason


# --- recorded exchanges ---------------------------------------------------------------------------


def answer_to(replayed: CassetteTransport, index: int) -> Any:
    answer = replayed.recordings[index].answer
    assert isinstance(answer, HttpResponse)
    return json.decode(answer.body)


def test_the_recorded_life_of_a_conversation() -> None:
    replayed = CassetteTransport.replaying(SESSION / "ConversationTests.CanCreateGetUpdateAndDeleteConversation.json")
    joke = Message(role="user", content=(InputText(text="tell me a joke"),))
    created = run(create_conversation(metadata={"topic": "test"}, items=[joke]), replayed).unwrap()
    assert to_plain(created) == answer_to(replayed, 0)
    retrieved = run(retrieve_conversation(created.id), replayed).unwrap()
    assert retrieved == created
    new = {"topic": "updated-test", "purpose": "conversation-test"}
    updated = run(update_conversation(created.id, metadata=new), replayed).unwrap()
    assert updated == replace(created, metadata=new)
    deleted = run(delete_conversation(created.id), replayed).unwrap()
    assert deleted == DeletedConversation(id=created.id, object="conversation.deleted", deleted=True)
    assert replayed.unused == ()


def test_the_recorded_items_of_a_conversation() -> None:
    replayed = CassetteTransport.replaying(
        SESSION / "ConversationTests.ConversationItemEndpointsAcceptIncludeQuery.json"
    )
    first, second = (Message(role="user", content=(InputText(text=f"{name} item"),)) for name in ("first", "second"))
    conversation = run(create_conversation(items=[first]), replayed).unwrap()
    added = run(create_conversation_items(conversation.id, items=[second], include=INCLUDE), replayed).unwrap()
    assert to_plain(added.listing) == answer_to(replayed, 1)
    (item,) = added
    assert isinstance(item, Message)
    assert isinstance(item.id, str)
    found = run(retrieve_conversation_item(conversation.id, item.id, include=INCLUDE), replayed).unwrap()
    assert found == item
    page = run(list_conversation_items(conversation.id, include=INCLUDE), replayed).unwrap()
    assert to_plain(page.listing) == answer_to(replayed, 3)
    assert (len(page), page[0], page.next_page) == (2, item, None)
    assert run(delete_conversation(conversation.id), replayed).unwrap().deleted
    assert replayed.unused == ()
