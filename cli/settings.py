"""What the options come to, together with the environment."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from ..core import InvalidArgument, RetryPolicy
from ..core.arguments import refused
from ..core.retry import check_policy
from .given import Options
from .services import Service, choose_service

MOST_AT_ONCE = 256
"""How many operations may run at once: each takes a thread."""


class Settings(Struct, frozen=True, kw_only=True):
    """How a command is carried out."""

    service: Service
    json: bool
    policy: RetryPolicy
    concurrency: int


def settings_of(
    options: Options, environ: Mapping[str, str], *, terminal: bool, service: Service | None = None
) -> Settings | str:
    """Make settings of `options`; a sentence where they contradict each other.

    `terminal` tells whether standard output is one. `service` is what a command uses that has no choice.
    """
    if options.json and options.table:
        return "--json and --table exclude each other"
    chosen = service or choose_service(options, environ)
    if isinstance(chosen, str):
        return chosen
    return Settings(
        service=chosen,
        json=options.json or not (options.table or terminal),
        policy=policy_of(options),
        concurrency=16 if options.concurrency is None else options.concurrency,
    )


def policy_of(options: Options) -> RetryPolicy:
    """How often requests are repeated."""
    return RetryPolicy() if options.retries is None else RetryPolicy(max_retries=options.retries)


def check_settings(settings: Settings) -> InvalidArgument | None:
    """Give the `InvalidArgument` of the first setting that makes no sense; None for good ones."""
    if not 1 <= settings.concurrency <= MOST_AT_ONCE:
        return refused("concurrency", settings.concurrency, f"an integer from 1 to {MOST_AT_ONCE}")
    return check_policy(settings.policy)
