"""The contract suite catches what opens bodies in another way than it should: each law is broken here at least once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, nullcontext
from typing import Any, TypeAlias

import pytest
from msgspec.structs import replace
from returns.result import Failure, Result, Success

from puresponse.core import Answer, Chunk, Error, HttpRequest, HttpResponse, Interrupted, NotSent
from puresponse.transports import (
    AsyncBody,
    AsyncStreamingTransport,
    Body,
    StreamingTransport,
    StubTransport,
    Urllib3Transport,
    in_threads,
)
from puresponse.transports.bodies import WholeBody
from puresponse.transports.testing.contract import (
    AsyncStreamingNetworkTransportContract,
    AsyncStreamingTransportContract,
    NetworkTransportContract,
    Service,
    StreamingNetworkTransportContract,
    StreamingTransportContract,
    TransportContract,
)
from puresponse.transports.testing.contract.transports_network import IMPATIENCE


def laws_of(contract: type[TransportContract]) -> set[str]:
    return {name for name in dir(contract) if name.startswith("test_")}


def breaks(contract: TransportContract, law: str) -> bool:
    """Whether the transport of `contract` breaks this law, and the law says how."""
    try:
        getattr(contract, law)()
    except AssertionError as error:
        return bool(str(error))
    return False


Opening: TypeAlias = Callable[[HttpRequest], Result[Body, Error]]


class Opener:
    """A transport that opens with a function of its own, and calls as `transport` does."""

    def __init__(self, transport: StreamingTransport, opening: Opening) -> None:
        self._transport = transport
        self._opening = opening

    def __call__(self, request: HttpRequest) -> Answer:
        return self._transport(request)

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        return self._opening(request)


class Changed:
    """A body that is as `body` is, until a subclass says otherwise."""

    def __init__(self, body: Body) -> None:
        self.answer = body.answer
        self.body = body

    def read(self, within: float | None = None) -> Chunk:
        return self.body.read(within)

    def close(self, within: float = 0.0) -> None:
        self.body.close(within)


Making: TypeAlias = Callable[[Service], StreamingTransport]


class Defective(StreamingTransportContract):
    """Checks a transport that is made by a given function."""

    def __init__(self, make: Making) -> None:
        self._make = make

    def make_streaming_transport(self, service: Service) -> AbstractContextManager[StreamingTransport]:
        return nullcontext(self._make(service))


def answered_with(change: Callable[[HttpResponse], Body]) -> Making:
    def make(service: Service) -> StreamingTransport:
        return Opener(StubTransport(service), lambda request: Success(change(service(request))))

    return make


class Hasty(WholeBody):
    """Gives the body with the answer."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__(replace(response, body=b""))
        self.answer = response


class Withholding(WholeBody):
    """Gives the body of no answer with it."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__(replace(response, status=200))
        self.answer = replace(response, body=b"")


class Rewinding(WholeBody):
    """Begins again after its end."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__(response)
        self._response = response

    def read(self, within: float | None = None) -> Chunk:
        chunk = super().read(within)
        if chunk == Success(b""):
            super().__init__(self._response)
        return chunk


class Abrupt(WholeBody):
    """Breaks off where it should end."""

    def read(self, within: float | None = None) -> Chunk:
        chunk = super().read(within)
        return Failure(Interrupted("reset", "?")) if chunk == Success(b"") else chunk


def untidy(service: Service) -> StreamingTransport:
    """What one exchange leaves unread is the beginning of the next answer."""
    unread: list[bytes] = []

    class Untidy(Changed):
        def close(self, within: float = 0.0) -> None:
            unread.append(self.read().unwrap())

    def call(request: HttpRequest) -> HttpResponse:
        response = service(request)
        left = b"".join(unread)
        unread.clear()
        return replace(response, body=left + response.body)

    transport = StubTransport(call)
    return Opener(transport, lambda request: transport.open(request).map(Untidy))


def crowded(service: Service) -> StreamingTransport:
    """Has a hundred places, and gets none of them back."""
    places = list(range(100))

    def opening(request: HttpRequest) -> Result[Body, Error]:
        if not places:
            return Failure(NotSent("connect_timeout", "all connections were in use"))
        places.pop()
        return transport.open(request)

    transport = StubTransport(service)
    return Opener(transport, opening)


def confused(service: Service) -> StreamingTransport:
    """Reads from whichever body was opened last."""
    last: list[Body] = []

    class Confused(Changed):
        def read(self, within: float | None = None) -> Chunk:
            return last[-1].read()

    def opening(request: HttpRequest) -> Result[Body, Error]:
        last.append(WholeBody(service(request)))
        return Success(Confused(last[-1]))

    return Opener(StubTransport(service), opening)


DEFECTS: list[tuple[Making, str]] = [
    (answered_with(Hasty), "test_a_success_is_opened_without_its_body"),
    (answered_with(Withholding), "test_any_other_status_is_opened_whole"),
    (answered_with(Rewinding), "test_the_end_is_no_bytes_however_often_it_is_asked"),
    (answered_with(Abrupt), "test_any_other_status_is_opened_whole"),
    (untidy, "test_a_body_can_be_closed_at_any_time_and_twice"),
    (crowded, "test_closed_bodies_leave_room_for_others"),
    (confused, "test_bodies_that_are_open_at_once_do_not_mix"),
]


