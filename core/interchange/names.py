"""What a checkpoint may hold by its name: the structs and functions of the library, and what a caller names.

Law: a name leads to one thing, whoever wrote it down, and never to anything that is not listed: reading a checkpoint
imports no module and calls no function that is not the library's own or named by who reads it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from itertools import chain
from types import FunctionType
from typing import Any

from msgspec import UNSET, Struct
from returns.result import Failure, Result, Success

from ...codecs.lossless.plain import is_mapping
from ..arguments import invalid_argument
from ..errors import InvalidArgument

_FRAMES = {
    "endpoints.input_context": "ReceiveCompacted ReceiveTokenCount",
    "endpoints.conversation_items": "ReceiveConversationItem ReceiveConversationItems ReceiveCreatedItems",
    "endpoints.conversations": "ReceiveConversation ReceiveDeletedConversation",
    "delays": "ReturnElapsed",
    "programs.cancellation": "PollIfTooLate PollInTime EndedOr AboutResponse",
    "programs.event_reading": (
        "ReceiveStream ReceiveReplay SniffAnswer ReadAnswer ReadEvents Resume EmitEnd EmitEndIfEnded JudgeEmpty"
    ),
    "programs.event_position": "Following",
    "programs.after_error": "AwaitAfterError ReadAfterError",
    "programs.erasure": "AskAgain ProveAbsence",
    "loops": "Loop",
    "endpoints.models": "ReceiveModel ReceiveModels",
    "endpoints.paging": "EmitPage",
    "pointfree": "Mapping Binding Alting Lashing",
    "programs.recipes": "CancelIfRunning FollowChain DeleteChain WithInputItems Audited",
    "endpoints.responses": "ReceiveResponse ReceiveDeleted",
    "endpoints.response_lists": "ReceiveAllItems ReceiveInputItems ReceiveResponses",
    "retry": "Retrying Attempt Timed Afford Resend InStream",
    "steps": "Map Bind Alt Lash",
    "streams": "GoOn",
    "combinators.beginnings": "Take TakeWhile",
    "combinators.chunks": "Chunks",
    "combinators.configuring": "Configured",
    "combinators.folding": "Folding",
    "combinators.given": "Instead",
    "combinators.nesting": "FlatMap ForEach NextInner EmitResult",
    "combinators.successions": "FollowedBy AltingEnd LashingEnd Concat AltEnd LashEnd",
    "combinators.values": "MapValues Keep Scan Numbered",
    "combinators.collecting": "Gather ReadWhole ReturnAnswer ReturnHead",
    "frame_trees": "Then Under RuleEnd",
    "combinators.gathered": "Gathered",
    "combinators.gathering": "ReturnValues ReturnResults Alone",
    "combinators.many": "Itself Traverse Outcomes Join",
    "combinators.answered": "Answered",
    "combinators.stateful": "Onward Reported",
    "combinators.remaining_time": "Beginning Within",
    "endpoints.structured": "ReceiveParsed",
    "programs.waiting": "UntilEnded EmitFound",
    "programs.polling": "Watch Ended Start CancelFirst ReceiveCancellation Poll ReceivePoll Judge TakeForEnd",
    "endpoints.webhook_events": (
        "WebhookData SipHeader RealtimeCallData AgentConnection RequiredAction AgentSessionData LiveSessionData"
    ),
}
"""The structs that programs are made of and that are not public, by the module that holds them."""

_FRAME_HOMES = {name: module for module, names in _FRAMES.items() for name in names.split()}

_BUILTINS: dict[str, type] = {kind.__name__: kind for kind in (bool, float, int, str)}
"""What a structured output may be besides structs, without having to be named."""

_PACKAGE = __name__.rsplit(".", 2)[0]


@lru_cache(1024)  # which builds nothing, and may load a module: no lock is held meanwhile
def library_value(name: str) -> Any:
    """The struct or function of the library that is called so; `UNSET` where none is that a checkpoint may hold.

    Remembered for as many names as there are, and not for all that a forged checkpoint could make up.
    """
    if name in _FRAME_HOMES:
        return getattr(import_module(f".{_FRAME_HOMES[name]}", _PACKAGE), name)
    for package in (_PACKAGE, "..codecs"):
        home = import_module(package, _PACKAGE)
        if name in home.__all__:
            value = getattr(home, name)
            return value if isinstance(value, type | FunctionType) else UNSET
    return _BUILTINS.get(name, UNSET)


def is_frame(struct: type[Struct]) -> bool:
    """Whether a struct of the library is a part of programs that is not public."""
    return struct.__name__ in _FRAME_HOMES


def library_structs() -> Iterator[type[Struct]]:
    """Every struct of the library that a checkpoint may hold, under its name."""
    public = (import_module(package, _PACKAGE).__all__ for package in (_PACKAGE, "..codecs"))
    for name in (*_FRAME_HOMES, *chain.from_iterable(public)):
        value = library_value(name)
        if isinstance(value, type) and issubclass(value, Struct):
            yield value


def library_name(value: Any) -> str | None:
    """What the library calls a struct or a function of its own; None for anything else."""
    name = getattr(value, "__name__", None)
    return name if isinstance(name, str) and library_value(name) is value else None


class Names(Struct, frozen=True):
    """What a caller named, and the way back."""

    values: dict[str, Any]
    names: dict[Any, str]

    def name_of(self, value: Any) -> str | None:
        """What the caller calls a value; None where it has no name."""
        try:
            return self.names.get(value)
        except TypeError:  # it cannot be hashed, so it can have no name
            return None


def names_of(given: Any) -> Result[Names, InvalidArgument]:
    """Take what a caller named: a mapping from names to types, functions or any values that can be hashed.

    Errors: `InvalidArgument`.
    """
    allowed = "a mapping from names to types, functions, or other values that can be hashed, each with one name"
    if given is None:
        return Success(_NOTHING_NAMED)
    if not is_mapping(given):
        return Failure(invalid_argument("names", given, allowed))
    values: dict[Any, Any] = dict(given)
    names: dict[Any, str] = {}
    for name, value in values.items():
        if not isinstance(name, str) or not name:
            return Failure(invalid_argument("names", name, allowed))
        try:
            twice = value in names
        except TypeError:
            return Failure(invalid_argument("names", value, allowed))
        if twice:
            return Failure(invalid_argument("names", value, allowed))
        names[value] = name
    return Success(Names(values, names))


_NOTHING_NAMED = Names({}, {})
