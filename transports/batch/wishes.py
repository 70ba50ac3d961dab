"""What the caller of a batch wants of it, and whether that makes sense."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from ...core.arguments import invalid_argument
from ...core.errors import Error, InvalidArgument
from ..clock import Clock
from ..drivers import check_concurrency
from .outcomes import OnStop, Order
from .progress import Progress
from .recorder import Recorder


class Wishes(Struct, frozen=True, kw_only=True):
    """What the caller of a batch wants of it, beside having it carried out."""

    concurrency: int
    clock: Clock
    observe: Any
    on_stop: OnStop
    unfinished: Callable[[Any], object] | None
    progress: Callable[[Progress], object] | None
    total: int | None
    max_failures: int | None
    stop_on: Callable[[Error], object] | None
    order: Order
    recorder: Recorder | None

    def invalid(self) -> InvalidArgument | None:
        """What makes no sense of it; None where all does."""
        invalid = check_concurrency(self.concurrency)
        if invalid is not None:
            return invalid
        given: Any = self
        if given.on_stop not in ("give_up", "finish"):
            return invalid_argument("on_stop", self.on_stop, '"give_up" or "finish"')
        if given.order not in ("finished", "given"):
            return invalid_argument("order", self.order, '"finished" or "given"')
        if given.total is not None and not (type(given.total) is int and given.total >= 0):
            return invalid_argument("total", self.total, "an integer of 0 or more")
        if given.max_failures is not None and not (type(given.max_failures) is int and given.max_failures >= 1):
            return invalid_argument("max_failures", self.max_failures, "an integer of 1 or more")
        return None
