"""`puresponse wait`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..bulk.choices import RUN, RunChoices
from ..failures import ExitCode
from ..parameters import FOR_MANY, Invocation, command, flag, option
from ..sources.given import IDS_OR_SOURCES, source_of

if TYPE_CHECKING:
    from ...codecs import Response
    from ...core import Operation

DEADLINE = option(
    "--deadline", "How many seconds to wait for each.", "SECONDS", type=float, default=600.0, show_default=True
)
CANCEL = flag("--cancel", "Cancel what has not ended by then.")


@command(*IDS_OR_SOURCES, DEADLINE, CANCEL, *RUN, *FOR_MANY)
def wait(given: Invocation, *, deadline: float, cancel: bool, **run: Any) -> ExitCode | str:
    """Wait until responses that were created with `background` have ended, however that is."""
    from ...core import WaitPolicy, retrying, wait_for_response
    from ..bulk.actions import ENDED_VIEW, Waited
    from ..bulk.each import for_each
    from ..settings import policy_of
    from ..sources.ids import ids_from

    try:
        waiting = WaitPolicy(deadline=deadline, at_deadline="cancel" if cancel else "give_up")
    except ValueError as error:
        return f"--deadline: {error}"
    ids = ids_from(source_of(run), given)
    policy, choices = policy_of(given.options), RunChoices(**run)

    def waiting_for(response_id: str) -> Operation[Response]:
        return retrying(wait_for_response(response_id, waiting), policy)

    return for_each(
        given,
        ids,
        waiting_for,
        Waited(choices.missing_ok),
        ENDED_VIEW,
        choices=choices,
        methods=("GET", "POST"),
    )
