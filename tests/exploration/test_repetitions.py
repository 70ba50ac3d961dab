"""What is claimed of requests that are sent again."""

from collections.abc import Iterable
from typing import Any

import pytest
from claimed import CREATION, DELETION, LOST, UNLOOKED, Instead, OnceMore, asked, why_not
from msgspec import Struct, structs
from returns.result import Failure

from puresponse.core import (
    Answer,
    Done,
    HttpRequest,
    Interrupted,
    Operation,
    RetryPolicy,
    Send,
    create_conversation,
    create_response,
    gather,
    retrying,
)
from puresponse.transports import (
    Broken,
    Claim,
    Garbage,
    State,
    may_have_acted_is_true,
    never_twice,
    nothing_unsafe_twice,
)
from puresponse.transports.testing.exploration.alternatives import CLOSED, OPEN
from puresponse.transports.testing.lives.lives import LifeStep


class Again(Struct, frozen=True, tag=True):
    """Sends a request once more where it failed, whatever the failure was."""

    request: HttpRequest

    def __call__(self, answer: Answer) -> Operation[Any]:
        failed = isinstance(answer, Failure) or not answer.unwrap().is_success
        return Send(self.request, AsAnswered()) if failed else Done(answer)


class AsAnswered(Struct, frozen=True, tag=True):
    """Returns an answer."""

    def __call__(self, answer: Answer) -> Operation[Any]:
        return Done(answer)


def request_of(operation: Operation[Any]) -> HttpRequest:
    assert isinstance(operation, Send)
    return operation.request


def test_a_retry_that_repeats_a_creation_is_found() -> None:
    request = request_of(CREATION)
    for fault in (*OPEN, Garbage()):
        why = why_not(nothing_unsafe_twice(), CREATION.lash(OnceMore(CREATION)), kinds=(fault,))
        assert why == "POST /responses was sent again, and may have been acted on before", fault
    assert why_not(nothing_unsafe_twice(), Send(request, Again(request)), kinds=(LOST,)) is not None
    policy = RetryPolicy(max_retries=1, repeat_unsafe=True)
    assert why_not(nothing_unsafe_twice(), retrying(CREATION, policy), kinds=(LOST,)) is not None


def test_what_was_not_acted_on_may_be_sent_again() -> None:
    request = request_of(CREATION)
    assert why_not(nothing_unsafe_twice(), Send(request, Again(request)), kinds=CLOSED, faults=2) is None
    assert why_not(never_twice(), retrying(DELETION), kinds=CLOSED, faults=2) is None


@pytest.mark.parametrize("creation", [CREATION, create_conversation()])
def test_the_library_repeats_nothing_unsafe(creation: Operation[Any]) -> None:
    assert why_not(nothing_unsafe_twice(), retrying(creation), kinds=CLOSED + OPEN, faults=2, dies=True) is None


def test_what_is_idempotent_is_not_unsafe() -> None:
    keyed = create_response(model="gpt-5-mini", input="Hello.", extra_headers={"Idempotency-Key": "key"})
    assert why_not(nothing_unsafe_twice(), keyed.lash(OnceMore(keyed)), kinds=(LOST,)) is None
    assert why_not(nothing_unsafe_twice(), retrying(DELETION), kinds=(LOST,)) is None
    assert why_not(never_twice("POST"), keyed.lash(OnceMore(keyed)), kinds=(LOST,)) is not None


def test_a_creation_in_the_midst_of_which_the_process_died_is_not_repeated() -> None:
    assert why_not(nothing_unsafe_twice(), retrying(CREATION), kinds=(), dies=True) is None
    assert why_not(never_twice("DELETE"), DELETION, kinds=(), dies=True) is not None  # that is repeated, and may be


def test_never_twice_is_claimed_of_the_requests_that_it_names() -> None:
    program = retrying(DELETION)

    def is_of_b(request: HttpRequest) -> bool:
        return request.path.endswith("_b")

    for holds in (never_twice("GET"), never_twice("DELETE", "/responses/*/cancel"), never_twice(where=is_of_b)):
        assert why_not(holds, program, kinds=(LOST,)) is None
    for broken in (
        never_twice(),
        never_twice("DELETE"),
        never_twice("DELETE", "/responses/*"),
        never_twice(path="/responses/resp_a", where=lambda request: request.idempotent),
    ):
        assert why_not(broken, program, kinds=(LOST,)) is not None


def test_never_twice_says_what_it_is_about() -> None:
    assert never_twice().name == "never twice: any request *"
    assert never_twice("POST", "/responses").name == "never twice: POST /responses"
    assert never_twice(where=request_is_long).name == "never twice: any request * (request is long)"
    assert never_twice(name="once").name == "once"


def request_is_long(request: HttpRequest) -> bool:
    return len(request.body or b"") > 1_000


@pytest.mark.parametrize(
    ("given", "parameter"), [((b"POST",), "method"), (("POST", None), "path"), ((HttpRequest("GET", "/"),), "method")]
)
def test_what_names_no_requests_is_refused_by_name(given: tuple[Any, ...], parameter: str) -> None:
    with pytest.raises(TypeError, match=f"^never_twice: {parameter} must be "):
        never_twice(*given)
    predicate: Any = "POST"
    with pytest.raises(TypeError, match=r"^never_twice: where must be a function of a request, or None, got 'POST'$"):
        never_twice(where=predicate)


def test_branches_of_a_fork_may_ask_for_the_same() -> None:
    assert why_not(nothing_unsafe_twice(), gather(CREATION, CREATION), faults=0) is None
    assert why_not(nothing_unsafe_twice(), CREATION.bind(Instead(CREATION)), faults=0) is not None


def remembered(claim: Claim, steps: Iterable[LifeStep]) -> Any:
    memory = claim.begin()
    for step in steps:
        memory = claim.after(memory, step, UNLOOKED)
        assert not isinstance(memory, Broken)
    return memory


@pytest.mark.parametrize("claim", [never_twice(), may_have_acted_is_true()])
def test_it_is_remembered_alike_in_whichever_order_branches_have_asked(claim: Claim) -> None:
    lost: Any = Failure(Interrupted("reset", "lost"))
    left = [
        structs.replace(asked(HttpRequest("POST", path), branch=(0,), answer=lost), after=State())
        for path in ("/x", "/y")
    ]
    right = structs.replace(asked(HttpRequest("POST", "/x"), branch=(1,), answer=lost), after=State())
    orders = [[*left, right], [right, *left], [left[0], right, left[1]]]
    first, *others = [remembered(claim, order) for order in orders]
    assert first
    assert others == [first, first]


def test_what_is_asked_for_in_other_words_is_not_sent_again() -> None:
    other = create_response(model="gpt-5-mini", input="Hello again.")
    assert why_not(nothing_unsafe_twice(), CREATION.bind(Instead(other)), faults=0) is None


def test_what_only_reads_is_not_unsafe() -> None:
    reading = Send(HttpRequest("GET", "/models"), AsAnswered())
    assert why_not(nothing_unsafe_twice(), reading.bind(Instead(reading)), faults=0) is None
    assert why_not(never_twice("GET"), reading.bind(Instead(reading)), faults=0) is not None
