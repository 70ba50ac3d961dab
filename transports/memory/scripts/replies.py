"""What the service replies where a model would: data that a script returns. No model is imitated.

A script is a function from a `ModelInput` to a `Reply`. A list of replies is one too, with `Canned`; the default,
`echo`, repeats the last text of the input.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeAlias

from msgspec import Struct, json
from msgspec.structs import force_setattr, replace

from ....codecs.lossless.plain import JsonObject, is_array, is_object
from .completion import complete_item, is_plain_text


class Life(Struct, frozen=True):
    """How long a response takes, in seconds.

    In the background it is `queued`, then `running`; None where it stays so permanently. In the foreground it is
    `answering`: the answer is sent after that time, or the events of its stream spread over it.
    """

    queued: float | None = 1.0
    running: float | None = 2.0
    answering: float = 0.0


class Reply(Struct, frozen=True, kw_only=True):
    """What a response results in: `output` items, a status and what explains it, and the life that leads there.

    Items need no id, nor a `call_id`: they are made. So is all that goes without saying, as a status or an empty list
    of annotations; raises `WrongItem`, a ValueError that says where, for an item of a known type that lacks what only
    the script can say, or has what its schema does not allow. `usage` is counted where it is None, a word as a token.
    Replies add up: `Reply.reasoning("Hm.") + Reply.text("42")`.

    >>> Reply.tool_call("get_weather", {"city": "Lyon"}).output[0]["arguments"]
    '{"city":"Lyon"}'
    >>> Reply(output=({"type": "mcp_call", "name": "roll"},))
    Traceback (most recent call last):
    puresponse.transports.memory.scripts.completion.WrongItem: Missing required parameter: 'output[0].server_label'.
    """

    output: tuple[JsonObject, ...] = ()
    status: Literal["completed", "incomplete", "failed"] = "completed"
    error: JsonObject | None = None
    incomplete_details: JsonObject | None = None
    usage: JsonObject | None = None
    life: Life = Life()

    def __post_init__(self) -> None:
        if len(self.output) == 1 and is_plain_text(self.output[0]):
            return
        output = tuple([complete_item(item, f"output[{index}]") for index, item in enumerate(self.output)])
        force_setattr(self, "output", output)

    @classmethod
    def text(cls, text: str, *, annotations: Sequence[JsonObject] = (), logprobs: Sequence[JsonObject] = ()) -> Reply:
        """Say `text`."""
        part: JsonObject = {"type": "output_text", "annotations": [*annotations], "logprobs": [*logprobs], "text": text}
        return cls(output=(_message(part),))

    @classmethod
    def structured(cls, value: object) -> Reply:
        """Say `value` as JSON, as with a `text.format` of `json_schema`."""
        return cls.text(json.encode(value).decode())

    @classmethod
    def refusal(cls, refusal: str) -> Reply:
        """Refuse, in these words."""
        return cls(output=(_message({"type": "refusal", "refusal": refusal}),))

    @classmethod
    def tool_call(cls, name: str, arguments: Mapping[str, Any] | str = "{}", *, call_id: str | None = None) -> Reply:
        """Call the function `name`. `arguments` are a mapping, or JSON as it is to be received, well-formed or not."""
        written = arguments if isinstance(arguments, str) else json.encode(arguments).decode()
        call: JsonObject = {"type": "function_call", "status": "completed", "arguments": written, "name": name}
        return cls(output=(call if call_id is None else {**call, "call_id": call_id},))

    @classmethod
    def reasoning(cls, *summary: str, encrypted_content: str | None = None) -> Reply:
        """Reason, and sum it up in these texts. `encrypted_content` is shown to who asks for it."""
        item: JsonObject = {
            "type": "reasoning",
            "summary": [{"type": "summary_text", "text": text} for text in summary],
        }
        return cls(output=(item if encrypted_content is None else {**item, "encrypted_content": encrypted_content},))

    @classmethod
    def item(cls, item: JsonObject) -> Reply:
        """Output `item`: a call of a hosted tool, say. One of a type that nobody knows is output as it is."""
        return cls(output=(item,))

    @classmethod
    def failure(cls, message: str = "The model failed to generate a response.", code: str = "server_error") -> Reply:
        """Fail: the response ends as `failed`, with this error."""
        return cls(status="failed", error={"code": code, "message": message})

    @classmethod
    def incomplete(cls, text: str = "", reason: str = "max_output_tokens") -> Reply:
        """Break off after `text`: the response ends as `incomplete`, for this reason (or `content_filter`)."""
        (message,) = cls.text(text).output
        return cls(
            output=({**message, "status": "incomplete"},), status="incomplete", incomplete_details={"reason": reason}
        )

    def lasting(self, *, queued: float | None = 1.0, running: float | None = 2.0, answering: float = 0.0) -> Reply:
        """Make this reply after these times, in seconds; `Life` says what they mean."""
        return replace(self, life=Life(queued, running, answering))

    def __add__(self, other: Reply) -> Reply:
        """Both outputs, and the ending of `other` where that did not complete, or was given a life or usage."""
        ending = self if other.status == "completed" else other
        return Reply(
            output=self.output + other.output,
            status=ending.status,
            error=ending.error,
            incomplete_details=ending.incomplete_details,
            usage=self.usage if other.usage is None else other.usage,
            life=self.life if other.life == Life() else other.life,
        )


class ModelInput(Struct, frozen=True):
    """What a script is asked to reply to.

    `number` counts the replies of the service, from 1; `given` holds the parameters of the request, and `items` all
    input items, of the history too.
    """

    number: int
    given: JsonObject
    items: tuple[JsonObject, ...]

    @property
    def text(self) -> str:
        """The last text of the input: of a message, or the output of a function."""
        return next((found for item in reversed(self.items) if (found := text_of(item))), "")


Script: TypeAlias = Callable[[ModelInput], Reply]
"""Says what a response is to be. A function of its argument, so that the simulation stays one."""


class ScriptUsedUp(Exception):
    """A `Canned` script has no reply left. The service makes a refusal of it."""

    def __init__(self, count: int) -> None:
        super().__init__(f"The script of the in-memory service is used up: it has {count} replies.")


class Canned(Struct, frozen=True):
    """Replies in turn, whatever is asked; after the last, requests for more are refused."""

    replies: tuple[Reply, ...]

    def __call__(self, prompt: ModelInput) -> Reply:
        if prompt.number > len(self.replies):
            raise ScriptUsedUp(len(self.replies))
        return self.replies[prompt.number - 1]


def echo(prompt: ModelInput) -> Reply:
    """Repeat the last text of the input."""
    return Reply.text(prompt.text)


def as_script(given: Script | Sequence[Reply | str] | Reply | str) -> Script:
    """Make a script of a function, of replies in turn, or of one reply for all. A string is the text of a reply."""
    if isinstance(given, str):
        given = Reply.text(given)
    if isinstance(given, Reply):
        return SameReply(given)
    if callable(given):
        return given
    return Canned(tuple(Reply.text(reply) if isinstance(reply, str) else reply for reply in given))


class SameReply(Struct, frozen=True):
    """The same reply, whatever is asked."""

    reply: Reply

    def __call__(self, prompt: ModelInput) -> Reply:
        return self.reply


def text_of(item: JsonObject) -> str:
    """The text of an item: of a message's parts, or the output of a function call. Words count as tokens."""
    content = item.get("content")
    if is_array(content):
        texts = [part.get("text") for part in content if is_object(part)]
        return "\n".join(text for text in texts if isinstance(text, str))
    output = item.get("output")
    return output if isinstance(output, str) else ""


def _message(part: JsonObject) -> JsonObject:
    return {"type": "message", "status": "completed", "content": [part], "role": "assistant"}
