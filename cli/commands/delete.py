"""`puresponse delete`."""

from __future__ import annotations

from ..failures import ExitCode
from ..parameters import FOR_MANY, IDS, Invocation, command


@command(IDS, *FOR_MANY)
def delete(given: Invocation, ids: tuple[str, ...]) -> ExitCode | str:
    """Delete stored responses permanently."""
    from ..execute import for_each
    from ..operations import deletion
    from ..settings import policy_of
    from ..tables import DELETED_VIEW

    policy = policy_of(given.options)
    return for_each(given, ids, lambda response_id: deletion(response_id, policy), DELETED_VIEW)
