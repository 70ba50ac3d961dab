"""A program between two steps, as JSON that another process can go on from.

Law: `load(save(program))` equals `program`, at every step of every operation and stream that the library builds, and
goes on to the same result. What is saved is data, what is loaded is made of nothing but the library's own structs and
what the caller names: no pickle, no import by name. A checkpoint says in which `FORMAT` it is written; one of another
format is refused, and never misread.

Whoever steps a program saves it between two steps. What has to be kept beside it is the time that the run has lasted:
deadlines are counted from its beginning.

>>> from puresponse.core import delete_response
>>> print(json.format(save_checkpoint(delete_response("resp_1")).unwrap(), indent=2).decode())
{
  "checkpoint": 1,
  "elapsed": 0.0,
  "program": {
    "$": "Send",
    "request": {
      "$": "HttpRequest",
      "method": "DELETE",
      "path": "/responses/resp_1",
      "idempotent": true
    },
    "resume": {
      "$": "ReceiveDeleted",
      "response_id": "resp_1"
    }
  }
}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, TypeAlias, TypeVar

from msgspec import Struct, ValidationError, json
from returns.result import Failure, Result, Success

from ...codecs.lossless.errors import REFUSALS, DecodeError, bytes_of, explained
from ...codecs.lossless.plain import is_object
from ..arguments import invalid_argument
from ..delays import LONGEST, check_between
from ..errors import Error, InvalidArgument
from ..steps import Done, Fork, Operation, Send, Wait
from ..streams import Stream, is_step
from .names import names_of

P = TypeVar("P")

FORMAT = 1
"""The form in which checkpoints are written. It changes when a frame's fields or their meaning do."""

Names: TypeAlias = Mapping[str, object]
"""What a checkpoint calls the types and functions that are not the library's."""


class Checkpoint(Struct, Generic[P], frozen=True):
    """A `program`, and in `elapsed` for how many seconds its run had lasted when it was saved."""

    program: P
    elapsed: float = 0.0


def save_checkpoint(
    program: Operation[Any] | Stream[Any], *, elapsed: float = 0.0, names: Names | None = None
) -> Result[bytes, Error]:
    """Write a program between two steps as JSON.

    Args:
        program: An operation or a stream, between any two of its steps. A host that is in the midst of an operation
            that a stream performs saves `Perform(the operation's step, resume)`.
        elapsed: For how many seconds the run has lasted: what the last `resume` of a `Wait` received, or would receive
            now.
        names: Names for the types and functions of the caller's own that the program holds: the type of a structured
            output, a frame that was bound, a function of a module. Names must stay what they are for as long as there
            are checkpoints.

    Errors: `InvalidArgument` for a program that holds something that is neither the library's nor named (a lambda,
    say), or that nests more deeply than JSON may.

    >>> from puresponse.core import delete_response
    >>> saved = save_checkpoint(delete_response("resp_1"), elapsed=2.5).unwrap()
    >>> load_operation(saved).unwrap().program == delete_response("resp_1")
    True
    """
    from .writer import Unwritable, write

    if not is_step(program):
        return Failure(invalid_argument("program", program, "an operation or a stream"))
    invalid = check_between("elapsed", elapsed, 0, LONGEST, "number of seconds")
    if invalid is not None:
        return Failure(invalid)
    known = names_of(names)
    if isinstance(known, Failure):
        return known
    try:
        return Success(_written(float(elapsed), write(program, known.unwrap())))
    except Unwritable as problem:
        allowed = f"what the library builds, and what `names` names (at $.program{problem.path})"
        return Failure(invalid_argument("program", problem.value, allowed))
    except RecursionError:
        return Failure(InvalidArgument("program", "given one that is nested more deeply than JSON may be"))
    except ValueError as error:
        return Failure(InvalidArgument("program", f"given one that JSON cannot hold: {error}"))


