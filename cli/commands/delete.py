"""`puresponse delete`."""

from __future__ import annotations

from typing import Any

from ..bulk.choices import RUN, RunChoices
from ..failures import ExitCode
from ..parameters import FOR_MANY, IDS, Invocation, command


@command(IDS, *RUN, *FOR_MANY)
def delete(given: Invocation, ids: tuple[str, ...], **run: Any) -> ExitCode | str:
    """Delete stored responses permanently."""
    from ..bulk.actions import DELETED_VIEW, Deleted, deletion
    from ..bulk.each import for_each
    from ..settings import policy_of

    policy, choices = policy_of(given.options), RunChoices(**run)
    outcome_of = Deleted(choices.missing_ok)
    return for_each(
        given, ids, lambda response_id: deletion(response_id, policy), outcome_of, DELETED_VIEW, choices=choices
    )
