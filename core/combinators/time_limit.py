"""An overall limit for a program, in seconds from when it begins.

Law: once its seconds are over, a program sends nothing, waits for nothing and reads nothing more. What is under way by
then is cut off, by the transport: each request has what is left (`HttpRequest.total`), and so has each chunk
(`Read.within`). A program that is over in time is what it is without a limit: it sends the same, but for `total`.

Time passes where something is sent, read, waited for or emitted, and nowhere else. Only a `Wait` tells how much, so the
rule asks, by a wait of no seconds: when the program begins, and before a request, an opening, a chunk or a pause that
follows anything but a wait; and where an exchange broke off, for whether that was the limit. So a program of one
request costs one question, and each further request, chunk or retry one more; where a program asks itself, as polls do
and limits in it, there is none.
"""

from __future__ import annotations

from typing import Any

from ..delays import check_seconds
from ..frame_trees import Under
from ..rules import P, failed
from ..steps import Wait
from ..streams import Perform, is_step
from .remaining_time import Beginning, asking, asks_the_time


def within(program: P, seconds: float) -> P:
    """Limit a whole program, operation or stream, to so many seconds, from when it begins.

    Args:
        program: Any program. Of limits in each other the shorter counts.
        seconds: How long it may take, 0 to 1e9. With 0 it sends nothing.

    No request, pause or read begins after that time, nor any pause that would end after it: a program that would have
    to wait longer than is left has expired at once. A request that is under way by then is cut off by the transport,
    which is given what is left (`HttpRequest.total`, or the request's own, if that is shorter). The program goes on
    with what it has: where it is done with an answer that was late, with the part of one that was cut off, or with
    none (by `lash`), that is its result. Values that a stream has emitted stay emitted, and its body is closed.

    The operations of a fork have the same end. Time that whoever asks a stream for its values takes counts. A program
    that is saved and resumed with its `elapsed` keeps its end.

    | | repeats a request | no time for another attempt |
    |---|---|---|
    | `within(retrying(program), 60)` | as long as the limit leaves time | `WaitExpired`, at once |
    | `retrying(within(program, 60))` | as long as the limit leaves time | the last answer or error, at once |
    | `within(wait_for_response(…), 60)` | polls until the shorter of limit and deadline | `WaitExpired` of that one |

    Errors: those of the program; `WaitExpired`, where it could not go on in time or where a request that the limit cut
    off fails it, with `limit`; its `last` is the last answer, or what was received of the one that was cut off, and its
    `polls` is how many were received. `InvalidArgument`, before anything is sent.

    >>> from puresponse.core import delay, succeed
    >>> within(succeed(1), 60)
    Done(result=<Success: 1>)
    >>> within(delay(5), -1)
    Done(result=<Failure: invalid argument 'seconds': given -1; allowed is a number of seconds from 0 to 1e+09>)
    """
    if not is_step(program):
        from ..mistakes import no_program

        raise no_program(Beginning(0.0), program)
    invalid = check_seconds("seconds", seconds)
    if invalid is not None:
        return failed(invalid, program)
    # What takes the place of `program` is of the same union, which no type can say.
    limited: P = _begun(Beginning(float(seconds)), program)
    return limited


def _begun(beginning: Beginning, program: Any) -> Any:
    """Begin with the time; where a program asks for that itself, there is no need to ask again.

    Of two limits that begin with each other, the shorter is enough.
    """
    if program.is_last:
        return program
    if isinstance(program, Wait) and not program.seconds and not program.spread:
        return Wait(0.0, 0.0, _shortened(beginning, program.resume))
    if isinstance(program, Perform) and asks_the_time(program.operation):
        return Perform(program.operation, _shortened(beginning, program.resume))
    return asking(beginning, program)


def _shortened(beginning: Beginning, resume: Any) -> Under:
    """Go on with `resume` under the limit; where that is nothing but another, under the shorter of the two."""
    if isinstance(resume, Under) and isinstance(resume.rule, Beginning):
        return resume if resume.rule.seconds <= beginning.seconds else beginning.under(resume.resume, sees=True)
    return beginning.under(resume, sees=True)
