"""Every operation and stream that the library builds, made of the core alone.

What embeds the library runs all of these: under a kernel that says no, in Pyodide, in a workflow engine, from
checkpoints. A test sees to it that none is missing. `catalogue.py` has the service that gives them something to do.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from msgspec import Struct
from returns.result import Result

from puresponse.codecs import DeletedResponse
from puresponse.core import (
    END,
    Answer,
    Chunk,
    Close,
    Continue,
    Emit,
    Error,
    Fork,
    Interrupted,
    Open,
    Operation,
    Perform,
    Read,
    RetryPolicy,
    Stop,
    Stream,
    WaitPolicy,
    all_conversation_items,
    all_input_items,
    all_outcomes,
    all_pages,
    all_responses,
    alt_end,
    audit_response,
    break_off,
    cancel_and_wait,
    cancel_if_running,
    cancel_response,
    chunk,
    collect,
    compact_response,
    concat,
    configured,
    count_input_tokens,
    create_conversation,
    create_conversation_items,
    create_parsed_response,
    create_request,
    create_response,
    delay,
    delete_conversation,
    delete_conversation_item,
    delete_response,
    delete_response_chain,
    elapsed,
    erase_response,
    fail,
    flat_map,
    fold_values,
    followed_by,
    for_each,
    gather,
    gather_all,
    is_failure,
    keep,
    lash_end,
    list_conversation_items,
    list_input_items,
    list_models,
    list_responses,
    loop,
    map_values,
    numbered,
    perform_each,
    resume_stream,
    retrieve_conversation,
    retrieve_conversation_item,
    retrieve_model,
    retrieve_response,
    retrying,
    scan,
    sequence,
    sequentially,
    stream_response,
    succeed,
    take,
    take_while,
    traverse,
    update_conversation,
    wait_for_response,
    watch_response,
    with_response,
    within,
)

Program: TypeAlias = Operation[Any] | Stream[Any]

START = 1_750_000_000.0
"""When the service's virtual clock begins, in seconds since 1970."""

TWO: tuple[str, ...] = ("resp_completed", "resp_chat")
MESSAGE = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hello, model!"}]}
PATIENT = RetryPolicy(max_retries=3, initial_delay=0.5)
WITHIN = WaitPolicy(deadline=60.0, initial_delay=0.5)


class Weather(Struct, frozen=True):
    """What a structured output is asked to be."""

    city: str
    degrees: int


class DeleteFirst(Struct, frozen=True):
    """A turn of a loop: deletes the first of some responses."""

    def __call__(self, ids: tuple[str, ...]) -> Operation[Continue[tuple[str, ...]] | Stop[str]]:
        return delete_response(ids[0]).map(OthersThan(ids))


class OthersThan(Struct, frozen=True):
    """Goes on with the others of them; stops where there are none, with the last."""

    ids: tuple[str, ...]

    def __call__(self, deleted: DeletedResponse) -> Continue[tuple[str, ...]] | Stop[str]:
        return Continue(self.ids[1:]) if self.ids[1:] else Stop(deleted.id)


class IdOf(Struct, frozen=True):
    """The id of an item."""

    def __call__(self, item: Any) -> str:
        return str(item.id)


class IsOther(Struct, frozen=True):
    """Whether an item has another id."""

    id: str

    def __call__(self, item: Any) -> bool:
        return bool(item.id != self.id)


class Longest(Struct, frozen=True):
    """The longer of two texts."""

    def __call__(self, so_far: str, item: Any) -> str:
        return max(so_far, str(item.id), key=len)


class AnEvent(Struct, frozen=True):
    """A stream of one event of a response that is created, for any value."""

    def __call__(self, value: Any) -> Stream[Any]:
        return stream_response(model="gpt-5-mini", input="One two three.").map(TypeOf()).take(1)


class TypeOf(Struct, frozen=True):
    """The name of a value's type."""

    def __call__(self, value: Any) -> str:
        return type(value).__name__


class Kept(Struct, frozen=True):
    """Retrieves the response that an answer belongs to, by any value."""

    def __call__(self, value: Any) -> Operation[str]:
        return retrieve_response("resp_chat").map(IdOf())


class Worse(Struct, frozen=True):
    """Another error in the place of any."""

    def __call__(self, error: Error) -> Error:
        return Interrupted("reset", f"after {type(error).__name__}")


class Instead(Struct, frozen=True):
    """Goes on with the items of another response, whatever the error."""

    def __call__(self, error: Error) -> Stream[Any]:
        return all_input_items("resp_chat")


