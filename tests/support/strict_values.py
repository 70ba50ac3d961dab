"""Any JSON that fits a strict schema: what the service lets a model write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

Values = st.SearchStrategy[Any]

_MOST = 2**53

_ZONES = st.sampled_from(["Z", "+00:00", "-05:30", "+14:00"])
_SECONDS = st.sampled_from(["", ".5", ".123456"])
_DATES = st.dates().map(str)
_CLOCKS = st.builds("{:%H:%M:%S}{}{}".format, st.times(), _SECONDS, _ZONES)

FORMATS: dict[str, Values] = {
    "date": _DATES,
    "time": _CLOCKS,
    # In the first and the last year a zone may lead out of what Python can count.
    "date-time": st.builds("{}T{}".format, st.integers(2, 9998).map("{:04}-02-28".format), _CLOCKS),
    # Years and months have no fixed length, and neither Python nor msgspec has a type for them.
    "duration": st.builds("{}P{}DT{}H{}M{}S".format, st.just(""), *[st.integers(0, 59)] * 4),
    "uuid": st.uuids().map(str),
    "ipv4": st.ip_addresses(v=4).map(str),
    "ipv6": st.ip_addresses(v=6).map(str),
    "email": st.emails(),
    "hostname": st.just("example.com"),
}


def values_of(schema: dict[str, Any]) -> Values:
    """Values that fit the strict `schema`."""
    definitions: dict[str, Values] = {}
    for name, definition in schema.get("$defs", {}).items():
        definitions[f"#/$defs/{name}"] = st.deferred(_later(definition, definitions))
    return _values(schema, definitions)


def _later(schema: Any, definitions: dict[str, Values]) -> Callable[[], Values]:
    return lambda: _values(schema, definitions)


def _values(schema: dict[str, Any], definitions: dict[str, Values]) -> Values:
    if "$ref" in schema:
        assert len(schema) == 1, "nothing is beside a reference"
        return definitions[schema["$ref"]]
    if "anyOf" in schema:
        return st.one_of([_values(option, definitions) for option in schema["anyOf"]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "const" in schema:
        return st.just(schema["const"])
    if schema["type"] == "object":
        assert schema["additionalProperties"] is False
        assert schema["required"] == list(schema["properties"])
        members = schema["properties"].items()
        return st.fixed_dictionaries({name: _values(member, definitions) for name, member in members})
    if schema["type"] == "array":
        least, most = schema.get("minItems", 0), schema.get("maxItems", 3)
        full = st.lists(_values(schema["items"], definitions), min_size=least, max_size=most)
        # Mostly empty where it may be, for a tree must end somewhere.
        return full if least else st.one_of(st.just([]), st.just([]), full)
    if schema["type"] == "string":
        if "format" in schema:
            return FORMATS[schema["format"]]
        pattern: str | None = schema.get("pattern")
        return st.text() if pattern is None else st.from_regex(pattern, fullmatch=True)
    if schema["type"] == "null":
        return st.none()
    return st.booleans() if schema["type"] == "boolean" else _numbers(schema)


def _numbers(schema: dict[str, Any]) -> Values:
    low, high = schema.get("minimum", -_MOST), schema.get("maximum", _MOST)
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    if schema["type"] == "number":
        low, high = low if above is None else above, high if below is None else below
        return st.floats(low, high, exclude_min=above is not None, exclude_max=below is not None)
    low, high = low if above is None else above + 1, high if below is None else below - 1
    step: int = schema.get("multipleOf", 1)
    return st.integers(-(-low // step), high // step).map(step.__mul__)
