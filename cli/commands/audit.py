"""`puresponse audit`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..bulk.choices import RUN, RunChoices
from ..failures import ExitCode
from ..parameters import FOR_MANY, INCLUDE, Invocation, command
from ..sources.given import IDS_OR_SOURCES, source_of

if TYPE_CHECKING:
    from ...codecs import ResponseAudit
    from ...core import Operation


@command(*IDS_OR_SOURCES, INCLUDE, *RUN, *FOR_MANY)
def audit(given: Invocation, *, include: tuple[str, ...], **run: Any) -> ExitCode | str:
    """Show stored responses with all the input items that they were made from."""
    from ...core import audit_response, retrying
    from ..bulk.actions import AUDIT_VIEW
    from ..bulk.each import for_each
    from ..bulk.outcomes import Received
    from ..settings import policy_of
    from ..sources.ids import ids_from

    ids = ids_from(source_of(run), given)
    policy, choices = policy_of(given.options), RunChoices(**run)

    def auditing(response_id: str) -> Operation[ResponseAudit]:
        return retrying(audit_response(response_id, include=include or None), policy)

    outcome_of = Received("audited", choices.missing_ok)
    return for_each(given, ids, auditing, outcome_of, AUDIT_VIEW, choices=choices, shows="values")
