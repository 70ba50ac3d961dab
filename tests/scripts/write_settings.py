"""Writes docs/reference/every-setting.md: each argument that sets something, with its default, from the docstrings.

    python tests/scripts/write_settings.py

A test says when the page is not what this writes, and when a public function that can be set is in no group.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from reference_docstrings import Docstring, Section, parsed
from reference_names import Told, public_names, told

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "every-setting.md"

BEGINNING = """# Every setting

Every argument that sets something, with what it is by itself. Times are in seconds, sizes in bytes. What an argument
cannot be is a `ValueError`, or an `InvalidArgument` where a `Result` is returned, and says what is allowed.

How the settings of a transport go together (keys, regions, Azure, proxies, `ca_file`) is in [Settings](settings.md),
what the environment sets in [Environment variables](environment.md), and the options of the command line in
[Commands and options](commands.md). The arguments of requests, such as `temperature`, are the API's: they are with
[each operation](names/responses.md).

The page is written by `tests/scripts/write_settings.py` from signatures and docstrings.
"""

GROUPS: dict[str, str] = {
    "Transports": "Urllib3Transport AiohttpTransport FetchTransport MemoryTransport in_threads many_keys",
    "Keys and tokens": "RefreshingToken workload_identity entra_token managed_identity TokenFile",
    "Running": "run run_async iterate iterate_async",
    "Batches": "run_many run_many_async run_many_on",
    "Requests": "RequestOptions configured",
    "Retries, waits and limits": (
        "retrying RetryPolicy WaitPolicy wait_for_response watch_response cancel_and_wait stream_response "
        "resume_stream delay"
    ),
    "Pace": "pacing Pacer",
    "Logging and observing": "set_up_logging logging_exchanges observing OpenTelemetry to_curl",
    "Ledgers and exports": "Ledger open_archive read_archive save_checkpoint load_operation load_stream",
    "Cassettes": (
        "use_cassette CassetteRecorder AsyncCassetteRecorder CassetteTransport AsyncCassetteTransport Matching "
        "Normalising Redaction verify_cassette verify_cassette_async import_recordings export_recordings"
    ),
    "Serving and steering": (
        "serve AsgiApplication WsgiApplication ControlEndpoint Scopes ServiceControl SteeredClock VirtualClock"
    ),
    "The service in memory": "Dialect Listing Life Reply Scripted respond stored",
    "Misbehaviour": (
        "FaultPlan Rule RateLimited ServerError Refused Reset Unsent Truncated Garbage CutStream LateConsistency "
        "CancelUndone When Match ToolOutput"
    ),
    "Checking": (
        "explore replay_lives walk Swarm Errand always eventually finally_ deleted_is_gone every_event_once "
        "ends_in_time never_twice"
    ),
    "Webhooks": "unwrap_webhook verify_webhook",
    "Structured output": "create_parsed_response text_format_of",
}
"""What can be set, by what it is for."""

_VALUES = (
    "ApiError Interrupted NoRecording NotSent WaitExpired HttpRequest HttpResponse WithResponse Checkpoint Close Read "
    "numbered response_so_far Unfinished Progress UsageSum StreamedResponse Recording Exported Imported Verification "
    "ClockReading JournalEntry JournalEvent JournalRequest JournalResponse BodyRead Damaged Verified ModelInput State "
    "Streaming Exploration Violation WrittenStep Dies LifeStep FailedLife Replays Walk json_response answering "
    "listening serving Page CreateArguments"
)
VALUES = frozenset(_VALUES.split())
"""What has defaults, and sets nothing: values, and what makes them."""

_POINTED = re.compile(r"(?:those|that|is|as) of ((?:`\w+`(?:, | and of | and )?)+)")
_BULLET = re.compile(r"- ((?:`\w+`(?:, | and )?)+): (.*)", re.DOTALL)


@cache
def of_the_api() -> frozenset[str]:
    """The parameters that any request, a creation or a list has, and those of one endpoint."""
    endpoints = (one for one in map(told, public_names()) if is_endpoint(one))
    return frozenset(name for one in endpoints for name in parameters(one))


def is_endpoint(one: Told) -> bool:
    """Whether it is a function that makes a request of the API, with what the API has for it and no more."""
    room, _, module = one.module.__name__.rpartition(".")
    return one.kind == "function" and room == "puresponse.core.endpoints" and module not in {"structured", "webhooks"}


def is_operation(one: Told) -> bool:
    """Whether it is an operation or a stream of the API: of it only what is not the API's is told here."""
    rooms = ("puresponse.core.endpoints.", "puresponse.core.programs.")
    return one.kind == "function" and one.module.__name__.startswith(rooms)


