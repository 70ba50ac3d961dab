"""A log of each attempt at a request, by Python's `logging`.

Law: an attempt is one line of INFO, or of WARNING where it failed: no answer, a 429, a 5xx, or a body that broke off.
DEBUG has two more: the request and the answer with their headers. `log_lines` has what they say.
"""

from __future__ import annotations

import logging
import os
from typing import Any, overload

from ...core.errors import Error
from ...core.http import HttpRequest, HttpResponse
from ...core.results import is_failure
from ...core.steps import Answer
from ..clock import Clock, SystemClock
from ..contract import (
    AbandonableStreamingTransport,
    AbandonableTransport,
    AsyncStreamingTransport,
    AsyncTransport,
    StreamingTransport,
    Transport,
)
from .layer import Attempt, Layer, laid_around
from .layered import (
    LayeredAbandonableStreamingTransport,
    LayeredAbandonableTransport,
    LayeredStreamingTransport,
    LayeredTransport,
)
from .layered_async import LayeredAsyncStreamingTransport, LayeredAsyncTransport
from .log_level import LogLevel, log_level
from .log_lines import answer_line, body_text, failure_line, outcome_line, raised_line, request_line

_LOGGER = logging.getLogger("puresponse")
_ATTEMPTS = logging.getLogger("puresponse.http")
_SYSTEM_CLOCK = SystemClock()
_LEVELS = {"info": logging.INFO, "debug": logging.DEBUG}


def set_up_logging(level: LogLevel | None = None) -> None:
    """Show on standard error what is logged: as the official client does where `OPENAI_LOG` is set.

    Args:
        level: How much; None reads `OPENAI_LOG`, and does nothing where that is neither `info` nor `debug`.

    The root logger gets a handler, unless it has one, and the logger `puresponse` its level. A transport logs only with
    `logging_exchanges` around it. Raises `ValueError` for another level.

    >>> set_up_logging()
    """
    if level is not None and level not in _LEVELS:
        from ...core.arguments import invalid_argument

        raise ValueError(str(invalid_argument("level", level, "'info', 'debug' or None")))
    chosen = log_level(os.environ) if level is None else level
    if chosen is not None:
        form = "[%(asctime)s - %(name)s:%(lineno)d - %(levelname)s] %(message)s"
        logging.basicConfig(format=form, datefmt="%Y-%m-%d %H:%M:%S")
        _LOGGER.setLevel(_LEVELS[chosen])


@overload
def logging_exchanges(
    transport: AbandonableStreamingTransport,
    *,
    bodies: bool = False,
    logger: logging.Logger | None = None,
    clock: Clock = _SYSTEM_CLOCK,
) -> LayeredAbandonableStreamingTransport: ...
@overload
def logging_exchanges(
    transport: StreamingTransport,
    *,
    bodies: bool = False,
    logger: logging.Logger | None = None,
    clock: Clock = _SYSTEM_CLOCK,
) -> LayeredStreamingTransport: ...
@overload
def logging_exchanges(
    transport: AbandonableTransport,
    *,
    bodies: bool = False,
    logger: logging.Logger | None = None,
    clock: Clock = _SYSTEM_CLOCK,
) -> LayeredAbandonableTransport: ...
@overload
def logging_exchanges(
    transport: AsyncStreamingTransport,
    *,
    bodies: bool = False,
    logger: logging.Logger | None = None,
    clock: Clock = _SYSTEM_CLOCK,
) -> LayeredAsyncStreamingTransport: ...
@overload
def logging_exchanges(
    transport: Transport,
    *,
    bodies: bool = False,
    logger: logging.Logger | None = None,
    clock: Clock = _SYSTEM_CLOCK,
) -> LayeredTransport: ...
@overload
def logging_exchanges(
    transport: AsyncTransport,
    *,
    bodies: bool = False,
    logger: logging.Logger | None = None,
    clock: Clock = _SYSTEM_CLOCK,
) -> LayeredAsyncTransport: ...
def logging_exchanges(
    transport: Any,
    *,
    bodies: bool = False,
    logger: logging.Logger | None = None,
    clock: Clock = _SYSTEM_CLOCK,
) -> Any:
    """Log each attempt that `transport` makes; the result is a transport of the same kind.

    Args:
        transport: Any transport, as `observing` has it.
        bodies: True has the lines of DEBUG show bodies, too. Of a JSON body, what is a credential by its name is
            `[redacted]`; all else is as it is.
        logger: Where to; `puresponse.http` where None is given.
        clock: What seconds are measured by.

    | level | lines |
    |---|---|
    | WARNING | an attempt that failed: no answer, a 429, a 5xx, a body that broke off |
    | INFO | any other attempt: method, path, status, bytes, seconds, request id (`x-request-id`) |
    | DEBUG | before that the request, and the answer, with their headers; those that the transport adds are not seen |

    Credentials among the headers and the query are `[redacted]`, by their names. `set_up_logging` shows the log.

    >>> from puresponse.transports import MemoryTransport
    >>> with logging_exchanges(MemoryTransport()) as transport:
    ...     transport(HttpRequest("DELETE", "/responses/resp_chat")).unwrap().status
    200
    """
    return laid_around(Logging(bodies, logger or _ATTEMPTS, clock), transport)