class StatusOf(Struct, frozen=True):
    """The status of the answer behind a value."""

    def __call__(self, value: Any) -> int:
        return 0 if value.response is None else int(value.response.status)


class Ending(Struct, frozen=True):
    """What the operations of a fork ended in: the type of each value, or of each error. No times: these differ."""

    kinds: tuple[str, ...]


class JoinEndings(Struct, frozen=True):
    """Goes on behind a fork, with what its operations ended in."""

    def __call__(self, results: tuple[Result[Any, Error], ...]) -> Operation[Ending]:
        ends = [result.failure() if is_failure(result) else result.unwrap() for result in results]
        return succeed(Ending(tuple([type(end).__name__ for end in ends])))


class TellEnding(Struct, frozen=True):
    """Hands over what an operation ended in, as the last value."""

    def __call__(self, result: Result[Any, Error]) -> Stream[bool]:
        return Emit((is_failure(result),), END)


class ReadOnce(Struct, frozen=True):
    """Reads a body that was opened once, and gives it up."""

    def __call__(self, answer: Answer) -> Stream[bool]:
        return Read(GiveUp())


class GiveUp(Struct, frozen=True):
    """Gives a body up, and reads on where nothing is open."""

    def __call__(self, chunk: Chunk) -> Stream[bool]:
        return Emit((is_failure(chunk),), Close(Read(DeleteAfter()), 0.25))


class DeleteAfter(Struct, frozen=True):
    """Deletes two responses, and opens another body after them, which the end of the stream closes."""

    def __call__(self, chunk: Chunk) -> Stream[bool]:
        deleting: Operation[Any] = Fork(
            (delete_response("resp_chat"), delete_response("resp_unheard_of")), JoinEndings()
        )
        return Emit((is_failure(chunk),), Perform(deleting, OpenAgain()))


class OpenAgain(Struct, frozen=True):
    """Opens a body, reads of it, and ends."""

    def __call__(self, result: Result[Any, Error]) -> Stream[bool]:
        return Emit((is_failure(result),), Open(asked(), ReadToEnd()))


class ReadToEnd(Struct, frozen=True):
    """Reads once, and ends there."""

    def __call__(self, answer: Answer) -> Stream[bool]:
        return Read(TellEnding())


def asked() -> Any:
    """A request whose answer is a stream of events."""
    return create_request({"model": "gpt-5-mini", "input": "One two three."}, stream=True).unwrap()


NAMES: dict[str, Any] = {
    frame.__name__: frame
    for frame in (
        Weather,
        DeleteFirst,
        OthersThan,
        IdOf,
        IsOther,
        Longest,
        AnEvent,
        TypeOf,
        Kept,
        Worse,
        Instead,
        StatusOf,
        Ending,
        JoinEndings,
        TellEnding,
        ReadOnce,
        GiveUp,
        DeleteAfter,
        OpenAgain,
        ReadToEnd,
    )
}
"""What a checkpoint calls the types that are not the library's."""


def deletions() -> Fork[Any]:
    """Two responses are deleted, a page is read, and something fails, in whatever order."""
    return Fork(
        (
            delete_response("resp_completed"),
            delete_response("resp_unheard_of"),
            audit_response("resp_long"),
            succeed("done already"),
            delete_response("resp_failed"),
        ),
        JoinEndings(),
    )


TWO_DELETED: tuple[Operation[Any], ...] = tuple(delete_response(name) for name in TWO)

