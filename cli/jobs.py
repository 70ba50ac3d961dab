"""What each command asks for, as operations.

A command that takes several ids makes one operation for each; its result carries the id, so that outcomes can be told
apart in whatever order they come.
"""

from __future__ import annotations

from typing import Any, Generic, Literal, TypeAlias, TypeVar

from msgspec import Struct, structs
from returns.result import Result, Success

from ..codecs import DeletedResponse, InputItem, Kept, Response
from ..core import (
    ApiError,
    Done,
    Error,
    InvalidArgument,
    Operation,
    Page,
    RetryPolicy,
    Stream,
    all_input_items,
    cancel_response,
    delete_response,
    fail,
    list_input_items,
    retrieve_response,
    retrying,
    succeed,
)
from ..core.arguments import refused
from .text import is_text

T = TypeVar("T")


class Delete(Struct, frozen=True):
    """Deletes a response."""

    policy: RetryPolicy

    def __call__(self, response_id: str) -> Operation[DeletedResponse]:
        deletion = retrying(delete_response(response_id), self.policy)
        return deletion.lash(Gone(response_id))


class Cancel(Struct, frozen=True):
    """Cancels a response."""

    policy: RetryPolicy

    def __call__(self, response_id: str) -> Operation[Response]:
        return retrying(cancel_response(response_id), self.policy)


class Retrieve(Struct, frozen=True):
    """Retrieves a response."""

    policy: RetryPolicy
    include: tuple[str, ...] | None = None

    def __call__(self, response_id: str) -> Operation[Response]:
        return retrying(retrieve_response(response_id, include=self.include), self.policy)


Job: TypeAlias = Delete | Cancel | Retrieve
"""What is done with each of the ids that a command is given."""


class ListItems(Struct, frozen=True, kw_only=True):
    """Lists the items that a response was made from. A `limit` of None is the operation's own default."""

    policy: RetryPolicy
    after: str | None = None
    include: tuple[str, ...] | None = None
    limit: int | None = None
    order: Literal["asc", "desc"] = "desc"

    @property
    def page_size(self) -> int:
        """How many items come in a page where all pages are taken: 100, fewest exchanges, by default."""
        return 100 if self.limit is None else self.limit

    def page(self, response_id: str) -> Operation[Page[InputItem]]:
        """One page, of 20 items by default."""
        limit = 20 if self.limit is None else self.limit
        page = list_input_items(response_id, after=self.after, include=self.include, limit=limit, order=self.order)
        return retrying(page, self.policy)

    def all(self, response_id: str) -> Stream[InputItem]:
        """All items."""
        items = all_input_items(
            response_id, after=self.after, include=self.include, limit=self.page_size, order=self.order
        )
        return retrying(items, self.policy)


class Outcome(Struct, Generic[T], frozen=True):
    """The result of the operation on one response."""

    response_id: str
    result: Result[T, Error]


def operation_for(job: Job, response_id: str) -> Operation[Outcome[Any]]:
    """The operation of `job` on one response. It always succeeds, with the `Outcome`."""
    invalid = check_text(response_id)
    operation: Operation[Any] = job(response_id) if invalid is None else fail(invalid)
    frame: Label[Any] = Label(response_id)
    return operation.then(frame)


def check_text(response_id: str) -> InvalidArgument | None:
    """An id is text: what else a file held cannot be asked for."""
    return None if is_text(response_id) else refused("response_id", response_id, "a string in UTF-8")


class Label(Struct, Generic[T], frozen=True, tag=True):
    """Puts the id to a result."""

    response_id: str

    def __call__(self, result: Result[T, Error]) -> Operation[Outcome[T]]:
        return Done(Success(Outcome(self.response_id, result)))


class Gone(Struct, frozen=True, tag=True):
    """Takes a 404 after an interrupted attempt for what it is: the response is gone, as was asked.

    The acknowledgement that the interruption swallowed is made up; `after_interruption` in it says so.
    """

    response_id: str

    def __call__(self, error: Error) -> Operation[DeletedResponse]:
        match error:
            case ApiError(status=404, after_interruption=True, no_such_route=False):
                gone = DeletedResponse(id=self.response_id, deleted=True)
                return succeed(structs.replace(gone, unknown_fields=Kept({"after_interruption": True})))
            case _:
                return fail(error)
