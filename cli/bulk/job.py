"""What a command does with each of the responses that it is given."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from ...core import Operation
from .choices import RunChoices
from .outcomes import OutcomeOf
from .telling import Shows


class Job(NamedTuple):
    """What is carried out, and what is shown of it: see `carry_out`."""

    pairs: Iterable[tuple[str, Operation[Any]]]
    outcome_of: OutcomeOf
    shows: Shows
    choices: RunChoices
    total: int | None
