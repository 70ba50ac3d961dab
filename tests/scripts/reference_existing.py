"""What a page of the reference names in code spans, and whether it exists: a name, or what belongs to one.

Names of others (schemas of the specification, attributes of telemetry, ids in samples) are known by their form or by
where they are from; the few that are left are in `OTHERS`.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from types import ModuleType

from reference_groups import Group
from reference_names import public_names, told
from reference_sources import aliases

from puresponse.codecs import SCHEMAS

OTHERS = {
    "returns": "Failure Result Success",
    "msgspec": "UNSET",
    "Python": "Any BrokenExecutor TypeVar concurrent.futures concurrent.futures.Future contextlib.nullcontext",
    "Python's modules": "msgspec.json.encode time.monotonic time.time",
    "pydantic": "TypeAdapter model_json_schema model_validate_json validate_json",
    "libraries": "azure.identity RequestInit events.append",
    "samples": "conv_weather",
    "servers": (
        "create_responses create_sse_event enable_store responses_full_generator validate_background protocol.py "
        "serving.py"
    ),
    "errors and states of the API": "content_filter in_memory in_progress insufficient_quota",
    "files of ours": "request_matching",
    "the type of what is decoded": "T",
}
"""By whose it is."""

_FORMS = (
    r"(?:resp|msg|conv|wh|rs|call|fc|whsec)_\w*",  # ids in samples, and what secrets begin with
    r"(?:gen_ai|network|server|url|http|puresponse)\..+",  # attributes and spans of telemetry, our own packages
    r"[A-Z][A-Z0-9_]+",  # variables of the environment
    r"NAME\.partial|_at|.*\(.*…\)",
)

_NAME = re.compile(r"[A-Za-z_][\w.]*(?:\(.*\))?")


@cache
def _of_any() -> frozenset[str]:
    """Every public name, and every parameter, field, attribute and literal value of one."""
    found = {*dir(builtins), *SCHEMAS}
    for name in public_names():
        one = told(name)
        found.add(name)
        for call in (*([one.call] if one.call else []), *one.methods):
            found |= {call.name, *call.parameters, *_literals(call.signature)}
        for field in one.fields:
            found |= {field.name, field.wire, *_literals(field.annotation)}
        found |= {member.strip("'\"") for member in one.members}
        value = getattr(one.module, name)
        if isinstance(value, type):
            found |= {attribute for attribute in dir(value) if not attribute.startswith("__")}
    for alias, assigned in aliases().items():
        found |= {alias, *_literals(assigned.value)}
    return frozenset(found)


def _literals(text: str) -> list[str]:
    """The texts that are written in an annotation or a default, in either kind of quotes."""
    return [text for _, text in re.findall(r"""(['"])(.*?)\1""", text)]


@cache
def _in_module(module: ModuleType) -> frozenset[str]:
    """What the module that holds a name has besides: no page leads there, and yet it exists."""
    room = module.__name__.rpartition(".")[0]
    return frozenset({*vars(module), *vars(import_module(room)), module.__name__.rpartition(".")[2]})


def unknown_in(page: str, group: Group) -> Iterator[str]:
    """The code spans of a page that look like the name of something, and are not."""
    others = {name for names in OTHERS.values() for name in names.split()}
    beside = {known for name in group.names for known in _in_module(told(name).module)}
    text = re.sub(r"^ *```.*?^ *```", "", page, flags=re.DOTALL | re.MULTILINE)
    for span in sorted(set(re.findall(r"`([^`\n]+)`", text))):
        if _NAME.fullmatch(span) is None or any(re.fullmatch(form, span) for form in _FORMS):
            continue
        name = span.partition("(")[0]
        if name in others or name in _of_any() or name in beside:
            continue
        if "." in name:
            if not _is_attribute(name):
                yield span
        elif re.match(r"[A-Z]", name) or ("_" in name and group.file.startswith("names/")):
            yield span


def _is_attribute(dotted: str) -> bool:
    """Whether `HttpRequest.total`, or `response.output_text`, is an attribute of what it names."""
    owner, *rest = dotted.split(".")
    if owner in public_names():
        one = told(owner)
        own = {field.name for field in one.fields} | {method.name for method in one.methods}
        return rest[0] in own | {*dir(getattr(one.module, owner))}
    return all(part in _of_any() or part in {"data", "raw"} for part in rest)