OPERATIONS: dict[str, Callable[[], Operation[Any]]] = {
    "delete_response": lambda: delete_response("resp_completed"),
    "delete_response of an unknown id": lambda: delete_response("resp_unheard_of"),
    "delete_response of an invalid id": lambda: delete_response(""),
    "cancel_response": lambda: cancel_response("resp_in_progress"),
    "retrieve_response": lambda: retrieve_response("resp_completed", include=["reasoning.encrypted_content"]),
    "list_input_items": lambda: list_input_items("resp_chat", after="msg_chat_1", limit=2, order="asc"),
    "list_input_items, first of many": lambda: list_input_items("resp_long", limit=3),
    "create_response": lambda: create_response(model="gpt-5-mini", input="Say this is a test", background=True),
    "create_parsed_response": lambda: create_parsed_response(
        Weather, model="gpt-5-mini", input='{"city":"Lyon","degrees":19}'
    ),
    "create_parsed_response of text": lambda: create_parsed_response(Weather, model="gpt-5-mini", input="It is warm."),
    "compact_response": lambda: compact_response(model="gpt-5-mini", input="A long story."),
    "count_input_tokens": lambda: count_input_tokens(model="gpt-5-mini", input="How many?"),
    "list_models": list_models,
    "list_responses": lambda: list_responses(limit=3, model="gpt-5-mini"),
    "retrieve_model": lambda: retrieve_model("gpt-5-mini"),
    "create_conversation": lambda: create_conversation(items=[MESSAGE], metadata={"topic": "demo"}),
    "retrieve_conversation": lambda: retrieve_conversation("conv_1"),
    "update_conversation": lambda: update_conversation("conv_1", metadata={"topic": "other"}),
    "delete_conversation": lambda: delete_conversation("conv_1"),
    "create_conversation_items": lambda: create_conversation_items("conv_1", items=[MESSAGE]),
    "list_conversation_items": lambda: list_conversation_items("conv_1", limit=2),
    "retrieve_conversation_item": lambda: retrieve_conversation_item("conv_1", "msg_1"),
    "delete_conversation_item": lambda: delete_conversation_item("conv_1", "msg_1"),
    "wait_for_response": lambda: wait_for_response("resp_running", WITHIN),
    "wait_for_response that expires": lambda: wait_for_response("resp_queued", WaitPolicy(deadline=2.0)),
    "wait_for_response that cancels": lambda: wait_for_response(
        "resp_queued", WaitPolicy(deadline=2.0, at_deadline="cancel")
    ),
    "wait_for_response of an unknown id": lambda: wait_for_response("resp_unheard_of", WaitPolicy(deadline=9, grace=2)),
    "erase_response": lambda: erase_response("resp_completed"),
    "cancel_if_running": lambda: cancel_if_running("resp_running"),
    "cancel_and_wait": lambda: cancel_and_wait("resp_in_progress", WITHIN, settle=3.0),
    "delete_response_chain, collected": lambda: collect(delete_response_chain("resp_second")),
    "audit_response": lambda: audit_response("resp_chat"),
    "retrying": lambda: retrying(delete_response("resp_flaky"), PATIENT),
    "retrying, in vain": lambda: retrying(delete_response("resp_broken"), PATIENT),
    "retrying, twice over": lambda: retrying(retrying(cancel_response("resp_limited"), PATIENT), PATIENT),
    "retrying a recipe": lambda: retrying(cancel_and_wait("resp_limited", WITHIN, settle=1.0), PATIENT),
    "collect": lambda: collect(all_input_items("resp_long", limit=100)),
    "collect of a stream of events": lambda: collect(stream_response(model="gpt-5-mini", input="One two three.")),
    "loop": lambda: loop(TWO, DeleteFirst()),
    "delay": lambda: delay(2.0, 1.0),
    "elapsed": elapsed,
    "succeed": lambda: succeed("a value"),
    "fail": lambda: fail(Interrupted("reset", "by the caller")),
    "configured recipe": lambda: configured(cancel_if_running("resp_in_progress", timeout=30), headers={"X-Job": "1"}),
    "bind of the library's functions": lambda: delay(1.0).bind(succeed),
    "traverse": lambda: traverse(TWO, delete_response),
    "sequence": lambda: sequence((retrieve_response("resp_chat"), delete_response("resp_chat"))),
    "sequence that fails": lambda: sequence((delete_response("resp_unheard_of"), delete_response("resp_chat"))),
    "all_outcomes": lambda: all_outcomes((delete_response("resp_unheard_of"), delete_response("resp_chat"))).bind(
        JoinEndings()
    ),
    "sequentially": lambda: sequentially(deletions()),
    "fold_values": lambda: fold_values("", Longest())(all_input_items("resp_chat")),
    "within": lambda: within(wait_for_response("resp_running", WITHIN), 60.0),
    "within, too late": lambda: within(wait_for_response("resp_queued", WITHIN), 1.5),
    "within, of a fork": lambda: within(Fork((*TWO_DELETED, delay(0.5)), JoinEndings()), 60.0),
    "configured": lambda: configured(gather(*TWO_DELETED), headers={"X-Trace": "1"}, timeout=5.0),
    "with_response": lambda: with_response(delete_response("resp_chat")).map(StatusOf()),
    "with_response of a failure": lambda: with_response(delete_response("resp_unheard_of")).map(StatusOf()),
    "gather": lambda: gather(audit_response("resp_chat"), retrieve_response("resp_completed"), succeed("done already")),
    "gather that fails": lambda: gather(
        *TWO_DELETED, delete_response("resp_unheard_of"), delete_response("resp_failed")
    ),
    "gather_all": lambda: gather_all(*TWO_DELETED, delete_response("resp_unheard_of")).bind(JoinEndings()),
    "retrying a gather": lambda: retrying(gather(cancel_response("resp_limited"), list_models()), PATIENT),
    "Fork": deletions,
    "Fork of waits": lambda: Fork((delay(2.0), elapsed(), delay(0.5).bind(succeed)), JoinEndings()),
    "Fork of nothing": lambda: Fork((), JoinEndings()),
    "Fork of forks": lambda: Fork((deletions(), cancel_response("resp_in_progress"), deletions()), JoinEndings()),
    "retrying a fork": lambda: retrying(
        Fork((delete_response("resp_flaky"), cancel_response("resp_limited"), list_models()), JoinEndings()), PATIENT
    ),
}
"""Operations by what they are; the first words are the name of what builds them."""

