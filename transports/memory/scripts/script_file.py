"""Scripts as JSON: read into replies, and refused with the place where they are not what they are to be.

Law: what was checked by the schema is read without exception.
"""

from __future__ import annotations

from ....codecs.lossless.plain import JsonObject
from .completion import WrongItem, complete_item
from .replies import Life, Reply
from .schema import as_struct, loaded, whole
from .script import Scripted
from .when import When


def load_script(data: bytes | str) -> Scripted:
    """Read a script out of its JSON (`data`), as `docs/service/scripts.md` has it.

    Raises `ValueError`, which says the place, what was given and what is allowed.

    >>> load_script('{"replies": [{"text": "Hi", "when": {"modell": "gpt-4o"}}]}')
    Traceback (most recent call last):
    ValueError: replies[0].when.modell: unknown; allowed are text, model, tool_output, header, instructions, turn
    """
    return loaded(data, "Script", _script)


def _script(given: JsonObject) -> Scripted:
    replies = given.get("replies", ())
    default = given.get("default")
    return Scripted(
        tuple(_reply(reply, f"replies[{index}]") for index, reply in enumerate(replies)),
        None if default is None else _reply(default, "default"),
    )


def _reply(given: str | JsonObject, place: str) -> Reply:
    if isinstance(given, str):
        return Reply.text(given)
    made = (*_message(given), *_calls(given))
    reason = given.get("incomplete")
    if reason is not None and made:
        # Items of `output` say themselves how they ended.
        made = (*made[:-1], {**made[-1], "status": "incomplete"})
    return Reply(
        output=(*_reasoning(given), *_items(given, place), *made),
        error=_failure(given["failure"]) if "failure" in given else None,
        incomplete_details={"reason": reason} if isinstance(reason, str) else reason,
        usage=whole(given.get("usage")),
        life=as_struct(given["life"], Life) if "life" in given else Life(),
        when=as_struct(given["when"], When) if "when" in given else None,
        times=whole(given.get("times")),
    )


def _reasoning(given: JsonObject) -> tuple[JsonObject, ...]:
    if "reasoning" not in given:
        return ()
    summary = given["reasoning"]
    return Reply.reasoning(*([summary] if isinstance(summary, str) else summary)).output


def _items(given: JsonObject, place: str) -> tuple[JsonObject, ...]:
    items: list[JsonObject] = []
    for index, item in enumerate(given.get("output", ())):
        try:
            items.append(complete_item(item, f"output[{index}]"))
        except WrongItem as error:
            raise WrongItem(f"{place}.output[{index}]: {error}") from None
    return tuple(items)


def _message(given: JsonObject) -> tuple[JsonObject, ...]:
    if "structured" in given:
        return Reply.structured(given["structured"]).output
    if "refusal" in given:
        return Reply.refusal(given["refusal"]).output
    return Reply.text(given["text"]).output if "text" in given else ()


def _calls(given: JsonObject) -> tuple[JsonObject, ...]:
    calls = [given["tool_call"]] if "tool_call" in given else given.get("tool_calls", ())
    return tuple(
        item
        for call in calls
        for item in Reply.tool_call(call["name"], call.get("arguments", "{}"), call_id=call.get("call_id")).output
    )


def _failure(given: str | JsonObject) -> JsonObject | None:
    return Reply.failure(given).error if isinstance(given, str) else Reply.failure(**given).error
