"""Look before you cancel: only a background response that has not ended can be cancelled."""

from __future__ import annotations

from puresponse import MemoryTransport, Operation, Response, cancel_response, retrieve_response, run, succeed


def cancel_if_running(response_id: str) -> Operation[Response]:
    """Cancel the response if it is queued or in progress; return it as it is if not."""
    return retrieve_response(response_id).bind(cancel_what_runs)


def cancel_what_runs(response: Response) -> Operation[Response]:
    """Go on to cancel `response`, or be done with it."""
    if response.background and response.status in ("queued", "in_progress"):
        return cancel_response(response.id)
    return succeed(response)


def main() -> None:
    """Try it on a response that runs, and on two that do not."""
    transport = MemoryTransport()
    for response_id in ("resp_in_progress", "resp_completed", "resp_chat"):
        outcome = run(cancel_if_running(response_id), transport).map(lambda response: response.status)
        print(f"{response_id}: {outcome}")


if __name__ == "__main__":
    main()
