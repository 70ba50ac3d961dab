"""How much may still be asked, by what an answer said and by what was asked since: a value, without a clock.

Law: what is used comes back steadily, at the speed at which the answer says that all of it will be there again. So it
is for a service that counts by a bucket, as OpenAI's documentation describes. One that counts by windows gives it back
at once, at their ends; there the next answer says how much there is.
"""

from __future__ import annotations

from msgspec import Struct, structs

from .rate_headers import Allowance

_SHARE = 0.25
"""How much the last request counts in what a request is expected to use."""


class Budget(Struct, frozen=True):
    """What was allowed `at` a time, what was `asked` since, and what one request is expected to use (`cost`)."""

    allowed: Allowance
    at: float
    asked: float = 0.0
    cost: float = 1.0

    def ready_at(self) -> float:
        """When there is enough for one request more."""
        limit, reset = self.allowed.limit, self.allowed.reset
        missing = self.cost * (1 + self.asked) - self.allowed.remaining
        if missing <= 0 or reset is None:
            return self.at
        used = 0.0 if limit is None else limit - self.allowed.remaining
        return self.at + (missing * reset / used if used > 0 else reset)

    def spent(self) -> Budget:
        """The same after one request more."""
        return Budget(self.allowed, self.at, self.asked + 1, self.cost)


def renewed(
    before: Budget | None, allowed: Allowance | None, now: float, under_way: int, *, costs: bool
) -> Budget | None:
    """The budget by what an answer says; by that `before` where it says nothing.

    `under_way` requests are not answered yet, and are not counted by the service for certain. `costs` is for what a
    request uses more than one of: how much, is learned.
    """
    if allowed is None:
        return before
    cost = 1.0
    if costs and before is not None:
        cost = before.cost
        used = before.allowed.remaining - allowed.remaining
        if used > 0:
            cost = used if cost == 1.0 else cost + _SHARE * (used - cost)
        if allowed.limit is not None:
            cost = max(1.0, min(cost, allowed.limit))
    return Budget(allowed, now, float(under_way), cost)


def unspent(budget: Budget | None) -> Budget | None:
    """The same after a request that was not sent after all."""
    return None if budget is None else structs.replace(budget, asked=max(0.0, budget.asked - 1))
