"""Seeded bugs in programs that delete many responses: the order, the ledger, and the batches."""

from __future__ import annotations

from typing import Any

from flawed import Flawed, Outcome, holding, is_not_found
from msgspec import Struct, structs
from returns.result import Failure, Result

from puresponse import (
    END,
    DeletedResponse,
    Emit,
    Error,
    HttpRequest,
    Operation,
    Perform,
    Response,
    State,
    Stream,
    break_off,
    delete_response,
    gather_all,
    retrieve_response,
    stored,
    succeed,
)

# --- a chain --------------------------------------------------------------------------------------


class DeleteChain(Struct, frozen=True):
    """Deletes the responses `ids`, newest first, from the oldest on; receives the deletion of the one in `deleting`."""

    ids: tuple[str, ...] = ()
    deleting: str = ""

    def begun(self, ids: tuple[str, ...]) -> Stream[str]:
        if not ids:
            return END
        return Perform(delete_response(ids[-1]), structs.replace(self, ids=ids[:-1], deleting=ids[-1]))

    def __call__(self, result: Result[DeletedResponse, Error]) -> Stream[str]:
        if not isinstance(result, Failure):
            return Emit((self.deleting,), self.begun(self.ids))
        return self.begun(self.ids) if is_not_found(result) else break_off(result.failure())


class DeleteChainNewestFirst(DeleteChain, frozen=True):
    """The same, in the order in which the chain was followed."""

    def begun(self, ids: tuple[str, ...]) -> Stream[str]:
        if not ids:
            return END
        return Perform(delete_response(ids[0]), structs.replace(self, ids=ids[1:], deleting=ids[0]))


class FollowChain(Struct, frozen=True):
    """Receives the last of the responses `ids`, newest first: follows it to the one before, or begins the deletion."""

    ids: tuple[str, ...]
    deletion: DeleteChain

    def __call__(self, result: Result[Response, Error]) -> Stream[str]:
        if isinstance(result, Failure):
            ancestors_end = len(self.ids) > 1 and is_not_found(result)
            return self.deletion.begun(self.ids[:-1]) if ancestors_end else break_off(result.failure())
        previous = result.unwrap().previous_response_id
        if not previous:
            return self.deletion.begun(self.ids)
        return Perform(retrieve_response(previous), structs.replace(self, ids=(*self.ids, previous)))


def chain_deleted(deletion: DeleteChain) -> Stream[str]:
    return Perform(retrieve_response("resp_3"), FollowChain(("resp_3",), deletion))


def chain() -> State:
    state = holding(["resp_1"])
    for older, newer in (("resp_1", "resp_2"), ("resp_2", "resp_3")):
        state = state.having(stored({"id": newer, "previous_response_id": older}))
    return state


def out_of_reach(
    result: Outcome, emitted: tuple[Any, ...], requests: tuple[HttpRequest, ...], state: State, seconds: float
) -> str | None:
    left = ", ".join(state.responses)
    if not left or "resp_3" in state.responses:
        return None
    return f"resp_3, by which the chain is found, is gone, and {left} is left: the same call again deletes nothing"


# --- a batch with a ledger ------------------------------------------------------------------------


class LedgerRun(Struct, frozen=True):
    """A run of a batch by its ledger: what is `marked` there is not done again. What is emitted is written to it.

    A failure ends the run, as an exception that nobody catches would; there are so many `runs`, night by night.
    """

    keys: tuple[str, ...]
    marked: tuple[str, ...] = ()
    runs: int = 2

    def begun(self) -> Stream[str]:
        key = next((key for key in self.keys if key not in self.marked), None)
        return END if key is None else self.carried_out(key)

    def carried_out(self, key: str) -> Stream[str]:
        return Perform(delete_response(key), Acted(self, key))

    def acted(self, key: str) -> Stream[str]:
        return Emit((key,), self.having(key).begun())

    def having(self, key: str) -> LedgerRun:
        return structs.replace(self, marked=(*self.marked, key))


class LedgerRunThatMarksFirst(LedgerRun, frozen=True):
    """The same, so that no key is ever carried out twice: it is marked before the request is sent."""

    def carried_out(self, key: str) -> Stream[str]:
        return Emit((key,), Perform(delete_response(key), Acted(self.having(key), key)))

    def acted(self, key: str) -> Stream[str]:
        return self.begun()


