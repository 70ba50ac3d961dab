"""Where an outcome is told of, and how.

Law: standard output has what was asked for. A command that acts is asked for outcomes: a line of JSON for each
response, whatever became of it. A command that shows is asked for values: it writes what it received, and all else to
standard error. In a table, what went wrong is a sentence on standard error in both.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from msgspec import Raw, Struct, json

from ...codecs import encode
from ...core import Error
from ..output import JsonLines, OutputForm, encodable, error_record
from .outcomes import Outcome
from .spoken import spoken

Shows: TypeAlias = Literal["outcomes", "values"]
"""What a command writes to standard output."""


def told(outcome: Outcome, shows: Shows, form: OutputForm) -> tuple[bool, str]:
    """Whether an outcome belongs on standard output, and its text."""
    if shows == "values" and outcome.value is not None:
        return True, form.values([outcome.value])
    if isinstance(form, JsonLines) and shows == "outcomes":
        return True, form.line(outcome_line(outcome).removesuffix("\n"))
    if outcome.error is not None:
        return False, form.error(outcome.id, outcome.error)
    if shows == "outcomes":
        return True, form.values([outcome])
    return False, outcome_line(outcome) if isinstance(form, JsonLines) else form.note(sentence(outcome))


def outcome_line(outcome: Outcome) -> str:
    """An outcome as a line of JSON: what the server sent as it was received."""
    fields: dict[str, Any] = {"id": encodable(outcome.id), "outcome": outcome.word}
    fields |= {name: _plain(value) for name, value in outcome.facts.items()}
    if outcome.error is not None:
        fields["error"] = error_fields(outcome.error)
    return f"{json.encode(fields).decode()}\n"


def error_fields(error: Error) -> dict[str, Any]:
    """An error as it is within the line of an outcome: `kind` is its name in `puresponse.core`."""
    record = error_record(None, error)
    return {
        "kind": record.error,
        "status": record.status,
        "code": record.code,
        "message": record.message,
        "request_id": record.request_id,
    }


def sentence(outcome: Outcome) -> str:
    """An outcome for people to read."""
    return f"{outcome.id}: {spoken(outcome.word)}"


def _plain(value: Any) -> Any:
    return Raw(encode(value)) if isinstance(value, Struct) else value
