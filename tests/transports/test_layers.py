"""One base for all layers: six kinds of transport, what closes what, whom an attempt tells, and what raises."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from threading import Thread
from types import TracebackType
from typing import Any, assert_type

import pytest
from abandonable import GIVEN_UP, Abandonable, AbandonableStreaming, around
from msgspec.structs import replace
from returns.result import Failure, Result, Success

from puresponse.core import Answer, Chunk, Error, HttpRequest, HttpResponse, Interrupted, NotSent
from puresponse.transports import (
    AbandonableStreamingTransport,
    AbandonableTransport,
    AsyncBody,
    AsyncStreamingTransport,
    AsyncTransport,
    Attempt,
    Body,
    CaptureTransport,
    CassetteTransport,
    Exchange,
    Layer,
    LayeredAbandonableStreamingTransport,
    LayeredAbandonableTransport,
    LayeredAsyncStreamingTransport,
    LayeredAsyncTransport,
    LayeredStreamingTransport,
    LayeredTransport,
    MemoryTransport,
    StreamedResponse,
    StreamingTransport,
    StubTransport,
    Transport,
    in_threads,
)
from puresponse.transports.bodies import AsyncWholeBody, WholeBody

GET = HttpRequest("GET", "/responses/resp_1", (("limit", "5"),))
OK = HttpResponse(status=200, headers=(("x-request-id", "req_1"),), body=b"{}")
CUT = Interrupted("truncated", "the body broke off")


def plain(request: HttpRequest) -> Answer:
    return Success(OK)


async def plain_async(request: HttpRequest) -> Answer:
    return Success(OK)


class Opening:
    def __init__(self, body: Body) -> None:
        self.body = body

    def __call__(self, request: HttpRequest) -> Answer:
        return Success(OK)

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        return Success(self.body)


class OpeningAndBeginning(Opening):
    def begin(self, request: HttpRequest) -> Exchange[HttpResponse]:
        raise NotImplementedError


class Telling(Layer):
    """Writes down all that its attempts are told."""

    def __init__(self, raising: str = "") -> None:
        self.told: list[Any] = []
        self.raising = raising

    def attempt(self, request: HttpRequest) -> Attempt:
        return Told(request, self)


class Told(Attempt):
    def __init__(self, request: HttpRequest, layer: Telling) -> None:
        super().__init__(request)
        self.layer = layer

    def _write(self, name: str, *told: Any) -> None:
        self.layer.told.append((name, *told))
        if name == self.layer.raising:
            raise ZeroDivisionError

    def answered(self, result: Answer) -> None:
        self._write("answered", result)

    def opened(self, head: HttpResponse) -> None:
        self._write("opened", head)

    def received(self, chunk: bytes) -> None:
        self._write("received", chunk)

    def ended(self, error: Error | None) -> None:
        self._write("ended", error)

    def closed(self) -> None:
        self._write("closed")

    def raised(self, error: BaseException) -> None:
        self._write("raised", type(error))


# Kinds


def test_a_layer_is_typed_as_what_it_is_laid_around() -> None:
    layer = Layer()
    abandonable: AbandonableTransport = Abandonable()
    both: AbandonableStreamingTransport = AbandonableStreaming()
    streaming: StreamingTransport = Opening(WholeBody(OK))
    function: Transport = plain
    async_function: AsyncTransport = plain_async
    opening = in_threads(MemoryTransport())
    assert isinstance(opening, AsyncStreamingTransport)
    assert_type(layer(both), LayeredAbandonableStreamingTransport)
    assert_type(layer(abandonable), LayeredAbandonableTransport)
    assert_type(layer(streaming), LayeredStreamingTransport)
    assert_type(layer(opening), LayeredAsyncStreamingTransport)
    assert_type(layer(function), LayeredTransport)
    assert_type(layer(async_function), LayeredAsyncTransport)
    assert_type(layer(plain), LayeredTransport)
    assert_type(layer(plain_async), LayeredAsyncTransport)
    kept: AbandonableStreamingTransport = layer(layer(both))
    opened: StreamingTransport = layer(layer(MemoryTransport()))
    opened_async: AsyncStreamingTransport = layer(opening)
    with layer(MemoryTransport()) as entered:
        assert_type(entered, LayeredAbandonableStreamingTransport)
    assert all(map(callable, (kept, opened, opened_async)))


@pytest.mark.parametrize(
    ("transport", "kind"),
    [
        (AbandonableStreaming(), LayeredAbandonableStreamingTransport),
        (Abandonable(), LayeredAbandonableTransport),
        (MemoryTransport(), LayeredAbandonableStreamingTransport),
        (Opening(WholeBody(OK)), LayeredStreamingTransport),
        (CaptureTransport(plain), LayeredAbandonableStreamingTransport),
        (in_threads(MemoryTransport()), LayeredAsyncStreamingTransport),
        (plain, LayeredTransport),
        (plain_async, LayeredAsyncTransport),
        (in_threads(plain), LayeredAsyncTransport),
        (Layer()(Layer()(MemoryTransport())), LayeredAbandonableStreamingTransport),
    ],
)
def test_a_layer_is_a_transport_of_the_same_kind(transport: Any, kind: type[Any]) -> None:
    laid = around(Layer(), transport)
    assert type(laid) is kind
    for protocol in (StreamingTransport, AsyncStreamingTransport, AbandonableTransport, AbandonableStreamingTransport):
        assert isinstance(laid, protocol) == isinstance(transport, protocol)
    for name in ("open", "begin", "begin_open"):
        assert hasattr(laid, name) == hasattr(transport, name)


def test_one_that_opens_and_begins_and_does_not_begin_to_open_is_one_that_opens() -> None:
    laid = Layer()(OpeningAndBeginning(WholeBody(OK)))
    assert_type(laid, LayeredStreamingTransport)
    assert type(laid) is LayeredStreamingTransport


@pytest.mark.parametrize("given", [None, 1, MemoryTransport])
def test_what_is_no_transport_is_refused_by_name(given: Any) -> None:
    with pytest.raises(TypeError, match="Telling takes a transport, not"):
        around(Telling(), given)


def test_a_transport_that_is_asynchronous_after_all_is_refused_by_name() -> None:
    def hidden(request: HttpRequest) -> Any:
        return plain_async(request)

    layer = Telling()
    with pytest.raises(TypeError, match="Telling takes a blocking transport"):
        layer(hidden)(GET)
    assert layer.told == [("raised", TypeError)]


def test_a_layer_shows_what_it_is_around() -> None:
    assert repr(Layer()(StubTransport.answering())).startswith("Layer()(StubTransport(")
    assert repr(Layer()(in_threads(plain))).startswith("Layer()(<puresponse.transports.threads.InThreads")


# Closing


class Closable:
    def __init__(self) -> None:
        self.calls: list[Any] = []

    def __call__(self, request: HttpRequest) -> Answer:
        return Success(OK)

    def close(self) -> None:
        self.calls.append("close")


class Entered(Closable):
    def __enter__(self) -> Entered:
        self.calls.append("enter")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.calls.append(kind)


class AsyncClosable:
    def __init__(self) -> None:
        self.calls: list[Any] = []

    async def __call__(self, request: HttpRequest) -> Answer:
        return Success(OK)

    async def aclose(self) -> None:
        self.calls.append("close")


class ClosedPlainly:
    def __init__(self) -> None:
        self.calls: list[Any] = []

    async def __call__(self, request: HttpRequest) -> Answer:
        return Success(OK)

    def close(self) -> None:
        self.calls.append("close")


class AsyncEntered(AsyncClosable):
    async def __aenter__(self) -> AsyncEntered:
        self.calls.append("enter")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.calls.append(kind)


def test_closing_closes_what_is_beneath_where_it_can_be_closed() -> None:
    beneath = Closable()
    Layer()(Layer()(beneath)).close()
    assert beneath.calls == ["close"]
    Layer()(plain).close()
    with Layer()(plain) as transport:
        assert transport(GET) == Success(OK)


def test_with_closes_and_enters_where_that_can_be() -> None:
    beneath, entered = Closable(), Entered()
    with Layer()(beneath):
        assert beneath.calls == []
    with pytest.raises(KeyError), Layer()(entered):
        raise KeyError
    assert beneath.calls == ["close"]
    assert entered.calls == ["enter", KeyError]


def test_a_recorder_beneath_keeps_the_file_of_a_block_that_failed(tmp_path: Any) -> None:
    path = tmp_path / "cassette.json"
    transport = Layer()(CassetteTransport.recording(plain, path))
    with pytest.raises(KeyError), transport:
        raise KeyError
    assert not path.exists()
    with Layer()(CassetteTransport.recording(plain, path)) as transport:
        transport(GET)
    assert CassetteTransport.replaying(path)(GET).unwrap().status == 200


def test_an_asynchronous_one_closes_and_enters_likewise() -> None:
    beneath, closable, entered, closed_plainly = AsyncClosable(), AsyncClosable(), AsyncEntered(), ClosedPlainly()

    async def use() -> None:
        await Layer()(Layer()(beneath)).aclose()
        await Layer()(closed_plainly).aclose()
        await Layer()(plain_async).aclose()
        async with Layer()(closable) as transport:
            assert await transport(GET) == Success(OK)
        async with Layer()(entered):
            pass
        async with Layer()(plain_async):
            pass

    asyncio.run(use())
    assert (beneath.calls, closable.calls, entered.calls) == (["close"], ["close"], ["enter", None])
    assert closed_plainly.calls == ["close"]


# What an attempt is told

STREAMED = StreamedResponse(status=200, chunks=(b"a", b"bc"))
HEAD = HttpResponse(status=200)
BROKEN = StreamedResponse(status=200, chunks=(b"a",), error=CUT)


def in_loop(transport: Any, *, ends: str) -> None:
    async def use() -> None:
        opened: Result[AsyncBody, Error] = await transport.open(GET)
        if isinstance(opened, Success):
            body = opened.unwrap()
            while ends == "read" and isinstance(chunk := await body.read(), Success) and chunk.unwrap():
                pass
            await body.close()
            await body.close()

    asyncio.run(use())


def in_thread(transport: StreamingTransport, *, ends: str) -> None:
    opened = transport.open(GET)
    if isinstance(opened, Success):
        body = opened.unwrap()
        while ends == "read" and isinstance(chunk := body.read(), Success) and chunk.unwrap():
            pass
        body.close()
        body.close()


WAYS: list[tuple[Callable[[Any], Any], Callable[..., Any]]] = [(lambda stub: stub, in_thread), (in_threads, in_loop)]


@pytest.mark.parametrize(("making", "use"), WAYS)
@pytest.mark.parametrize(
    ("answer", "ends", "told"),
    [
        (STREAMED, "read", [("opened", HEAD), ("received", b"a"), ("received", b"bc"), ("ended", None)]),
        (STREAMED, "closed", [("opened", HEAD), ("closed",)]),
        (BROKEN, "read", [("opened", HEAD), ("received", b"a"), ("ended", CUT)]),
        (replace(OK, status=404), "read", [("answered", Success(replace(OK, status=404)))]),
        (NotSent("dns", "no"), "read", [("answered", Failure(NotSent("dns", "no")))]),
    ],
)
def test_an_attempt_is_told_what_becomes_of_a_body(
    making: Callable[[Any], Any], use: Callable[..., Any], answer: Any, ends: str, told: list[Any]
) -> None:
    layer = Telling()
    use(around(layer, making(StubTransport.answering(answer))), ends=ends)
    assert layer.told == told


def test_an_attempt_is_told_of_an_answer_and_of_what_is_raised() -> None:
    layer = Telling()

    def raising(request: HttpRequest) -> Answer:
        raise ZeroDivisionError

    def mistaken(request: HttpRequest) -> HttpResponse:
        raise ZeroDivisionError

    assert layer(plain)(GET) == Success(OK)
    with pytest.raises(ZeroDivisionError):
        layer(raising)(GET)
    with pytest.raises(ZeroDivisionError):
        layer(StubTransport(mistaken)).open(GET)
    assert layer.told == [("answered", Success(OK)), ("raised", ZeroDivisionError), ("raised", ZeroDivisionError)]


def test_an_attempt_is_told_that_its_task_was_cancelled() -> None:
    layer = Telling()

    async def for_ever(request: HttpRequest) -> Answer:
        await asyncio.Event().wait()
        return Success(OK)

    async def use() -> None:
        task = asyncio.create_task(layer(for_ever)(GET))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(use())
    assert layer.told == [("raised", asyncio.CancelledError)]


def test_a_layer_that_does_nothing_is_told_all_the_same() -> None:
    in_thread(Layer()(StubTransport.answering(STREAMED)), ends="read")
    in_thread(Layer()(StubTransport.answering(STREAMED)), ends="closed")


# What a layer sends and answers


class Instead(Layer):
    """Answers by itself what it is told to; sends another request for all else."""

    def attempt(self, request: HttpRequest) -> Attempt | Answer:
        if request.method == "DELETE":
            return Success(OK)
        return Attempt(replace(request, path="/other"))


def test_a_layer_sends_another_request_or_answers_itself() -> None:
    stub = StubTransport(lambda request: replace(OK, body=request.path.encode()))
    transport = Instead()(stub)
    assert transport(GET).unwrap().body == b"/other"
    assert transport(replace(GET, method="DELETE")) == Success(OK)
    opened = transport.open(replace(GET, method="DELETE")).unwrap()
    assert (opened.answer.body, opened.read()) == (b"", Success(b"{}"))

    async def use() -> None:
        laid = Instead()(in_threads(stub))
        assert (await laid(GET)).unwrap().body == b"/other"
        assert await laid(replace(GET, method="DELETE")) == Success(OK)
        assert isinstance(laid, LayeredAsyncStreamingTransport)
        body = (await laid.open(replace(GET, method="DELETE"))).unwrap()
        assert await body.read() == Success(b"{}")

    asyncio.run(use())
    assert [request.path for request in stub.requests] == ["/other", "/other"]


# What a layer raises


class Closed(WholeBody):
    def __init__(self) -> None:
        super().__init__(OK)
        self.times = 0

    def close(self, within: float = 0.0) -> None:
        self.times += 1


class AsyncClosed(AsyncWholeBody):
    def __init__(self) -> None:
        super().__init__(OK)
        self.times = 0

    async def close(self, within: float = 0.0) -> None:
        self.times += 1


class AsyncOpening:
    def __init__(self, body: AsyncBody) -> None:
        self.body = body

    async def __call__(self, request: HttpRequest) -> Answer:
        return Success(OK)

    async def open(self, request: HttpRequest) -> Result[AsyncBody, Error]:
        return Success(self.body)


NOTE = "raised by a layer; GET /responses/resp_1 was answered by then: "


def test_what_a_layer_raises_passes_through_and_says_what_is_lost() -> None:
    with pytest.raises(ZeroDivisionError) as raised:
        Telling("answered")(plain)(GET)
    assert raised.value.__notes__ == [f"{NOTE}HTTP 200"]
    with pytest.raises(ZeroDivisionError) as raised:
        Telling("answered")(StubTransport.answering(CUT))(GET)
    assert raised.value.__notes__ == [f"{NOTE}{CUT}"]
    with pytest.raises(ZeroDivisionError) as raised:
        asyncio.run(call_async(Telling("answered")(plain_async)))
    assert raised.value.__notes__ == [f"{NOTE}HTTP 200"]


async def call_async(transport: AsyncTransport) -> Answer:
    return await transport(GET)


@pytest.mark.parametrize(("raising", "closed"), [("opened", 1), ("received", 1), ("ended", 1)])
def test_what_a_layer_raises_closes_the_body(raising: str, closed: int) -> None:
    body, async_body = Closed(), AsyncClosed()

    def read() -> None:
        opened = Telling(raising)(Opening(body)).open(GET).unwrap()
        while opened.read().unwrap():
            pass

    async def read_async() -> None:
        opened = (await Telling(raising)(AsyncOpening(async_body)).open(GET)).unwrap()
        while (await opened.read()).unwrap():
            pass

    with pytest.raises(ZeroDivisionError):
        read()

    with pytest.raises(ZeroDivisionError):
        asyncio.run(read_async())
    assert body.times == async_body.times == closed


# Exchanges


def test_an_exchange_through_a_layer_is_performed_once_and_told() -> None:
    layer, beneath = Telling(), AbandonableStreaming()
    exchange = layer(beneath).begin(GET)
    assert layer.told == []
    assert exchange.result() is exchange.result()
    assert beneath.exchange.times == 1
    opening = layer(beneath).begin_open(GET)
    body = opening.result().unwrap()
    assert body.read() == Success(b"{}")
    opening.give_up()
    head = replace(OK, body=b"")
    assert layer.told == [("answered", Success(OK)), ("opened", head), ("received", b"{}"), ("closed",)]
    assert beneath.opening.given_up.is_set()


@pytest.mark.parametrize("name", ["begin", "begin_open"])
def test_an_exchange_is_given_up_before_and_while_it_is_performed(name: str) -> None:
    before = getattr(Layer()(AbandonableStreaming()), name)(GET)
    before.give_up()
    assert before.result() == Failure(GIVEN_UP)
    beneath = AbandonableStreaming(waits=True)
    exchange = getattr(Layer()(beneath), name)(GET)
    results: list[Any] = []
    threads = [Thread(target=lambda: results.append(exchange.result())) for _ in range(2)]
    for thread in threads:
        thread.start()
    assert (beneath.exchange if name == "begin" else beneath.opening).begun.wait(10)
    exchange.give_up()
    exchange.give_up()
    for thread in threads:
        thread.join(10)
    assert results == [Failure(GIVEN_UP)] * 2
    assert beneath.exchange.times + beneath.opening.times == 1


def test_an_exchange_whose_layer_raises_raises_again_and_sends_nothing_more() -> None:
    beneath = Abandonable()
    exchange = Telling("answered")(beneath).begin(GET)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            exchange.result()
    assert beneath.exchange.times == 1


def test_a_chunk_is_passed_on_as_it_is() -> None:
    chunks: list[Chunk] = []
    body = Telling()(StubTransport.answering(BROKEN)).open(GET).unwrap()
    while isinstance(chunk := body.read(1.0), Success):
        chunks.append(chunk)
    assert chunks == [Success(b"a")]
    assert chunk == Failure(CUT)