def load_operation(data: bytes, *, names: Names | None = None) -> Result[Checkpoint[Operation[Any]], Error]:
    """Read an operation that was saved, to go on with it: `run(loaded.program, transport, elapsed=loaded.elapsed)`.

    Args:
        data: What `save_checkpoint` returned. Any bytes are read or refused, and no code is run but the library's;
            still, whoever can write a checkpoint decides what is sent: keep it like any other data of yours.
        names: What it was saved with.

    Errors: `DecodeError` for bytes that are no checkpoint of an operation, or one of another format or with names that
    are not known; `InvalidArgument` for `names` that are none, and for what is no bytes.

    >>> from puresponse.core import delete_response
    >>> load_operation(save_checkpoint(delete_response("resp_1"), elapsed=2.5).unwrap()).unwrap().elapsed
    2.5
    """
    loaded = _load(data, names)
    if isinstance(loaded, Failure) or isinstance(loaded.unwrap().program, (Done, Send, Wait, Fork)):
        return loaded
    return Failure(_refused("an operation", loaded.unwrap().program, data))


def load_stream(data: bytes, *, names: Names | None = None) -> Result[Checkpoint[Stream[Any]], Error]:
    """Read a stream that was saved, to be carried on with `iterate`. Arguments and errors as of `load_operation`.

    A body that was open when the stream was saved is not open any more. A stream that was saved before a `Read`
    breaks off there: one of a background response is opened again where it was, any other ends in `Interrupted`.

    >>> from puresponse.core import all_input_items
    >>> load_stream(save_checkpoint(all_input_items("resp_1")).unwrap()).unwrap().program == all_input_items("resp_1")
    True
    """
    loaded = _load(data, names)
    if isinstance(loaded, Failure) or not isinstance(loaded.unwrap().program, (Done, Send, Wait, Fork)):
        return loaded
    return Failure(_refused("a stream", loaded.unwrap().program, data))


def _written(elapsed: float, program: Any) -> bytes:
    return json.encode({"checkpoint": FORMAT, "elapsed": elapsed, "program": program})


def _load(given: bytes, names: Any) -> Result[Checkpoint[Any], Error]:
    from .reader import Unreadable, read  # many know checkpoints by name, and few read one

    data = bytes_of(given)
    if data is None:
        return Failure(invalid_argument("data", given, "the bytes that `save_checkpoint` returned"))
    known = names_of(names)
    if isinstance(known, Failure):
        return known
    try:
        program, elapsed = _opened(json.decode(data))
        loaded = Checkpoint(read(program, known.unwrap()), elapsed)
        if not is_step(loaded.program):
            raise Unreadable("expected a step of an operation or a stream")
    except Unreadable as problem:
        return Failure(DecodeError(path=f"$.program{problem.path}", reason=problem.reason, body=data))
    except REFUSALS as refusal:
        path, reason = explained(refusal, data)
        return Failure(DecodeError(path=path, reason=reason, body=data))
    return Success(loaded)


def _opened(envelope: Any) -> tuple[Any, float]:
    """The program and the time of a checkpoint, if it is one, and of this format."""
    if not is_object(envelope) or type(envelope.get("checkpoint")) is not int:
        raise ValidationError("expected a checkpoint: an object with `checkpoint`, `elapsed` and `program`")
    if envelope["checkpoint"] != FORMAT:
        raise ValidationError(f"expected a checkpoint of format {FORMAT}, got one of format {envelope['checkpoint']}")
    elapsed = envelope.get("elapsed")
    if envelope.keys() != {"checkpoint", "elapsed", "program"} or check_between("elapsed", elapsed, 0, LONGEST):
        raise ValidationError("expected an `elapsed` of seconds and a `program` in a checkpoint, and no more")
    return envelope["program"], float(elapsed or 0)


def _refused(wanted: str, program: object, data: bytes) -> DecodeError:
    return DecodeError(
        path="$.program", reason=f"expected {wanted}, got a {type(program).__name__}", body=bytes_of(data) or b""
    )
