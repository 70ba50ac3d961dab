"""Scopes: services that share a server and nothing else, so that tests that run at once do not see each other.

Law: a scope is made when it is first named, as the server was told to be, and has a state, a script, faults, a journal
and a clock of its own. No scope is forgotten that nobody deleted: where there are too many, one more is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock

from msgspec import Struct
from msgspec.structs import replace

from ...core.http import HttpRequest
from ..memory.apply_faults import SimulatedAnswer
from ..memory.faults import FaultPlan, Refused, Rule
from ..memory.scripts.replies import Reply
from ..memory.scripts.script import Script, as_script, echo
from ..memory.service import IdSource, State, numbered_id, sample_state
from ..memory.transport import MemoryTransport
from ..serving.received import Received
from .clock import SteeredClock
from .journal import Journal
from .scope_names import DEFAULT, NoScopeName, scope_of


class Template(Struct, frozen=True):
    """How each scope is at first: parameters of `MemoryTransport`."""

    state: State
    script: Script
    faults: FaultPlan
    new_id: IdSource


class ScopedTransport(MemoryTransport):
    """A service in memory that writes down what it is asked, and can be told otherwise while it serves."""

    def __init__(self, template: Template, clock: SteeredClock, journal: Journal) -> None:
        super().__init__(
            template.state,
            script=template.script,
            faults=template.faults,
            clock=clock,
            new_id=template.new_id,
            keep_requests=False,
        )
        self.clock = clock
        self.journal = journal

    def _begin(self, request: HttpRequest) -> SimulatedAnswer:
        at = self.clock.monotonic()
        answer = super()._begin(request)
        self.journal.add(at, request, answer)
        return answer

    def load_script(self, script: Script) -> None:
        """Reply by another script from now on: from its beginning."""
        with self._lock:
            self._script = script
            self._state = replace(self._state, replied=0, uses=())

    def load_faults(self, plan: FaultPlan) -> None:
        """Misbehave by another plan from now on: requests are counted from 1 again."""
        with self._lock:
            self._faults, self._counts, self._asked = plan, (), 0

    def load_state(self, state: State) -> None:
        """Know from now on what `state` says, in the same dialect."""
        with self._lock:
            self._state = replace(state, dialect=self._state.dialect)


class Scope:
    """One service of a server: what answers the requests that name it, and what steers it."""

    def __init__(self, name: str, template: Template) -> None:
        self.name = name
        self._template = template
        self.reset()

    def __repr__(self) -> str:
        return f"Scope({self.name!r}, {self.transport!r})"

    @property
    def clock(self) -> SteeredClock:
        """The clock by which it answers."""
        return self.transport.clock

    @property
    def journal(self) -> Journal:
        """What it was asked, and what it answered."""
        return self.transport.journal

    def reset(self) -> None:
        """Be as at first. What is still awaited of what it was is there at once."""
        before: ScopedTransport | None = getattr(self, "transport", None)
        self.transport = ScopedTransport(self._template, SteeredClock(), Journal(self.name))
        if before is not None:
            before.clock.end()


class TooManyScopes(Exception):
    """A server has as many scopes as it may have."""

    def __init__(self, most: int) -> None:
        super().__init__(f"there are {most} scopes already, and no room for one more: delete those that are not needed")


class Scopes:
    """The services of a server, by the names of their scopes: what `choose` of an application takes.

    - `state`, `script`, `faults`, `new_id`: how each is at first, as of `MemoryTransport`.
    - `most`: how many there may be, 1 or more. One more is refused: none is forgotten that nobody deleted.

    Raises `ValueError` for less than 1.
    """

    def __init__(
        self,
        state: State | None = None,
        *,
        script: Script | Sequence[Reply | str] | Reply | str = echo,
        faults: FaultPlan | None = None,
        new_id: IdSource = numbered_id,
        most: int = 256,
    ) -> None:
        if most < 1:
            raise ValueError(f"most: must be 1 or more, got {most!r}")
        first = sample_state() if state is None else state
        template = Template(first, as_script(script), faults or FaultPlan(), new_id)
        self._template = template
        self._most = most
        self._lock = Lock()
        self._scopes = {DEFAULT: Scope(DEFAULT, template)}

    def __repr__(self) -> str:
        return f"Scopes({len(self._scopes)} of {self._most})"

    @property
    def default(self) -> ScopedTransport:
        """The service of requests that name no scope."""
        return self._scopes[DEFAULT].transport

    @property
    def state(self) -> State:
        """What that service knows now."""
        return self.default.state

    def all(self) -> tuple[Scope, ...]:
        """All that there are, in the order in which they were made."""
        with self._lock:
            return tuple(self._scopes.values())

    def of(self, name: str) -> Scope:
        """The scope of that `name`, made where there is none. Raises `TooManyScopes`."""
        with self._lock:
            scope = self._scopes.get(name)
            if scope is None:
                if len(self._scopes) >= self._most:
                    raise TooManyScopes(self._most)
                scope = self._scopes[name] = Scope(name, self._template)
            return scope

    def delete(self, name: str) -> bool:
        """Forget the scope of that `name`, and return whether there was one. The default one begins anew."""
        with self._lock:
            scope = self._scopes.pop(name, None)
            if name == DEFAULT:
                self._scopes = {DEFAULT: Scope(DEFAULT, self._template), **self._scopes}
        if scope is not None:
            scope.clock.end()
        return scope is not None

    def choose(self, received: Received) -> MemoryTransport:
        """The service that answers a request that was `received`: that of its scope, or one that says why not."""
        try:
            return self.of(scope_of(received)).transport
        except NoScopeName as error:
            refusal = Refused(400, f"{error}, but {error.place} names another.", code="invalid_scope")
        except TooManyScopes as error:
            refusal = Refused(400, f"{error}.", code="too_many_scopes")
        # A refusal by a fault plan has the form of the API's own.
        return MemoryTransport.empty(faults=FaultPlan((Rule(refusal),)))
