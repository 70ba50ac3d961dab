"""Every way in which the service says that a value is amiss, word by word, in one place.

The marks are those of `refusals`; [I] are the words of many users' public reports.
"""

from __future__ import annotations

from .constraints import Reader, Violation
from .refusals import RefusedRequest
from .request_table import Node

JSON_KINDS: dict[type, str] = {
    bool: "a boolean",
    int: "an integer",
    float: "a number",
    str: "a string",
    dict: "an object",
    list: "an array",
    type(None): "null",
}
"""What the service calls a value that it was given."""

_EXPECTED = {
    "boolean": "a boolean",
    "integer": "an integer",
    "number": "a number",
    "string": "a string",
    "object": "an object",
    "array": "an array",
}
_PLURALS = {"string": "strings", "object": "objects", "integer": "integers", "array": "arrays"}


def refusal_of(violation: Violation, reader: Reader) -> RefusedRequest:
    """Refuse a value that breaks a constraint of the table."""
    where, given, node = violation.where, violation.given, violation.node
    match violation.constraint:
        case "type":
            return wrong_type(where, _expected(node, reader), JSON_KINDS[type(given)])
        case "enum":
            return wrong_value(where, given, tuple(node["enum"]))
        case "required":
            return missing_parameter(where)
        case "additionalProperties":
            return unknown_parameter(where)
        case "minimum":
            return below_minimum(where, node["minimum"], str(given), node["type"])
        case "maximum":
            return above_maximum(where, node["maximum"], str(given), node["type"])
        case "minLength":
            return string_too_short(where, node["minLength"], len(given))
        case "maxLength":
            return string_too_long(where, node["maxLength"], len(given))
        case "pattern":
            return no_match(where, node["pattern"])
        case "minItems":
            return array_too_short(where, node["minItems"], len(given))
        case "maxItems":
            return array_too_long(where, node["maxItems"], len(given))
        case "maxProperties":
            return too_many_properties(where, node["maxProperties"], len(given))
        case "propertyNames":
            return string_too_long(where, node["propertyNames"]["maxLength"], len(given))


def _expected(node: Node, reader: Reader) -> str:
    """What a schema takes, in the service's words: `a string or an array of objects`."""
    return " or ".join(dict.fromkeys(_kind(member, reader) for member in node.get("anyOf", (node,))))


def _kind(node: Node, reader: Reader) -> str:
    kind = reader.type_of(node)
    if kind != "array":
        return _EXPECTED[kind]
    items = reader.table.get(node["items"].get("$ref"), node["items"])
    # All members of a union that is met in an array are objects, or the first is the most usual.
    return f"an array of {_PLURALS[reader.type_of(items['anyOf'][0] if 'anyOf' in items else items)]}"


def wrong_type(param: str, expected: str, given: str) -> RefusedRequest:
    """Refuse a value of the wrong JSON type. [O]."""
    message = f"Invalid type for '{param}': expected {expected}, but got {given} instead."
    return RefusedRequest(400, message, param=param, code="invalid_type")


def wrong_value(param: str, given: str, supported: tuple[str, ...]) -> RefusedRequest:
    """Refuse a value that is not one of a few. [I] for more than two, [O] for two, [U] for one."""
    *most, last = (f"'{value}'" for value in supported)
    before = f"{', '.join(most)}{',' if len(most) > 1 else ''} and " if most else ""
    message = f"Invalid value: '{given}'. Supported values are: {before}{last}."
    return RefusedRequest(400, message, param=param, code="invalid_value")


def missing_parameter(param: str) -> RefusedRequest:
    """Refuse a body without something that it needs. [I]."""
    message = f"Missing required parameter: '{param}'."
    return RefusedRequest(400, message, param=param, code="missing_required_parameter")


def unknown_parameter(param: str) -> RefusedRequest:
    """Refuse a parameter that the API does not have. [I]."""
    return RefusedRequest(400, f"Unknown parameter: '{param}'.", param=param, code="unknown_parameter")