@pytest.mark.parametrize(("make", "law"), DEFECTS)
def test_a_transport_that_opens_wrongly_is_caught_by_that_law(make: Making, law: str) -> None:
    assert breaks(Defective(make), law)
    assert not breaks(Defective(StubTransport), law)


def test_every_law_of_opening_has_been_broken() -> None:
    assert {law for _, law in DEFECTS} == laws_of(StreamingTransportContract) - laws_of(TransportContract)


def test_the_laws_of_all_transports_are_checked_by_opening() -> None:
    def opening(request: HttpRequest) -> Result[Body, Error]:
        return Failure(Interrupted("protocol", "it only calls"))

    law = "test_the_query_arrives"
    assert breaks(Defective(lambda service: Opener(StubTransport(service), opening)), law)
    assert not breaks(Defective(StubTransport), law)


MakingTo: TypeAlias = Callable[..., AbstractContextManager[StreamingTransport]]


class DefectiveInTheNetwork(StreamingNetworkTransportContract):
    """Checks a transport to a base URL that is made by a given function."""

    patience = 0.6

    def __init__(self, make: MakingTo) -> None:
        self._make = make

    def make_streaming_transport_to(
        self,
        base_url: str,
        *,
        timeout: float = 30.0,
        ca_file: str | None = None,
        client_certificate: str | None = None,
    ) -> AbstractContextManager[StreamingTransport]:
        return self._make(base_url, timeout=timeout, ca_file=ca_file, client_certificate=client_certificate)


def sound(base_url: str, **arguments: Any) -> Urllib3Transport:
    return Urllib3Transport(base_url=base_url, connect_timeout=arguments["timeout"], proxy="", **arguments)


def reading(change: Callable[[Body], Body]) -> MakingTo:
    """A sound transport, but for what is read from its bodies. They are closed when the transport is."""

    @contextmanager
    def make(base_url: str, **arguments: Any) -> Generator[StreamingTransport]:
        opened: list[Body] = []

        def opening(request: HttpRequest) -> Result[Body, Error]:
            result = transport.open(request)
            opened.extend([] if isinstance(result, Failure) else [result.unwrap()])
            return result.map(change)

        with sound(base_url, **arguments) as transport:
            try:
                yield Opener(transport, opening)
            finally:
                for body in opened:
                    body.close()

    return make


class Indulgent(Changed):
    """Takes for the end whatever breaks the body off."""

    def read(self, within: float | None = None) -> Chunk:
        chunk = self.body.read(within)
        return Success(b"") if isinstance(chunk, Failure) else chunk


class Unsure(Changed):
    """Does not tell how the body broke off."""

    def read(self, within: float | None = None) -> Chunk:
        chunk = self.body.read(within)
        return Failure(Interrupted("protocol", "?")) if isinstance(chunk, Failure) else chunk


class Patient(Changed):
    """Waits for a chunk as long as the transport does."""

    def read(self, within: float | None = None) -> Chunk:
        return self.body.read()


class Forbearing(Changed):
    """Reads on after a read that has waited in vain."""

    def read(self, within: float | None = None) -> Chunk:
        return Failure(Interrupted("read_timeout", "?")) if within == IMPATIENCE else self.body.read()


class Remembering(Changed):
    """Has the time of one read for all that follow."""

    _within: float | None = None

    def read(self, within: float | None = None) -> Chunk:
        self._within = self._within if within is None else within
        return self.body.read(self._within)


class Lingering(Changed):
    """Reads on for the end of the body until it is there."""

    def close(self, within: float = 0.0) -> None:
        while within and isinstance(chunk := self.body.read(within), Success) and chunk.unwrap():
            pass
        self.body.close()


class Sticky(Changed):
    """Keeps its connection."""

    def close(self, within: float = 0.0) -> None:
        pass


@contextmanager
def gathering(base_url: str, **arguments: Any) -> Generator[StreamingTransport]:
    """Opens only what it has read to the end."""
    with sound(base_url, **arguments) as transport:
        yield Opener(transport, lambda request: transport(request).map(WholeBody))


@contextmanager
def unhurried(base_url: str, **arguments: Any) -> Generator[StreamingTransport]:
    """Knows only its own timeout."""
    with sound(base_url, **arguments) as transport:
        yield Opener(transport, lambda request: transport.open(replace(request, timeout=None)))


