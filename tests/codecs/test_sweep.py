"""Each field of each schema dropped, each field of another type, one field more in each object: all of it decodes.

Law: it comes out as it went in, and is typed as without the change everywhere but in the innermost place that there is
for what is amiss: the optional field, the entry of a map, or the object of a union, that it is in. The fields for which
there is none are in `NEEDED`, with the reason why nothing stands for them; they are a `DecodeError` with their path.
"""

from __future__ import annotations

import json as json_of_the_library
from random import Random
from typing import Any

import pytest
from changes import Change, Path, changes, same
from msgspec import UNSET, UnsetType, json
from returns.result import Failure
from specification import SCHEMAS, Maker, examples

from puresponse.codecs import SCHEMAS as TYPES
from puresponse.codecs import Kept, Message, Unknown, Wire, decode, encode
from puresponse.codecs.lossless.codec import open_shape
from puresponse.codecs.lossless.forms import Form, form_of
from puresponse.codecs.lossless.plain import is_object, is_sequence

ANSWER = "an answer is nothing without it: what a program asked for is in it"
ALONE = "decoded alone; elsewhere the field that holds it, or an `Unknown` around it, stands for it"
MAP = "no object holds the map, to keep an entry that does not fit"
UNTYPED = "a model has no `type` by which an `Unknown` would be told apart, and the list is nothing without its data"

NEEDED: dict[str, dict[str, str]] = {
    ANSWER: {
        "CompactResource": "id created_at output",
        "ConversationItemList": "data",
        "ConversationResource": "id created_at metadata",
        "DeleteModelResponse": "id deleted",
        "DeletedConversationResource": "id deleted",
        "ErrorResponse": "error",
        "ListModelsResponse": "data",
        "Model": "id created owned_by",
        "Response": "id created_at model output",
        "ResponseItemList": "data",
        "TokenCountsResource": "input_tokens",
    },
    UNTYPED: {"ListModelsResponse": "data[].id data[].created data[].owned_by"},
    ALONE: {
        "ComputerCallSafetyCheckParam": "id",
        "ContainerNetworkPolicyDomainSecretParam": "domain name value",
        "ContextManagementParam": "type",
        "ConversationParam": "id",
        "ConversationParam-2": "id",
        "CoordParam": "x y",
        "FunctionShellAction": "commands",
        "FunctionShellActionParam": "commands",
        "FunctionShellCallOutputContent": "outcome stdout stderr",
        "FunctionShellCallOutputContentParam": "outcome stdout stderr",
        "HybridSearchOptions": "embedding_weight text_weight",
        "LocalShellExecAction": "type command env",
        "LocalSkillParam": "name description path",
        "LogProb": "token logprob",
        "MCPListToolsTool": "name input_schema",
        "Moderation": "input output",
        "ModerationConfigParam": "mode",
        "ModerationParam": "model",
        "Prompt": "id",
        "PromptCacheBreakpointConfig": "mode",
        "PromptCacheBreakpointParam": "mode",
        "ResponseConversation": "id",
        "ResponseError": "code message",
        "ResponseLogProb": "token logprob",
        "ResponseUsage": "input_tokens output_tokens total_tokens",
    },
    MAP: {"Metadata": "*", "ResponsePromptVariables": "*", "VectorStoreFileAttributes": "*"},
}
"""The fields of each schema that nothing stands for where they are amiss, by the reason. `*` is any entry of a map."""

LISTED = {(schema, field) for fields in NEEDED.values() for schema, names in fields.items() for field in names.split()}


def place_of(form: Form | None, payload: Any, path: Path) -> tuple[Path | None, str]:
    """The innermost place for what is amiss at `path` in a payload, and the path as the table has it.

    The place is None where there is none.
    """
    place: Path | None = None
    names = ""
    held = False
    for depth, step in enumerate(path):
        if isinstance(step, int):
            names += "[]"
            form, held = (form.elements if form is not None else None), False
        else:
            fields = None if form is None else form.fields_of(payload)
            place = path[:depth] if form is not None and form.open else place
            is_map = form is not None and fields is None and form.members is not None
            names += ".*" if is_map else f".{step}"
            if fields is None:
                place = path[: depth + 1] if is_map and held else place
                form, held = (form.members if form is not None else None), False
            else:
                place = path[: depth + 1] if step in fields.optional or step not in fields.names else place
                form, held = fields.forms().get(step), True
        payload = payload.get(step) if isinstance(step, str) else payload[step]
    return place, names.removeprefix(".")


def difference(before: Any, after: Any, path: Path) -> Path:
    """As much of `path` as leads to all that differs between two typed values."""
    if not path:
        return ()
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        alike = is_sequence(before) and is_sequence(after) and len(before) == len(after)
        if not alike or (*before[:step], *before[step + 1 :]) != (*after[:step], *after[step + 1 :]):
            return ()
        return (step, *difference(before[step], after[step], rest))
    if is_object(before) and is_object(after):
        if _without(before, step) != _without(after, step):
            return ()
        return (step, *difference(before.get(step), after.get(step), rest))
    if type(before) is not type(after) or not isinstance(before, Wire):
        return ()
    one, other = _members(before), _members(after)
    if _without(one, step) != _without(other, step):
        return ()
    if _without(_kept(before), step) != _without(_kept(after), step):
        return ()
    return (step, *difference(one.get(step), other.get(step), rest))


