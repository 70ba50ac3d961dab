"""What the programs of walks go on with between two requests: frames, named for checkpoints."""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from returns.result import Failure, Result

from puresponse import (
    ApiError,
    DeletedResponse,
    Error,
    Operation,
    Response,
    Stream,
    WaitPolicy,
    WithResponse,
    all_input_items,
    audit_response,
    break_off,
    cancel_if_running,
    delete_response,
    elapsed,
    fail,
    response_so_far,
    resume_stream,
    retrieve_response,
    succeed,
    wait_for_response,
)


class WaitFor(Struct, frozen=True):
    """Waits for what was made."""

    policy: WaitPolicy

    def __call__(self, response: Response) -> Operation[Response]:
        return wait_for_response(response, self.policy)


class CancelIt(Struct, frozen=True):
    """Cancels what was made, unless it has ended."""

    def __call__(self, response: Response) -> Operation[Response]:
        return cancel_if_running(response.id)


class DeleteIt(Struct, frozen=True):
    """Deletes what was found."""

    def __call__(self, response: Response) -> Operation[DeletedResponse]:
        return delete_response(response.id)


class AndThen(Struct, frozen=True):
    """Goes on with a program, whatever it is given."""

    program: Any

    def __call__(self, value: object) -> Any:
        return self.program


class AskAgain(Struct, frozen=True):
    """Retrieves what was made."""

    def __call__(self, response: Response) -> Operation[Response]:
        return retrieve_response(response.id)


class Audit(Struct, frozen=True):
    """Audits what was listed; what is gone by then is left out."""

    def __call__(self, response: Response) -> Operation[Any]:
        return audit_response(response.id).lash(GoneIsFine())


class Deletion(Struct, frozen=True):
    """Deletes what is called so."""

    def __call__(self, response_id: str) -> Operation[DeletedResponse]:
        return delete_response(response_id)


class Items(Struct, frozen=True):
    """Lists the input items of a response, page by page."""

    def __call__(self, response_id: str) -> Stream[Any]:
        return all_input_items(response_id, limit=1)


class Followed(Struct, frozen=True):
    """Follows the events of what was made."""

    def __call__(self, made: Result[Response, Error]) -> Stream[Any]:
        return break_off(made.failure()) if isinstance(made, Failure) else resume_stream(made.unwrap().id)


class SoFar(Struct, frozen=True):
    """Makes a response of its events."""

    def __call__(self, events: tuple[Any, ...]) -> Response | None:
        return response_so_far(events)


class Timed(Struct, frozen=True):
    """Asks what time it is."""

    def __call__(self, answered: WithResponse[Response]) -> Operation[float]:
        return elapsed()


class GoneIsFine(Struct, frozen=True):
    """Takes it for done where nothing is there any more."""

    def __call__(self, error: Error) -> Operation[str]:
        return succeed("gone") if isinstance(error, ApiError) and error.status == 404 else fail(error)


class Count(Struct, frozen=True):
    """How many of several have failed."""

    def __call__(self, results: tuple[Result[Any, Error], ...]) -> int:
        return sum(isinstance(result, Failure) for result in results)


FRAMES: tuple[type[Struct], ...] = (
    WaitFor,
    CancelIt,
    DeleteIt,
    AndThen,
    AskAgain,
    Audit,
    Deletion,
    Items,
    Followed,
    SoFar,
    Timed,
    GoneIsFine,
    Count,
)
NAMES: dict[str, object] = {frame.__name__: frame for frame in FRAMES}
