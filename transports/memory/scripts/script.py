"""Scripts: functions from what a model is asked to a reply, and replies that are chosen by what they are meant for.

Law: which reply is next is a function of the script, of what is asked and of how often each was used before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from msgspec import Struct

from .model_input import ModelInput
from .replies import Reply
from .when import shortened

Script: TypeAlias = Callable[[ModelInput], Reply]
"""Says what a response is to be. A function of its argument, so that the simulation stays one."""


class NoReply(Exception):
    """A script has no reply to what is asked. The service makes a refusal of it."""


class Scripted(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Replies in order: of those that are meant for what is asked and not used up, the first; else the `default`.

    Of the `replies` one without `when` is meant for anything, and used once, so that a list of such replies is used in
    turn. Where there is none, and no default, the request is refused. It compares, pickles, and encodes as what
    `load_script` reads. Raises `ValueError` for a default that is not meant for anything.

    >>> Scripted.of("One", Reply.text("Sunny.").matching(text="weather"), default="Hm.").default.output[0]["role"]
    'assistant'
    """

    replies: tuple[Reply, ...] = ()
    default: Reply | None = None

    def __post_init__(self) -> None:
        if self.default is not None and (self.default.when, self.default.times) != (None, None):
            raise ValueError("default: is for whatever is asked, got one with when or times")

    @classmethod
    def of(cls, *replies: Reply | str, default: Reply | str | None = None) -> Scripted:
        """Make a script of `replies`. A string is the text of one."""
        return cls(tuple(map(_as_reply, replies)), None if default is None else _as_reply(default))

    def __call__(self, asked: ModelInput) -> Reply:
        """The reply to what is `asked`. Raises `NoReply` where there is none."""
        return self.chosen(asked)[0]

    def chosen(self, asked: ModelInput) -> tuple[Reply, tuple[int, ...]]:
        """The reply to what is `asked`, and how often each was used then. Raises `NoReply` where there is none."""
        uses = [*asked.uses[: len(self.replies)], *[0] * (len(self.replies) - len(asked.uses))]
        for index, reply in enumerate(self.replies):
            if _why_not(reply, uses[index], asked) is None:
                uses[index] += 1
                return reply, tuple(uses)
        if self.default is None:
            raise NoReply(self._none(asked, uses))
        return self.default, asked.uses

    def _none(self, asked: ModelInput, uses: list[int]) -> str:
        """What was asked, and why each reply is not for it."""
        reasons = [
            f"replies[{index}]: {_why_not(reply, used, asked)}"
            for index, (reply, used) in enumerate(zip(self.replies[:_TOLD], uses, strict=False))
        ]
        if len(self.replies) > _TOLD:
            reasons.append(f"and {len(self.replies) - _TOLD} more")
        return (
            f"The script of the in-memory service has no reply to model {shortened(asked.model)!r}, turn {asked.turn}, "
            f"text {shortened(asked.text)!r}, and no default. {'; '.join(reasons) or 'It has no replies'}."
        )


_TOLD = 10
"""Of so many replies it is said why they are not for what is asked."""


def _why_not(reply: Reply, used: int, asked: ModelInput) -> str | None:
    """Why a reply is not for what is asked; None where it is."""
    limit = 1 if reply.when is None and reply.times is None else reply.times
    if limit is not None and used >= limit:
        return f"used up ({used} of {limit})"
    return None if reply.when is None else reply.when.unmet(asked)


def replied_by(script: Script, asked: ModelInput) -> tuple[Reply, tuple[int, ...]]:
    """What `script` replies, and how often each of its replies was used then. Raises `NoReply` where it has none."""
    return script.chosen(asked) if isinstance(script, Scripted) else (script(asked), asked.uses)


def echo(asked: ModelInput) -> Reply:
    """Repeat the last text of the input."""
    return Reply.text(asked.text)


def as_script(given: Script | Sequence[Reply | str] | Reply | str) -> Script:
    """Make a script of a function, of replies in order, or of one reply for all. A string is the text of a reply."""
    if isinstance(given, str | Reply):
        return Scripted.of(default=given)
    return given if callable(given) else Scripted.of(*given)


def _as_reply(given: Reply | str) -> Reply:
    return Reply.text(given) if isinstance(given, str) else given
