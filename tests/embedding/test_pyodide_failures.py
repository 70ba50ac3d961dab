"""What an error of a fetch means, told from what hosts say: the cases that no server on loopback can bring about."""

from __future__ import annotations

import pytest
from msgspec import Struct

from puresponse.core import Interrupted, NotSent
from puresponse.transports.fetch.failures import broken_off, not_answered


class Cause(Struct):
    """The cause that Node.js gives to an error."""

    code: str = ""
    message: str = ""
    name: str = "Error"
    syscall: str | None = None


class Rejection(Struct):
    """An error that a fetch rejects with. In a browser it has no cause, and a code that means something else."""

    cause: Cause | None = None
    message: str = "fetch failed"
    name: str = "TypeError"
    code: int | str | None = None


@pytest.mark.parametrize(
    ("cause", "kind"),
    [
        (Cause("EAI_AGAIN", "getaddrinfo EAI_AGAIN api.example.com"), "dns"),
        (Cause("UND_ERR_CONNECT_TIMEOUT", "Connect Timeout Error"), "connect_timeout"),
        (Cause("ETIMEDOUT", "connect ETIMEDOUT", syscall="connect"), "connect_timeout"),
        (Cause("ENETUNREACH", "connect ENETUNREACH", syscall="connect"), "unreachable"),
        (Cause("EHOSTUNREACH", "connect EHOSTUNREACH", syscall="connect"), "unreachable"),
        (Cause("CERT_NOT_YET_VALID", "certificate is not yet valid"), "tls"),
        (Cause("", "bad port"), "invalid_request"),
    ],
)
def test_what_ends_before_a_connection_stands_is_not_sent(cause: Cause, kind: str) -> None:
    error = not_answered(Rejection(cause))
    assert (type(error), error.kind, error.reason) == (NotSent, kind, cause.message)


@pytest.mark.parametrize(
    ("cause", "kind"),
    [
        (Cause("ETIMEDOUT", "read ETIMEDOUT", syscall="read"), "reset"),
        (Cause("EPIPE", "write EPIPE", syscall="write"), "reset"),
        (Cause("UND_ERR_HEADERS_TIMEOUT", "Headers Timeout Error"), "read_timeout"),
        (Cause("UND_ERR_HEADERS_OVERFLOW", "Headers Overflow Error"), "protocol"),
        (Cause("ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "tlsv13 alert certificate required"), "tls"),
        (Cause("ERR_SSL_WRONG_VERSION_NUMBER", "wrong version number:methods/tls13_meth.c:1"), "tls"),
    ],
)
def test_what_may_end_after_the_request_went_out_is_interrupted(cause: Cause, kind: str) -> None:
    error = not_answered(Rejection(cause))
    assert (type(error), error.kind, error.reason) == (Interrupted, kind, cause.message)


@pytest.mark.parametrize(
    ("cause", "kind"),
    [
        (Cause("UND_ERR_BODY_TIMEOUT", "Body Timeout Error"), "read_timeout"),
        (Cause("Z_DATA_ERROR", "incorrect header check"), "truncated"),
        (Cause("", "Invalid character in chunk size", name="HTTPParserError"), "protocol"),
        (Cause("ECONNREFUSED", "of no meaning here", syscall="connect"), "truncated"),
    ],
)
def test_a_body_that_breaks_off_is_interrupted_whatever_the_cause(cause: Cause, kind: str) -> None:
    error = broken_off(Rejection(cause))
    assert (error.kind, error.reason) == (kind, cause.message)


def test_an_error_without_a_cause_is_interrupted_whatever_its_code() -> None:
    failed = Rejection(message="Failed to fetch", code="ECONNREFUSED")
    assert not_answered(failed) == Interrupted("reset", "Failed to fetch")
    assert broken_off(Rejection(message="network error")) == Interrupted("truncated", "network error")
    aborted = Rejection(name="AbortError", message="The user aborted a request.", code=20)
    assert not_answered(aborted) == Interrupted("reset", "The user aborted a request.")


def test_a_reason_is_short() -> None:
    assert len(not_answered(Rejection(Cause("", "x" * 65536))).reason) == 300
