"""All pages of a list, as one stream of items.

Law: a stream of pages holds one page at a time, and ends. Pages that lead round in a circle end in an error: one cursor
seen earlier is remembered, a later one each time the chain has doubled in length (Brent, "An improved Monte Carlo
factorization algorithm", 1980), so that any circle is noticed in constant memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Generic, Literal, TypeVar, Unpack

from msgspec import Struct
from returns.result import Failure, Result

from ...codecs.lossless.errors import DecodeError
from ...codecs.on_demand import public_type
from ..combinators.additions import RequestOptions
from ..errors import Error
from ..steps import Done, Operation
from ..streams import END, Emit, Perform, Stream, break_off
from .keywords import show_options
from .pages import Page
from .request_options import exchange_page
from .response_lists import ReceiveInputItems, ReceiveResponses, request_of_input_items, request_of_responses

if TYPE_CHECKING:
    from ...codecs.types.items import InputItem
    from ...codecs.types.response import Response
else:
    InputItem = public_type("InputItem")
    Response = public_type("Response")

T = TypeVar("T")


def all_input_items(
    response_id: str,
    *,
    after: str | None = None,
    include: Sequence[str] | None = None,
    limit: int = 100,
    order: Literal["asc", "desc"] = "desc",
    **options: Unpack[RequestOptions],
) -> Stream[InputItem]:
    """Emit all items that a response was made from, page after page.

    The arguments are those of `list_input_items`; `limit` is the size of a page, 1 to 100, and at its greatest by
    default: fewest exchanges.

    Errors: those of `list_input_items`, and a `DecodeError` where the list does not advance.
    https://platform.openai.com/docs/api-reference/responses/input-items

    >>> all_input_items("resp_1").operation.request.query
    (('limit', '100'),)
    """
    request = request_of_input_items(response_id, after, include, limit, order)
    return all_pages(exchange_page(request, ReceiveInputItems, options, all_input_items))


def all_responses(
    *,
    after: str | None = None,
    limit: int = 100,
    order: Literal["asc", "desc"] = "desc",
    model: str | None = None,
    conversation_id: str | None = None,
    agent_name: str | None = None,
    agent_id: str | None = None,
    **options: Unpack[RequestOptions],
) -> Stream[Response]:
    """Emit all responses that the server holds, page after page. OpenAI has no such list.

    The arguments are those of `list_responses`; `limit` is the size of a page, 1 to 100, and at its greatest by
    default: fewest exchanges.

    Errors: those of `list_responses`, and a `DecodeError` where the list does not advance.
    https://learn.microsoft.com/azure/foundry/reference/rest/list-responses

    >>> all_responses(model="llama-4").operation.request.query
    (('limit', '100'), ('model', 'llama-4'))
    """
    request = request_of_responses(
        after, limit, order, model=model, conversation_id=conversation_id, agent_name=agent_name, agent_id=agent_id
    )
    return all_pages(exchange_page(request, ReceiveResponses, options, all_responses))


def all_pages(first: Operation[Page[T]]) -> Stream[T]:
    """Emit the items of the page that `first` returns, and of every page after it.

    A page is asked for when all items of the page before were taken, so that one is in memory at a time.

    Errors: those of `first`, and of the operations that return the next pages.

    >>> from puresponse.core import list_models
    >>> all_pages(list_models()).operation.request.path
    '/models'
    """
    frame: EmitPage[T] = EmitPage()
    return Perform(first, frame)


class EmitPage(Struct, Generic[T], frozen=True, tag=True, repr_omit_defaults=True):
    """Emits a page, then performs the next.

    `landmark` is a cursor seen earlier, `steps` how many pages ago, and `span` after how many the next is taken.
    """

    landmark: str | None = None
    steps: int = 0
    span: int = 1

    def __call__(self, result: Result[Page[T], Error]) -> Stream[T]:
        if isinstance(result, Failure):
            return break_off(result.failure())
        page = result.unwrap()
        return Emit(page.data, self._rest(page)) if page.data else self._rest(page)

    def _rest(self, page: Page[T]) -> Stream[T]:
        if page.next_page is None:
            return END
        cursor = page.cursor
        if cursor is not None and cursor == self.landmark and not isinstance(page.next_page, Done):
            return break_off(_circle(cursor))
        if self.steps + 1 < self.span:
            onward: EmitPage[T] = EmitPage(self.landmark, self.steps + 1, self.span)
        else:
            onward = EmitPage(cursor, 0, self.span * 2)
        return Perform(page.next_page, onward)


def _circle(cursor: str) -> DecodeError:
    return DecodeError(path="$.last_id", reason=f"the list does not advance: its pages lead back to {cursor!r}")


show_options(all_input_items, all_responses)