class Acted(Struct, frozen=True):
    """Receives what became of a key of a run."""

    run: LedgerRun
    key: str

    def __call__(self, result: Result[DeletedResponse, Error]) -> Stream[str]:
        if not isinstance(result, Failure) or is_not_found(result):
            return self.run.acted(self.key)
        next_runs = self.run.runs - 1
        return structs.replace(self.run, runs=next_runs).begun() if next_runs else break_off(result.failure())


def marked_and_there(
    result: Outcome, emitted: tuple[Any, ...], requests: tuple[HttpRequest, ...], state: State, seconds: float
) -> str | None:
    lies = [key for key in emitted if key in state.responses]
    return f"the ledger says that {', '.join(lies)} was deleted, and it is there" if lies else None


# --- a nightly clean-up ---------------------------------------------------------------------------


class CleanUp(Struct, frozen=True):
    """Deletes `batches` of responses, and what is `left` of them once more at the end; returns what is left then."""

    batches: tuple[tuple[str, ...], ...]
    left: tuple[str, ...] = ()
    once_more: bool = False

    def begun(self) -> Operation[tuple[str, ...]]:
        if self.batches:
            return gather_all(*map(delete_response, self.batches[0])).bind(self)
        if self.left and not self.once_more:
            return structs.replace(self, batches=(self.left,), left=(), once_more=True).begun()
        return succeed(self.left)

    def __call__(self, results: tuple[Result[DeletedResponse, Error], ...]) -> Operation[tuple[str, ...]]:
        asked = zip(self.batches[0], results, strict=True)
        failed = tuple([key for key, result in asked if isinstance(result, Failure) and not is_not_found(result)])
        return structs.replace(self, batches=self.batches[1:], left=self.all_left(failed)).begun()

    def all_left(self, failed: tuple[str, ...]) -> tuple[str, ...]:
        return self.left + failed


class CleanUpOfTheLastFailures(CleanUp, frozen=True):
    """The same, but the failures of a batch take the place of those of the batches before, and do not join them."""

    def all_left(self, failed: tuple[str, ...]) -> tuple[str, ...]:
        return failed or self.left


def left_and_not_told(
    result: Outcome, emitted: tuple[Any, ...], requests: tuple[HttpRequest, ...], state: State, seconds: float
) -> str | None:
    told: tuple[str, ...] = () if isinstance(result, Failure) else result.unwrap()
    untold = [key for key in state.responses if key not in told]
    if isinstance(result, Failure) or not untold:
        return None
    return f"the clean-up says that {', '.join(told) or 'nothing'} is left, and {', '.join(untold)} is there"


KEYS = ("resp_1", "resp_2", "resp_3")

CHAIN_NEWEST_FIRST = Flawed(
    name="a chain deleted newest first",
    program=chain_deleted(DeleteChainNewestFirst()),
    correct=chain_deleted(DeleteChain()),
    service=chain(),
    claim="When the deletion of a chain breaks off, the same call again deletes the rest.",
    broken=out_of_reach,
)

MARKED_BEFORE_DONE = Flawed(
    name="a ledger that marks before it acts",
    program=LedgerRunThatMarksFirst(KEYS).begun(),
    correct=LedgerRun(KEYS).begun(),
    service=holding(KEYS),
    claim="What the ledger says was deleted is gone.",
    broken=marked_and_there,
)

FAILURES_REPLACED = Flawed(
    name="a clean-up that replaces its failures",
    program=CleanUpOfTheLastFailures((("resp_1", "resp_2"), ("resp_3", "resp_4"))).begun(),
    correct=CleanUp((("resp_1", "resp_2"), ("resp_3", "resp_4"))).begun(),
    service=holding((*KEYS, "resp_4")),
    claim="What the clean-up does not say is left is gone.",
    broken=left_and_not_told,
)

FRAMES = (
    DeleteChain,
    DeleteChainNewestFirst,
    FollowChain,
    LedgerRun,
    LedgerRunThatMarksFirst,
    Acted,
    CleanUp,
    CleanUpOfTheLastFailures,
)