def above_maximum(param: str, maximum: int, given: str, kind: str = "integer") -> RefusedRequest:
    """Refuse a number that is too large. [R] for integers, [O] for others."""
    number = "integer" if kind == "integer" else "decimal"
    message = (
        f"Invalid '{param}': {number} above maximum value. Expected a value <= {maximum}, but got {given} instead."
    )
    return RefusedRequest(400, message, param=param, code=f"{number}_above_max_value")


def below_minimum(param: str, minimum: int, given: str, kind: str = "integer") -> RefusedRequest:
    """Refuse a number that is too small. [I] for integers, [O] for others."""
    number = "integer" if kind == "integer" else "decimal"
    message = (
        f"Invalid '{param}': {number} below minimum value. Expected a value >= {minimum}, but got {given} instead."
    )
    return RefusedRequest(400, message, param=param, code=f"{number}_below_min_value")


def string_too_long(param: str, maximum: int, given: int) -> RefusedRequest:
    """Refuse a string that is too long. [O]."""
    message = (
        f"Invalid '{param}': string too long. Expected a string with maximum length {maximum}, but got a string with "
        f"length {given} instead."
    )
    return RefusedRequest(400, message, param=param, code="string_above_max_length")


def string_too_short(param: str, minimum: int, given: int) -> RefusedRequest:
    """Refuse a string that is too short. [O] for an empty one, [U] for others, which the table lacks."""
    if given == 0:
        message = (
            f"Invalid '{param}': empty string. Expected a string with minimum length {minimum}, but got an empty "
            "string instead."
        )
        return RefusedRequest(400, message, param=param, code="empty_string")
    message = (
        f"Invalid '{param}': string too short. Expected a string with minimum length {minimum}, but got a string with "
        f"length {given} instead."
    )
    return RefusedRequest(400, message, param=param, code="string_below_min_length")


def no_match(param: str, pattern: str) -> RefusedRequest:
    """Refuse a string that is not of the form that it must have. [O]."""
    message = (
        f"Invalid '{param}': string does not match pattern. Expected a string that matches the pattern '{pattern}'."
    )
    return RefusedRequest(400, message, param=param, code="invalid_value")


def array_too_long(param: str, maximum: int, given: int) -> RefusedRequest:
    """Refuse an array with too much in it. [O]."""
    message = (
        f"Invalid '{param}': array too long. Expected an array with maximum length {maximum}, but got an array with "
        f"length {given} instead."
    )
    return RefusedRequest(400, message, param=param, code="array_above_max_length")


def array_too_short(param: str, minimum: int, given: int) -> RefusedRequest:
    """Refuse an array with too little in it. [O] for an empty one, [U] for others, which the table lacks."""
    if given == 0:
        message = (
            f"Invalid '{param}': empty array. Expected an array with minimum length {minimum}, but got an empty array "
            "instead."
        )
        return RefusedRequest(400, message, param=param, code="empty_array")
    message = (
        f"Invalid '{param}': array too short. Expected an array with minimum length {minimum}, but got an array with "
        f"length {given} instead."
    )
    return RefusedRequest(400, message, param=param, code="array_below_min_length")


def too_many_properties(param: str, maximum: int, given: int) -> RefusedRequest:
    """Refuse an object with too much in it. [O]."""
    message = (
        f"Invalid '{param}': too many properties. Expected an object with at most {maximum} properties, but got an "
        f"object with {given} properties instead."
    )
    return RefusedRequest(400, message, param=param, code="object_above_max_properties")


def wrong_prefix(param: str, given: str, prefix: str) -> RefusedRequest:
    """Refuse an id that begins otherwise than the service's own. [I]."""
    message = f"Invalid '{param}': '{given}'. Expected an ID that begins with '{prefix}'."
    return RefusedRequest(400, message, param=param, code="invalid_value")
