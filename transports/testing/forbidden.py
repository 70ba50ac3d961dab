"""A transport for what must not ask anything."""

from __future__ import annotations

from typing import NoReturn

from ...core.http import HttpRequest


class ForbiddenTransport:
    """Fails the test that makes it be asked anything, with an `AssertionError` that says what was asked.

    To ask where nothing is to be asked is a bug of the program, so that this is an exception and not a `Failure`,
    which the program could swallow. It is a transport for `run` and for `run_async` alike.

    >>> ForbiddenTransport()(HttpRequest("DELETE", "/responses/resp_1"))
    Traceback (most recent call last):
    AssertionError: no request was to be made, but this was: DELETE /responses/resp_1
    """

    def __call__(self, request: HttpRequest) -> NoReturn:
        raise _complaint(request)

    def open(self, request: HttpRequest) -> NoReturn:
        """Fail, as a call does."""
        raise _complaint(request)

    def __repr__(self) -> str:
        return "ForbiddenTransport()"


def _complaint(request: HttpRequest) -> AssertionError:
    return AssertionError(f"no request was to be made, but this was: {request.method} {request.path}")
