"""`puresponse serve`: the service in memory over HTTP, for clients in any language.

Needs the extra `serve`. Only this machine can reach it, unless it is to listen elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias, get_args

import click

from ..failures import ExitCode
from ..parameters import Invocation, command, flag, option
from ..serving.options import PORT, SERVER_OPTIONS, LogForm
from ..streams import Process, Stopped, write

if TYPE_CHECKING:
    from ...transports.memory.service import State
    from ...transports.serving.asgi import AsgiApplication
    from ...transports.serving.request_log import LogEntry
    from ...transports.serving.server import Server

    Log: TypeAlias = Callable[[LogEntry], object]

DIALECT_NAMES = (
    "openai",
    "azure-agent-server",
    "azure-foundry",
    "fireworks",
    "ogx",
    "vllm",
    "vllm-storing",
    "sglang",
)
"""The dialects of `puresponse.transports.memory.service`."""

Accepted: TypeAlias = Literal["known", "unknown_names", "anything"]
"""What a dialect may accept."""

Retention: TypeAlias = Literal["standard", "mam", "zdr"]
"""What a project may keep."""


class Served(NamedTuple):
    """What is to be served, and where, as it was given."""

    host: str = "127.0.0.1"
    port: int = 8080
    dialect: str = "openai"
    accept: Accepted | None = None
    retention: Retention = "standard"
    script: str | None = None
    faults: str | None = None
    key_variable: str | None = None
    empty: bool = False
    max_connections: int = 4096
    control: bool = False
    schema: bool = False
    path: str = "/v1"
    cors: tuple[str, ...] = ()
    allow_host: tuple[str, ...] = ()
    life: str | None = None
    models: str | None = None
    refuse_unknown_models: bool = False
    state: str | None = None
    log: LogForm = "off"
    log_file: str | None = None
    replay: tuple[str, ...] = ()
    repeat_last: bool = False


HOST = option("--host", "The address to listen on.", "ADDRESS", default="127.0.0.1", show_default=True)
DIALECT = option(
    "--dialect",
    "Whose answers to give where servers differ.",
    type=click.Choice(DIALECT_NAMES),
    default="openai",
    show_default=True,
)
ACCEPT = option(
    "--accept",
    "What a body may be: what the API knows, names that it does not know too, or anything. Default: the dialect's.",
    type=click.Choice(get_args(Accepted)),
)
RETENTION = option(
    "--retention",
    "What is kept: as usual, with modified abuse monitoring, or with zero data retention.",
    type=click.Choice(get_args(Retention)),
    default="standard",
    show_default=True,
)
SCRIPT = option(
    "--script",
    "What to reply: a script as JSON (docs/service/scripts.md). Default: an echo.",
    "FILE",
    type=click.Path(),
)
FAULTS = option("--faults", "How to misbehave: a fault plan as JSON. Default: not at all.", "FILE", type=click.Path())
KEY_VARIABLE = option(
    "--key-variable",
    "The variable of the environment with the key that clients must send. Default: any will do.",
    "NAME",
)
SCHEMA = flag("--schema", "Print the JSON Schema of scripts and fault plans, and serve nothing.")
EMPTY = flag("--empty", "Start without the sample responses.")
MAX_CONNECTIONS = option(
    "--max-connections",
    "How many connections there may be at once.",
    "N",
    type=click.IntRange(1),
    default=4096,
    show_default=True,
)

CONTROL = flag(
    "--control", "Let tests steer it over HTTP, under /_puresponse: scripts, faults, journal, clock, scopes."
)


@command(
    HOST,
    PORT,
    DIALECT,
    ACCEPT,
    RETENTION,
    SCRIPT,
    FAULTS,
    KEY_VARIABLE,
    EMPTY,
    MAX_CONNECTIONS,
    CONTROL,
    SCHEMA,
    *SERVER_OPTIONS,
)
def serve(given: Invocation, **served: Any) -> ExitCode:
    """Serve the service in memory, or recordings, over HTTP, for clients in any language. Ctrl-C and SIGTERM end it."""
    return serve_as(Served(**served), given.process)


def serve_as(served: Served, process: Process) -> ExitCode:
    """Serve what `served` says until the process ends; where that cannot be, say why and return the exit code."""
    from ..execute import give_up
    from ..output import Sentences
    from ..serving.beginning import save_state
    from ..serving.ending import stopped_by_signals
    from ..serving.log import request_log

    if served.schema:
        return print_schema(process)
    try:
        service = make_service(served, process.environ)
        with request_log(served.log, served.log_file, process.stderr) as log:
            server = listen_as(served, service.application, log)
            with stopped_by_signals(server.stop):
                announce(served, server, process)
                try:
                    server.serve()
                finally:
                    save_state(served.state, service.state)
    except Stopped as stopped:
        return give_up(stopped, Sentences(), process.stderr)
    return ExitCode.OK


def print_schema(process: Process) -> ExitCode:
    """Write the JSON Schema of what `--script` and `--faults` read to standard output."""
    from ...transports.memory.scripts.schema import schema_text

    write(process.stdout, schema_text().decode())
    return ExitCode.OK


class Service(NamedTuple):
    """The application that answers, and what the service knows by now: with `--control`, that of the default scope."""

    application: AsgiApplication
    state: Callable[[], State]


def make_service(served: Served, environ: Mapping[str, str]) -> Service:
    """The service as `served` says it is to be. Raises `Stopped` where that cannot be."""
    from ...transports.control.endpoint import ControlEndpoint
    from ...transports.control.scopes import Scopes
    from ...transports.memory.service import State
    from ...transports.memory.transport import MemoryTransport
    from ...transports.serving.asgi import AsgiApplication
    from ...transports.serving.server import NEEDED, address_is_local, is_installed
    from ..serving.reach import named, reach
    from ..serving.replaying import refuse_the_simulations, replay

    if not is_installed():
        raise Stopped(ExitCode.USAGE, f"serving needs {NEEDED}: pip install 'puresponse[serve]'")
    key = None
    if served.key_variable is not None:
        key = environ.get(served.key_variable)
        if not key:
            raise Stopped(ExitCode.USAGE, f"--key-variable: {served.key_variable} is not set")
    local = address_is_local(served.host)
    options = reach(served.path, served.allow_host, served.cors, address=served.host, local=local)
    options["api_key"] = key
    if served.replay:
        refuse_the_simulations(served, Served())
        return Service(AsgiApplication(replay(served.replay, repeat_last=served.repeat_last), **options), State)
    if served.repeat_last:
        raise Stopped(ExitCode.USAGE, "--repeat-last: of no use without --replay")
    state, behaviour = state_of(served), behaviour_of(served)
    try:
        if not served.control:
            memory = MemoryTransport(state, **behaviour, keep_requests=False)
            return Service(AsgiApplication(memory, **options), lambda: memory.state)
        scopes = Scopes(state, **behaviour)
        hosts = {*served.allow_host, *named(served.host)}
        control = ControlEndpoint(scopes, path=served.path, api_key=key, origins=served.cors, hosts=hosts)
        options |= {"choose": scopes.choose, "early": control}
        return Service(AsgiApplication(scopes.default, **options), lambda: scopes.default.state)
    except ValueError as error:
        raise Stopped(ExitCode.USAGE, str(error)) from None


def state_of(served: Served) -> State:
    """What the service knows at first."""
    from msgspec.structs import replace

    from ...transports.memory.scripts.replies import Life
    from ...transports.memory.service import DIALECTS
    from ..serving.beginning import beginning, life_of, models_of

    state = beginning(served.state, empty=served.empty)
    dialect = replace(DIALECTS[served.dialect], retention=served.retention)
    if served.accept is not None:
        dialect = replace(dialect, accept=served.accept)
    if served.refuse_unknown_models:
        dialect = replace(dialect, unknown_model=400)
    models = state.models if served.models is None else models_of(served.models)
    life = Life() if served.life is None else life_of(served.life)
    return replace(state, models=models, dialect=dialect, life=life)


def behaviour_of(served: Served) -> dict[str, Any]:
    """What the service replies, and how it misbehaves."""
    from ...transports.memory.faults import load_faults
    from ...transports.memory.scripts.script import echo
    from ...transports.memory.scripts.script_file import load_script
    from ..serving.files import read_file

    return {
        "script": echo if served.script is None else read_file("--script", served.script, load_script),
        "faults": None if served.faults is None else read_file("--faults", served.faults, load_faults),
    }


def start_server(served: Served, environ: Mapping[str, str]) -> Server:
    """Listen as `served` says; `Server.serve` then answers. Raises `Stopped` where that cannot be."""
    return listen_as(served, make_service(served, environ).application)


def listen_as(served: Served, application: AsgiApplication, log: Log | None = None) -> Server:
    """Listen where `served` says. Raises `Stopped` where that cannot be."""
    from ...transports.control.scope_names import named_scope
    from ...transports.serving.logged import Logged
    from ...transports.serving.server import allow_connections, listen

    logged = application if log is None else Logged(application, log, scope_of=named_scope if served.control else None)
    try:
        allow_connections(served.max_connections)
        return listen(logged, host=served.host, port=served.port, max_connections=served.max_connections)
    except (OSError, ValueError) as error:
        raise Stopped(ExitCode.LOCAL_IO if isinstance(error, OSError) else ExitCode.USAGE, str(error)) from None


def announce(served: Served, server: Server, process: Process) -> None:
    """Say where it can be reached: the base URL on standard output, all else on standard error."""
    from ...transports.control.scope_names import PREFIX
    from ...transports.serving.front import check_path
    from ...transports.serving.server import address_is_local

    url = f"{server.origin}{check_path(served.path)}"
    if not address_is_local(served.host):
        write(process.stderr, f"puresponse: other machines can reach {url}, and nothing it is sent is encrypted\n")
    if served.control:
        write(process.stderr, f"puresponse: steered at {server.origin}{PREFIX}\n")
    write(process.stdout, f"{url}\n")
