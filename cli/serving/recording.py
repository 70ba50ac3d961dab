"""What `puresponse record` does: a server of this machine alone, behind it a recorder, and behind that the service.

Laws: the key is in the transport, and neither shown nor written. Whoever asks has the token, and is no web page. What
was recorded is saved at the end; where that cannot be, it stays beside the file, and is named.
"""

from __future__ import annotations

import os
import secrets
import warnings
from collections.abc import Callable, Generator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TextIO, TypeAlias
from urllib.parse import urlsplit

from msgspec.structs import replace

from ...core.errors import Error
from ...core.http import HttpRequest
from ...transports.cassette.leaks import SecretFound
from ...transports.cassette.partial_file import SUFFIX
from ...transports.cassette.recorder import CassetteRecorder
from ...transports.cassette.redaction import Redaction
from ...transports.cassette.sessions.modes import use_cassette
from ...transports.cassette.transport import CassetteTransport
from ...transports.clock import SystemClock
from ...transports.contract import Transport
from ...transports.serving.asgi import AsgiApplication
from ...transports.serving.host_check import is_local
from ...transports.serving.logged import Logged
from ...transports.serving.passed_on import PassedOn
from ...transports.serving.server import NEEDED, Server, is_installed, listen
from ...transports.serving.web_pages import refuse_web_pages
from ...transports.testing.forbidden import ForbiddenTransport
from ..failures import ExitCode
from ..service import ServiceChoice, choose_service, connected
from ..streams import Process, Stopped, write
from .ending import stopped_by_signals
from .line_writer import LineWriter
from .log import RequestLog, request_log
from .reach import reach
from .recorded import Recorded

if TYPE_CHECKING:
    from ..options import Options
    from ..parameters import Invocation

Cassette: TypeAlias = CassetteTransport | CassetteRecorder

MOST_AT_ONCE = 100
"""Connections to the service."""

LINGER = 0.5
"""Seconds for which a stream is read, and recorded, whose client has left."""

ANEW = "record it: puresponse record, with --mode new_episodes to add to the file, or --mode all to record it anew"


class Begun(NamedTuple):
    """What has begun: the server, which listens, the cassette, and what clients are to be told."""

    server: Server
    cassette: Cassette
    url: str
    notes: tuple[str, ...]


def record_as(recorded: Recorded, given: Invocation) -> None:
    """Serve, and record, as `recorded` says, until the process ends. Raises `Stopped` where that cannot be."""
    process = given.process
    with (
        request_log(recorded.log, recorded.log_file, process.stderr) as log,
        begun(recorded, given.options, process, log) as (server, cassette, url, notes),
        stopped_by_signals(server.stop),
    ):
        for note in notes:
            write(process.stderr, f"puresponse: {note}\n")
        write(process.stdout, f"{url}\n")
        try:
            server.serve()
        finally:
            save(recorded.to, cassette, process.stderr)


@contextmanager
def begun(recorded: Recorded, options: Options, process: Process, log: RequestLog | None = None) -> Generator[Begun]:
    """Listen, with all that is behind it, while the block runs. Raises `Stopped` where that cannot be."""
    if not is_installed():
        raise Stopped(ExitCode.USAGE, f"recording needs {NEEDED}: pip install 'puresponse[serve]'")
    if not is_local(recorded.host):
        raise Stopped(
            ExitCode.USAGE,
            f"--host: {recorded.host!r} may be reached by other machines; what is asked here is asked with your key, "
            "so that it must be an address of this machine alone, such as 127.0.0.1 or ::1",
        )
    token, notes = token_of(recorded, process.environ)
    answering = reach(recorded.path, (), (), address=recorded.host, local=True)
    with ExitStack() as stack:
        transport = _upstream(stack, recorded, options, process)
        cassette, said = _cassette(recorded, transport)
        # Whatever fails from here on: nothing was recorded.
        stack.callback(partial(_leave, cassette))
        lines = LineWriter(partial(write, process.stderr))
        stack.callback(lines.close)
        passed_on = PassedOn(cassette, tell=partial(_tell, lines), linger=LINGER)
        answering |= {"api_key": token, "hosts": None, "early": refuse_web_pages}
        try:
            application = AsgiApplication(passed_on, **answering)
            server = listen(
                application if log is None else Logged(application, log), host=recorded.host, port=recorded.port
            )
        except (OSError, ValueError) as error:
            raise Stopped(ExitCode.LOCAL_IO if isinstance(error, OSError) else ExitCode.USAGE, str(error)) from None
        stack.callback(server.stop)
        _refuse_itself(transport, server)
        url = f"{server.origin}{application.path}"
        yield Begun(server, cassette, url, (*said, *notes, _aim(recorded, transport)))


