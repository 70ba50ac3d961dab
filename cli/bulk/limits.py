"""When a run ends before its time.

Law: a failure that is none to the command (a response that is not there, with `--missing-ok`) counts for nothing.
"""

from __future__ import annotations

from ...core import Error
from ...transports.batch.shared_errors import hopeless
from .outcomes import is_absence


class Limits:
    """Says of each error whether the run ends with it, as `stop_on` of `run_many`, and keeps why.

    Attributes:
        error: The error that ended the run; None where none has.
        advice: What to do about one that all others would meet as well.
    """

    def __init__(self, max_failures: int | None, *, missing_ok: bool) -> None:
        self._max_failures = max_failures
        self._missing_ok = missing_ok
        self._failures = 0
        self.error: Error | None = None
        self.advice: str | None = None

    def __call__(self, error: Error) -> bool:
        if self._missing_ok and is_absence(error):
            return False
        self._failures += 1
        advice = hopeless(error)
        if self.error is None and (advice is not None or self._failures == self._max_failures):
            self.error, self.advice = error, advice
            return True
        return False

    @property
    def reason(self) -> str | None:
        """Why it was ended: `hopeless`, or `max_failures`."""
        if self.error is None:
            return None
        return "max_failures" if self.advice is None else "hopeless"
