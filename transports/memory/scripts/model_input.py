"""What a script is asked to reply to: a request, the items that it goes on from, and what can be read off them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from msgspec import Struct, json

from ....codecs.lossless.plain import JsonObject, is_array, is_object
from ....core.http import Pairs

_MADE_BY_THE_MODEL = ("reasoning", "mcp_list_tools", "mcp_approval_request")


class GivenOutput(Struct, frozen=True):
    """The output of a tool that is given back: the name of what was called, None if unknown, and the text."""

    name: str | None
    text: str


class ModelInput(Struct, frozen=True):
    """What a script is asked to reply to.

    `number` counts the replies of the service, from 1; `given` holds the parameters of the request, and `items` all
    input items, of the history too. `headers` are those of the request, without credentials where it came through a
    server. `uses` says how often each reply of a `Scripted` was used before.
    """

    number: int
    given: JsonObject
    items: tuple[JsonObject, ...]
    headers: Pairs = ()
    uses: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """The last text of the input: of a message, or the output of a function."""
        return next((found for item in reversed(self.items) if (found := text_of(item))), "")

    @property
    def message(self) -> str | None:
        """The text of the last message that is not the model's own; None where there is none."""
        return next((text_of(item) for item in reversed(self.items) if _is_message_to_the_model(item)), None)

    @property
    def tool_outputs(self) -> tuple[GivenOutput, ...]:
        """The outputs of tools that the input ends in, in their order."""
        last = [*takewhile(_is_output, reversed(self.items))]
        return tuple(GivenOutput(self._called(item), _output_of(item)) for item in reversed(last))

    @property
    def model(self) -> str:
        """The model that is asked for."""
        return _string(self.given.get("model"))

    @property
    def instructions(self) -> str:
        """The instructions of this request."""
        return _string(self.given.get("instructions"))

    @property
    def turn(self) -> int:
        """Which reply of the chain, the conversation or the given history this is to be, counted from 1.

        A reply of the model is a row of items that it made: messages of the assistant, reasoning, calls.
        """
        own = [_is_of_the_model(item) for item in self.items]
        return 1 + sum(made and not before for made, before in zip(own, [False, *own], strict=False))

    def _called(self, output: JsonObject) -> str | None:
        call_id = output.get("call_id")
        names = (item.get("name") for item in reversed(self.items) if _is_call(item) and item.get("call_id") == call_id)
        return next((name for name in names if isinstance(name, str)), None)


def text_of(item: JsonObject) -> str:
    """The text of an item: of a message's parts, or of the output of a function. Words count as tokens."""
    content = item.get("content")
    if is_array(content):
        return "\n".join(_texts(content))
    output = item.get("output")
    if isinstance(output, str):
        return output
    return "\n".join(_texts(output)) if is_array(output) else ""


def _output_of(item: JsonObject) -> str:
    """The output of a tool: its text, or the texts of its parts; anything else as JSON."""
    output = item.get("output")
    if isinstance(output, str):
        return output
    texts = [*_texts(output)] if is_array(output) else []
    return "\n".join(texts) if texts else json.encode(output).decode()


def _texts(parts: list[object]) -> Iterator[str]:
    texts = (part.get("text") for part in parts if is_object(part))
    return (text for text in texts if isinstance(text, str))


def _is_message_to_the_model(item: JsonObject) -> bool:
    return item.get("type", "message") == "message" and item.get("role") != "assistant"


def _is_of_the_model(item: JsonObject) -> bool:
    kind = item.get("type", "message")
    return item.get("role") == "assistant" if kind == "message" else kind in _MADE_BY_THE_MODEL or _is_call(item)


def _is_call(item: JsonObject) -> bool:
    return _last_word(item) == "call"


def _is_output(item: JsonObject) -> bool:
    return _last_word(item) == "output"


def _last_word(item: JsonObject) -> str:
    """The last word of an item's type: the types of calls and outputs end so."""
    return str(item.get("type")).split("_")[-1]


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""
