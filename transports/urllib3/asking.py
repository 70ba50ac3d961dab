"""The credential of one request, asked for in a way that can be ended as all else of an exchange can."""

from __future__ import annotations

from ...core.errors import NotSent
from ...core.results import is_failure
from ..exchanges import UNSENT
from ..network.asked import AskedCredential
from ..network.secret import Secret
from .abandonment import Abandonment, GivenUp
from .connecting import in_a_thread


def ask(asked: AskedCredential, abandonment: Abandonment) -> Secret | NotSent:
    """The credential, or why there is none. Where another thread may give up, it is asked for in a thread of its own.

    That one is left behind then: nothing ends a function that somebody else has written.
    """
    try:
        answer = in_a_thread(asked.ask, None, abandonment) if abandonment.is_shared else asked.ask()
    except GivenUp:
        return UNSENT
    return answer.failure() if is_failure(answer) else answer.unwrap()
