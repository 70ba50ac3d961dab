"""A transport for event loops, used as a blocking one: each exchange runs in one loop, which ends with it."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Any

from returns.result import Failure, Result, Success

from puresponse.core import Answer, Chunk, Error, HttpRequest, HttpResponse
from puresponse.transports import AiohttpTransport, AsyncBody, Body


class InALoop:
    """An `AiohttpTransport` with these settings, in a loop of its own."""

    def __init__(self, **settings: Any) -> None:
        self.transport = AiohttpTransport(**settings)
        self.runner = asyncio.Runner()

    def __call__(self, request: HttpRequest) -> Answer:
        return self.runner.run(self.transport(request))

    def open(self, request: HttpRequest) -> Result[Body, Error]:
        opened = self.runner.run(self.transport.open(request))
        return opened if isinstance(opened, Failure) else Success(_BodyInALoop(opened.unwrap(), self.runner))

    def close(self) -> None:
        self.runner.run(self.transport.aclose())
        self.runner.close()

    def __enter__(self) -> InALoop:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class _BodyInALoop:
    def __init__(self, body: AsyncBody, runner: asyncio.Runner) -> None:
        self.answer: HttpResponse = body.answer
        self._body = body
        self._runner = runner

    def read(self, within: float | None = None) -> Chunk:
        return self._runner.run(self._body.read(within))

    def close(self, within: float = 0.0) -> None:
        self._runner.run(self._body.close(within))
