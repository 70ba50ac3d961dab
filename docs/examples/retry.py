"""Repeat what met a passing fault: a function from operation to operation, rehearsed here without waiting."""

from __future__ import annotations

from returns.result import Success

from puresponse import (
    Answer,
    HttpRequest,
    HttpResponse,
    MemoryTransport,
    RetryPolicy,
    Transport,
    VirtualClock,
    delete_response,
    retrying,
    run,
)


def busy_at_first(transport: Transport, times: int) -> Transport:
    """A transport that answers 429 a few `times`, asking for two seconds of patience, before it passes requests on."""
    left = times

    def busy(request: HttpRequest) -> Answer:
        nonlocal left
        if left == 0:
            return transport(request)
        left -= 1
        return Success(HttpResponse(status=429, headers=(("retry-after", "2"),)))

    return busy


def main() -> None:
    """Delete through a service that is busy twice."""
    clock = VirtualClock()
    operation = retrying(delete_response("resp_chat"), RetryPolicy(max_retries=5))
    result = run(operation, busy_at_first(MemoryTransport(), 2), clock=clock)
    print(f"{result.map(lambda deleted: deleted.deleted)} after waiting {clock.slept} seconds")


if __name__ == "__main__":
    main()
