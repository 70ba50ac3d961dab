"""What is claimed of deletions: that what is told of them is so, and that what was done is told.

Law: what is gone is what the service does not have, and not what it does not show for a while.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias
from urllib.parse import unquote

from msgspec import Struct
from returns.result import Failure, Success

from ....codecs.lossless.plain import is_mapping, is_sequence
from ....codecs.lossless.wire import Wire
from ....codecs.types.conversations import DeletedConversation
from ....codecs.types.models import DeletedModel
from ....codecs.types.response import DeletedResponse
from ....core.errors import ApiError, Error
from ...memory.service import State
from ..lives.lives import LifeStep
from .claims import REQUESTS, Broken, Claim, Moment

Named: TypeAlias = tuple[str, str]
"""Something that can be deleted: the collection that it is in, and its id."""

_COLLECTION: dict[type[Any], str] = {
    DeletedResponse: "responses",
    DeletedConversation: "conversations",
    DeletedModel: "models",
}
"""Where that was, the deletion of which a value acknowledges."""


def deletions_in(value: Any) -> Iterable[Named]:
    """What a value says to be deleted: an acknowledgement, or those in a result, a sequence, a mapping or a struct."""
    pending: list[Any] = [value]
    while pending:
        part = pending.pop()
        kind: type[Any] = part.__class__
        collection = _COLLECTION.get(kind)
        if collection is not None:
            if part.deleted:
                yield collection, part.id
        elif isinstance(part, Success):
            pending.append(part.unwrap())
        elif is_sequence(part):
            pending += part
        elif is_mapping(part):
            pending += part.values()
        elif isinstance(part, Struct) and not isinstance(part, Wire):
            pending += [getattr(part, name) for name in part.__struct_fields__]


def _has(state: State, named: Named, moment: Moment) -> bool:
    """Whether the service has something, be it that it does not show it for a while."""
    collection, name = named
    if collection == "conversations":
        return name in state.conversations
    if collection == "models":
        return any(model["id"] == name for model in state.models)
    response = state.responses.get(name)
    if response is None:
        return False
    return response.kept_until is None or moment.now < response.kept_until


class DeletedIsGone(Struct, frozen=True):
    """The claim of `deleted_is_gone`."""

    name: str
    ids: Callable[[Any], Iterable[str]] | None = None
    is_local: bool = True

    def begin(self) -> None:
        """Remember nothing."""

    def after(self, memory: None, step: LifeStep, moment: Moment) -> Broken | None:
        """Check what was emitted, and the result."""
        if not step.emitted and step.result is None:
            return None
        told = step.emitted if step.result is None else (*step.emitted, step.result)
        for value in told:
            for collection, name in self._named(value):
                if _has(step.after, (collection, name), moment):
                    return Broken(f"{name} is reported as deleted, and the service has it")
        return None

    def end(self, memory: None, step: LifeStep, moment: Moment) -> None:
        """The last step was checked."""

    def _named(self, value: Any) -> Iterable[Named]:
        if self.ids is None:
            return deletions_in(value)
        if isinstance(value, Failure):
            return ()
        return [("responses", name) for name in self.ids(value.unwrap() if isinstance(value, Success) else value)]


def deleted_is_gone(*, ids: Callable[[Any], Iterable[str]] | None = None) -> Claim:
    """Claim that the service does not have what is reported as deleted, from when it is reported.

    - `ids`: a function that returns the ids of the responses that a value reports as deleted; it is given each value
      that is emitted, and that of a result that is a success. By default those of the acknowledgements that are in it:
      `DeletedResponse`, `DeletedConversation` and `DeletedModel`, by themselves, in an `ErasureReceipt` or another
      struct, in a tuple, a list, a mapping or a `Success`.

    What the service does not show for a while it still has: it is not gone. It is not claimed that anything is
    reported, nor that what was deleted was meant to be.

    >>> from puresponse import delete_response, explore, sample_state
    >>> explore(delete_response("resp_chat"), sample_state(), faults=1, claims=[deleted_is_gone()]).holds
    True
    """
    if not (ids is None or callable(ids)):
        raise TypeError(f"deleted_is_gone: ids must be a function of a value, or None, got {ids!r}")
    return DeletedIsGone("what is reported as deleted is gone", ids)


class GoneIsReported(Struct, frozen=True):
    """The claim of `gone_is_reported`: it remembers what was deleted and not reported yet."""

    name: str
    is_local: bool = True

    def begin(self) -> tuple[Named, ...]:
        """Nothing was deleted."""
        return ()

    def after(self, memory: tuple[Named, ...], step: LifeStep, moment: Moment) -> tuple[Named, ...]:
        """What was deleted by now, and is not among what was emitted."""
        request = step.request
        if request is not None and request.method == "DELETE" and step.after is not step.before:
            memory = _with_deleted(memory, step, request.path)
        if memory and step.emitted:
            reported = {*deletions_in(step.emitted)}
            memory = tuple([named for named in memory if named not in reported])
        return memory

    def end(self, memory: tuple[Named, ...], step: LifeStep, moment: Moment) -> Broken | None:
        """What was deleted is reported, or the error leaves that open."""
        if not memory or not isinstance(step.result, Failure):
            return None
        error = step.result.failure()
        for named in memory:
            if not _admits(error, named[1]):
                return Broken(f"{named[1]} was deleted, and the error neither says so nor leaves it open: {error}")
        return None


def _with_deleted(memory: tuple[Named, ...], step: LifeStep, path: str) -> tuple[Named, ...]:
    match path.split("/"):
        case ["", ("responses" | "conversations") as collection, segment]:
            name = unquote(segment)
            was, is_there = getattr(step.before, collection), getattr(step.after, collection)
            if step.kind in REQUESTS and name in was and name not in is_there:
                return tuple(sorted({*memory, (collection, name)}))
        case _:
            pass
    return memory


def _admits(error: Error, name: str) -> bool:
    """Whether an error may be about something that was deleted, and says that it is gone or leaves that open."""
    about: Any = getattr(error, "response_id", None)
    if about is not None and about != name:
        return False
    if getattr(error, "may_have_acted", True):
        return True
    return isinstance(error, ApiError) and error.status == 404 and not error.no_such_route


def gone_is_reported() -> Claim:
    """Claim that what the program has had deleted is reported as gone, or as what may be.

    That is so where the program ends in a success, whatever that says; where an acknowledgement of it was emitted; and
    where the error is about it, or about nothing in particular, and has `may_have_acted`, or is a 404: that it is not
    there.

    It is claimed of responses and conversations. It is no claim of a program that goes on, after a deletion, to
    requests that can fail, without a word in between: an error is about one request, the last, and says nothing of
    those before it.

    >>> from puresponse import delete_response, explore, sample_state
    >>> explore(delete_response("resp_chat"), sample_state(), faults=1, claims=[gone_is_reported()]).holds
    True
    """
    return GoneIsReported("what is gone is reported as gone or as open")
