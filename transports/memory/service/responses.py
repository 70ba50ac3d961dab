"""What can be done with a response that is stored: retrieve it, or its events, delete it, cancel it, list its input."""

from __future__ import annotations

from msgspec.structs import replace

from ....codecs.lossless.plain import JsonObject
from ..validation.other_words import no_cancelling, no_response
from ..validation.refusals import (
    delete_in_flight,
    malformed_id,
    not_streamable,
    stream_too_old,
)
from ..validation.refused_values import below_minimum, wrong_type
from .create import settled
from .endpoint import Asked, CancelUndone, EndpointAnswer, Transition
from .event_chunks import EventChunks
from .inputs import RUNNING
from .items import body_shown, included, page
from .keeping import kept_until
from .state import Change, StoredResponse

_DIGITS = 18


def find(asked: Asked, response_id: str) -> StoredResponse:
    """The response of that id, or a refusal."""
    dialect = asked.state.dialect
    if dialect.checks_ids and not response_id.startswith("resp"):
        raise malformed_id(response_id)
    response = asked.state.responses.get(response_id)
    if response is None or not response.seen(asked.now):
        raise no_response(dialect.words, response_id)
    return response


def retrieve(asked: Asked, response_id: str) -> Transition:
    """Show a response as it is now, or its events again."""
    response = find(asked, response_id)
    if _flag(asked, "stream") and asked.state.dialect.replay == "events":
        return asked.state, _replay(asked, response, response_id)
    return asked.state, body_shown(response.at(asked.now), included(asked.request.query))


def _replay(asked: Asked, response: StoredResponse, response_id: str) -> EndpointAnswer:
    background = bool(response.body.get("background"))
    if response.streaming is None or not background:
        raise not_streamable(background=background)
    dialect = asked.state.dialect
    if dialect.streamed_for is not None and asked.now - response.streaming.created > dialect.streamed_for:
        raise stream_too_old()
    chunks = EventChunks(
        response.body,
        response.streaming,
        included(asked.request.query),
        obfuscated=_flag(asked, "include_obfuscation"),
        after=_number(asked, "starting_after"),
        since=asked.now,  # what is past is due at once
        dialect=dialect,
    )
    return EndpointAnswer(None, events=chunks, follows=response_id)


def delete(asked: Asked, response_id: str) -> Transition:
    """Delete a response."""
    response = find(asked, response_id)
    dialect = asked.state.dialect
    if response.at(asked.now).get("status") in RUNNING and dialect.delete_running == 400:
        raise delete_in_flight()
    gone: JsonObject = {"id": response_id, "object": dialect.deleted_object, "deleted": True}
    if dialect.deleted_message is not None:
        gone = {"message": dialect.deleted_message}
    state = settled(asked.state, response, asked.now).without(response_id)
    return state, gone if dialect.delete_body else None


def cancel(asked: Asked, response_id: str) -> Transition:
    """Cancel. What a request's body says is ignored: unknown of the real service."""
    response = find(asked, response_id)
    body = response.at(asked.now)
    status = body.get("status")
    dialect = asked.state.dialect
    if not body.get("background"):
        raise no_cancelling(dialect.words, None, dialect.cancel_synchronous)
    if status in ("failed", "incomplete"):
        raise no_cancelling(dialect.words, status, 400)
    if status in ("completed", "cancelled"):
        refused = dialect.cancel_completed if status == "completed" else dialect.cancel_cancelled
        if refused != 200:
            raise no_cancelling(dialect.words, status, refused)
        return asked.state, body_shown(body, ())
    cancelled: JsonObject = {"status": "cancelled", "output": []}
    changes = (*(change for change in response.changes if change.at <= asked.now), Change(asked.now, cancelled))
    for quirk in asked.quirks:
        if isinstance(quirk, CancelUndone):
            changes += (_undoing(response, asked.now + quirk.seconds),)
    # Where its events end then is unknown: here they just end, as no event for it is known.
    streaming = None if response.streaming is None else replace(response.streaming, cut=asked.now)
    response = replace(response, changes=changes, streaming=streaming)
    if body.get("store") is False:
        until = kept_until(dialect, is_stored=False, now=asked.now, ended=asked.now)
        response = replace(response, kept_until=until)
    state = asked.state.having(response)
    return settled(state, response, asked.now), {**body, **cancelled}


def _undoing(response: StoredResponse, at: float) -> Change:
    """The change that completes a response although it was cancelled: as it would have, where that is known."""
    planned = response.changes[-1].fields if response.changes else {}
    fields = planned if planned.get("status") == "completed" else {"status": "completed"}
    return Change(at, {**fields, "completed_at": int(at)})


def list_input_items(asked: Asked, response_id: str) -> Transition:
    """One page of a response's input items."""
    response = find(asked, response_id)
    return asked.state, page(response.input_items, response.positions, asked.request.query, asked.state.dialect)


def _flag(asked: Asked, name: str) -> bool:
    """A parameter of the query that is true or false. Any other value is refused; unknown of the real service."""
    for found, value in asked.request.query:
        if found == name:
            if value not in ("true", "false"):
                raise wrong_type(name, "a boolean", "a string")
            return value == "true"
    return False


def _number(asked: Asked, name: str) -> int | None:
    """A parameter of the query that is an integer from 0 on."""
    text = dict(asked.request.query).get(name)
    if text is None:
        return None
    if not (text.isascii() and text.removeprefix("-").isdigit()):
        raise wrong_type(name, "an integer", "a string")
    digits = text.lstrip("-0")
    if text.startswith("-") and digits:
        raise below_minimum(name, 0, text)
    # A number of more digits than any count of events has is as good as the largest of them.
    return int(digits or "0") if len(digits) <= _DIGITS else 10**_DIGITS
