"""What the commands do: each makes a task of its options and arguments, and has it performed.

Each gives the exit code, or a sentence where its options contradict each other; then nothing was done.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from ..core import RetryPolicy
from .exits import ExitCode
from .given import Options
from .host import FROM_STDIN, Host, read_ids
from .jobs import Cancel, Delete, Job, ListItems, Retrieve
from .services import InMemory, sample_ids
from .settings import policy_of, settings_of
from .tables import DELETED, ITEMS, RESPONSES, View
from .tasks import Each, OfOne
from .work import perform


def delete(options: Options, ids: Sequence[str], host: Host) -> ExitCode | str:
    """Delete responses."""
    return _do_each(Delete(policy_of(options)), options, ids, DELETED, host)


def cancel(options: Options, ids: Sequence[str], host: Host) -> ExitCode | str:
    """Cancel responses."""
    return _do_each(Cancel(policy_of(options)), options, ids, RESPONSES, host)


def retrieve(options: Options, ids: Sequence[str], include: Sequence[str] | None, host: Host) -> ExitCode | str:
    """Retrieve responses."""
    return _do_each(Retrieve(policy_of(options), _included(include)), options, ids, RESPONSES, host)


def input_items(
    options: Options,
    response_id: str,
    host: Host,
    *,
    after: str | None,
    include: Sequence[str] | None,
    limit: int | None,
    order: Literal["asc", "desc"],
    everything: bool,
) -> ExitCode | str:
    """List the input items of a response."""
    settings = settings_of(options, host.environ, terminal=host.stdout.isatty())
    if isinstance(settings, str):
        return settings
    job = ListItems(policy=policy_of(options), after=after, include=_included(include), limit=limit, order=order)
    return perform(OfOne(job, read_ids([response_id], host.stdin), everything), ITEMS, 0, settings, host)


def samples(options: Options, host: Host) -> ExitCode | str:
    """Show the sample responses."""
    settings = settings_of(options, host.environ, terminal=host.stdout.isatty(), service=InMemory(chosen=True))
    if isinstance(settings, str):
        return settings
    ids = sample_ids()
    return perform(Each(Retrieve(RetryPolicy()), ids, 1), RESPONSES, max(map(len, ids)), settings, host)


def _do_each(job: Job, options: Options, ids: Sequence[str], view: View, host: Host) -> ExitCode | str:
    settings = settings_of(options, host.environ, terminal=host.stdout.isatty())
    if isinstance(settings, str):
        return settings
    single = len(ids) == 1 and FROM_STDIN not in ids
    task = Each(job, read_ids(ids, host.stdin), 1 if single else settings.concurrency)
    return perform(task, view, max(map(len, ids)), settings, host)


def _included(given: Sequence[str] | None) -> tuple[str, ...] | None:
    return tuple(given) if given else None
