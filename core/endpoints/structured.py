"""Structured output: a type as the form of the text, and the text as a value of that type.

Law: a text that does not become a value of the type becomes an error that says where and why, be it a refusal, a
response that ended early, no JSON, or JSON of another shape. A frame holds the type itself, which pickles by its name.

https://platform.openai.com/docs/guides/structured-outputs
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeVar, Unpack, overload

from msgspec import UNSET, Struct, structs
from returns.result import Failure, Result, Success

from ...codecs.decoders import decode_response
from ...codecs.lossless.codec import encode
from ...codecs.lossless.errors import DecodeError
from ...codecs.lossless.plain import is_mapping
from ...codecs.lossless.self_reading import Adapter
from ...codecs.on_demand import public_type
from ..arguments import invalid_argument
from ..errors import Error, InvalidArgument
from ..steps import Answer, Done, Operation, fail
from .answers import placed, receive
from .create import creation
from .create_arguments import CreateArguments
from .keywords import show_keywords
from .output_reader import reader_of
from .output_schema import OutputSchema, check_name, name_of, output_schema, remembered_schema
from .request_options import exchange

if TYPE_CHECKING:
    from ...codecs.types.items import OutputItem
    from ...codecs.types.response import Response
    from ...codecs.types.text_format import JSONSchemaFormat
else:
    OutputItem = public_type("OutputItem")
    Response = public_type("Response")
    JSONSchemaFormat = public_type("JSONSchemaFormat")

T = TypeVar("T")


class Parsed(Struct, Generic[T], frozen=True):
    """A `response`, and the `value` of its text."""

    response: Response
    value: T


def text_format_of(
    output_type: Any, *, name: str | None = None, description: str | None = None, strict: bool = True
) -> JSONSchemaFormat:
    """Make the text format of a type: a pydantic model or adapter, a struct, or anything else that msgspec reads.

    For `create_response(text={"format": text_format_of(…)})`; `parse_output` then returns the value.

    Args:
        output_type: The type. A pydantic model is any class with `model_json_schema` and `model_validate_json`, and a
            `TypeAdapter` anything with `json_schema` and `validate_json`. A type that is no object (a list, a union) is
            asked for as an object with the member `value`.
        name: The name of the format, which the model sees; None takes the type's name.
        description: What the format is for, which the model sees.
        strict: Whether the service makes sure that the text fits. Then the model writes every field, also one that
            has a default: let what may be missing be None.

    Raises `ValueError` for a type without a schema, or that cannot be strict: one with a dict, a tuple of different
    types, or `Any` somewhere. It says which member that is, and what to do.

    >>> class Animals(Struct):
    ...     names: list[str]
    >>> text_format_of(Animals).schema["properties"]
    {'names': {'type': 'array', 'items': {'type': 'string'}}}
    """
    made = _text_format(output_schema(output_type, strict=strict), output_type, name, description)
    if isinstance(made, InvalidArgument):
        raise ValueError(str(made))
    return made


@overload
def parse_output(response: Response, output_type: type[T] | Adapter[T]) -> Result[T, Error]: ...


@overload
def parse_output(response: Response, output_type: Any) -> Result[Any, Error]: ...


def parse_output(response: Response, output_type: Any) -> Result[Any, Error]:
    """Decode the text of `response` as a value of `output_type`.

    The text is that of the first message that holds any, comments on the way to the answer left aside.

    Args:
        response: A response that is complete.
        output_type: The type, as for `text_format_of`.

    Errors: `DecodeError`, whose `path` leads into the response and, where the text itself is at fault, on into the
    JSON that it holds (`$.output[0].content[0].text.names[2]`): a response that is not completed, a refusal, no text,
    no JSON, JSON of another shape, or whatever a model or a validator raises. `InvalidArgument` for a type without a
    schema.

    >>> from puresponse.codecs import Message, OutputText, Response
    >>> message = Message(role="assistant", content=(OutputText(text='{"value":[1,2]}'),))
    >>> response = Response(id="resp_1", created_at=1, status="completed", model="gpt-5", output=(message,))
    >>> parse_output(response, list[int])
    <Success: [1, 2]>
    """
    from ...codecs.types.response import Response

    given: Any = response
    if not isinstance(given, Response):
        return Failure(invalid_argument("response", given, "a Response"))
    reader = reader_of(output_type)
    if isinstance(reader, InvalidArgument):
        return Failure(reader)
    found = _text_in(response)
    if isinstance(found, _Text):
        read = reader.read(found.text)
        if not isinstance(read, Failure):
            return Success(read.unwrap())
        error = read.failure()
        found = DecodeError(path=found.path + error.path.removeprefix("$"), reason=error.reason)
    return Failure(structs.replace(found, body=_written(response)))


@overload
def create_parsed_response(
    output_type: type[T] | Adapter[T],
    *,
    name: str | None = None,
    strict: bool = True,
    **arguments: Unpack[CreateArguments],
) -> Operation[Parsed[T]]: ...


@overload
def create_parsed_response(
    output_type: Any, *, name: str | None = None, strict: bool = True, **arguments: Unpack[CreateArguments]
) -> Operation[Parsed[Any]]: ...


def create_parsed_response(
    output_type: Any, *, name: str | None = None, strict: bool = True, **arguments: Unpack[CreateArguments]
) -> Operation[Parsed[Any]]:
    """Create a response whose text is a value of `output_type`, and return both.

    Args:
        output_type: The type, as for `text_format_of`. To pickle the operation, it must pickle.
        name: The name of the format, which the model sees; None takes the type's name.
        strict: Whether the service makes sure that the text fits.
        arguments: Those of `create_response`. A `text` must not have a format of its own, but may set the verbosity.

    Errors: those of `create_response` and of `parse_output`; where the text is no such value, the `body` of the
    `DecodeError` is the whole response.
    https://platform.openai.com/docs/guides/structured-outputs

    >>> class Animals(Struct):
    ...     names: list[str]
    >>> b'"strict":true' in create_parsed_response(Animals, model="gpt-5", input="Name two cats.").request.body
    True
    """
    made = _text_format(remembered_schema(output_type, strict=strict), output_type, name)
    if isinstance(made, InvalidArgument):
        return fail(made)
    text = _with_format(arguments.get("text", UNSET), made)
    if isinstance(text, InvalidArgument):
        return fail(text)
    request = creation({**arguments, "text": text}, caller="create_parsed_response")
    return exchange(request, ReceiveParsed(output_type))


show_keywords(create_parsed_response, CreateArguments)


class ReceiveParsed(Struct, frozen=True, tag=True):
    """Receives a response, and decodes its text as a value of `output_type`."""

    output_type: Any

    def __call__(self, answer: Answer) -> Operation[Parsed[Any]]:
        received = receive(answer, decode_response)
        if isinstance(received, Failure):
            return Done(received)
        response = received.unwrap()
        parsed: Result[Any, Error] = parse_output(response, self.output_type)
        if not isinstance(parsed, Failure):
            return Done(Success(Parsed(response, parsed.unwrap())))
        error = parsed.failure()
        return Done(Failure(placed(error, answer.unwrap()) if isinstance(error, DecodeError) else error))


def _written(response: Response) -> bytes:
    """The response as JSON; nothing for one that was made by hand, of text that UTF-8 cannot hold."""
    try:
        return encode(response)
    except UnicodeEncodeError:
        return b""


class _Text(Struct, frozen=True):
    """The text of a response, and the path that leads to it."""

    text: str
    path: str


def _text_in(response: Response) -> _Text | DecodeError:
    """The text that is the answer, or the error that there is none."""
    status = response.status or "completed"
    if status != "completed":
        return _no_answer(response, status)
    for place, item in enumerate(response.output):
        found = _text_of(item, f"$.output[{place}]")
        if found is not None:
            return found
    kinds = ", ".join(dict.fromkeys(str(item.type) for item in response.output)) or "nothing"
    return DecodeError(path="$.output", reason=f"no message with a text; there is {kinds}")


def _text_of(item: OutputItem, path: str) -> _Text | DecodeError | None:
    from ...codecs.types.content import OutputText, Refusal
    from ...codecs.types.messages import Message

    if not isinstance(item, Message) or item.phase == "commentary":
        return None
    found: _Text | None = None
    for place, part in enumerate(item.parts):
        if isinstance(part, Refusal):
            return DecodeError(path=f"{path}.content[{place}].refusal", reason=f"the model refused: {part.refusal}")
        if isinstance(part, OutputText):
            found = _Text(part.text, f"{path}.content[{place}].text") if found is None else _joined(found, part.text)
    return found


def _joined(found: _Text, text: str) -> _Text:
    return structs.replace(found, text=found.text + text)


def _no_answer(response: Response, status: str) -> DecodeError:
    if status == "incomplete":
        reason = response.incomplete_details.reason if response.incomplete_details else None
        return DecodeError(path="$.incomplete_details", reason=f"the response is incomplete: {reason or 'no reason'}")
    if status == "failed":
        error = response.error
        cause = f"{error.code}: {error.message}" if error else "no reason"
        return DecodeError(path="$.error", reason=f"the response failed: {cause}")
    return DecodeError(path="$.status", reason=f"the response is {status}, not completed")


def _text_format(
    made: OutputSchema | InvalidArgument, output_type: Any, name: str | None, description: str | None = None
) -> JSONSchemaFormat | InvalidArgument:
    from ...codecs.types.text_format import JSONSchemaFormat

    invalid = check_name("name", name)
    if invalid is not None:
        return invalid
    if isinstance(made, InvalidArgument):
        return made
    return JSONSchemaFormat(
        name=name or name_of(output_type, made.schema),
        schema=made.schema,
        strict=made.strict,
        description=UNSET if description is None else description,
    )


def _with_format(text: Any, made: JSONSchemaFormat) -> Any:
    """The text configuration with a format; an `InvalidArgument` where it has one already."""
    from ...codecs.types.text_format import TextConfig

    if text is UNSET or text is None:
        return TextConfig(format=made)
    if isinstance(text, TextConfig):
        return _taken(text.format) if text.format else structs.replace(text, format=made)
    if is_mapping(text):
        members: Mapping[str, Any] = text
        return _taken(members["format"]) if members.get("format") else {**members, "format": made}
    return text


def _taken(given: Any) -> InvalidArgument:
    return invalid_argument("text.format", given, "none: the format is made of `output_type`")
