"""The laws of forks, for every host that carries out operations.

They hold whether the operations are carried out at once or one after another: who is first among them is the host's to
say, what each is given is not.
"""

from __future__ import annotations

from typing import Any

from returns.result import Success

from ....core.errors import NotSent
from ....core.steps import Fork, Operation, Wait, succeed
from .expect import expect
from .hosts_runs import HostRuns
from .probe_programs import (
    Ask,
    CallersBugError,
    Fail,
    ForkCountdown,
    GoOn,
    Instructions,
    Pause,
    Split,
    Stumble,
    program,
)
from .probe_world import ERRORS, World, get

_NESTED = 40
"""How many forks are within one another: more than a host has threads, or connections."""


class ForkLaws(HostRuns):
    """The laws of a host that carries out forks."""

    def test_a_fork_is_given_the_result_of_each_operation_in_order(self) -> None:
        """As a tuple, whoever is done first. Twins are two; of no operations, there are no results."""
        twin = (Ask(get("/twin")),)
        own = tuple(Ask(get(f"/own/{number}")) for number in (1, 2, 3))
        branches: tuple[Instructions, ...] = ((Pause(2.0), Ask(get("/slow"))), twin, own, (), (Pause(0.5),), twin)
        for forked in (branches, branches[::-1], branches[:1], ()):
            world = self.expect_forked(*forked)
            sent = [path for path in world.paths if path.startswith("/own/")]
            expect(sent == sorted(sent), f"one operation of a fork sent {sent}")

    def test_all_operations_of_a_fork_run_to_their_end(self) -> None:
        """Also those before and after one that fails; each failure is given like any result."""
        for failing in range(3):
            error = ERRORS[failing]
            self.expect_forked(
                *(
                    (
                        Ask(get(f"/{branch}/1")),
                        Fail(error) if branch == failing else Pause(0.5),
                        Ask(get(f"/{branch}/2")),
                    )
                    for branch in range(3)
                )
            )
        lost = NotSent("dns", "no such host")
        self.expect_forked((Fail(lost),), (Ask(get("/a")), Fail(lost)), (Pause(1.0), Fail(lost)))

    def test_forks_within_forks_each_get_their_own_results(self) -> None:
        """However many are within one another: an operation that waits for others is in nobody's way."""
        self.expect_forked(
            (Ask(get("/1")), Split(((Ask(get("/1/1")),), (Ask(get("/1/2")), Pause(0.5)))), Ask(get("/1/3"))),
            (Split(((Fail(ERRORS[1]),), (), (Ask(get("/2/1")),))),),
        )
        nested: Instructions = (Ask(get("/innermost")),)
        for depth in range(_NESTED):
            nested = (Split(((Ask(get(f"/{depth}")),), nested)),)
        self.expect_forked(*[nested] * 2)

    def test_the_waits_of_a_fork_count_from_the_beginning_of_the_run(self) -> None:
        """They last as long as they say: those of a fork together at least as long as the longest of its operations."""
        clock = self.make_clock()
        world = World(clock)
        branches = ((Pause(2.0),), (Pause(0.0), Pause(3.0)), (Ask(get("/a")), Pause(0.0)))
        seen = self.seen_by([Pause(1.0), Split(branches), Pause(0.0)], world, clock)
        told = [[one for one in result.unwrap() if isinstance(one, int | float)] for result in seen[1]]
        for seconds, least in ((told[0][0], 3.0), (told[1][0], 1.0), (told[1][1], 4.0), (told[2][0], 1.0)):
            self.expect_between(f"of {told}, the seconds of waits in a fork, one", seconds, least, 6.0)
        self.expect_between("after a fork, the seconds since the run began", seen[2], 4.0, 6.0)

    def test_many_forks_run_in_constant_stack(self) -> None:
        """One after another, and as many operations in one."""
        clock = self.make_clock()
        result = self.result_of(ForkCountdown(self.many)(None), World(clock), clock)
        expect(result == Success("the end"), f"{self.many} forks ended in {result}")
        operations: tuple[Operation[Any], ...] = tuple(succeed(number) for number in range(self.many))
        wide = self.result_of(Fork(operations, GoOn((), ())), World(clock), clock)
        expected = Success((tuple(Success(number) for number in range(self.many)),))
        expect(wide == expected, f"a fork of {self.many} operations was given other results than theirs")

    def test_what_a_callers_function_raises_in_a_fork_comes_out(self) -> None:
        """As it is, and not as one of a group; what follows the fork is not done."""
        asking = program([Ask(get("/a"))])
        after = GoOn((Ask(get("/after")),), ())
        operations: list[Operation[Any]] = [
            Fork((asking, Wait(0.0, 0.0, Stumble())), after),
            Fork((asking.bind(Stumble()), asking), after),
            Fork((Fork((asking,), Stumble()),), after),
            Fork((asking,), Stumble()),
        ]
        for operation in operations:
            clock = self.make_clock()
            world = World(clock)
            try:
                result = self.run(operation, world, clock)
            except CallersBugError:
                expect("/after" not in world.paths, "after a caller's function had raised in a fork, the run went on")
            except Exception as error:
                raise AssertionError(f"what a caller's function raised in a fork came out as {error!r}") from error
            else:
                raise AssertionError(f"what a caller's function raised in a fork was swallowed: the result is {result}")