DEFECTS_IN_THE_NETWORK: list[tuple[MakingTo, str]] = [
    (gathering, "test_the_answer_is_given_before_any_of_the_body"),
    (reading(Indulgent), "test_a_body_that_breaks_off_is_truncated_after_what_was_received"),
    (gathering, "test_a_body_that_breaks_off_is_truncated_after_what_was_received"),
    (reading(Indulgent), "test_a_body_whose_connection_is_reset_breaks_off"),
    (reading(Unsure), "test_silence_in_a_body_is_a_read_timeout"),
    (unhurried, "test_the_read_timeout_of_a_request_is_that_of_its_body"),
    (reading(Patient), "test_a_read_waits_no_longer_than_it_is_given"),
    (reading(Forbearing), "test_a_read_waits_no_longer_than_it_is_given"),
    (reading(Remembering), "test_the_time_of_a_read_is_not_that_of_the_next"),
    (reading(Lingering), "test_closing_waits_no_longer_than_it_is_given"),
    (reading(Sticky), "test_closing_waits_no_longer_than_it_is_given"),
    (reading(Sticky), "test_closing_a_body_closes_its_connection"),
    (reading(Sticky), "test_closing_a_body_ends_a_read_that_waits"),
]


@pytest.mark.parametrize(("make", "law"), DEFECTS_IN_THE_NETWORK)
def test_a_transport_that_opens_wrongly_in_the_network_is_caught_by_that_law(make: MakingTo, law: str) -> None:
    assert breaks(DefectiveInTheNetwork(make), law)
    assert not breaks(DefectiveInTheNetwork(sound), law)


def test_every_law_of_opening_in_the_network_has_been_broken() -> None:
    known = laws_of(StreamingTransportContract) | laws_of(NetworkTransportContract)
    assert {law for _, law in DEFECTS_IN_THE_NETWORK} == laws_of(StreamingNetworkTransportContract) - known


class DefectiveInTheLoop(AsyncStreamingNetworkTransportContract):
    """Checks an asynchronous transport that is made by a given function."""

    patience = 0.6

    def __init__(self, change: Callable[[AsyncBody], AsyncBody]) -> None:
        self._change = change

    @asynccontextmanager
    async def make_async_streaming_transport_to(
        self,
        base_url: str,
        *,
        timeout: float = 30.0,
        ca_file: str | None = None,
        client_certificate: str | None = None,
    ) -> AsyncGenerator[AsyncStreamingTransport]:
        with sound(base_url, timeout=timeout) as transport:
            threads = in_threads(transport)
            assert isinstance(threads, AsyncStreamingTransport)
            opener = AsyncOpener(threads, self._change)
            try:
                yield opener
            finally:
                for body in opener.opened:
                    await body.close()


class AsyncOpener:
    """An asynchronous transport whose bodies are changed."""

    def __init__(self, transport: AsyncStreamingTransport, change: Callable[[AsyncBody], AsyncBody]) -> None:
        self._transport = transport
        self._change = change
        self.opened: list[AsyncBody] = []

    async def __call__(self, request: HttpRequest) -> Answer:
        return await self._transport(request)

    async def open(self, request: HttpRequest) -> Result[AsyncBody, Error]:
        result = await self._transport.open(request)
        self.opened.extend([] if isinstance(result, Failure) else [result.unwrap()])
        return result.map(self._change)


class AsyncChanged:
    """A body that is as `body` is, until a subclass says otherwise."""

    def __init__(self, body: AsyncBody) -> None:
        self.answer = body.answer
        self.body = body

    async def read(self, within: float | None = None) -> Chunk:
        return await self.body.read(within)

    async def close(self, within: float = 0.0) -> None:
        await self.body.close(within)


class Blocking(AsyncChanged):
    """Stands still, with the loop, until a chunk is there."""

    async def read(self, within: float | None = None) -> Chunk:
        with ThreadPoolExecutor(1) as threads:
            return threads.submit(lambda: asyncio.run(self.body.read())).result()


class AsyncSticky(AsyncChanged):
    """Keeps its connection, also where a read is cancelled."""

    async def read(self, within: float | None = None) -> Chunk:
        return await asyncio.shield(self.body.read(within))

    async def close(self, within: float = 0.0) -> None:
        pass


DEFECTS_IN_THE_LOOP: list[tuple[Callable[[AsyncBody], AsyncBody], str]] = [
    (Blocking, "test_the_event_loop_goes_on_while_a_chunk_is_awaited"),
    (AsyncSticky, "test_closing_a_body_ends_a_read_that_waits"),
]


@pytest.mark.parametrize(("change", "law"), DEFECTS_IN_THE_LOOP)
def test_an_asynchronous_transport_that_opens_wrongly_is_caught_by_that_law(
    change: Callable[[AsyncBody], AsyncBody], law: str
) -> None:
    assert breaks(DefectiveInTheLoop(change), law)
    assert not breaks(DefectiveInTheLoop(AsyncChanged), law)


def test_a_contract_without_a_transport_says_what_is_missing() -> None:
    makers: list[Callable[[Any], object]] = [
        StreamingTransportContract().make_streaming_transport,
        StreamingNetworkTransportContract().make_streaming_transport_to,
        AsyncStreamingTransportContract().make_async_streaming_transport,
        AsyncStreamingNetworkTransportContract().make_async_streaming_transport_to,
    ]
    for maker in makers:
        with pytest.raises(NotImplementedError, match=r"a subclass of .* says how to make a transport"):
            maker("")
