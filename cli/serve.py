"""The command `serve`: the service in memory over HTTP, for clients in any language.

Needs the extra `serve`. Only this machine can reach it, unless it is told to listen elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from msgspec import MsgspecError, Struct

from ..codecs.building import decoder_of
from .exits import ExitCode
from .given import Options
from .host import Host, Stopped, write

if TYPE_CHECKING:
    from ..transports.server import Server

T = TypeVar("T")


class DialectName(StrEnum):
    """The dialects of `puresponse.transports.simulation`."""

    openai = "openai"
    azure = "azure-agent-server"
    ogx = "ogx"


class Served(Struct, frozen=True, kw_only=True):
    """What is to be served, and where, as it was given."""

    host: str = "127.0.0.1"
    port: int = 8080
    dialect: DialectName = DialectName.openai
    script: Path | None = None
    faults: Path | None = None
    key_variable: str | None = None
    empty: bool = False
    threads: int = 32


def serve(
    context: typer.Context,
    options: Options,
    *,
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(metavar="N", min=0, max=65535, help="The port to listen on; 0 for any that is free.")
    ] = 8080,
    dialect: Annotated[DialectName, typer.Option(help="Whose answers to give where servers differ.")] = (
        DialectName.openai
    ),
    script: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="What to reply: a JSON list of texts and replies, each said once. Default: an echo.",
            show_default=False,
        ),
    ] = None,
    faults: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="How to misbehave: a fault plan as JSON. Default: not at all.", show_default=False
        ),
    ] = None,
    key_variable: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="The variable of the environment with the key that clients must send. Default: any will do.",
            show_default=False,
        ),
    ] = None,
    empty: Annotated[bool, typer.Option("--empty", help="Start without the sample responses.")] = False,
    threads: Annotated[
        int, typer.Option(metavar="N", min=1, max=1024, help="How many connections are attended to at once.")
    ] = 32,
) -> None:
    """Serve the service in memory over HTTP, for clients in any language. Ctrl-C ends it."""
    served = Served(
        host=host,
        port=port,
        dialect=dialect,
        script=script,
        faults=faults,
        key_variable=key_variable,
        empty=empty,
        threads=threads,
    )
    raise typer.Exit(_serve(served, context.obj.host))


def _serve(served: Served, host: Host) -> ExitCode:
    from .forms import Sentences
    from .work import give_up

    try:
        server = begin(served, host.environ)
        announce(served, server, host)
    except Stopped as stopped:
        return give_up(stopped, Sentences(), host.stderr)
    server.serve()
    return ExitCode.OK


def begin(served: Served, environ: Mapping[str, str]) -> Server:
    """Listen as it is told; `Server.serve` then answers. Raises `Stopped` where that cannot be."""
    from ..transports.faults import FaultPlan
    from ..transports.memory import MemoryTransport
    from ..transports.server import NEEDED, is_installed, listen
    from ..transports.simulation import DIALECTS, Reply, State, echo, sample_models, sample_state
    from ..transports.wsgi import WsgiApplication

    if not is_installed():
        raise Stopped(ExitCode.USAGE, f"serving needs {NEEDED}: pip install 'puresponse[serve]'")
    key = None
    if served.key_variable is not None:
        key = environ.get(served.key_variable)
        if not key:
            raise Stopped(ExitCode.USAGE, f"--key-variable: {served.key_variable} is not set")
    script: Any = echo if served.script is None else _read("--script", served.script, list[str | Reply])
    plan = None if served.faults is None else _read("--faults", served.faults, FaultPlan)
    samples = State() if served.empty else sample_state()
    state = State(responses=samples.responses, models=sample_models(), dialect=DIALECTS[served.dialect.value])
    try:
        memory = MemoryTransport(state, script=script, faults=plan, keep_requests=False)
        application = WsgiApplication(memory, api_key=key)
        return listen(application, host=served.host, port=served.port, threads=served.threads)
    except (OSError, ValueError) as error:
        raise Stopped(ExitCode.LOCAL_IO if isinstance(error, OSError) else ExitCode.USAGE, str(error)) from None


def announce(served: Served, server: Server, host: Host) -> None:
    """Say where it can be reached: the base URL on standard output, all else on standard error."""
    from ..transports.server import address_is_local, url_of

    url = url_of(server)
    if not address_is_local(served.host):
        write(host.stderr, f"puresponse: other machines can reach {url}, and nothing it is sent is encrypted\n")
    write(host.stdout, f"{url}\n")


def _read(option: str, path: Path, kind: type[T]) -> T:
    try:
        value: T = decoder_of(kind)(path.read_bytes())
        return value
    except OSError as error:
        raise Stopped(ExitCode.LOCAL_IO, f"{option}: cannot read {path}: {error.strerror or error}") from None
    except (MsgspecError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise Stopped(ExitCode.USAGE, f"{option}: {path} is not what it is to be: {error}") from None
