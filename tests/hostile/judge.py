"""Says which behaviours fail with whatever library is found first: for tests/scripts/hostile_mutants.py.

Each is met once, by a call, and by `retrying` where the server gives a hint; what hangs fails. The last line is JSON.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
import tempfile
import threading
from pathlib import Path

from behaviour import Answer, Behaviour
from meeting import BEHAVIOURS, Place, faults_of_a_call, faults_of_retrying, place_in

PATIENCE = 5.0
HANGS = 3
"""Seconds."""
MEMORY = 3 * 2**30
"""Bytes. What has no limit is not to have the machine's."""


class Hangs(BaseException):
    """A call that does not end: no error that the library would take for one of the network."""


def main() -> None:
    """Judge all behaviours."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGALRM, _hangs)
    threading.excepthook = _tell_nobody
    with tempfile.TemporaryDirectory() as folder, place_in(Path(folder), PATIENCE) as place:
        failing = [behaviour.name for behaviour in BEHAVIOURS if _fails(behaviour, place)]
    print(json.dumps([[behaviour.name for behaviour in BEHAVIOURS], failing]))
    sys.stdout.flush()


def _fails(behaviour: Behaviour, place: Place) -> bool:
    signal.alarm(HANGS)
    try:
        faults = faults_of_a_call(behaviour, behaviour.scenes[0], place)
        if not faults and isinstance(behaviour.value, Answer) and behaviour.value.status >= 400:
            faults = faults_of_retrying(behaviour, behaviour.scenes[0], place, idempotent=False)
        return bool(faults)
    except (Exception, Hangs) as error:
        print(f"{behaviour.name}: {error!r}", file=sys.stderr)
        return True
    finally:
        signal.alarm(0)


def _hangs(*_: object) -> None:
    raise Hangs


def _tell_nobody(_: threading.ExceptHookArgs) -> None:
    """What a thread of the server meets is no matter."""


if __name__ == "__main__":
    main()
