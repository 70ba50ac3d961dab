"""`puresponse cancel`."""

from __future__ import annotations

from typing import Any

from ..bulk.choices import RUN, RunChoices
from ..failures import ExitCode
from ..parameters import FOR_MANY, IDS, Invocation, command


@command(IDS, *RUN, *FOR_MANY)
def cancel(given: Invocation, ids: tuple[str, ...], **run: Any) -> ExitCode | str:
    """Cancel responses that were created with `background`. One that has ended already is no failure."""
    from ..bulk.actions import ENDED_VIEW, Cancelled, cancellation
    from ..bulk.each import for_each
    from ..settings import policy_of

    policy, choices = policy_of(given.options), RunChoices(**run)
    outcome_of = Cancelled(choices.missing_ok)
    return for_each(
        given, ids, lambda response_id: cancellation(response_id, policy), outcome_of, ENDED_VIEW, choices=choices
    )
