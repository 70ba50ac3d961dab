"""What the service replies where a model would: data that a script returns. No model is imitated.

Law: a reply encodes as JSON that `load_script` reads as the same reply, unless it has items or details that no JSON is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from msgspec import Struct, field, json
from msgspec.structs import force_setattr, replace

from ....codecs.lossless.plain import JsonObject
from .completion import complete_item, is_plain_text
from .endings import check_texts
from .usage import check_usage
from .when import Match, ToolOutput, When


class Life(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """How long a response takes, in seconds, 0 or more.

    - `queued`, `running`: in the background it is queued for so many seconds, 0 or more, then running; None where it
      stays so permanently.
    - `answering`: in the foreground the answer is sent after so many seconds, 0 or more, or the events of its stream
      are spread over them.
    """

    queued: float | None = 1.0
    running: float | None = 2.0
    answering: float = 0.0


class Reply(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a response results in: `output` items, what keeps it from being completed, and the life that leads there.

    `error` makes it fail, `incomplete_details` be incomplete: both as the API has them. `life` is how long it takes.
    Items need no id, nor a `call_id`: they are made. So is all that goes without saying, as a status or an empty list
    of annotations. What `usage` lacks is counted, a word as a token. Replies add up:
    `Reply.reasoning("Hm.") + Reply.text("42")`. In a list of replies, `when` says what one is meant for, and `times`
    how often it may be used: without `when` once, with it any number of times, unless `times` says otherwise.

    Raises `WrongItem`, a `ValueError` that says where, for an item of a known type that lacks what only the script can
    say, or has what its schema does not allow; `ValueError` for a reply that failed and is incomplete, and for `times`
    below 1.

    >>> Reply.tool_call("get_weather", {"city": "Lyon"}).output[0]["arguments"]
    '{"city":"Lyon"}'
    >>> Reply(output=({"type": "mcp_call", "name": "roll"},))
    Traceback (most recent call last):
    puresponse.transports.memory.scripts.completion.WrongItem: Missing required parameter: 'output[0].server_label'.
    """

    output: tuple[JsonObject, ...] = ()
    error: JsonObject | None = field(default=None, name="failure")
    incomplete_details: JsonObject | None = field(default=None, name="incomplete")
    usage: JsonObject | None = None
    life: Life = Life()
    when: When | None = None
    times: int | None = None

    def __post_init__(self) -> None:
        if self.error is not None and self.incomplete_details is not None:
            raise ValueError("error and incomplete_details exclude each other")
        if self.times is not None and self.times < 1:
            raise ValueError(f"times: must be 1 or more, got {self.times!r}")
        if self.error is not None:
            check_texts(self.error, "error", ("code", "message"))
        if self.incomplete_details is not None:
            check_texts(self.incomplete_details, "incomplete_details", ("reason",))
        if self.usage is not None:
            check_usage(self.usage)
        if len(self.output) == 1 and is_plain_text(self.output[0]):
            return
        output = tuple([complete_item(item, f"output[{index}]") for index, item in enumerate(self.output)])
        force_setattr(self, "output", output)

    @property
    def status(self) -> Literal["completed", "incomplete", "failed"]:
        """What the response ends as."""
        if self.error is not None:
            return "failed"
        return "completed" if self.incomplete_details is None else "incomplete"

    @classmethod
    def text(cls, text: str, *, annotations: Sequence[JsonObject] = (), logprobs: Sequence[JsonObject] = ()) -> Reply:
        """Say `text`, with the API's `annotations` and `logprobs`."""
        part: JsonObject = {"type": "output_text", "annotations": [*annotations], "logprobs": [*logprobs], "text": text}
        return cls(output=(_message(part),))

    @classmethod
    def structured(cls, value: object) -> Reply:
        """Say `value` as JSON, as with a `text.format` of `json_schema`."""
        return cls.text(json.encode(value).decode())

    @classmethod
    def refusal(cls, refusal: str) -> Reply:
        """Refuse, in the words of `refusal`."""
        return cls(output=(_message({"type": "refusal", "refusal": refusal}),))

    @classmethod
    def tool_call(cls, name: str, arguments: Mapping[str, Any] | str = "{}", *, call_id: str | None = None) -> Reply:
        """Call the function `name`. `arguments` are a mapping, or JSON as it is to be received, well-formed or not."""
        written = arguments if isinstance(arguments, str) else json.encode(arguments).decode()
        call: JsonObject = {"type": "function_call", "status": "completed", "arguments": written, "name": name}
        return cls(output=(call if call_id is None else {**call, "call_id": call_id},))

    @classmethod
    def reasoning(cls, *summary: str, encrypted_content: str | None = None) -> Reply:
        """Reason, and sum it up in the texts of `summary`. `encrypted_content` is shown to who asks for it."""
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
        """Fail: the response ends as `failed`, with an error of this `message` and `code`."""
        return cls(error={"code": code, "message": message})

    @classmethod
    def incomplete(cls, text: str = "", reason: str = "max_output_tokens") -> Reply:
        """Break off after `text`: the response ends as `incomplete`, for this `reason` (or `content_filter`)."""
        (message,) = cls.text(text).output
        return cls(output=({**message, "status": "incomplete"},), incomplete_details={"reason": reason})

    def lasting(self, *, queued: float | None = 1.0, running: float | None = 2.0, answering: float = 0.0) -> Reply:
        """Make this reply after these times, in seconds: `queued`, `running` and `answering` are those of `Life`."""
        return replace(self, life=Life(queued, running, answering))

    def matching(
        self,
        *,
        text: str | Match | None = None,
        model: str | Match | None = None,
        tool_output: str | ToolOutput | None = None,
        header: Mapping[str, str | Match] | None = None,
        instructions: str | Match | None = None,
        turn: int | None = None,
        times: int | None = None,
    ) -> Reply:
        """Make this reply to such requests, at most so many `times`; the other parameters are those of `When`."""
        when = When(
            text=text, model=model, tool_output=tool_output, header=header, instructions=instructions, turn=turn
        )
        return replace(self, when=when, times=times)

    def __add__(self, other: Reply) -> Reply:
        """Both outputs, and all else of `other` that was given there; a reply that did not complete remains so."""
        ending = self if other.status == "completed" else other
        return Reply(
            output=self.output + other.output,
            error=ending.error,
            incomplete_details=ending.incomplete_details,
            usage=self.usage if other.usage is None else other.usage,
            life=self.life if other.life == Life() else other.life,
            when=self.when if other.when is None else other.when,
            times=self.times if other.times is None else other.times,
        )


def _message(part: JsonObject) -> JsonObject:
    return {"type": "message", "status": "completed", "content": [part], "role": "assistant"}