STREAMS: dict[str, Callable[[], Stream[Any]]] = {
    "all_input_items": lambda: all_input_items("resp_long", limit=100),
    "all_pages": lambda: all_pages(list_input_items("resp_long", limit=100, order="asc")),
    "all_responses": lambda: all_responses(limit=2, order="asc"),
    "all_conversation_items": lambda: all_conversation_items("conv_1", limit=2),
    "delete_response_chain": lambda: delete_response_chain("resp_second"),
    "watch_response": lambda: watch_response("resp_running", WITHIN),
    "stream_response": lambda: stream_response(model="gpt-5-mini", input="One two three."),
    "stream_response, cut and resumed": lambda: stream_response(model="gpt-5-mini", input="One two.", background=True),
    "stream_response of an invalid argument": lambda: stream_response(model="gpt-5-mini", temperature=9),
    "configured stream, cut and resumed": lambda: configured(
        stream_response(model="gpt-5-mini", input="One two.", background=True), query={"tenant": "a"}, timeout=9
    ),
    "resume_stream": lambda: resume_stream("resp_unheard_of", starting_after=2),
    "retrying a stream": lambda: retrying(all_input_items("resp_flaky"), PATIENT),
    "retrying a stream of events": lambda: retrying(resume_stream("resp_limited"), PATIENT),
    "take": lambda: take(3)(all_input_items("resp_long", limit=100)),
    "take of events, and more": lambda: (
        stream_response(model="gpt-5-mini", input="One two three.").take(2).concat(all_input_items("resp_chat"))
    ),
    "take_while": lambda: take_while(IsOther("fc_chat_2"))(all_input_items("resp_chat", limit=2)),
    "keep": lambda: keep(IsOther("fc_chat_2"))(all_input_items("resp_chat", limit=2)),
    "map_values": lambda: map_values(IdOf())(all_input_items("resp_chat", limit=2)),
    "numbered": lambda: numbered(1)(all_conversation_items("conv_1", limit=2)),
    "scan": lambda: scan("", Longest())(all_input_items("resp_chat", limit=2)),
    "chunk": lambda: chunk(3)(all_input_items("resp_chat", limit=2)),
    "flat_map": lambda: flat_map(AnEvent())(all_input_items("resp_chat").take(2)),
    "flat_map within events": lambda: stream_response(model="gpt-5-mini", input="One two.").take(2).flat_map(AnEvent()),
    "for_each": lambda: for_each(all_input_items("resp_chat", limit=2).take(3), Kept()),
    "perform_each": lambda: perform_each(Kept())(stream_response(model="gpt-5-mini", input="One two.").take(2)),
    "concat": lambda: concat(all_input_items("resp_chat"), all_conversation_items("conv_1")),
    "followed_by": lambda: followed_by(all_input_items("resp_chat"))(all_input_items("resp_unheard_of")),
    "alt_end": lambda: alt_end(Worse())(all_input_items("resp_unheard_of")),
    "lash_end": lambda: lash_end(Instead())(all_input_items("resp_unheard_of")),
    "within a stream, too late": lambda: within(watch_response("resp_queued", WITHIN), 1.5),
    "configured, a stream": lambda: configured(all_input_items("resp_long", limit=100), query={"a": [1, 2]}),
    "within a stream of events": lambda: within(stream_response(model="gpt-5-mini", input="One two three."), 60.0),
    "Close": lambda: Open(asked(), ReadOnce()),
    "Close of nothing": lambda: Close(Emit((1,), Close(break_off(Interrupted("reset", "by the caller")), 0.5))),
    "Fork within a stream": lambda: Perform(deletions(), TellEnding()),
    "Close under a retry": lambda: retrying(Open(asked(), ReadOnce()), PATIENT),
}
"""Streams, in the same way."""

PROGRAMS: dict[str, Callable[[], Program]] = {**OPERATIONS, **STREAMS}
