"""Stub transports that more than one test file needs."""

from returns.result import Failure

from puresponse.core import Answer
from puresponse.transports import StubTransport
from puresponse.transports.cassette.canned_answers import CannedAnswer


def in_turn(*answers: Answer) -> StubTransport:
    """Gives the answers in order, and the last one for ever."""
    left: list[CannedAnswer] = [one.failure() if isinstance(one, Failure) else one.unwrap() for one in answers]
    return StubTransport(lambda _: left.pop(0) if len(left) > 1 else left[0])
