"""What is told at the end of a run: for programs as a line of JSON, for people as sentences."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, json

from ...transports.batch.progress import UsageSum
from ..output import printable
from .outcomes import IN_FLIGHT
from .spoken import exact, number, spoken
from .tally import Latency, most_first


class LedgerHead(Struct, frozen=True):
    """Where the ledger of a run is, and the hash that proves what it holds by now."""

    file: str
    head: str


class Summary(Struct, frozen=True, kw_only=True):
    """What a run came to. All fields always, null where they do not apply.

    - `outcomes`: how many of each. `failures`: how many of each kind of error.
    - `left`: how many were not begun; null where nobody knows.
    - `seconds`, and `latency`: within how many seconds half of the operations, 95 % and 99 % of them ended.
    - `usage`: the tokens of all that was received.
    - `ledger`: the file, and its head.
    - `stopped`: why it ended before its time: `Ctrl-C`, `SIGTERM`, `hopeless`, `max_failures`.
    - `advice`: what to do about that. `go_on`: the command that goes on.
    """

    outcomes: Mapping[str, int]
    failures: Mapping[str, int]
    left: int | None
    seconds: float
    latency: Latency | None = None
    usage: UsageSum | None = None
    ledger: LedgerHead | None = None
    stopped: str | None = None
    advice: str | None = None
    go_on: str | None = None


def summary_json(summary: Summary) -> str:
    """A line of JSON with one field, `summary`."""
    return f"{json.encode({'summary': summary}).decode()}\n"


def summary_line(summary: Summary) -> str:
    """One line of text."""
    return f"puresponse: {printable('; '.join(sentences(summary)))}\n"


def summary_lines(summary: Summary) -> str:
    """A few lines of text."""
    return "".join(f"puresponse: {printable(line)}\n" for line in sentences(summary))


_MANY = 20
"""Outcomes from which on a summary has more than their number: fewer are read as they are."""

_LONG = 5.0
"""Seconds from which on it has more as well."""


def sentences(summary: Summary) -> list[str]:
    """What there is to tell: of few that took no time not much."""
    told = [_counts(summary)]
    if sum(summary.outcomes.values()) >= _MANY or summary.seconds >= _LONG:
        told += _details(summary)
    if summary.ledger is not None:
        told.append(f"the head of {summary.ledger.file} is {summary.ledger.head}")
    if summary.advice is not None:
        told.append(summary.advice)
    if summary.go_on is not None:
        told.append(f"to go on: {summary.go_on}")
    return told


def _details(summary: Summary) -> list[str]:
    told = list[str]()
    if summary.failures:
        kinds = (f"{kind} ({number(count)})" for kind, count in most_first(summary.failures))
        told.append(f"errors: {', '.join(kinds)}")
    if summary.latency is not None:
        found = summary.latency
        told.append(f"each took p50 {exact(found.p50)}, p95 {exact(found.p95)}, p99 {exact(found.p99)}")
    if summary.usage is not None and summary.usage.responses:
        told.append(_tokens(summary.usage))
    return told


def _counts(summary: Summary) -> str:
    counts = dict(summary.outcomes)
    in_flight = counts.pop(IN_FLIGHT, 0)
    told = [f"{number(count)} {spoken(word)}" for word, count in most_first(counts)] or ["nothing done"]
    if in_flight:
        told.append(f"{number(in_flight)} in flight, which may have been done")
    if summary.left:
        told.append(f"{number(summary.left)} left")
    reason = "" if summary.stopped is None else f"stopped ({spoken(summary.stopped)}): "
    return f"{reason}{', '.join(told)}{_time(summary)}"


def _time(summary: Summary) -> str:
    """How long it took, where anybody noticed."""
    if summary.seconds < 1:
        return ""
    ended = sum(summary.outcomes.values())
    return f", in {exact(summary.seconds)} ({ended / summary.seconds:,.1f}/s)"


def _tokens(usage: UsageSum) -> str:
    responses = "1 response" if usage.responses == 1 else f"{number(usage.responses)} responses"
    return (
        f"{number(usage.total_tokens)} tokens of {responses}: "
        f"{number(usage.input_tokens)} in ({number(usage.cached_tokens)} cached), "
        f"{number(usage.output_tokens)} out ({number(usage.reasoning_tokens)} reasoning)"
    )
