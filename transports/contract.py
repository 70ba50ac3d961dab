"""What a transport is: a callable that performs one exchange, and what it promises.

Laws (`contract_suite.py` checks them, for this library's transports and for anyone's):

1. It never raises for anything that the network or the server does: that comes back as a `Failure`.
2. Any HTTP status is a `Success`: judging it is the core's work.
3. The body is read whole; a body that breaks off is an `Interrupted`, never a shorter body.
4. One request is one exchange: no retry, no redirect.
5. What is sent is what the request says: method, path, query in order, headers, body.
6. Many threads may call it at once.

`NotSent` promises that the server has not processed the request; where that is not certain, it is `Interrupted`.
Base URL and credentials belong to the transport, and appear in nothing that it returns or prints.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from returns.result import Result

from ..core.errors import Error
from ..core.http import HttpRequest, HttpResponse

Transport: TypeAlias = Callable[[HttpRequest], Result[HttpResponse, Error]]
"""Performs one exchange. A plain function is a fine stub."""

AsyncTransport: TypeAlias = Callable[[HttpRequest], Awaitable[Result[HttpResponse, Error]]]
"""Performs one exchange without blocking the event loop, under the same laws."""
