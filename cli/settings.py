"""What the options and the environment mean together: which service is asked, in which form, how often.

Law: no key is kept: it goes from the environment into the transport, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Mapping
from contextlib import contextmanager
from typing import Any, TypeAlias

from msgspec import Struct, structs

from ..core import InvalidArgument, RetryPolicy
from ..core.arguments import invalid_argument
from ..core.retry_policy import check_retries
from ..transports import Transport
from ..transports.layers.log_level import LogLevel, log_level
from ..transports.network.environment import API_KEY, AZURE_ENDPOINT, BASE_URL

MOST_AT_ONCE = 256
"""How many operations may run at once: each takes a thread."""

NO_KEY = f"{API_KEY} is not set: this is the service in memory, with sample responses (`puresponse samples`)"


# --- the options, as they were given -------------------------------------------------------------


class Options(Struct, frozen=True, kw_only=True):
    """The options that hold for every command; None, or False, where they were not given."""

    base_url: str | None = None
    organization: str | None = None
    project: str | None = None
    timeout: float | None = None
    retries: int | None = None
    concurrency: int | None = None
    memory: bool = False
    verbose: bool = False
    json: bool = False
    table: bool = False

    def given(self) -> dict[str, Any]:
        """Those that were given, by name."""
        return {name: value for name, value in structs.asdict(self).items() if value is not None and value is not False}

    def overridden_by(self, others: Options) -> Options:
        """These options, with `others` in their place where they were given."""
        return structs.replace(self, **others.given())

    def useless_for(self, used: Collection[str]) -> list[str]:
        """Those that were given and are not among the `used`, as they are written."""
        return [option_name(name) for name in self.given() if name not in used]


def option_name(name: str) -> str:
    """How an option is written on the command line."""
    return "--" + name.replace("_", "-")


# --- the service ---------------------------------------------------------------------------------


class InMemory(Struct, frozen=True):
    """The service in memory, with the sample responses. `chosen` says that it was asked for by name."""

    chosen: bool


class Remote(Struct, frozen=True):
    """The API, or a server that speaks it. What is None is the environment's to say, or the transport's."""

    base_url: str | None = None
    organization: str | None = None
    project: str | None = None
    timeout: float | None = None


ServiceChoice: TypeAlias = InMemory | Remote


def choose_service(options: Options, environ: Mapping[str, str]) -> ServiceChoice | str:
    """The service that the options and the environment mean; a sentence where they contradict each other."""
    if options.base_url == "":
        return "--base-url is empty"
    keyless = options.base_url is None and not any(map(environ.get, (BASE_URL, API_KEY, AZURE_ENDPOINT)))
    if not options.memory and not keyless:
        return Remote(options.base_url, options.organization, options.project, options.timeout)
    useless = [option_name(name) for name in options.given() if name in Remote.__struct_fields__]
    if useless:
        why = "with --memory" if options.memory else f"to the service in memory, which answers as {API_KEY} is not set"
        return f"{', '.join(useless)}: of no use {why}"
    return InMemory(chosen=options.memory)


@contextmanager
def connect(service: ServiceChoice, concurrency: int) -> Generator[Transport, None, None]:
    """Open the transport to `service`, for that many exchanges at once.

    Raises `ValueError` for a setting that cannot be used.
    """
    if isinstance(service, InMemory):
        from ..transports.memory.transport import MemoryTransport

        yield MemoryTransport()
        return
    from ..transports.urllib3.transport import Urllib3Transport

    given: dict[str, Any] = {name: value for name, value in structs.asdict(service).items() if value is not None}
    with Urllib3Transport(**given, max_connections=concurrency) as transport:
        yield transport


# --- all together --------------------------------------------------------------------------------


class Settings(Struct, frozen=True, kw_only=True):
    """How a command is carried out."""

    service: ServiceChoice
    json: bool
    retries: int
    concurrency: int
    log: LogLevel | None = None


def settings_of(
    options: Options, environ: Mapping[str, str], *, terminal: bool, service: ServiceChoice | None = None
) -> Settings | str:
    """Make settings of `options`; a sentence where they contradict each other.

    `terminal` says whether standard output is one. `service` is what a command uses that has no choice.
    """
    if options.json and options.table:
        return "--json and --table exclude each other"
    chosen = service or choose_service(options, environ)
    if isinstance(chosen, str):
        return chosen
    return Settings(
        service=chosen,
        json=options.json or not (options.table or terminal),
        retries=RetryPolicy().max_retries if options.retries is None else options.retries,
        concurrency=16 if options.concurrency is None else options.concurrency,
        log=log_level(environ) or ("info" if options.verbose else None),
    )


def policy_of(options: Options) -> RetryPolicy:
    """How often requests are repeated. A number that `check_settings` refuses gets nothing done: any policy will do."""
    if options.retries is None or check_retries("retries", options.retries) is not None:
        return RetryPolicy()
    return RetryPolicy(max_retries=options.retries)


def check_settings(settings: Settings) -> InvalidArgument | None:
    """Return the `InvalidArgument` of the first setting that makes no sense; None where all make sense."""
    if not 1 <= settings.concurrency <= MOST_AT_ONCE:
        return invalid_argument("concurrency", settings.concurrency, f"an integer from 1 to {MOST_AT_ONCE}")
    return check_retries("retries", settings.retries)