def save(to: str, cassette: Cassette, stderr: TextIO) -> None:
    """Save what was recorded, and say so. Raises `Stopped` where that cannot be; what was recorded stays beside it."""
    if not isinstance(cassette, CassetteRecorder):
        return
    count = len(cassette.recordings)
    if not count:
        cassette.abandon()
        write(stderr, f"puresponse: nothing was recorded, and {to} is as it was\n")
        return
    beside = os.path.realpath(to) + SUFFIX
    try:
        cassette.close()
    except SecretFound as found:
        raise Stopped(
            ExitCode.CASSETTE,
            f"{to} was not written, for it would hold a secret: {'; '.join(found.places)}. What was recorded is in "
            f"{beside}, without what looks like a key, and can be replayed. To go on, record it again, with "
            "--redact-member or --redact-pattern for what is a secret, or --harmless for what is none",
        ) from None
    except OSError as error:
        reason = f"cannot write {to}: {error.strerror or error}; what was recorded is in {beside}"
        raise Stopped(ExitCode.LOCAL_IO, reason) from None
    write(stderr, f"puresponse: {count} recordings in {to}\n")


def token_of(recorded: Recorded, environ: Mapping[str, str]) -> tuple[str | None, tuple[str, ...]]:
    """The key that clients must send, None for any; and what they are told of it."""
    variable = recorded.token_variable
    if recorded.no_token:
        if variable is not None:
            raise Stopped(ExitCode.USAGE, "--token-variable and --no-token exclude each other")
        return None, ("every program on this machine can use your key by this",)
    if variable is None:
        token = f"puresponse-{secrets.token_urlsafe(24)}"
        return token, (f"key for clients: {token}",)
    found = environ.get(variable)
    if not found:
        raise Stopped(ExitCode.USAGE, f"--token-variable: {variable} is not set")
    return found, (f"key for clients: that in {variable}",)


def asks(recorded: Recorded) -> bool:
    """Whether anything is asked of the service: in some modes a cassette that is there is replayed."""
    return recorded.mode in ("all", "new_episodes") or (recorded.mode == "once" and not os.path.exists(recorded.to))


def chosen(recorded: Recorded, options: Options, environ: Mapping[str, str]) -> ServiceChoice:
    """The service that is asked. Raises `Stopped` where that makes no sense."""
    if options.memory and recorded.upstream is not None:
        raise Stopped(ExitCode.USAGE, "--memory and --upstream exclude each other")
    choice = choose_service(replace(options, base_url=recorded.upstream), environ)
    if isinstance(choice, str):
        raise Stopped(ExitCode.USAGE, choice.replace("--base-url is", "--upstream is"))
    return choice


def _upstream(stack: ExitStack, recorded: Recorded, options: Options, process: Process) -> Transport:
    if not asks(recorded):
        return ForbiddenTransport()
    choice = chosen(recorded, options, process.environ)
    return stack.enter_context(connected(choice, MOST_AT_ONCE, process, url_option="--upstream"))


def _cassette(recorded: Recorded, transport: Transport) -> tuple[Cassette, tuple[str, ...]]:
    """The cassette, and what is to be known of what an earlier recording left."""
    redact = [
        *_rules("--redact-member", recorded.redact_member, _of_member),
        *_rules("--redact-pattern", recorded.redact_pattern, _of_pattern),
    ]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            cassette = use_cassette(
                recorded.to,
                transport,
                mode=recorded.mode,
                redact=redact,
                harmless=recorded.harmless,
                clock=SystemClock() if recorded.times or not asks(recorded) else None,
                how_to_record=ANEW,
            )
        except OSError as error:
            reason = f"--to: {recorded.to}: {error.strerror or error}"
            raise Stopped(ExitCode.LOCAL_IO, reason) from None
        except ValueError as error:
            raise Stopped(ExitCode.USAGE, f"--to: {error}") from None
    return cassette, tuple(str(one.message) for one in caught)


def _rules(name: str, values: tuple[str, ...], rule: Callable[[str], Redaction]) -> list[Redaction]:
    try:
        return [rule(value) for value in values]
    except ValueError as error:
        raise Stopped(ExitCode.USAGE, f"{name}: {error}") from None


def _of_member(name: str) -> Redaction:
    return Redaction(member=name)


def _of_pattern(pattern: str) -> Redaction:
    return Redaction(pattern=pattern)


def _refuse_itself(transport: Transport, server: Server) -> None:
    """Raise `Stopped` where what is asked is this server: it would ask itself for ever."""
    where = urlsplit(getattr(transport, "base_url", ""))
    if where.port == server.port and is_local(where.hostname or ""):
        reason = f"{server.origin} is both what is asked and what asks: give --upstream, or another --port"
        raise Stopped(ExitCode.USAGE, reason)


def _aim(recorded: Recorded, transport: Transport) -> str:
    if not asks(recorded):
        return f"{recorded.to} is replayed, and nothing recorded (--mode {recorded.mode})"
    return f"what {getattr(transport, 'base_url', 'the service in memory')} answers is recorded into {recorded.to}"


def _tell(lines: LineWriter, request: HttpRequest, error: Error) -> None:
    lines(f"puresponse: {request.method} {request.path}: {error}")


def _leave(cassette: Cassette) -> None:
    """Leave the file as it was, unless it was saved."""
    if isinstance(cassette, CassetteRecorder):
        cassette.abandon()
