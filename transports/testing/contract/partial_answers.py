"""The laws of what is left of an answer that breaks off, for a transport of any kind that can meet one."""

from __future__ import annotations

from contextlib import AbstractContextManager

from ....core.errors import Interrupted
from ....core.http import HttpRequest, HttpResponse
from ...contract import Transport
from .expect import expect
from .transports import error_of

_GET = HttpRequest("GET", "/responses/resp_1")


class CutTransportContract:
    """The laws of an `Interrupted`. A subclass says how a transport meets an answer that breaks off."""

    def make_cut_transport(self, received: HttpResponse) -> AbstractContextManager[Transport]:
        """Make a transport whose every answer is `received`, with its one header, and then breaks off.

        There is more to the body than that: its length says so, or chunks without the last.
        """
        raise NotImplementedError("a subclass of CutTransportContract says how to make a transport")

    def test_an_interruption_holds_what_was_received(self) -> None:
        """Status, headers, and the body up to the break: of any status, and also where that is no byte."""
        for status in (200, 206, 404, 500):
            for body in (b"", b'{"id":"resp_1"', b"0123456789abcdef" * 2**14):
                received = HttpResponse(status=status, headers=(("Content-Type", "text/x-cut"),), body=body)
                partial = self._broken_off(received).partial
                what = f"a {status} that broke off after {len(body)} bytes"
                if partial is None:
                    raise AssertionError(f"{what} was lost with the error: it has no partial")
                expect(partial.status == status, f"{what} is kept as a {partial.status}")
                kind = partial.header("content-type")
                expect(kind == "text/x-cut", f"{what} is kept with the Content-Type {kind!r}, not 'text/x-cut'")
                expect(partial.body == body, f"{what} is kept with {len(partial.body)} bytes, or others")

    def test_what_an_interruption_holds_is_not_shown(self) -> None:
        """Errors are logged, and a body is nothing for a log."""
        headers = (("Content-Type", "text/x-told-by-a-header"),)
        error = self._broken_off(HttpResponse(status=200, headers=headers, body=b"told by the body"))
        for shown in (repr(error), str(error)):
            expect("told" not in shown, f"an error shows what was received: {shown}")

    def _broken_off(self, received: HttpResponse) -> Interrupted:
        with self.make_cut_transport(received) as transport:
            error = error_of(transport(_GET), f"a {received.status} that breaks off")
        if not isinstance(error, Interrupted):
            raise AssertionError(f"a {received.status} that breaks off must be Interrupted, not {error!r}")
        return error
