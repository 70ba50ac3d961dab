"""What a command does with each of the responses that it is given."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any, NamedTuple, TypeAlias

from ...core import Operation
from .choices import RunChoices
from .outcomes import OutcomeOf
from .telling import Shows

Pairs: TypeAlias = Iterable[tuple[str, Operation[Any]]]
"""Operations, and what each is called."""


class Job(NamedTuple):
    """What is carried out, and what is shown of it: see `carry_out`.

    `make` makes the operation of an id, where there is such a function: a ledger of another command is known by it.
    `advice` says how a run is gone on with, where that is not by a ledger.
    """

    pairs: Pairs
    outcome_of: OutcomeOf
    shows: Shows
    choices: RunChoices
    total: int | None
    make: Callable[[str], Operation[Any]] | None = None
    methods: Collection[str] = ("GET",)
    advice: str | None = None
