"""One page of a list, and the next one as a value.

Law: a chain of pages moves on or ends. A page that claims to have more but has no cursor to go on from (the same cursor
again, no data, a last item without an id) has as its next page an operation that fails and says so; it is neither
followed for ever nor taken for the end.

Some servers leave out `has_more`, or send what says neither yes nor no: a page as long as its limit then has a next
one, any other is the last, and so is one that has no id to go on after; a `thorough` reader goes on until a page brings
nothing that leads on. The cursor is the `last_id` of the list, or the
id of its last item where that is left out or is no text. Both are read from what was sent, whether it fits or not (see
`codecs/lossless/sent.py`).
https://platform.openai.com/docs/api-reference/responses/input-items
"""

from __future__ import annotations

from abc import ABCMeta
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, SupportsIndex, TypeVar, overload

from msgspec import Struct, StructMeta, structs
from returns.result import Failure, Result, Success

from ...codecs.lossless.errors import DecodeError
from ...codecs.lossless.lists import ItemList
from ...codecs.lossless.sent import sent_flag, sent_id
from ...codecs.lossless.shown import shown
from ..http import HttpRequest
from ..steps import Answer, Done, Operation, Send, fail
from .answers import placed, receive

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class _PageMeta(StructMeta, ABCMeta):
    """A struct that is also a nominal `Sequence`."""


class Page(Struct, Sequence[T_co], Generic[T_co], frozen=True, metaclass=_PageMeta):
    """A page of a list: a sequence of its items.

    `listing` is the list as received. `next_page` is the operation that returns the page after this one, or None.
    """

    __repr__ = shown

    listing: ItemList[T_co]
    next_page: Operation[Page[T_co]] | None = None

    @property
    def data(self) -> tuple[T_co, ...]:
        """The items, in the order that was asked for."""
        return self.listing.data

    @property
    def first_id(self) -> str | None:
        """The id of the first item; None on an empty page, or where the server leaves it out."""
        return self.listing.first_id or None

    @property
    def last_id(self) -> str | None:
        """The id of the last item, which is the cursor of the next page; None where the server leaves it out."""
        return self.listing.last_id or None

    @property
    def cursor(self) -> str | None:
        """The id after which the next page starts; None where there is none to go on after.

        Of a page that was asked for with `before`, the next one is the page in front of its first item.
        """
        return _cursor(self.listing)

    @property
    def has_more(self) -> bool:
        """True where there is a next page."""
        return self.next_page is not None

    def _repr_html_(self) -> str:
        """The items as people read them, for a notebook: what `to_html` shows, without a script."""
        from ...codecs.rendering.rendered import for_notebooks

        return for_notebooks(self.listing)

    def under_rule(self, rule: Callable[[Any], Any]) -> Page[T_co]:
        """The same page, the operation that returns the next one under `rule`."""
        return self if self.next_page is None else structs.replace(self, next_page=rule(self.next_page))

    def __len__(self) -> int:
        return len(self.listing.data)

    def __iter__(self) -> Iterator[T_co]:
        return iter(self.listing.data)

    @overload
    def __getitem__(self, index: SupportsIndex) -> T_co: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[T_co, ...]: ...

    def __getitem__(self, index: SupportsIndex | slice) -> T_co | tuple[T_co, ...]:
        return self.listing.data[index]


def receive_page(
    answer: Answer,
    decode: Callable[[bytes], Result[ItemList[T], DecodeError]],
    request: HttpRequest,
    frame: Callable[[HttpRequest], Callable[[Answer], Operation[Page[T]]]],
    thorough: bool = False,
) -> Operation[Page[T]]:
    """Decode the page that `request` asked for. `frame` makes what receives the page of the next request."""
    received = receive(answer, decode)
    if isinstance(received, Failure):
        return Done(received)
    listing = received.unwrap()
    following = _next_request(listing, request, thorough)
    match following:
        case None:
            return Done(Success(Page(listing)))
        case HttpRequest():
            return Done(Success(Page(listing, Send(following, frame(following)))))
        case DecodeError():
            return Done(Success(Page(listing, fail(placed(following, answer.unwrap())))))


def _next_request(listing: ItemList[Any], request: HttpRequest, thorough: bool) -> HttpRequest | DecodeError | None:
    """What to ask for next: a request, None at the end, or the error of a chain that does not move on."""
    asked = dict(request.query)
    backwards = "before" in asked
    cursor, way = (_first(listing), "before") if backwards else (_cursor(listing), "after")
    more = sent_flag(listing, "has_more")
    if more is None:
        is_full = str(len(listing.data)) == asked.get("limit", "20")  # which may be a caller's own text
        more = is_full and cursor is not None
        if thorough:
            more = bool(listing.data) and (is_full or cursor not in (None, asked.get(way)))
    if not more:
        return None
    if not listing.data:
        return _stuck("$.data", "it has more, but this page has no data")
    if not cursor:
        return _stuck(*_NO_CURSOR[way])
    if cursor == asked.get(way):
        ends, place = ("begins", "$.first_id") if backwards else ("ends", "$.last_id")
        return _stuck(place, f"the page {way} {cursor!r} {ends} with {cursor!r} again")
    query = tuple(pair for pair in request.query if pair[0] != way)
    return structs.replace(request, query=(*query, (way, cursor)))


_NO_CURSOR = {
    "after": ("$.last_id", "it has more, but neither the list nor its last item tells an id to go on after"),
    "before": ("$.first_id", "it has more, but neither the list nor its first item tells an id to go on before"),
}


def _cursor(listing: ItemList[Any]) -> str | None:
    return sent_id(listing, "last_id") or (sent_id(listing.data[-1], "id") if listing.data else None)


def _first(listing: ItemList[Any]) -> str | None:
    return sent_id(listing, "first_id") or (sent_id(listing.data[0], "id") if listing.data else None)


def _stuck(path: str, reason: str) -> DecodeError:
    return DecodeError(path=path, reason=f"the list does not advance: {reason}")