def _without(members: dict[str, Any], name: str) -> dict[str, Any]:
    return {one: value for one, value in members.items() if one != name}


def _members(value: Wire) -> dict[str, Any]:
    names = zip(value.__struct_fields__, value.__struct_encode_fields__, strict=True)
    return {name: getattr(value, attribute) for attribute, name in names if attribute != "unknown_fields"}


def _kept(value: Wire) -> dict[str, Any]:
    return value.unknown_fields.to_dict() if isinstance(value.unknown_fields, Kept) else {}


def at(value: Any, path: Path) -> Any:
    """What is at a path in a typed value; the `Unknown` in which it is, or UNSET, where it is not there."""
    for step in path:
        if isinstance(value, Wire):
            value = _members(value).get(str(step), UNSET)
        elif isinstance(step, str):
            value = value.get(step, UNSET) if is_object(value) else value
        else:
            value = value[step] if is_sequence(value) and step < len(value) else UNSET
        if isinstance(value, Unknown) or value is UNSET:
            break
    return value


def refused_by(schema: str, payload: Any, chosen: list[Change]) -> set[tuple[str, str]]:
    """Check what becomes of the changes; return where those were that were refused."""
    refused: set[tuple[str, str]] = set()
    before = decode(schema, json.encode(payload)).unwrap()
    form = form_of(open_shape(TYPES[schema]))
    for change in chosen:
        changed = change.of(payload)
        result = decode(schema, json.encode(changed))
        place, name = place_of(form, payload, change.path)
        if isinstance(result, Failure):
            error = result.failure()
            *above, last = change.path
            missing = (written(tuple(above)), f"Object missing required field `{last}`")
            assert (error.path, error.reason) == missing or error.path.startswith(written(change.path)), (change, error)
            assert place is None, (schema, change, error)
            refused.add((schema, name))
        else:
            after = result.unwrap()
            assert comes_out(after, changed), (schema, change)
            assert decode(schema, encode(after)) == result, (schema, change)
            kept_at = difference(before, after, change.path)
            assert place is None or kept_at[: len(place)] == place, (schema, change, place, kept_at)
            assert place is not None or kept_at == change.path or before == after, (schema, change, kept_at)
    return refused


def comes_out(value: Any, payload: Any) -> bool:
    """Whether a value is written as the payload, with no name twice."""
    return same(json_of_the_library.loads(encode(value), object_pairs_hook=_once), payload)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    assert len(members) == len(pairs), pairs
    return members


def written(path: Path) -> str:
    """A path as errors have it."""
    steps = (f"[{step}]" if isinstance(step, int) else _member(step) for step in path)
    return "$" + "".join(steps)


def _member(name: str) -> str:
    return f".{name}" if name.isidentifier() else f"[{name!r}]"


def check_many(schema: str, payload: Any, random: Random, count: int) -> None:
    """Check what becomes of several changes, one after the other, and where the last of them shows."""
    form = form_of(open_shape(TYPES[schema]))
    before = changed = payload
    made: list[Change] = []
    places: list[tuple[Path | None, str]] = []
    for change in (random.choice(list(changes(changed))) for _ in range(count)):
        made.append(change)
        places.append(place_of(form, changed, change.path))
        before, changed = changed, change.of(changed)
    result = decode(schema, json.encode(changed))
    if isinstance(result, Failure):
        assert any((schema, name) in LISTED for _, name in places), (schema, made, result)
        return
    after = result.unwrap()
    assert comes_out(after, changed), (schema, made)
    assert decode(schema, encode(after)) == result, (schema, made)
    typed = decode(schema, json.encode(before)).value_or(UNSET)
    kept_at = difference(typed, after, made[-1].path)
    ends: set[type] = {type(at(typed, kept_at)), type(at(after, kept_at))}
    (place, _) = places[-1]
    assert place is None or kept_at[: len(place)] == place or ends & {Unknown, UnsetType}, (schema, made, kept_at)


def payloads(schema: str, seeds: range) -> list[Any]:
    """Payloads after a schema, small and large ones, and its own example."""
    made = [Maker(seed).make(SCHEMAS[schema], (5, 2, 3, 7)[seed % 4]) for seed in seeds]
    own = [example for name, example in examples() if name == schema]
    return [payload for payload in (*made, *own) if is_object(payload)]


def sampled(payload: Any, seed: str, most: int) -> list[Change]:
    """Changes of a payload: all that drop a field at the top or near it, and of the others some."""
    every = list(changes(payload))
    dropped = [one for one in every if len(one.path) <= 3 and one.drops]
    return [*dropped, *Random(seed).sample(every, min(most, len(every)))]


