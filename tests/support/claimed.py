"""Programs that are right and wrong, for claims to be made of, and a search that says why one does not hold."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from puresponse.codecs import DeletedResponse
from puresponse.core import (
    Error,
    HttpRequest,
    NotSent,
    Operation,
    WaitPolicy,
    create_response,
    delete_response,
    delete_response_chain,
    gather_all,
    retrieve_response,
    retrying,
    stream_response,
    within,
)
from puresponse.transports import (
    Change,
    Claim,
    Delay,
    Refused,
    Reset,
    ServerError,
    State,
    explore,
    stored,
)
from puresponse.transports.memory.faults import Unsent
from puresponse.transports.testing.exploration.alternatives import AnyFault
from puresponse.transports.testing.lives.lives import Kind, LifeStep
from puresponse.transports.testing.lives.passing_time import NOW

CHAIN = (
    State()
    .having(stored({"id": "resp_a"}))
    .having(stored({"id": "resp_b", "previous_response_id": "resp_a"}))
    .having(
        stored(
            {"id": "resp_r", "status": "in_progress", "background": True},
            changes=[Change(NOW + 7.0, {"status": "completed"})],
        )
    )
)
LOST, REFUSED = Reset(acted=True), Refused(403, "A refusal.")
FEW: tuple[AnyFault, ...] = (Unsent(), Reset(), LOST, ServerError(500, acted=True), REFUSED)
DELETION = delete_response("resp_a")
CREATION = create_response(model="gpt-5-mini", input="Hello.")
STREAMED = stream_response(model="gpt-5-mini", input="Hi", background=True)
TOLD = DeletedResponse(id="resp_a", deleted=True)
QUICK = WaitPolicy(deadline=20.0, max_delay=10.0, last_poll=3.0)
SLOW: tuple[AnyFault, ...] = (Delay(20.0), Unsent(), ServerError(503))


def why_not(
    claim: Claim,
    program: Any,
    *,
    faults: int = 1,
    kinds: Sequence[AnyFault] = FEW,
    state: State = CHAIN,
    dies: bool = False,
) -> str | None:
    """Why the claim does not hold of a program; None where it does."""
    found = explore(program, state, faults=faults, kinds=kinds, claims=(claim,), dies=dies, names=NAMES)
    assert found.limit is None
    return found.violations[0].why if found.violations else None


class OnceMore(Struct, frozen=True, tag=True):
    """Carries out an operation once more where it fails."""

    operation: Operation[Any]

    def __call__(self, error: Error) -> Operation[Any]:
        return self.operation


class Instead(Struct, frozen=True, tag=True):
    """Goes on with an operation."""

    operation: Operation[Any]

    def __call__(self, value: Any) -> Operation[Any]:
        return self.operation


class Forgetful(Struct, frozen=True, tag=True):
    """Deletes once more where that failed, and forgets that it did."""

    def __call__(self, error: Error) -> Operation[DeletedResponse]:
        return delete_response("resp_a")


class Pessimist(Struct, frozen=True, tag=True):
    """Takes any failure for one to send."""

    def __call__(self, error: Error) -> Error:
        return NotSent("refused", str(error))


class PollForEver(Struct, frozen=True, tag=True):
    """Asks again and again, whatever is answered."""

    def __call__(self, answer: Any) -> Operation[Any]:
        return retrieve_response("resp_a").then(self)


DELETIONS: dict[str, Any] = {
    "a deletion": DELETION,
    "one that is repeated": retrying(DELETION),
    "a chain": retrying(delete_response_chain("resp_b")),
    "a chain, unrepeated": delete_response_chain("resp_b"),
    "two at once": gather_all(retrying(DELETION), retrying(delete_response("resp_b"))),
    "limited": within(retrying(DELETION), 10.0),
    "repeated within its limit": retrying(within(DELETION, 10.0)),
}


def asked(request: HttpRequest, *, answer: Any = None, branch: tuple[int, ...] = (), kind: Kind = "send") -> LifeStep:
    return LifeStep(kind=kind, request=request, branch=branch, answer=answer, acted=True, before=CHAIN, after=CHAIN)


class _Unlooked:
    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"{name} was looked at")


UNLOOKED: Any = _Unlooked()
"""A moment that nobody looks at."""


NAMES = {frame.__name__: frame for frame in (OnceMore, Instead, Forgetful, Pessimist, PollForEver)}
"""What checkpoints call the frames: with them it is explored that the process dies, too."""
