"""Ten programs with a seeded bug each: small copies of the library's recipes, as a good engineer might write them.

Law: without a fault, and without branches that meet, each keeps its promise; in some life with two faults at most it
breaks it. Its `correct` twin differs in one method or one order, and keeps it in all of them. The faults are those that
a network and the service make: a request is not sent, or its answer is lost, before or after the service acted; 429 and
409; 408, 500, 502, 503, 504, acted upon or not; a body that breaks off; a response that is a 404 for a while after it
was made or has ended; an answer that is slow; a process that dies between two steps, or with a request in flight, and
goes on from its checkpoint.

Who wrote these has not read what searches for them.
"""

from __future__ import annotations

from flawed_branches import FRAMES as BRANCHES
from flawed_branches import LEFT_TO_THE_OTHER
from flawed_deletions import CHAIN_NEWEST_FIRST, FAILURES_REPLACED, MARKED_BEFORE_DONE
from flawed_deletions import FRAMES as DELETIONS
from flawed_retries import FORGOTTEN_INTERRUPTION, REPEATED_CREATE
from flawed_retries import FRAMES as RETRIES
from flawed_stream import FRAMES as STREAMS
from flawed_stream import REPEATED_EVENT
from flawed_waits import CANCEL_404, FIRST_404_BELIEVED, PAUSES_ADDED_UP
from flawed_waits import FRAMES as WAITS

ASKED_FOR = (
    REPEATED_CREATE,
    CHAIN_NEWEST_FIRST,
    FIRST_404_BELIEVED,
    REPEATED_EVENT,
    CANCEL_404,
    MARKED_BEFORE_DONE,
)
"""Those that the issue names."""

PLANTED = (FORGOTTEN_INTERRUPTION, LEFT_TO_THE_OTHER, FAILURES_REPLACED, PAUSES_ADDED_UP)
"""Those that were thought of."""

FLAWED_PROGRAMS = ASKED_FOR + PLANTED

NAMES: dict[str, object] = {frame.__name__: frame for frame in (*RETRIES, *DELETIONS, *BRANCHES, *WAITS, *STREAMS)}
"""What checkpoints call the frames of these programs."""
