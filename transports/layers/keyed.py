"""Many keys as one transport: what a key created is asked of that key.

A response belongs to the project whose key created it: to a key of another, the API answers that there is no such
response. So each key has a transport of its own, and this one knows which to ask.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, overload

from returns.result import Result, Success

from ...core.errors import Error, InvalidArgument
from ...core.http import HttpRequest, HttpResponse
from ...core.results import is_failure
from ...core.steps import Answer
from ..asynchrony import is_async
from ..bodies import WholeBody
from ..contract import (
    AbandonableStreamingTransport,
    AbandonableTransport,
    AsyncStreamingTransport,
    AsyncTransport,
    Body,
    Exchange,
    StreamingTransport,
    Transport,
)
from .key_table import KeyTable, Search, Watch
from .successive import SuccessiveExchanges, is_entered

if TYPE_CHECKING:
    from .keyed_async import AsyncManyKeysStreamingTransport, AsyncManyKeysTransport

DEFAULT_REMEMBERED = 100_000
"""Ids. Each takes some 250 bytes."""


class ManyKeysTransport:
    """A `Transport` of many: of each what it created is asked. Closing it closes them all."""

    def __init__(self, transports: Mapping[str, Any], table: KeyTable) -> None:
        self.transports = transports
        self._table = table
        self._entered = ExitStack()

    def __call__(self, request: HttpRequest) -> Answer:
        return self._answered(self._table.begin(request), lambda name: self.transports[name](request))

    def owner_of(self, response_id: str) -> str | None:
        """The name of the key that created a response, as far as is remembered."""
        return self._table.owner_of(response_id)

    def close(self) -> None:
        """Close the transports, those that can be closed."""
        with ExitStack() as closing:
            for transport in self.transports.values():
                close: Callable[[], object] | None = getattr(transport, "close", None)
                if close is not None:
                    closing.callback(close)

    def __enter__(self) -> Self:
        with ExitStack() as entered:
            for transport in self.transports.values():
                if is_entered(transport, "__enter__"):
                    entered.enter_context(transport)
                elif hasattr(transport, "close"):
                    entered.callback(transport.close)
            self._entered = entered.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._entered.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(repr, self._table.names))})"

    def _answered(self, search: Search, perform: Callable[[str], Answer]) -> Answer:
        while True:
            answer = perform(search.name)
            if is_failure(answer):
                return answer
            settled = search.settled(answer.unwrap())
            if settled is not None:
                search.learn(settled)
                watch = search.watch(settled)
                if watch is not None:
                    watch.feed(settled.body)
                    watch.end()
                return Success(settled)


class ManyKeysStreamingTransport(ManyKeysTransport):
    """The same of `StreamingTransport`s: it is one."""

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        """Begin one exchange, and leave the body of a 2xx to be read."""
        return self._opened(self._table.begin(request), lambda name: self.transports[name].open(request))

    def _opened(self, search: Search, perform: Callable[[str], Result[Body, Error]]) -> Result[Body, Error]:
        while True:
            opened = perform(search.name)
            if is_failure(opened):
                return opened
            body = opened.unwrap()
            settled = search.settled(body.answer)
            if settled is None:
                continue
            if settled is not body.answer:
                return Success(WholeBody(settled))
            search.learn(settled)
            watch = search.watch(settled)
            return opened if watch is None else Success(_WatchedBody(body, watch))


class ManyKeysAbandonableTransport(ManyKeysTransport):
    """The same of `AbandonableTransport`s: it is one."""

    def begin(self, request: HttpRequest) -> Exchange[HttpResponse]:
        """An exchange that `result` performs, as a call would."""

        def perform(exchanges: SuccessiveExchanges[HttpResponse]) -> Answer:
            return self._answered(
                self._table.begin(request), lambda name: exchanges.next(self.transports[name].begin(request))
            )

        return SuccessiveExchanges(perform)


class ManyKeysAbandonableStreamingTransport(ManyKeysStreamingTransport, ManyKeysAbandonableTransport):
    """The same of `AbandonableStreamingTransport`s: it is one."""

    def begin_open(self, request: HttpRequest) -> Exchange[Body]:
        """An exchange that `result` performs, as `open` would."""

        def perform(exchanges: SuccessiveExchanges[Body]) -> Result[Body, Error]:
            return self._opened(
                self._table.begin(request), lambda name: exchanges.next(self.transports[name].begin_open(request))
            )

        return SuccessiveExchanges(perform)


class _WatchedBody:
    """A body that tells what was created, as soon as it was read."""

    def __init__(self, body: Body, watch: Watch) -> None:
        self._body = body
        self._watch = watch
        self.answer = body.answer

    def read(self, within: float | None = None) -> Result[bytes, Error]:
        """The next chunk, no bytes at the end, or what broke the body off."""
        chunk = self._body.read(within)
        self._watch.take(chunk)
        return chunk

    def close(self, within: float = 0.0) -> None:
        """Give up what was not read."""
        self._body.close(within)


@overload
def many_keys(
    transports: Mapping[str, AbandonableStreamingTransport],
    *,
    choose: Callable[[HttpRequest], str] | None = None,
    remember: int = DEFAULT_REMEMBERED,
) -> ManyKeysAbandonableStreamingTransport: ...
@overload
def many_keys(
    transports: Mapping[str, AbandonableTransport],
    *,
    choose: Callable[[HttpRequest], str] | None = None,
    remember: int = DEFAULT_REMEMBERED,
) -> ManyKeysAbandonableTransport: ...
@overload
def many_keys(
    transports: Mapping[str, StreamingTransport],
    *,
    choose: Callable[[HttpRequest], str] | None = None,
    remember: int = DEFAULT_REMEMBERED,
) -> ManyKeysStreamingTransport: ...
@overload
def many_keys(
    transports: Mapping[str, AsyncStreamingTransport],
    *,
    choose: Callable[[HttpRequest], str] | None = None,
    remember: int = DEFAULT_REMEMBERED,
) -> AsyncManyKeysStreamingTransport: ...
@overload
def many_keys(
    transports: Mapping[str, Transport],
    *,
    choose: Callable[[HttpRequest], str] | None = None,
    remember: int = DEFAULT_REMEMBERED,
) -> ManyKeysTransport: ...
@overload
def many_keys(
    transports: Mapping[str, AsyncTransport],
    *,
    choose: Callable[[HttpRequest], str] | None = None,
    remember: int = DEFAULT_REMEMBERED,
) -> AsyncManyKeysTransport: ...
def many_keys(
    transports: Any,
    *,
    choose: Callable[[HttpRequest], str] | None = None,
    remember: int = DEFAULT_REMEMBERED,
) -> Any:
    """Make one transport of many, each with a key of its own: of the kind that they all are.

    Args:
        transports: A transport for each key, by a name that may be shown: all blocking, or all asynchronous.
        choose: Returns the name of the key for a request that is about nothing that exists, a creation above all;
            None takes each in turn. What it raises passes through.
        remember: How many ids are remembered, at most, 1 or more, with the key that created them.

    A request about a response or a conversation, by its path or by `previous_response_id` or `conversation`, goes to
    the key that created it. Where that is not known, each key is asked in order, for as long as the API answers that
    it is not there, and the one that has it is remembered; the answer is the first one's where none has it. A 404 for
    a route that is missing, and any other answer, ends that: so does an error of the network.

    Raises `ValueError` for no transports, for a count that is none, and for a name that `choose` returns and that
    there is not; `TypeError` where some are blocking and some are not.

    >>> from puresponse import delete_response, run
    >>> from puresponse.transports import MemoryTransport
    >>> with many_keys({"blue": MemoryTransport(), "green": MemoryTransport()}) as transport:
    ...     deleted = run(delete_response("resp_chat"), transport)
    ...     transport.owner_of("resp_chat")
    'blue'
    """
    given: dict[str, Any] = dict(transports)
    if not given:
        raise ValueError(str(InvalidArgument("transports", "it is empty; it must have one transport or more, by name")))
    table = KeyTable("many_keys", tuple(given), choose, remember)
    manners = set(map(is_async, given.values()))
    if len(manners) > 1:
        raise TypeError("many_keys: some of the transports are blocking and some asynchronous; make them all the same")
    if manners == {True}:
        from . import keyed_async

        opens = all(isinstance(transport, AsyncStreamingTransport) for transport in given.values())
        kind = keyed_async.AsyncManyKeysStreamingTransport if opens else keyed_async.AsyncManyKeysTransport
        return kind(given, table)
    for contract, made in (
        (AbandonableStreamingTransport, ManyKeysAbandonableStreamingTransport),
        (AbandonableTransport, ManyKeysAbandonableTransport),
        (StreamingTransport, ManyKeysStreamingTransport),
    ):
        if all(isinstance(transport, contract) for transport in given.values()):
            return made(given, table)
    return ManyKeysTransport(given, table)
