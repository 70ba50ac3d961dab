"""The record of a batch that is carried out elsewhere, in a ledger.

Law: an operation is written as begun before it is handed out, with the program that is handed out, and its outcome
before it is yielded. Of what a lost worker held, this batch says what became of it; of what it held itself when it was
killed, the ledger does when it is run again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar, runtime_checkable

from returns.result import Result

from ...core.errors import Error
from ...core.steps import Operation
from ..contract import AsyncTransport, Transport

T = TypeVar("T")


@runtime_checkable
class LedgerElsewhere(Protocol):
    """A `Ledger`, as far as it is used for what is carried out elsewhere."""

    def begin(self, key: str, operation: Operation[T] | None = None) -> Operation[T] | None:
        """Write that it is begun; what is to be carried out, or None."""
        ...

    def end(self, key: str, result: Result[Any, Error]) -> None:
        """Write the outcome."""
        ...


class RecordedElsewhere:
    """The ledger as what a batch reports to; transports are elsewhere, and stay as they are."""

    def __init__(self, ledger: LedgerElsewhere) -> None:
        self._ledger = ledger

    def admit(self, key: Any, operation: Operation[T]) -> Operation[T] | None:
        """What is carried out for `key`, which is begun with that; None: nothing is."""
        return self._ledger.begin(key, operation)

    def recording(self, transport: Transport) -> Transport:
        """The transport itself."""
        return transport

    def recording_async(self, transport: AsyncTransport) -> AsyncTransport:
        """The transport itself."""
        return transport

    def ended(self, outcomes: Sequence[tuple[Any, Result[Any, Error]]]) -> None:
        """Write the outcomes."""
        for key, result in outcomes:
            self._ledger.end(key, result)

    def over(self) -> None:
        """What has not ended stays in flight."""
