"""When a batch is ended before its time: after too many failures, or at an error that says the rest is in vain.

Law: no more operations are begun then; those that are under way are carried out and yielded, whatever `on_stop` says,
which is about a caller who stops asking. The exception follows the last outcome, so that nobody takes a part for the
whole.
"""

from __future__ import annotations

from collections.abc import Callable

from ...core.errors import Error
from .progress import Progress


class RunStopped(Exception):
    """A batch was ended by `stop_on`: `error` is what it was true of; `progress` is how far the batch is.

    What is not counted there was not begun.
    """

    def __init__(self, error: Error, progress: Progress) -> None:
        super().__init__(error, progress)
        self.error = error
        self.progress = progress

    def __str__(self) -> str:
        return f"{self._told()}: {self.error}; {_counted(self.progress)}, the others were not begun"

    def _told(self) -> str:
        return "stopped at an error"


class TooManyFailures(RunStopped):
    """A batch was ended by `max_failures`, after so many: `error` is the last of these, of which it was `limit`.

    `progress` is how far the batch is, as of `RunStopped`.
    """

    def __init__(self, error: Error, progress: Progress, limit: int) -> None:
        super().__init__(error, progress)
        self.args = error, progress, limit
        self.limit = limit

    def _told(self) -> str:
        return f"stopped after {self.limit} failures, the last of which was"


def _counted(progress: Progress) -> str:
    of = "" if progress.total is None else f" of {progress.total}"
    return f"{progress.done} done and {progress.failed} failed{of}"


class Limits:
    """Says of each failure whether it is the one that ends the batch."""

    def __init__(self, max_failures: int | None, stop_on: Callable[[Error], object] | None) -> None:
        self._max_failures = max_failures
        self._stop_on = stop_on
        self._failed = 0
        self._error: Error | None = None
        self._is_by_count = False

    def meets(self, error: Error) -> bool:
        """Count a failure; whether the batch ends with it. After the first of these, none does."""
        self._failed += 1
        if self._error is not None:
            return False
        if self._stop_on is not None and self._stop_on(error):
            self._error = error
        elif self._failed == self._max_failures:
            self._error, self._is_by_count = error, True
        return self._error is not None

    def exception(self, progress: Progress) -> RunStopped | None:
        """What is raised when all that was under way is over; None where nothing ended the batch."""
        if self._error is None:
            return None
        if self._is_by_count and self._max_failures is not None:
            return TooManyFailures(self._error, progress, self._max_failures)
        return RunStopped(self._error, progress)
