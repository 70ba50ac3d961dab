"""What is claimed of single recipes in our walks, where others act on the same responses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from returns.result import Failure, Success

from puresponse import Answer, Response, WaitPolicy, has_ended
from puresponse.codecs import ResponseAudit
from puresponse.transports import deleted_is_gone
from puresponse.transports.testing.exploration.claims import Broken, Claim, Moment, finally_
from puresponse.transports.testing.lives.lives import LifeStep
from puresponse.transports.testing.lives.passing_time import NOW


class Ended(Struct, frozen=True):
    """Whether a wait has returned a response that has ended, but for one that is cancelled at its deadline."""

    policy: WaitPolicy

    def __call__(self, moment: Moment) -> str | None:
        if not isinstance(moment.result, Success) or self.policy.at_deadline == "cancel":
            return None
        response: Response = moment.result.unwrap()
        return None if has_ended(response) else f"the wait has returned a response that is {response.status}"


def answered_ended(policy: WaitPolicy) -> Claim:
    """Claim that a wait returns what has ended."""
    return finally_(Ended(policy), name="what was waited for has ended")


class AboutIt(Struct, frozen=True):
    """Whether a failure says of no other response that it is about it."""

    response_id: str

    def __call__(self, moment: Moment) -> str | None:
        about = getattr(moment.result.failure(), "response_id", None) if isinstance(moment.result, Failure) else None
        return None if about in (None, self.response_id) else f"the error is about {about}, of which nobody has asked"


def about_it(response_id: str) -> Claim:
    """Claim that a program about one response fails for that one, or says of none."""
    return finally_(AboutIt(response_id), name="an error is about what was asked for")


class ReturnedAsItIs(Struct, frozen=True):
    """Claim that a response that is returned is as the service had it when it was asked last.

    It remembers what the last answer was about. Others may have changed it since.
    """

    name: str = "what is returned is what the service has"
    is_local: bool = True

    def begin(self) -> str | None:
        return None

    def after(self, memory: str | None, step: LifeStep, moment: Moment) -> str | None:
        if step.request is None or step.answer is None:
            return memory
        response = step.after.responses.get(step.request.path.split("/")[2])
        return None if response is None else str(response.at(NOW)["status"])

    def end(self, memory: str | None, step: LifeStep, moment: Moment) -> Broken | None:
        result = step.result
        if not isinstance(result, Success) or not isinstance(returned := result.unwrap(), Response):
            return None
        if returned.status == memory:
            return None
        return Broken(f"{returned.id} was returned as {returned.status}, and the service has it as {memory}")


class ItemsAreWhole(Struct, frozen=True):
    """Claim that a stream of input items that ends well has emitted all of them, newest first.

    A server that says no ids of items, and not whether there is more, has one page: nothing is there to go on after.
    """

    name: str = "all items were emitted, newest first"
    is_local: bool = True

    def begin(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return (), ()

    def after(self, memory: Any, step: LifeStep, moment: Moment) -> Any:
        emitted, kept = memory
        if step.request is not None:
            response = step.before.responses.get(step.request.path.split("/")[2])
            kept = kept if response is None else tuple([item["id"] for item in response.input_items])
        return (*emitted, *[getattr(item, "id", None) for item in step.emitted]), kept

    def end(self, memory: Any, step: LifeStep, moment: Moment) -> Broken | None:
        emitted, kept = memory
        if not isinstance(step.result, Success) or _are(emitted, kept[::-1]) or (emitted and emitted[-1] is None):
            return None
        return Broken(f"{emitted} was emitted, and the service has {kept}")


def _are(listed: Sequence[str | None], kept: Sequence[str]) -> bool:
    """Whether these are they; some servers say no ids of items, and then it is so many."""
    return len(listed) == len(kept) and all(item in (None, own) for item, own in zip(listed, kept, strict=True))


class AuditIsWhole(Struct, frozen=True):
    """Claim that an audit has all input items of the response, oldest first, as the service had them when it was asked.

    They never change, and another client can at most delete the response: then the audit fails.
    """

    name: str = "an audit has all items, in order"
    is_local: bool = True

    def begin(self) -> tuple[dict[str, Any], ...] | None:
        return None

    def after(self, memory: Any, step: LifeStep, moment: Moment) -> Any:
        if step.request is None or not step.request.path.endswith("/input_items"):
            return memory
        response = step.before.responses.get(step.request.path.split("/")[2])
        return memory if response is None else response.input_items

    def end(self, memory: Any, step: LifeStep, moment: Moment) -> Broken | None:
        if not isinstance(step.result, Success):
            return None
        audit: ResponseAudit = step.result.unwrap()
        listed = [getattr(item, "id", None) for item in audit.input_items]
        kept = [item["id"] for item in memory or ()]
        return None if _are(listed, kept) else Broken(f"the audit lists {listed}, and the service has {kept}")


class ChainIsDeletedFromItsEnd(Struct, frozen=True):
    """Claim that nothing of a chain is deleted while the response before it is there.

    What the service did not show when it was asked for counts as gone to the program, and ends the chain: it remembers
    of which ids the program was told that they are not there.
    """

    name: str = "a chain is deleted from its end"
    is_local: bool = True

    def begin(self) -> tuple[str, ...]:
        return ()

    def after(self, memory: tuple[str, ...], step: LifeStep, moment: Moment) -> tuple[str, ...] | Broken:
        request = step.request
        if request is None:
            return memory
        name = request.path.split("/")[2]
        answer: Answer | None = step.answer
        if isinstance(answer, Success) and answer.unwrap().status == 404:
            return (*memory, name)
        response = step.before.responses.get(name)
        if request.method != "DELETE" or response is None:
            return memory
        previous = response.body.get("previous_response_id")
        if previous in step.before.responses and previous not in memory:
            return Broken(f"{name} was to be deleted, and {previous}, which it goes back to, is there")
        return memory

    def end(self, memory: tuple[str, ...], step: LifeStep, moment: Moment) -> None:
        """Each deletion was judged."""


_DELETED_IS_GONE = deleted_is_gone()


class DeletedIsGoneOrHidden(Struct, frozen=True):
    """The claim of `deleted_is_gone`, but of what the service hid from its own deletion, after it had hidden from the
    caller what became of an earlier attempt.

    `delete_response_chain` takes a 404 after an interruption for a deletion that was done. Where the earlier attempt
    did nothing (the deletion of a response that is running may be refused), and the service then hides it for a while,
    no program can tell the two apart. It remembers whose deletion was interrupted, and what was hidden from it then.
    """

    name: str = "what is reported as deleted is gone, or hidden"
    is_local: bool = True

    def begin(self) -> tuple[frozenset[str], frozenset[str]]:
        return frozenset(), frozenset()

    def after(self, memory: Any, step: LifeStep, moment: Moment) -> Any:
        interrupted, hidden = memory
        if step.request is not None and step.request.method == "DELETE":
            name = step.request.path.split("/")[2]
            response = step.after.responses.get(name)
            answer: Answer | None = step.answer
            if not isinstance(answer, Success) or answer.unwrap().status >= 500:
                interrupted |= {name}
            elif name in interrupted and response is not None and not response.seen(moment.now):
                hidden |= {name}
        broken = _DELETED_IS_GONE.after(None, step, moment)
        if isinstance(broken, Broken) and broken.why.split()[0] not in hidden:
            return broken
        return interrupted, hidden

    def end(self, memory: Any, step: LifeStep, moment: Moment) -> None:
        """Each report was judged."""
