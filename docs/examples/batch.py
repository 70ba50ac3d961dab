"""Delete many responses at once: each outcome has its id, and a key that is refused is asked with once, not always."""

from __future__ import annotations

from collections.abc import Iterable

from puresponse import (
    ApiError,
    MemoryTransport,
    RunStopped,
    Transport,
    delete_response,
    hopeless,
    is_failure,
    retrying,
    run_many,
)


def clean_up(response_ids: Iterable[str], transport: Transport) -> dict[str, str]:
    """Delete `response_ids`, and say what became of each; those that are missing were not begun."""
    fates: dict[str, str] = {}
    pairs = ((response_id, retrying(delete_response(response_id))) for response_id in response_ids)
    try:
        for response_id, result in run_many(pairs, transport, concurrency=16, stop_on=hopeless):
            if not is_failure(result):
                fates[response_id] = "deleted"
                continue
            match result.failure():
                case ApiError(status=404, no_such_route=False):
                    fates[response_id] = "gone already"
                case error:
                    fates[response_id] = f"failed: {error}"
    except RunStopped as stopped:
        print(hopeless(stopped.error))
    return fates


def main() -> None:
    """Delete four sample responses, one of which is not there."""
    ids = ["resp_chat", "resp_long", "resp_failed", "resp_lost"]
    fates = clean_up(ids, MemoryTransport())
    for response_id in ids:
        print(response_id, fates.get(response_id, "not begun"))


if __name__ == "__main__":
    main()