class Logging(Layer):
    """The layer of `logging_exchanges`."""

    def __init__(self, bodies: bool, logger: logging.Logger, clock: Clock) -> None:
        self.bodies = bodies
        self.logger = logger
        self.now = clock.monotonic

    def attempt(self, request: HttpRequest) -> Attempt:
        """Log the request, and note the time."""
        if self.logger.isEnabledFor(logging.DEBUG):
            self.logger.debug("%s", request_line(request, bodies=self.bodies))
        return _Logged(request, self, self.now())


class _Logged(Attempt):
    """An attempt that is logged."""

    __slots__ = ("_began", "_body", "_chunks", "_head", "_layer", "_length")

    def __init__(self, request: HttpRequest, layer: Logging, began: float) -> None:
        self.request = request
        self._layer = layer
        self._began = began

    def answered(self, result: Answer) -> None:
        """Log the answer, or the failure."""
        layer = self._layer
        if is_failure(result):
            self._fail(failure_line(self.request, result.failure(), self._seconds()))
            return
        answer = result.unwrap()
        length = len(answer.body)
        if layer.logger.isEnabledFor(logging.DEBUG):
            layer.logger.debug("%s", answer_line(self.request, answer, length, bodies=layer.bodies))
        level = logging.WARNING if answer.status >= 500 or answer.status == 429 else logging.INFO
        if layer.logger.isEnabledFor(level):
            layer.logger.log(level, "%s", outcome_line(self.request, answer, length, self._seconds()))

    def opened(self, head: HttpResponse) -> None:
        """Log the head of the answer."""
        self._head, self._chunks, self._length = head, 0, 0
        layer = self._layer
        is_seen = layer.logger.isEnabledFor(logging.DEBUG)
        self._body: list[bytes] | None = [] if is_seen and layer.bodies else None
        if is_seen:
            layer.logger.debug("%s", answer_line(self.request, head, None, bodies=False))

    def received(self, chunk: bytes) -> None:
        """Count, and keep what is to be shown."""
        self._chunks += 1
        self._length += len(chunk)
        if self._body is not None:
            self._body.append(chunk)

    def ended(self, error: Error | None) -> None:
        """Log the end of the body."""
        logger = self._layer.logger
        if self._body:
            logger.debug("%s", f"body of the answer: {body_text(b''.join(self._body))}")
        if error is not None:
            self._fail(failure_line(self.request, error, self._seconds(), self._head))
        elif logger.isEnabledFor(logging.INFO):
            seconds = self._seconds()
            logger.info("%s", outcome_line(self.request, self._head, self._length, seconds, chunks=self._chunks))

    def raised(self, error: BaseException) -> None:
        """Log that there is no result."""
        self._fail(raised_line(self.request, error, self._seconds()))

    def _seconds(self) -> float:
        return self._layer.now() - self._began

    def _fail(self, line: str) -> None:
        self._layer.logger.warning("%s", line)
