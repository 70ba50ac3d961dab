"""Random walks: many clients at once, one life after another, against one service, with whatever may go wrong.

Law: a walk is a function of its seed and its parameters. A search tries everything, with few faults, in a short life; a
walk tries anything, with many, in a long one.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from msgspec.structs import replace

from ....core.interchange.checkpoints import Names
from ...memory.scripts.script import Script, echo
from ...memory.service import State
from ..exploration.alternatives import AnyFault
from ..exploration.claims import Claim
from .crowd import Crowd
from .swarms import WALKED_FAULTS, Swarm, drawn_swarm
from .turns import Turns
from .walked import Errand, Walk

_MOST_CLIENTS = 8


def walk(
    errands: Sequence[Errand],
    state: State | None = None,
    *,
    seed: int,
    lives: int = 60,
    clients: Sequence[int] | None = None,
    swarm: Swarm | None = None,
    kinds: Sequence[AnyFault] = WALKED_FAULTS,
    script: Script = echo,
    claims: Sequence[Claim] = (),
    laws: Sequence[Claim] = (),
    names: Names | None = None,
) -> Walk:
    """Let clients live one life after another, all at once, against one service, with what chance has go wrong.

    Args:
        errands: What clients may be about, each with how often.
        state: What the service knows at first; by default nothing.
        seed: What all chance of this walk is drawn from.
        lives: How many lives begin, 1 or more; fewer where no client finds anything to do any more.
        clients: The numbers of the clients; by default from one to eight of them, by chance.
        swarm: What goes wrong, and how often; by default a mix that is drawn too.
        kinds: What a mix is drawn from: faults, or rules with a fault that only some requests meet.
        script: What the service replies where a model would, as `MemoryTransport` takes it.
        claims: What must hold of each life.
        laws: What must hold of the service: claims that are told of each step of every client. What they remember may
            be changed in place.
        names: Names of what is the caller's own, for checkpoints, as `save_checkpoint` takes them. A program that
            no checkpoint can have is not let die.

    When all lives have begun, nothing more goes wrong, and each has to end. What is raised is a finding, and the walk
    ends with the first. Others act on what a program has to do with: a claim about the service must allow for that.
    Raises `ValueError` where there is nobody, or nothing, to be walked.

    >>> from puresponse import Errand, delete_response, deleted_is_gone, retrying, sample_state
    >>> def deletion(chance, state):
    ...     ids = list(state.responses)
    ...     return retrying(delete_response(chance.choice(ids))) if ids else None
    >>> clean_up = Errand("clean up", deletion, claims=[deleted_is_gone()])
    >>> walk([clean_up], sample_state(), seed=1, lives=8).check()
    """
    if type(lives) is not int or lives < 1:
        raise ValueError(f"lives: must be an integer from 1 on, got {lives!r}")
    chance = Random(seed)
    drawn = range(chance.randint(1, _MOST_CLIENTS))
    numbers = drawn if clients is None else clients
    if not numbers:
        raise ValueError("clients: there must be at least one")
    mix = drawn_swarm(chance, kinds) if swarm is None else swarm
    first = State() if state is None else replace(state, served=0)
    crowd = Crowd(
        errands,
        Turns(first, mix, script, names),
        mix,
        seed=seed,
        lives=lives,
        clients=numbers,
        claims=claims,
        laws=laws,
    )
    return crowd.walk()
