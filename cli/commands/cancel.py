"""`puresponse cancel`."""

from __future__ import annotations

from typing import Any

from ..bulk.choices import RUN, RunChoices
from ..failures import ExitCode
from ..parameters import FOR_MANY, Invocation, command
from ..sources.given import IDS_OR_SOURCES, source_of


@command(*IDS_OR_SOURCES, *RUN, *FOR_MANY)
def cancel(given: Invocation, **run: Any) -> ExitCode | str:
    """Cancel responses that were created with `background`. One that has ended already is no failure."""
    from ..bulk.actions import ENDED_VIEW, Cancelled, cancellation
    from ..bulk.each import for_each
    from ..settings import policy_of
    from ..sources.ids import ids_from

    ids = ids_from(source_of(run), given)
    policy, choices = policy_of(given.options), RunChoices(**run)
    return for_each(
        given,
        ids,
        lambda response_id: cancellation(response_id, policy),
        Cancelled(choices.missing_ok),
        ENDED_VIEW,
        choices=choices,
        methods=("POST", "GET"),
    )
