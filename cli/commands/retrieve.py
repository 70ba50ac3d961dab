"""`puresponse retrieve`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..bulk.choices import RUN, RunChoices
from ..failures import ExitCode
from ..parameters import FOR_MANY, IDS, INCLUDE, Invocation, command

if TYPE_CHECKING:
    from ...codecs import Response
    from ...core import Operation


@command(IDS, INCLUDE, *RUN, *FOR_MANY)
def retrieve(given: Invocation, ids: tuple[str, ...], include: tuple[str, ...], **run: Any) -> ExitCode | str:
    """Show stored responses."""
    from ...core import retrieve_response, retrying
    from ..bulk.each import for_each
    from ..bulk.outcomes import Received
    from ..settings import policy_of
    from ..tables import RESPONSE_VIEW

    policy, choices = policy_of(given.options), RunChoices(**run)

    def retrieval(response_id: str) -> Operation[Response]:
        return retrying(retrieve_response(response_id, include=include or None), policy)

    outcome_of = Received("retrieved", choices.missing_ok)
    return for_each(given, ids, retrieval, outcome_of, RESPONSE_VIEW, choices=choices, shows="values")
