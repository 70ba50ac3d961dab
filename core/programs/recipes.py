"""Recipes: what people do with responses, written with nothing but what the package offers to everybody.

Each is an operation or a stream like any other, and can be read as an example of how to write one's own: a frame is a
frozen struct that is called with the result of the step before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack

from msgspec import Struct, structs
from returns.result import Failure, Result

from ...codecs.lossless.errors import DecodeError
from ...codecs.lossless.plain import is_sequence
from ...codecs.lossless.sent import sent, sent_flag
from ...codecs.types.audit import ResponseAudit
from ...codecs.types.items import InputItem
from ...codecs.types.response import DeletedResponse, Response
from ..combinators.additions import RequestOptions
from ..combinators.collecting import collect
from ..combinators.configuring import with_options
from ..endpoints.keywords import show_options
from ..endpoints.paging import all_pages
from ..endpoints.response_lists import ReceiveAllItems, request_of_input_items
from ..endpoints.responses import delete_response, retrieve_response
from ..errors import ApiError, Error, InvalidArgument, about_response
from ..steps import Operation, Send, fail, succeed
from ..streams import END, Emit, Perform, Stream, break_off
from .cancellation import AboutResponse, cancel_or_find_ended, has_ended
from .wait_policy import WaitPolicy
from .waiting import cancel_and_poll

SETTLE = 60.0
"""Seconds. A compromise: cancelled responses were seen to become completed minutes later; few callers wait so long."""


# --- cancel only what runs ------------------------------------------------------------------------


def cancel_if_running(response_id: str, **options: Unpack[RequestOptions]) -> Operation[Response]:
    """Cancel a response if it was made with `background` and has not ended; return it as it then is.

    What cannot be cancelled is returned as it is. So is what ends between the poll and the cancellation, whether the
    server answers to that with the final response or with a refusal (400, 409).

    Args:
        response_id: The id of the response.
        extra_headers, extra_query, timeout: Those of any request: see `RequestOptions`.

    Errors: those of `retrieve_response` and `cancel_response`, with the `response_id`.
    https://platform.openai.com/docs/api-reference/responses/cancel

    >>> cancel_if_running("resp_1").request.method
    'GET'
    """
    cancel = retrieve_response(response_id).bind(CancelIfRunning(response_id)).alt(AboutResponse(response_id))
    return with_options(cancel, options, cancel_if_running)


class CancelIfRunning(Struct, frozen=True, tag=True):
    """Goes on to cancel a response, or is done with it."""

    response_id: str

    def __call__(self, response: Response) -> Operation[Response]:
        if not sent_flag(response, "background") or has_ended(response):
            return succeed(response)
        return cancel_or_find_ended(self.response_id, retrieve_response(self.response_id))


# --- cancel, and see how that ends ----------------------------------------------------------------


def cancel_and_wait(
    response: str | Response, policy: WaitPolicy, *, settle: float = SETTLE, **options: Unpack[RequestOptions]
) -> Operation[Response]:
    """Cancel a response and return it as it finally is.

    A cancelled response can still become completed minutes later, so that the first `cancelled` is not the last word.
    One that has ended already is returned as it is, whether the server answers with it or refuses (400, 409).

    Args:
        response: The response, or its id. One that has ended is not cancelled; nothing is sent for one that is final.
        policy: How long to wait, the cancellation included, and how often to poll.
        settle: Seconds for which the response must have been seen as cancelled, 0 to 1e9. The policy's deadline
            overrides it: what is cancelled by then is returned as cancelled.
        extra_headers, extra_query, timeout: Those of any request: see `RequestOptions`.

    Errors: those of `cancel_response`, such as `ApiError` 404 for an unknown id, and of `wait_for_response`; all of
    them have the `response_id`.
    https://platform.openai.com/docs/api-reference/responses/cancel

    >>> from puresponse.core import WaitPolicy
    >>> cancel_and_wait("resp_1", WaitPolicy(deadline=60)).resume(0.0).request.path
    '/responses/resp_1/cancel'
    """
    return with_options(cancel_and_poll(response, policy, settle), options, cancel_and_wait)


# --- delete a conversation's worth of responses ---------------------------------------------------


def delete_response_chain(response_id: str, **options: Unpack[RequestOptions]) -> Stream[DeletedResponse]:
    """Delete a response and all that it goes back to by `previous_response_id`.

    The chain is followed from the newest to the oldest first, and then deleted from the oldest to the newest. So each
    response stays reachable until it is deleted itself: when the stream breaks off, the values that it emitted are what
    was deleted, and the same call again deletes the rest. An ancestor that is gone already ends the chain; one that is
    in it twice is deleted once.

    Args:
        response_id: The id of the newest response.
        extra_headers, extra_query, timeout: Those of any request: see `RequestOptions`.

    Errors: those of `retrieve_response`, such as `ApiError` 404 where the newest does not exist, and a `DecodeError`
    where a `previous_response_id` is no id, so that the chain cannot be followed; nothing was deleted then. Those of
    `delete_response`, but for 404, which says that somebody else was faster, or, after an interruption, that the
    earlier attempt has deleted it: a service that hides for a while what it has is believed. They have the
    `response_id` of the response in the chain that they are about.
    https://platform.openai.com/docs/api-reference/responses/delete

    >>> delete_response_chain("resp_1").operation.request.method
    'GET'
    """
    chain: Stream[DeletedResponse] = Perform(retrieve_response(response_id), FollowChain((response_id,)))
    return with_options(chain, options, delete_response_chain)


class FollowChain(Struct, frozen=True, tag=True):
    """Receives the last of the responses `ids`, newest first: follows it to the one before, or begins to delete."""

    ids: tuple[str, ...]

    def __call__(self, result: Result[Response, Error]) -> Stream[DeletedResponse]:
        if isinstance(result, Failure):
            error = about_response(result.failure(), self.ids[-1])
            ancestors_end = len(self.ids) > 1 and _is_not_found(error)
            return _delete(self.ids[:-1]) if ancestors_end else break_off(error)
        response = result.unwrap()
        previous = response.previous_response_id
        if not previous:
            told = sent(response, _PREVIOUS)
            return break_off(about_response(_untold(told), self.ids[-1])) if told else _delete(self.ids)
        if previous in self.ids:
            return _delete(self.ids)
        return Perform(retrieve_response(previous), FollowChain((*self.ids, previous)))


class DeleteChain(Struct, frozen=True, tag=True):
    """Receives the deletion of the last of the responses `ids`, newest first, and goes on with the others."""

    ids: tuple[str, ...]

    def __call__(self, result: Result[DeletedResponse, Error]) -> Stream[DeletedResponse]:
        rest = _delete(self.ids[:-1])
        if not isinstance(result, Failure):
            return Emit((result.unwrap(),), rest)
        error = result.failure()
        if not _is_not_found(error):
            return break_off(about_response(error, self.ids[-1]))
        # After an interrupted attempt, the 404 says that this attempt was the one that deleted it.
        return Emit((DeletedResponse(id=self.ids[-1], deleted=True),), rest) if _was_interrupted(error) else rest


_PREVIOUS = "previous_response_id"


def _untold(told: Any) -> DecodeError:
    from ...codecs.lossless.shortened_repr import brief

    return DecodeError(path=f"$.{_PREVIOUS}", reason=f"expected the id of a response, or null; got {brief(told)}")


def _delete(ids: tuple[str, ...]) -> Stream[DeletedResponse]:
    return Perform(delete_response(ids[-1]), DeleteChain(ids)) if ids else END


def _is_not_found(error: Error) -> bool:
    return isinstance(error, ApiError) and error.status == 404 and not error.no_such_route


def _was_interrupted(error: Error) -> bool:
    return isinstance(error, ApiError) and error.after_interruption


# --- all there is to know of a response -----------------------------------------------------------


def audit_response(
    response_id: str, *, include: Sequence[str] | None = None, **options: Unpack[RequestOptions]
) -> Operation[ResponseAudit]:
    """Return a response together with all its input items, each once, oldest first.

    They are asked for in the API's default order, newest first, and turned round: so the order is right also where a
    server ignores `order`. A list that has a call before its output is left as it is. It is read to its end also where
    the server does not say whether there is more.

    Args:
        response_id: The id of the response.
        include: What to add to both, such as `reasoning.encrypted_content`.
        extra_headers, extra_query, timeout: Those of any request: see `RequestOptions`.

    Errors: those of `retrieve_response` and `all_input_items`.
    https://platform.openai.com/docs/api-reference/responses/input-items

    >>> audit_response("resp_1").request.path
    '/responses/resp_1'
    """
    audit = retrieve_response(response_id, include=include).bind(WithInputItems(response_id, _frozen(include)))
    return with_options(audit, options, audit_response)


class WithInputItems(Struct, frozen=True, tag=True):
    """Goes on to gather the input items of a response."""

    response_id: str
    include: tuple[str, ...] | None

    def __call__(self, response: Response) -> Operation[ResponseAudit]:
        request = request_of_input_items(self.response_id, None, self.include, 100, "desc")
        if isinstance(request, InvalidArgument):
            return fail(request)
        # The order is said, for servers that have another default.
        request = structs.replace(request, query=(*request.query, ("order", "desc")))
        return collect(all_pages(Send(request, ReceiveAllItems(request)))).map(Audited(response))


class Audited(Struct, frozen=True, tag=True):
    """Puts the items, newest first, to their response."""

    response: Response

    def __call__(self, items: tuple[InputItem, ...]) -> ResponseAudit:
        once = _each_once(items)
        return ResponseAudit(response=self.response, input_items=tuple(once if _oldest_first(once) else once[::-1]))


def _each_once(items: tuple[InputItem, ...]) -> list[InputItem]:
    """Pages may overlap: some servers list the item of `after`, too."""
    known: dict[str, InputItem] = {}
    once: list[InputItem] = []
    for item in items:
        item_id: Any = getattr(item, "id", None)
        if not item_id or known.setdefault(item_id, item) is item or known[item_id] != item:
            once.append(item)
    return once


def _oldest_first(items: list[InputItem]) -> bool:
    """Whether they are in that order for certain: the first call that has its output among them precedes it."""
    are_calls: dict[str, bool] = {}
    for item in items:
        call_id: Any = getattr(item, "call_id", None)
        if call_id:
            is_call = not str(item.type).endswith("output")
            if are_calls.setdefault(call_id, is_call) != is_call:
                return not is_call
    return False


def _frozen(include: Sequence[str] | None) -> tuple[str, ...] | None:
    return tuple(include) if is_sequence(include) else None  # for what is neither, nothing is sent


show_options(cancel_if_running, cancel_and_wait, delete_response_chain, audit_response)