def parameters(one: Told) -> dict[str, inspect.Parameter]:
    """What can be passed, by name: of a type of options, each of them."""
    if one.kind == "keywords":
        kind = inspect.Parameter.KEYWORD_ONLY
        return {field.name: inspect.Parameter(field.name, kind, default=None) for field in one.fields}
    call: Any = vars(public_names()[one.name][1]).get(one.name)
    if one.kind not in {"function", "struct", "class"}:
        return {}
    return {
        name: parameter
        for name, parameter in inspect.signature(call).parameters.items()
        if name != "self" and parameter.kind is not parameter.VAR_KEYWORD
    }


def settings(name: str) -> dict[str, inspect.Parameter]:
    """The parameters with a default that the page tells of a name."""
    one = told(name)
    api = of_the_api() if is_operation(one) else frozenset[str]()
    return {key: each for key, each in parameters(one).items() if each.default is not each.empty and key not in api}


def can_be_set() -> set[str]:
    """The public names that have settings, or values."""
    names = (name for name in public_names() if not told(name).module.__name__.startswith("puresponse.codecs."))
    return {name for name in names if settings(name)}


def entry(doc: str, parameter: str, seen: frozenset[str] = frozenset()) -> str | None:
    """What a docstring says of a parameter: where it is listed, or in a sentence; or what it points to says."""
    docstring = parsed(doc)
    listed = docstring.listed.get(parameter)
    if listed is not None:
        return listed
    found = next((text for names, text in bullets(docstring) if parameter in names), None)
    if found is not None:
        return found
    said = " ".join(sentence for sentence in sentences(docstring) if f"`{parameter}`" in sentence)
    text = " ".join(docstring.text.split())
    pointed = [name for names in _POINTED.findall(said or text) for name in re.findall(r"`(\w+)`", names)]
    for name in pointed if said else [*pointed, *re.findall(r"`(\w+)`", text)]:
        if name in public_names() and name not in seen:
            elsewhere = entry(told(name).doc, parameter, seen | {name})
            if elsewhere is not None:
                return elsewhere
    return said or None


def bullets(docstring: Docstring) -> Iterator[tuple[list[str], str]]:
    """The entries of lists: the names that each is for, and its text."""
    for block in docstring.blocks:
        if isinstance(block, str) and block.startswith("- "):
            for item in re.split(r"\n(?=- )", block):
                match = _BULLET.fullmatch(item)
                if match is not None:
                    yield re.findall(r"`(\w+)`", match[1]), " ".join(match[2].split())


def sentences(docstring: Docstring) -> Iterator[str]:
    """The sentences outside of lists."""
    for block in docstring.blocks:
        if not isinstance(block, Section) and not block.startswith(("- ", "|")):
            yield from re.split(r"(?<=\.) (?=[A-Z`])", " ".join(block.split()))


def shown_default(value: Any) -> str:
    """A default, as it is written."""
    name: Any = getattr(value, "__name__", None)
    if name is not None and not inspect.isclass(value):
        return f"`{name}`"
    text, kind = repr(value), type(value).__name__
    if kind == "tuple" and len(text) > 60:
        return "all of them"
    return f"`{text}`" if len(text) <= 60 else f"`{kind}(…)`"


def row(name: str, parameter: str, default: Any) -> str:
    """A row of a table. Raises `ValueError` for a parameter that no docstring tells."""
    text = entry(told(name).doc, parameter, frozenset({name}))
    if text is None:
        raise ValueError(f"{name}: {parameter} is told nowhere")
    text = re.sub(r"\s+", " ", text).replace("|", "\\|")
    return f"| `{parameter}` | {shown_default(default)} | {text} |"


def page() -> str:
    """The page."""
    lines = [BEGINNING]
    for title, names in GROUPS.items():
        lines += [f"## {title}", ""]
        for name in names.split():
            lines += [f"### {name}", "", "| argument | default | is |", "|---|---|---|"]
            lines += [row(name, parameter, one.default) for parameter, one in settings(name).items()]
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)}\n")
