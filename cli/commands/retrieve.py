"""`puresponse retrieve`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..bulk.choices import RUN, RunChoices
from ..failures import ExitCode
from ..parameters import FOR_MANY, INCLUDE, Invocation, command
from ..sources.given import IDS_OR_SOURCES, source_of

if TYPE_CHECKING:
    from ...codecs import Response
    from ...core import Operation


@command(*IDS_OR_SOURCES, INCLUDE, *RUN, *FOR_MANY)
def retrieve(given: Invocation, include: tuple[str, ...], **run: Any) -> ExitCode | str:
    """Show stored responses."""
    from ...core import retrieve_response, retrying
    from ..bulk.each import for_each
    from ..bulk.outcomes import Received
    from ..settings import policy_of
    from ..sources.ids import ids_from
    from ..tables import RESPONSE_VIEW

    ids = ids_from(source_of(run), given)
    policy, choices = policy_of(given.options), RunChoices(**run)

    def retrieval(response_id: str) -> Operation[Response]:
        return retrying(retrieve_response(response_id, include=include or None), policy)

    outcome_of = Received("retrieved", choices.missing_ok)
    return for_each(given, ids, retrieval, outcome_of, RESPONSE_VIEW, choices=choices, shows="values")
