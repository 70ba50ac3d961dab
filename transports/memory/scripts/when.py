"""What a request must be for a reply or a fault to be meant for it: conditions, as data that compares and pickles.

Law: all that a condition asks must hold, and where one does not, it says which, and what was asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct, structs

from .model_input import GivenOutput, ModelInput


class Match(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """How a text is to be: it `contains` this, `equals` it, or `matches` a regular expression somewhere in it.

    Exactly one of the three. Expressions are those of Python's `re`. Raises `ValueError` for anything else.

    >>> When(model=Match(matches="^gpt-4"))
    When(text=None, model=Match(contains=None, equals=None, matches='^gpt-4'), ...)
    """

    contains: str | None = None
    equals: str | None = None
    matches: str | None = None

    def __post_init__(self) -> None:
        given = [name for name in self.__struct_fields__ if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"one of contains, equals, matches is to be given, got {' and '.join(given) or 'none'}")
        if self.matches is not None:
            try:
                check_pattern(self.matches)
            except ValueError as error:
                raise ValueError(f"matches: {error}") from None

    def holds(self, text: str) -> bool:
        """Whether `text` is so."""
        if self.contains is not None:
            return self.contains in text
        return text == self.equals if self.matches is None else re.search(self.matches, text) is not None

    def __str__(self) -> str:
        if self.contains is not None:
            return f"contain {self.contains!r}"
        return f"match {self.matches!r}" if self.equals is None else f"equal {self.equals!r}"


class ToolOutput(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """An output of a tool at the end of the input: of the tool of this `name`, and with this `text` in it.

    Raises `ValueError` where neither is given.
    """

    name: str | Match | None = None
    text: str | Match | None = None

    def __post_init__(self) -> None:
        if self.name is None and self.text is None:
            raise ValueError("name, text or both are to be given, got neither")


class When(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a request must be. All that is given must hold.

    - `text`: what the last message that is not the model's own contains. Where the input ends in outputs of tools, this
      holds only if `tool_output` is given too.
    - `model`: the model that is asked for.
    - `tool_output`: what an output of a tool contains that the input ends in, or, as a `ToolOutput`, of which tool.
    - `header`: values of headers by their names. Servers remove credentials before.
    - `instructions`: what the instructions contain.
    - `turn`: the number of the reply in the chain, the conversation or the given history, from 1.

    A string is what `text`, `instructions` and outputs contain, and what `model`, headers and names equal; a `Match`
    says it otherwise. Raises `ValueError` where nothing is given, or what no request can be.
    """

    text: str | Match | None = None
    model: str | Match | None = None
    tool_output: str | ToolOutput | None = None
    header: Mapping[str, str | Match] | None = None
    instructions: str | Match | None = None
    turn: int | None = None

    def __post_init__(self) -> None:
        if all(value is None for value in structs.astuple(self)):
            raise ValueError(f"one of {', '.join(self.__struct_fields__)} is to be given, got none")
        if self.header is not None and not self.header:
            raise ValueError("header: must name a header, got none")
        if self.turn is not None and self.turn < 1:
            raise ValueError(f"turn: turns are counted from 1, got {self.turn!r}")

    def unmet(self, asked: ModelInput) -> str | None:
        """Why this does not hold for what is `asked`; None where all of it holds."""
        return next((reason for reason in self._reasons(asked) if reason is not None), None)

    def _reasons(self, asked: ModelInput) -> Iterator[str | None]:
        for name, wanted in (self.header or {}).items():
            values = [value for given, value in asked.headers if given.lower() == name.lower()]
            # What a header says is not shown: it may be a secret.
            met = any(_as_match(wanted, "equals").holds(value) for value in values)
            yield None if met else f"header {name} does not {_as_match(wanted, 'equals')}"
        of_models = (self.text, self.model, self.tool_output, self.instructions, self.turn)
        if not asked.given and any(wanted is not None for wanted in of_models):
            yield "it asks no model"
        if self.turn not in (None, asked.turn):
            yield f"it is turn {asked.turn}, not {self.turn}"
        yield _reason("model", asked.model, self.model, "equals")
        yield _reason("instructions", asked.instructions, self.instructions, "contains")
        outputs = asked.tool_outputs
        if self.tool_output is not None:
            yield _outputs_reason(outputs, self.tool_output)
        elif self.text is not None and outputs:
            yield "the input ends in the output of a tool"
        if self.text is not None:
            message = asked.message
            yield "it has no message" if message is None else _reason("text", message, self.text, "contains")


_Plain: TypeAlias = Literal["contains", "equals"]
"""What a string means in the place of a `Match`."""


def _as_match(wanted: str | Match, plain: _Plain) -> Match:
    if isinstance(wanted, Match):
        return wanted
    return Match(contains=wanted) if plain == "contains" else Match(equals=wanted)


def _reason(name: str, given: str, wanted: str | Match | None, plain: _Plain) -> str | None:
    if wanted is None or _as_match(wanted, plain).holds(given):
        return None
    return f"{name} {shortened(given)!r} does not {_as_match(wanted, plain)}"


def _outputs_reason(outputs: tuple[GivenOutput, ...], wanted: str | ToolOutput) -> str | None:
    """Why none of the outputs is as it is wanted."""
    if not outputs:
        return "the input ends in no output of a tool"
    if isinstance(wanted, str):
        wanted = ToolOutput(text=wanted)
    reasons: list[str] = []
    for output in outputs:
        reason = _reason("name of the tool", output.name or "", wanted.name, "equals")
        reason = reason or _reason("output", output.text, wanted.text, "contains")
        if reason is None:
            return None
        reasons.append(reason)
    return ", ".join(reasons)


_SHOWN = 80
"""As many characters of a text are shown."""


def shortened(text: str) -> str:
    """A text as it is shown: not too long."""
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def check_pattern(pattern: str) -> None:
    """Refuse what is no regular expression. Raises `ValueError`."""
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError, Warning) as error:
        raise ValueError(f"not a regular expression: {error}, got {pattern!r}") from None
