"""The log of a transport: a line for each attempt, at the level it deserves, and nothing secret in any."""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Success

from puresponse.core import Answer, HttpRequest, HttpResponse, Interrupted, NotSent
from puresponse.core.http import Pairs
from puresponse.transports import (
    LayeredAsyncStreamingTransport,
    StreamedResponse,
    StubTransport,
    Urllib3Transport,
    VirtualClock,
    in_threads,
    logging_exchanges,
    set_up_logging,
)
from puresponse.transports.layers.log_level import log_level
from puresponse.transports.layers.log_lines import answer_line, body_text, outcome_line, request_line
from puresponse.transports.testing.loopback import serving

SECRET = "PLANTED-0123456789"
DELETE = HttpRequest("DELETE", "/responses/resp_1")
CREATE = HttpRequest("POST", "/responses", (("a", "1"),), (("X-Trace", "t"),), b'{"model":"m"}')
OK = HttpResponse(status=200, headers=(("X-Request-Id", "req_1"),), body=b'{"deleted":true}')


def logged(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    return [(record.levelname, record.getMessage()) for record in caplog.records if record.name == "puresponse.http"]


class Slow:
    """Answers after 0.25 seconds of a clock."""

    def __init__(self, clock: VirtualClock, answer: Any) -> None:
        self.clock = clock
        self.stub = StubTransport.answering(answer)

    def __call__(self, request: HttpRequest) -> Answer:
        self.clock.sleep(0.25)
        return self.stub(request)

    def open(self, request: HttpRequest) -> Any:
        self.clock.sleep(0.25)
        return self.stub.open(request)


def exchange(caplog: pytest.LogCaptureFixture, level: int, request: HttpRequest, answer: Any, **settings: Any) -> Any:
    caplog.set_level(level, "puresponse")
    caplog.clear()
    clock = VirtualClock()
    logging_exchanges(Slow(clock, answer), clock=clock, **settings)(request)
    return logged(caplog)


@pytest.mark.parametrize(
    ("request_", "answer", "level", "line"),
    [
        (DELETE, OK, "INFO", "DELETE /responses/resp_1: 200, 16 bytes in 0.250 s, request id req_1"),
        (CREATE, OK, "INFO", "POST /responses?a=1, 13 bytes: 200, 16 bytes in 0.250 s, request id req_1"),
        (
            DELETE,
            HttpResponse(status=404, body=b"x"),
            "INFO",
            "DELETE /responses/resp_1: 404, 1 byte in 0.250 s, request id none",
        ),
        (
            DELETE,
            HttpResponse(status=429),
            "WARNING",
            "DELETE /responses/resp_1: 429, 0 bytes in 0.250 s, request id none",
        ),
        (
            DELETE,
            HttpResponse(status=500),
            "WARNING",
            "DELETE /responses/resp_1: 500, 0 bytes in 0.250 s, request id none",
        ),
        (
            DELETE,
            NotSent("dns", "no\nhost"),
            "WARNING",
            "DELETE /responses/resp_1: not sent (dns): no\\nhost after 0.250 s",
        ),
        (
            DELETE,
            Interrupted("reset", "gone"),
            "WARNING",
            "DELETE /responses/resp_1: interrupted (reset): gone after 0.250 s",
        ),
    ],
)
def test_an_attempt_is_one_line(
    caplog: pytest.LogCaptureFixture, request_: HttpRequest, answer: Any, level: str, line: str
) -> None:
    assert exchange(caplog, logging.INFO, request_, answer) == [(level, line)]
    warned = [(level, line)] if level == "WARNING" else []
    assert exchange(caplog, logging.WARNING, request_, answer) == warned


def test_debug_has_the_request_and_the_answer_and_bodies_where_asked(caplog: pytest.LogCaptureFixture) -> None:
    request = ("DEBUG", "request POST /responses?a=1, 13 bytes; X-Trace: t")
    answer = ("DEBUG", "answer to POST /responses?a=1, 13 bytes: 200, 16 bytes; X-Request-Id: req_1")
    outcome = ("INFO", "POST /responses?a=1, 13 bytes: 200, 16 bytes in 0.250 s, request id req_1")
    assert exchange(caplog, logging.DEBUG, CREATE, OK) == [request, answer, outcome]
    assert exchange(caplog, logging.DEBUG, CREATE, OK, bodies=True) == [
        ("DEBUG", f'{request[1]}; body {{"model":"m"}}'),
        ("DEBUG", f'{answer[1]}; body {{"deleted":true}}'),
        outcome,
    ]


STREAMED = StreamedResponse(status=200, headers=(("x-request-id", "req_1"),), chunks=(b"a", b"bc"))


def test_a_stream_is_one_line_at_its_end(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "puresponse")
    clock = VirtualClock()
    body = logging_exchanges(Slow(clock, STREAMED), clock=clock, bodies=True).open(DELETE).unwrap()
    while body.read().unwrap():
        clock.sleep(1.0)
    assert logged(caplog) == [
        ("DEBUG", "request DELETE /responses/resp_1"),
        ("DEBUG", "answer to DELETE /responses/resp_1: 200, a body to be read; x-request-id: req_1"),
        ("DEBUG", "body of the answer: abc"),
        ("INFO", "DELETE /responses/resp_1: 200, 3 bytes in 2 chunks in 2.250 s, request id req_1"),
    ]
    caplog.clear()
    in_silence = logging_exchanges(Slow(clock, STREAMED), clock=clock).open(DELETE).unwrap()
    while in_silence.read().unwrap():
        pass
    assert [level for level, _ in logged(caplog)] == ["DEBUG", "DEBUG", "INFO"]
    caplog.clear()
    broken = StreamedResponse(status=200, chunks=(b"a",), error=Interrupted("truncated", "cut"))
    body = logging_exchanges(Slow(clock, broken), clock=clock).open(DELETE).unwrap()
    while isinstance(body.read(), Success):
        pass
    line = "DELETE /responses/resp_1: 200, request id none, interrupted (truncated): cut after 0.250 s"
    assert logged(caplog)[-1] == ("WARNING", line)


def test_what_raises_or_is_cancelled_is_a_line_too(caplog: pytest.LogCaptureFixture) -> None:
    def raising(request: HttpRequest) -> Answer:
        raise ZeroDivisionError(SECRET)

    with pytest.raises(ZeroDivisionError):
        logging_exchanges(raising, clock=VirtualClock())(DELETE)
    assert logged(caplog) == [("WARNING", "DELETE /responses/resp_1: ZeroDivisionError after 0.000 s")]


def test_an_asynchronous_transport_logs_likewise(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "puresponse")

    async def use() -> None:
        transport = logging_exchanges(in_threads(StubTransport.answering(OK, STREAMED)), clock=VirtualClock())
        assert isinstance(transport, LayeredAsyncStreamingTransport)
        await transport(DELETE)
        body = (await transport.open(DELETE)).unwrap()
        await body.close()

    asyncio.run(use())
    assert [line.partition(": ")[2] for _, line in logged(caplog)] == [
        "200, 16 bytes in 0.000 s, request id req_1",
        "200, 0 bytes in 0 chunks in 0.000 s, request id req_1",
    ]


def test_another_logger_will_do(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    logging_exchanges(StubTransport.answering(OK), logger=logging.getLogger("mine"))(DELETE)
    assert [record.name for record in caplog.records] == ["mine"]


# Nothing secret


def test_nothing_that_was_planted_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "puresponse")

    def parrot(request: HttpRequest) -> HttpResponse:
        said: Pairs = (("X-Auth-Token", SECRET), ("Set-Cookie", f"a={SECRET}"), ("X-Seen", "yes"))
        body = f'{{"api_key": "{SECRET}", "n": {{"password":"{SECRET}\\"", "client_secret": 12}}, "seen": "yes"}}'
        return HttpResponse(status=401, headers=said, body=body.encode())

    forged = HttpRequest(
        "POST",
        "/x",
        (("api-key", SECRET), ("limit", "5")),
        (("Authorization", f"Bearer {SECRET}"), ("X-Trace", "1")),
        f'{{"tools":[{{"type":"mcp","authorization":"{SECRET}"}}],"input":"hello"}}'.encode(),
    )
    with (
        serving(parrot) as base_url,
        logging_exchanges(
            Urllib3Transport(api_key=SECRET, base_url=base_url, default_headers={"X-Team-Key": SECRET}, proxy=""),
            bodies=True,
        ) as transport,
    ):
        transport(forged)
        transport.open(forged)
        transport(DELETE)
    with logging_exchanges(StubTransport(parrot), bodies=True) as stubbed:
        stubbed(forged)
        stubbed.open(forged)
    text = caplog.text
    assert "PLANTED" not in text
    for seen in ("[redacted]", "limit=5", "X-Trace: 1", '"input":"hello"', '"seen": "yes"', "X-Seen: yes", "401"):
        assert seen in text
    assert '"client_secret": "[redacted]"' in text


def test_a_secret_that_is_cut_off_is_redacted_as_well() -> None:
    assert body_text(b'{"seen":"yes","api_key":"PLAN') == '{"seen":"yes","api_key":"[redacted]"'


@given(st.text(), st.text(), st.binary())
def test_whatever_is_said_is_one_printable_line(name: str, value: str, body: bytes) -> None:
    request = HttpRequest("POST", f"/{name}", ((name, value),), ((name, value),), body)
    answer = HttpResponse(status=200, headers=(("x-request-id", value), (name, value)), body=body)
    lines = [
        request_line(request, bodies=True),
        answer_line(request, answer, 3, bodies=True),
        outcome_line(request, answer, 3, 0.1),
    ]
    assert all(line.isprintable() for line in lines)


# Setting it up


@pytest.mark.parametrize(
    ("value", "level"), [("info", "info"), ("debug", "debug"), ("INFO", None), ("1", None), ("", None)]
)
def test_openai_log_is_read_as_the_official_client_reads_it(value: str, level: str | None) -> None:
    assert log_level({"OPENAI_LOG": value}) == level
    assert log_level({}) is None


def test_another_level_is_refused_by_name() -> None:
    wrong: Any = "verbose"
    with pytest.raises(ValueError, match="'level'"):
        set_up_logging(wrong)


PROGRAM = """
from puresponse import delete_response, run
from puresponse.transports import MemoryTransport, logging_exchanges, set_up_logging
set_up_logging({level})
run(delete_response("resp_chat"), logging_exchanges(MemoryTransport()))
"""


@pytest.mark.parametrize(
    ("level", "variable", "lines"), [("", "", 0), ("", "info", 1), ("", "debug", 3), ("'info'", "debug", 1)]
)
def test_a_process_shows_its_log_where_it_is_asked_to(level: str, variable: str, lines: int) -> None:
    environ = {**os.environ, "OPENAI_LOG": variable}
    program = [sys.executable, "-c", PROGRAM.format(level=level)]
    shown = subprocess.run(program, env=environ, capture_output=True, text=True, check=True).stderr.splitlines()
    assert len(shown) == lines
    if shown:
        assert " - puresponse.http:" in shown[-1]
        assert shown[-1].split("] ", 1)[1].startswith("DELETE /responses/resp_chat: 200, ")
