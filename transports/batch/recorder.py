"""What a batch says of itself to who keeps a record of it, a ledger for example.

Law: all that is asked here is asked in the caller's thread, but for the transport, which is called as any is. An
outcome is recorded before it is yielded; what ended and was not yielded is recorded as well.
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
class Recorder(Protocol):
    """Keeps a record of the operations of a batch by their keys, and says which of them are to be carried out."""

    def admit(self, key: Any, operation: Operation[T]) -> Operation[T] | None:
        """The operation that is carried out for `key` in place of `operation`, its requests marked for `recording`.

        None where none is to be carried out.

        It is asked of each pair as it is taken, which is when there is room for it.
        """
        ...

    def recording(self, transport: Transport) -> Transport:
        """A transport around the caller's `transport`, which knows the requests of what was admitted."""
        ...

    def recording_async(self, transport: AsyncTransport) -> AsyncTransport:
        """The same around an asynchronous `transport`."""
        ...

    def ended(self, outcomes: Sequence[tuple[Any, Result[Any, Error]]]) -> None:
        """These `outcomes`, one or more, are there: pairs of key and result, which are yielded when this returns."""
        ...

    def over(self) -> None:
        """The batch is over, however it ended: what was admitted and has not ended by now was left as it was."""
        ...
