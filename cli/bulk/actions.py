"""What the commands do with a response, made of the library's operations, and what comes of that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Raw, Struct, structs
from returns.result import Result

from ...codecs import DeletedResponse, Kept, Response, encode
from ...core import (
    ApiError,
    ErasureReceipt,
    Error,
    Operation,
    RetryPolicy,
    delete_response,
    erase_response,
    fail,
    retrieve_response,
    retrying,
    succeed,
)
from ...core.programs.cancellation import cancel_or_find_ended, has_ended
from ...core.results import is_failure
from ..tables import Column, View, response_cells
from .outcomes import Outcome, failure, is_absence
from .spoken import spoken
from .telling import error_fields

AFTER_INTERRUPTION = "after_interruption"
"""The fact of a deletion that was cut off, and then found to have been done."""

CHAIN = "chain"
"""The fact of a deletion with which all before it were deleted: their ids."""

RECEIPT = "receipt"
"""The fact of a deletion that was proven."""


# --- deleting ------------------------------------------------------------------------------------


def deletion(response_id: str, policy: RetryPolicy) -> Operation[DeletedResponse]:
    """Delete a response, also where an attempt that was cut off had done so already."""
    return retrying(delete_response(response_id), policy).lash(Gone(response_id))


class Gone(Struct, frozen=True, tag=True):
    """Takes a 404 after an interrupted attempt for what it is: the response is gone, as was asked.

    The acknowledgement that the interruption swallowed is made up; `after_interruption` in it says so.
    """

    response_id: str

    def __call__(self, error: Error) -> Operation[DeletedResponse]:
        match error:
            case ApiError(status=404, after_interruption=True, no_such_route=False):
                gone = DeletedResponse(id=self.response_id, deleted=True)
                return succeed(structs.replace(gone, unknown_fields=Kept({AFTER_INTERRUPTION: True})))
            case _:
                return fail(error)


class Deleted(Struct, frozen=True):
    """The outcomes of deletions."""

    missing_ok: bool = False

    def __call__(self, response_id: str, result: Result[Any, Error]) -> Outcome:
        if is_failure(result):
            return failure(response_id, result.failure(), missing_ok=self.missing_ok)
        kept: Mapping[str, Any] = result.unwrap().unknown_fields or {}
        facts = {name: kept[name] for name in (AFTER_INTERRUPTION, CHAIN) if name in kept}
        return Outcome(id=response_id, word="deleted", facts=facts)


def erasure(response_id: str, policy: RetryPolicy) -> Operation[ErasureReceipt]:
    """Delete a response, and ask for it then: the service's own 404 is the proof."""
    return retrying(erase_response(response_id), policy)


class Erased(Struct, frozen=True):
    """The outcomes of erasures: with what the server acknowledged, and its 404 afterwards, as `receipt`."""

    missing_ok: bool = False

    def __call__(self, response_id: str, result: Result[Any, Error]) -> Outcome:
        if is_failure(result):
            error = result.failure()
            if is_absence(error) and isinstance(error, ApiError) and error.after_interruption:
                facts = {AFTER_INTERRUPTION: True, RECEIPT: {"acknowledged": None, "absence": error_fields(error)}}
                return Outcome(id=response_id, word="deleted", facts=facts)
            return failure(response_id, error, missing_ok=self.missing_ok)
        found: ErasureReceipt = result.unwrap()
        receipt = {"acknowledged": Raw(encode(found.deleted)), "absence": error_fields(found.absence)}
        return Outcome(id=response_id, word="deleted", facts={RECEIPT: receipt})


def deleted_cells(outcome: Any) -> tuple[str, ...]:
    """Show the outcome of a deletion."""
    gone = outcome.facts.get(AFTER_INTERRUPTION) is True
    proven = ", and proven so" if RECEIPT in outcome.facts and not gone else ""
    return outcome.id, "gone after an interrupted attempt" if gone else f"{spoken(outcome.word)}{proven}"


DELETED_VIEW = View((Column("ID"), Column("RESULT", needed=True)), deleted_cells)


# --- cancelling ----------------------------------------------------------------------------------


def cancellation(response_id: str, policy: RetryPolicy) -> Operation[Response]:
    """Cancel a response; one that has ended already is returned as it is."""
    return retrying(cancel_or_find_ended(response_id, retrieve_response(response_id)), policy)


class Cancelled(Struct, frozen=True):
    """The outcomes of cancellations."""

    missing_ok: bool = False

    def __call__(self, response_id: str, result: Result[Any, Error]) -> Outcome:
        if is_failure(result):
            return failure(response_id, result.failure(), missing_ok=self.missing_ok)
        response = result.unwrap()
        word = "cancelled"
        if response.status != "cancelled":
            word = "already_terminal" if has_ended(response) else "cancelling"
        return _ended(response_id, word, response)


def _ended(response_id: str, word: str, response: Response) -> Outcome:
    facts = {"status": response.status, "response": response}
    return Outcome(id=response_id, word=word, value=response, facts=facts)


# --- waiting -------------------------------------------------------------------------------------


class Waited(Struct, frozen=True):
    """The outcomes of waits."""

    missing_ok: bool = False

    def __call__(self, response_id: str, result: Result[Any, Error]) -> Outcome:
        if is_failure(result):
            return failure(response_id, result.failure(), missing_ok=self.missing_ok)
        return _ended(response_id, "ended", result.unwrap())


def ended_cells(outcome: Any) -> tuple[str, ...]:
    """Show the outcome for a response that has ended."""
    if outcome.value is None:
        return outcome.id, spoken(outcome.word), "", "", ""
    _, status, _, created, model = response_cells(outcome.value)
    return outcome.id, spoken(outcome.word), status, created, model


ENDED_VIEW = View(
    (
        Column("ID"),
        Column("RESULT", 16, needed=True),
        Column("STATUS", 11, needed=True),
        Column("CREATED", 16),
        Column("MODEL"),
    ),
    ended_cells,
)


# --- auditing ------------------------------------------------------------------------------------


def audit_cells(audit: Any) -> tuple[str, ...]:
    """Show a `ResponseAudit`."""
    response_id, status, _, created, model = response_cells(audit.response)
    return response_id, status, str(len(audit.input_items)), created, model


AUDIT_VIEW = View(
    (Column("ID"), Column("STATUS", 11, needed=True), Column("ITEMS", 6), Column("CREATED", 16), Column("MODEL")),
    audit_cells,
)