def sweep(seeds: range, most: int) -> set[tuple[str, str]]:
    """Check changes of payloads of all schemas; return where those were that were refused."""
    refused: set[tuple[str, str]] = set()
    for schema in SCHEMAS:
        for index, payload in enumerate(payloads(schema, seeds)):
            refused |= refused_by(schema, payload, sampled(payload, f"{schema} {index}", most))
    return refused


def sweep_many(seeds: range, most: int) -> None:
    """Check several changes at once of payloads of all schemas."""
    for schema in SCHEMAS:
        for index, payload in enumerate(payloads(schema, seeds)):
            random = Random(f"{schema} {index}")
            for _ in range(most):
                check_many(schema, payload, random, random.choice((2, 2, 3, 5)))


def test_whatever_is_amiss_all_else_is_typed_and_all_comes_out_but_for_the_fields_that_are_needed() -> None:
    assert sweep(range(2), 25) == LISTED


def test_whatever_is_amiss_at_once_all_comes_out_and_what_is_amiss_is_kept_where_it_stands() -> None:
    sweep_many(range(2), 6)


@pytest.mark.deep
def test_the_same_of_every_change_of_many_payloads() -> None:
    assert sweep(range(2, 14), 1_000_000) == LISTED


@pytest.mark.deep
def test_the_same_of_many_changes_at_once_of_many_payloads() -> None:
    sweep_many(range(2, 14), 30)


@pytest.mark.parametrize(
    ("schema", "payload", "place"),
    [
        ("Response", {"id": "r", "created_at": 1, "model": "m", "output": [5]}, "$.output[0]"),
        ("Response", {"id": "r", "created_at": 1, "model": "m", "output": {}}, "$.output"),
        ("Response", {"id": None, "created_at": 1, "model": "m", "output": []}, "$.id"),
        ("Response", {"created_at": 1, "model": "m", "output": []}, "$"),
        ("ResponseItemList", {"object": "list", "data": [{"type": "message"}, None]}, "$.data[1]"),
        ("ListModelsResponse", {"data": [{"id": "m", "created": "1", "owned_by": "x"}]}, "$.data[0].created"),
        ("Metadata", {"a": "b", "novel field": 1}, "$['novel field']"),
    ],
)
def test_what_nothing_stands_for_is_an_error_with_its_path(schema: str, payload: Any, place: str) -> None:
    result = decode(schema, json.encode(payload))
    assert isinstance(result, Failure)
    assert result.failure().path == place


@pytest.mark.parametrize("novel", [{}, {"novel": 1}])
@pytest.mark.parametrize("first", [True, False])
def test_an_object_with_a_field_more_and_a_field_amiss_keeps_both(novel: dict[str, Any], first: bool) -> None:
    amiss = {"ranker": True}
    ranking = {**novel, **amiss, "score_threshold": 0.5} if first else {**amiss, "score_threshold": 0.5, **novel}
    tool = decode(
        "Tool", json.encode({"type": "file_search", "vector_store_ids": [], "ranking_options": ranking})
    ).unwrap()
    assert tool.unknown_fields is UNSET
    assert tool.ranking_options.score_threshold == 0.5
    assert tool.ranking_options.unknown_fields == {**novel, **amiss}


@pytest.mark.parametrize("first", [True, False])
def test_an_object_with_a_field_more_and_an_entry_amiss_keeps_both(first: bool) -> None:
    variables = {"variables": {"a": 5, "b": "c"}}
    prompt = {"id": "p", "novel": 1, **variables} if first else {"id": "p", **variables, "novel": 1}
    read = decode("Response", json.encode({**LEAST, "prompt": prompt})).unwrap().prompt
    assert read.variables == {"b": "c"}
    assert read.unknown_fields == {"novel": 1, "variables": {"a": 5}}


@pytest.mark.parametrize("index", [0, 1])
def test_an_item_with_null_for_a_type_is_typed_whatever_else_the_list_holds(index: int) -> None:
    good = {"type": None, "role": "user", "content": "Hi"}
    items: list[Any] = [{"type": "message", "role": 7}, {"type": "message", "role": "user", "content": "Ho"}]
    for others in (items[:1], items[1:], items):
        payload = {**LEAST, "instructions": [*others[:index], good, *others[index:]]}
        message = decode("Response", json.encode(payload)).unwrap().instructions[index]
        assert (type(message), message.unknown_fields) == (Message, {"type": None})


@pytest.mark.parametrize("entry", [None, 7, [], {}])
def test_an_entry_of_a_map_that_does_not_fit_is_kept_alone(entry: Any) -> None:
    response = decode("Response", json.encode({**LEAST, "metadata": {"a": "b", "c": entry}})).unwrap()
    assert response.metadata == {"a": "b"}
    assert response.unknown_fields == {"metadata": {"c": entry}}


LEAST: dict[str, Any] = {"id": "resp_1", "created_at": 1, "model": "m", "output": []}
