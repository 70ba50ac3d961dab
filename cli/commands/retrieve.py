"""`puresponse retrieve`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..failures import ExitCode
from ..parameters import FOR_MANY, IDS, INCLUDE, Invocation, command

if TYPE_CHECKING:
    from ...codecs import Response
    from ...core import Operation


@command(IDS, INCLUDE, *FOR_MANY)
def retrieve(given: Invocation, ids: tuple[str, ...], include: tuple[str, ...]) -> ExitCode | str:
    """Show stored responses."""
    from ...core import retrieve_response, retrying
    from ..execute import for_each
    from ..settings import policy_of
    from ..tables import RESPONSE_VIEW

    policy = policy_of(given.options)

    def retrieval(response_id: str) -> Operation[Response]:
        return retrying(retrieve_response(response_id, include=include or None), policy)

    return for_each(given, ids, retrieval, RESPONSE_VIEW)
