"""A seeded bug in two deletions at once: each branch of a conversation, and what they share by whoever is the last."""

from __future__ import annotations

from typing import Any

from flawed import Flawed, Outcome, holding, is_not_found
from msgspec import Struct
from returns.result import Failure, Result

from puresponse import (
    DeletedResponse,
    Done,
    Error,
    HttpRequest,
    Operation,
    Response,
    State,
    delete_response,
    fail,
    gather,
    retrieve_response,
    stored,
    succeed,
)


class Gone(Struct, frozen=True):
    """Receives a deletion. What was gone already is as well."""

    def __call__(self, result: Result[DeletedResponse, Error]) -> Operation[str]:
        return Done(result) if isinstance(result, Failure) and not is_not_found(result) else succeed("gone")


class AskForOther(Struct, frozen=True):
    """Goes on, once a branch is deleted, to ask whether the `other` branch of `shared` is still there."""

    other: str
    shared: str

    def __call__(self, gone: str) -> Operation[str]:
        return retrieve_response(self.other).then(DeleteShared(self.shared))


class DeleteShared(Struct, frozen=True):
    """Deletes what two branches share, where the other one is gone; else that is left to the other one."""

    shared: str

    def __call__(self, other: Result[Response, Error]) -> Operation[str]:
        if is_not_found(other):
            return delete_response(self.shared).then(Gone())
        return fail(other.failure()) if isinstance(other, Failure) else succeed("left to the other")


class DeleteAfterAsking(Struct, frozen=True):
    """Deletes a branch, and what it shares where the other one is gone; that was asked before."""

    own: str
    shared: str

    def __call__(self, other: Result[Response, Error]) -> Operation[str]:
        if isinstance(other, Failure) and not is_not_found(other):
            return fail(other.failure())
        deletion = delete_response(self.own).then(Gone())
        return deletion.bind(ThenShared(self.shared)) if isinstance(other, Failure) else deletion


class ThenShared(Struct, frozen=True):
    """Goes on to delete what was shared."""

    shared: str

    def __call__(self, gone: str) -> Operation[str]:
        return delete_response(self.shared).then(Gone())


def branch_deleted(own: str, other: str) -> Operation[str]:
    return delete_response(own).then(Gone()).bind(AskForOther(other, "resp_1"))


def branch_deleted_after_asking(own: str, other: str) -> Operation[str]:
    """Ask first, so that nothing is deleted where that fails."""
    return retrieve_response(other).then(DeleteAfterAsking(own, "resp_1"))


def branches() -> State:
    state = holding(["resp_1"])
    for branch in ("resp_2", "resp_3"):
        state = state.having(stored({"id": branch, "previous_response_id": "resp_1"}))
    return state


def left_by_both(
    result: Outcome, emitted: tuple[Any, ...], requests: tuple[HttpRequest, ...], state: State, seconds: float
) -> str | None:
    if isinstance(result, Failure) or "resp_1" not in state.responses:
        return None
    return "both branches are deleted, each has left resp_1 to the other, and nobody deletes it"


LEFT_TO_THE_OTHER = Flawed(
    name="two deletions that leave it to each other",
    program=gather(branch_deleted_after_asking("resp_2", "resp_3"), branch_deleted_after_asking("resp_3", "resp_2")),
    correct=gather(branch_deleted("resp_2", "resp_3"), branch_deleted("resp_3", "resp_2")),
    service=branches(),
    claim="When both branches of a conversation were deleted, so was what they share.",
    broken=left_by_both,
)

FRAMES = (Gone, AskForOther, DeleteShared, DeleteAfterAsking, ThenShared)
