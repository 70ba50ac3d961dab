"""Misbehaviour as data: which requests meet which faults, for a service that is to be unkind on purpose.

Law: a plan is a value, and what it does a function of its seed and of the requests, in their order: the same in every
run. It encodes as JSON.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from hashlib import blake2b
from typing import Literal, TypeAlias

from msgspec import Struct

from ...codecs.lossless.plain import JsonObject
from ...core.errors import NotSentKind
from ...core.http import HttpRequest, Pairs
from .request_input import input_of
from .scripts.model_input import ModelInput
from .scripts.schema import as_struct, loaded
from .scripts.when import When
from .service import CancelUndone, LateConsistency, State


class Delay(Struct, frozen=True, tag_field="fault", tag=True, omit_defaults=True, forbid_unknown_fields=True):
    """The answer is due so many `seconds` later."""

    seconds: float


class RateLimited(Struct, frozen=True, tag_field="fault", tag=True, omit_defaults=True, forbid_unknown_fields=True):
    """A 429 with its headers: too many requests or tokens a minute.

    `kind` says of which: `requests` or `tokens`. `retry_after` is the hint, in seconds, 0 or more.
    """

    retry_after: float = 1.0
    kind: Literal["requests", "tokens"] = "requests"


class QuotaUsedUp(Struct, frozen=True, tag_field="fault", tag=True, omit_defaults=True, forbid_unknown_fields=True):
    """A 429 that no retry helps against."""


class ServerError(Struct, frozen=True, tag_field="fault", tag=True, omit_defaults=True, forbid_unknown_fields=True):
    """An answer whose `status` is a number from 500 to 599, or 408, with further `headers`.

    `acted` says that the service did what it was asked before it failed.
    """

    status: int = 500
    acted: bool = False
    headers: Pairs = ()


class Refused(Struct, frozen=True, tag_field="fault", tag=True, omit_defaults=True, forbid_unknown_fields=True):
    """A refusal of any `status`, in any words: `message`, `type`, `param` and `code` of the error, and `headers`."""

    status: int
    message: str = "Refused by a fault plan."
    type: str = "invalid_request_error"
    param: str | None = None
    code: str | None = None
    headers: Pairs = ()


class Reset(Struct, frozen=True, tag_field="fault", tag=True, omit_defaults=True, forbid_unknown_fields=True):
    """No answer: the connection is reset. `acted` says that the service did what it was asked before."""

    acted: bool = False


class Unsent(Struct, frozen=True, tag_field="fault", tag=True, omit_defaults=True, forbid_unknown_fields=True):
    """No answer: the request was never sent, for a reason of this `kind`, one of those of `NotSent`.

    To a client on the network it is a connection that is reset.
    """

    kind: NotSentKind = "refused"


class Truncated(Struct, frozen=True, tag_field="fault", tag=True, omit_defaults=True, forbid_unknown_fields=True):
    """The body breaks off after so many `bytes`, 0 or more, or one before its end where it has fewer."""

    bytes: int = 10


class Garbage(Struct, frozen=True, tag_field="fault", tag=True, omit_defaults=True, forbid_unknown_fields=True):
    """The service acts, but the answer is `body`, with this `content_type`: that of a proxy, say.

    `status` is its status, from 200 to 599.
    """

    body: bytes = b"<html><body><h1>It works!</h1></body></html>"
    status: int = 200
    content_type: str = "text/html"


class SlowStream(Struct, frozen=True, tag_field="fault", tag=True, omit_defaults=True, forbid_unknown_fields=True):
    """Each event of a stream is due so many `seconds` later than it would be after the one before."""

    seconds: float


class CutStream(Struct, frozen=True, tag_field="fault", tag=True, omit_defaults=True, forbid_unknown_fields=True):
    """A stream breaks off after so many `events`, 0 or more: in the middle of the next one, unless not `inside` it."""

    events: int = 3
    inside: bool = True


Fault: TypeAlias = (
    Delay
    | RateLimited
    | QuotaUsedUp
    | ServerError
    | Refused
    | Reset
    | Unsent
    | Truncated
    | Garbage
    | SlowStream
    | CutStream
    | LateConsistency
    | CancelUndone
)
"""What may go wrong with a request."""


class Rule(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """`fault` meets the requests that all of this holds for.

    - `method`: it is this one; None for any.
    - `path`: it is like this pattern, in which `*` matches any text: `/responses/*/cancel`.
    - `numbers`: it is one of these, counted from 1 over all requests; empty for any.
    - `chance`: it is hit by this chance, from 0 to 1.
    - `skip`: how many of those, the first, are spared, 0 or more.
    - `times`: how many are hit behind these, 0 or more; None for all.
    - `when`: what is asked of the model. For a request that asks no model only conditions of headers hold.

    Raises `ValueError` for what no request can be.
    """

    fault: Fault
    method: str | None = None
    path: str = "*"
    numbers: tuple[int, ...] = ()
    chance: float = 1.0
    skip: int = 0
    times: int | None = None
    when: When | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.chance <= 1:
            raise ValueError(f"chance: must be from 0 to 1, got {self.chance!r}")
        if any(number < 1 for number in self.numbers):
            raise ValueError(f"numbers: requests are counted from 1, got {self.numbers!r}")
        if self.skip < 0:
            raise ValueError(f"skip: must be 0 or more, got {self.skip!r}")
        if self.times is not None and self.times < 0:
            raise ValueError(f"times: must be 0 or more, got {self.times!r}")


_NOTHING = State()


class FaultPlan(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The `rules` that requests are held to, all of them, and the `seed` of their chances, any whole number.

    >>> plan = FaultPlan((Rule(ServerError(503), method="POST", times=2),))
    >>> counts, faults = plan.met((), 1, HttpRequest("POST", "/responses"))
    >>> faults
    (ServerError(status=503, acted=False, headers=()),)
    """

    rules: tuple[Rule, ...] = ()
    seed: int = 0

    def met(
        self, counts: tuple[int, ...], number: int, request: HttpRequest, state: State = _NOTHING, now: float = 0.0
    ) -> tuple[tuple[int, ...], tuple[Fault, ...]]:
        """The faults that `request`, the one of this `number`, meets; and the next `counts`, which begin empty.

        `state` and `now` say what a request goes on from, for the conditions of rules.
        """
        hits = list(counts or (0,) * len(self.rules))
        faults: list[Fault] = []
        asked: ModelInput | None = None
        for index, rule in enumerate(self.rules):
            if rule.method not in (None, request.method) or not fnmatchcase(request.path, rule.path):
                continue
            if rule.numbers and number not in rule.numbers:
                continue
            if rule.when is not None:
                asked = asked or input_of(state, request, now)
                if rule.when.unmet(asked) is not None:
                    continue
            if rule.chance < 1 and self._drawn(index, number) >= rule.chance:
                continue
            hits[index] += 1
            if hits[index] > rule.skip and (rule.times is None or hits[index] <= rule.skip + rule.times):
                faults.append(rule.fault)
        return tuple(hits), tuple(faults)

    def _drawn(self, index: int, number: int) -> float:
        """A number from 0 to 1, the same whenever this is asked."""
        digest = blake2b(f"{self.seed}:{index}:{number}".encode(), digest_size=7).digest()
        return int.from_bytes(digest) / 256**7


def load_faults(data: bytes | str) -> FaultPlan:
    """Read a plan out of its JSON (`data`), as `docs/service/scripts.md` has it.

    Raises `ValueError`, which says the place, what was given and what is allowed.

    >>> load_faults('{"rules": [{"fault": {"fault": "ServerError", "status": 503}, "times": 1}]}').rules[0].fault
    ServerError(status=503, acted=False, headers=())
    """
    return loaded(data, "FaultPlan", _plan)


def _plan(given: JsonObject) -> FaultPlan:
    rules = [{**rule, "fault": _in_full(rule["fault"])} for rule in given.get("rules", ())]
    return as_struct({"rules": rules, "seed": given.get("seed", 0)}, FaultPlan)


def _in_full(fault: str | JsonObject) -> JsonObject:
    return {"fault": fault} if isinstance(fault, str) else fault
