"""`puresponse cassette verify`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..failures import ExitCode
from ..parameters import FOR_ONE, Invocation, command, option
from .options import FILES

if TYPE_CHECKING:
    from ...transports import Transport, Verification
    from .shown import Shown

FIELD = option(
    "--field", "Compare the values of members called so, not only their types. May be repeated.", "NAME", multiple=True
)
_TAKEN = ("service", "config", "base_url", "organization", "project", "timeout", "memory", "json", "table")
ASKED = tuple(shared for shared in FOR_ONE if shared.name in _TAKEN)
"""What is asked is asked once: a fault that passes is a difference too."""


@command(FILES, FIELD, *ASKED)
def verify(given: Invocation, *, paths: tuple[str, ...], field: tuple[str, ...]) -> ExitCode | str:
    """Ask the service again what was recorded, and say how its answers have changed. For a nightly job: exit 13.

    Nothing of anybody's is changed: a request that changes something is sent only where it creates a response or a
    conversation, or is about one that was created just now; any other is listed as not verified.
    """
    from ..service import choose_service, connected
    from .files import paths_in
    from .shown import showing

    service = choose_service(given.options, given.process.environ)
    if isinstance(service, str):
        return service

    def act(shown: Shown) -> ExitCode:
        drifted = False
        with connected(service, 1, given.process) as transport:
            for path in paths_in(paths):
                found = verified(path, transport, field)
                drifted = drifted or found.has_drifted
                show(shown, path, found)
        return ExitCode.CASSETTE if drifted else ExitCode.OK

    return showing(given, act)


def verified(path: str, transport: Transport, fields: tuple[str, ...]) -> Verification:
    """What has become of what is in a file. Raises `Stopped` for one that cannot be read, or is another program's."""
    from ...transports import verify_cassette
    from ..streams import Stopped

    try:
        return verify_cassette(path, transport, fields=fields)
    except OSError as error:
        raise Stopped(ExitCode.LOCAL_IO, f"cannot read {path}: {error.strerror or error}") from None
    except ValueError as error:
        raise Stopped(ExitCode.CASSETTE, f"{path}: {error} (`puresponse cassette convert` makes cassettes)") from None


def show(shown: Shown, path: str, found: Verification) -> None:
    """Show what was found: for people the counts, and a line for each difference and for what was not verified."""
    from ..output import printable

    if not shown.as_json:
        shown.lines([f"{path}: {printable(line)}" for line in str(found).splitlines()])
        return
    drifts = [
        {"recording": drift.recording, "path": drift.place, "recorded": drift.recorded, "live": drift.live}
        for drift in found.drifts
    ]
    missed = [{"recording": one.recording, "reason": one.reason} for one in found.not_verified]
    shown.result({"path": path, "verified": found.verified, "drifts": drifts, "not_verified": missed})
