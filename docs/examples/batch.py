"""Delete many responses at once: each result is yielded as its operation finishes, and a failure stops nothing."""

from __future__ import annotations

from collections.abc import Iterable

from puresponse import ApiError, MemoryTransport, Transport, delete_response, is_failure, retrying, run_many


def clean_up(response_ids: Iterable[str], transport: Transport) -> tuple[int, int, list[str]]:
    """Delete `response_ids`. Give how many were deleted, how many were gone already, and what else went wrong."""
    deleted, gone, failures = 0, 0, list[str]()
    operations = (retrying(delete_response(response_id)) for response_id in response_ids)
    for _operation, result in run_many(operations, transport, concurrency=16):
        if not is_failure(result):
            deleted += 1
            continue
        match result.failure():
            case ApiError(status=404, no_such_route=False):
                gone += 1
            case error:
                failures.append(str(error))
    return deleted, gone, failures


def main() -> None:
    """Delete four sample responses, one of which is not there."""
    deleted, gone, failures = clean_up(["resp_chat", "resp_long", "resp_failed", "resp_lost"], MemoryTransport())
    print(f"{deleted} deleted, {gone} gone already, {len(failures)} failed")


if __name__ == "__main__":
    main()
