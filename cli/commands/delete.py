"""`puresponse delete`."""

from __future__ import annotations

from typing import Any

from ..bulk.choices import RUN, YES, RunChoices
from ..failures import ExitCode
from ..parameters import FOR_MANY, Invocation, command, flag
from ..sources.given import IDS_OR_SOURCES, source_of

PROVE = flag("--prove", "Ask for each afterwards: the server's 404 is the receipt.")


@command(*IDS_OR_SOURCES, PROVE, YES, *RUN, *FOR_MANY)
def delete(given: Invocation, *, prove: bool, yes: bool, **run: Any) -> ExitCode | str:
    """Delete stored responses permanently."""
    from ..bulk.actions import DELETED_VIEW, Deleted, Erased, deletion, erasure
    from ..bulk.confirming import confirmed
    from ..bulk.each import for_each
    from ..settings import policy_of
    from ..sources.chains import chain_deletion
    from ..sources.ids import Ids, ids_from

    source = source_of(run)
    if prove and source.follow_chain:
        return "--prove and --follow-chain exclude each other"
    policy, choices = policy_of(given.options), RunChoices(**run)
    ids = confirmed(given, source, ids_from(source, given, follow=False), yes=yes)
    if not isinstance(ids, Ids):
        return ids
    delete_one = chain_deletion if source.follow_chain else erasure if prove else deletion
    return for_each(
        given,
        ids,
        lambda response_id: delete_one(response_id, policy),
        (Erased if prove else Deleted)(choices.missing_ok),
        DELETED_VIEW,
        choices=choices,
        methods=("DELETE", "GET"),
    )
