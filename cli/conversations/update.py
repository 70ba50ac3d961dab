"""`puresponse conversations update`."""

from __future__ import annotations

from ..failures import ExitCode
from ..parameters import FOR_ONE, Invocation, command, flag
from .options import METADATA, ONE

CLEAR = flag("--clear", "Leave it without any metadata.")


@command(ONE, METADATA, CLEAR, *FOR_ONE)
def update(given: Invocation, *, conversation: str, metadata: tuple[str, ...], clear: bool) -> ExitCode | str:
    """Replace the metadata of a conversation: what is not named is gone."""
    from ...core import retrying, update_conversation
    from ..execute import execute
    from ..requests.arguments import metadata_of, stoppable
    from ..settings import policy_of
    from ..tables import CONVERSATION_VIEW
    from ..tasks import Once

    if clear == bool(metadata):
        return "name the metadata that it is to have with --metadata KEY=VALUE, or take it all away with --clear"

    def act() -> ExitCode | str:
        update = update_conversation(conversation, metadata=metadata_of(metadata))
        return execute(given, Once(retrying(update, policy_of(given.options)), conversation), CONVERSATION_VIEW)

    return stoppable(given, act)
