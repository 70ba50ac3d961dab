"""With a response those before it: `previous_response_id`, followed to the first.

Law: a chain is read from the newest to the oldest, and deleted from the oldest to the newest, so that what is left can
always be reached from the newest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from ...codecs import DeletedResponse, Kept
from ...codecs.lossless.sent import sent_id
from ...core import (
    ApiError,
    Operation,
    RetryPolicy,
    collect,
    delete_response_chain,
    is_failure,
    retrieve_response,
    retrying,
)
from ...transports import SystemClock, run
from ..failures import exit_code_of
from ..service import choose_service, connected
from ..settings import policy_of
from ..streams import Stopped
from .lines import WrongLine

if TYPE_CHECKING:
    from ..parameters import Invocation


def followed(found: Iterable[str | WrongLine], given: Invocation) -> Iterator[str | WrongLine]:
    """Each id, and those before it, newest first. One that was met already is followed no further.

    So circles end, and what many chains have in common is asked once. A response that is not there ends its chain: the
    command says so of it. Raises `Stopped` for a chain that cannot be followed for any other reason.
    """
    process = given.process
    if given.options.dry_run:
        yield from found  # those before them are known when they are asked for alone
        return
    service = choose_service(given.options, process.environ)
    if isinstance(service, str):
        return  # the command says so itself
    clock = process.clock or SystemClock()
    policy = policy_of(given.options)
    met = set[int]()
    with connected(service, 1, process) as transport:
        for one in found:
            if isinstance(one, WrongLine):
                yield one
                continue
            current: str | None = one
            while current is not None and hash(current) not in met:
                met.add(hash(current))
                yield current
                result = run(retrying(retrieve_response(current), policy), transport, clock=clock)
                if is_failure(result):
                    error = result.failure()
                    if isinstance(error, ApiError) and error.status == 404 and not error.no_such_route:
                        break
                    reason = f"the chain of {one} cannot be followed beyond {current}: {error}"
                    raise Stopped(exit_code_of(error), reason, type(error).__name__)
                current = sent_id(result.unwrap(), "previous_response_id")


def chain_deletion(response_id: str, policy: RetryPolicy) -> Operation[DeletedResponse]:
    """Delete a response with all before it. The acknowledgement of it has the ids of the others as `chain`."""
    return collect(retrying(delete_response_chain(response_id), policy)).map(Acknowledged(response_id))


class Acknowledged(Struct, frozen=True, tag=True):
    """Receives what was deleted, oldest first, and makes one acknowledgement of it."""

    response_id: str

    def __call__(self, deleted: tuple[DeletedResponse, ...]) -> DeletedResponse:
        others = [one.id for one in deleted if one.id != self.response_id]
        whole = next((one for one in deleted if one.id == self.response_id), None)
        kept = dict(whole.unknown_fields or {}) if whole else {}
        acknowledged = whole or DeletedResponse(id=self.response_id, deleted=True)
        return replace(acknowledged, unknown_fields=Kept({**kept, "chain": others}))
