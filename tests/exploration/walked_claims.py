"""What is claimed of single recipes in our walks, where others act on the same responses."""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from returns.result import Success

from puresponse import Answer, Response, WaitPolicy, has_ended
from puresponse.codecs import ResponseAudit
from puresponse.transports.testing.exploration.claims import Broken, Claim, Moment, finally_
from puresponse.transports.testing.exploration.lives import LifeStep


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
        return None if listed == kept else Broken(f"the audit lists {listed}, and the service has {kept}")


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
