"""What the options and the environment mean together: which service is asked, in which form, how often."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from ..core import InvalidArgument, RetryPolicy
from ..core.arguments import invalid_argument
from ..core.retry_policy import check_retries
from ..transports.layers.log_level import LogLevel, log_level
from .colour import ColourChoice
from .options import Options
from .service import Chosen, ServiceChoice, choose

MOST_AT_ONCE = 256
"""How many operations may run at once: each takes a thread."""


class Settings(Struct, frozen=True, kw_only=True):
    """How a command is carried out."""

    service: ServiceChoice
    json: bool
    color: ColourChoice | None = None
    retries: int
    concurrency: int
    rate: float | None = None
    log: LogLevel | None = None
    dry_run: bool = False
    curl: bool = False


def settings_of(
    options: Options, environ: Mapping[str, str], *, terminal: bool, service: ServiceChoice | None = None
) -> Settings | str:
    """Make settings of `options`; a sentence where they contradict each other.

    `terminal` says whether standard output is one. `service` is what a command uses that has no choice.
    """
    if options.json and options.table:
        return "--json and --table exclude each other"
    chosen = choose(options, environ) if service is None else Chosen(service)
    if isinstance(chosen, str):
        return chosen
    return Settings(
        service=chosen.service,
        json=shows_json(options, terminal=terminal),
        color=options.color,
        retries=RetryPolicy().max_retries if options.retries is None else options.retries,
        concurrency=(chosen.concurrency or 16) if options.concurrency is None else options.concurrency,
        rate=chosen.rate,
        log=log_level(environ) or ("info" if options.verbose else None),
        dry_run=options.dry_run,
        curl=options.curl,
    )


def shows_json(options: Options, *, terminal: bool) -> bool:
    """Whether results are lines of JSON. `terminal` says whether standard output is one."""
    return options.json or not (options.table or terminal)


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
