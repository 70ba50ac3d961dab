"""Code is carried out once for each life: all that may happen to it, each once, the fewest faults first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Success

from puresponse import OperationFailed
from puresponse.core import (
    HttpRequest,
    RetryPolicy,
    create_response,
    delay,
    delete_response,
    gather,
    is_failure,
    retrieve_response,
    retrying,
    stream_response,
)
from puresponse.transports import iterate, iterate_async, run, run_async, run_many
from puresponse.transports.ledger.ledger import Ledger
from puresponse.transports.memory.faults import (
    CutStream,
    Delay,
    FaultPlan,
    Garbage,
    Refused,
    Reset,
    Rule,
    ServerError,
    Unsent,
)
from puresponse.transports.memory.service import sample_state
from puresponse.transports.testing.exploration.claims import always, eventually, finally_
from puresponse.transports.testing.lives.lives import Dies, OtherWait
from puresponse.transports.testing.replays.chosen import Chosen, Row, as_row, text_of
from puresponse.transports.testing.replays.course import NotTheSame
from puresponse.transports.testing.replays.life import ProcessEnded, ReplayedLife
from puresponse.transports.testing.replays.replaying import Replays, replay_lives

GET = HttpRequest("GET", "/responses/resp_chat")
DELETE = HttpRequest("DELETE", "/responses/resp_chat")


def seen(body: Callable[[ReplayedLife], Any], **given: Any) -> tuple[list[Any], Replays]:
    """What `body` returns in each life, in order."""
    found: list[Any] = []
    found_by = replay_lives(lambda life: found.append(body(life)), state=sample_state(), **given)
    assert len(found) >= found_by.lives
    return found, found_by


# Which lives


def test_all_rows_of_choices_are_carried_out_each_once_the_fewest_faults_first() -> None:
    def body(life: ReplayedLife) -> tuple[int, ...]:
        first = life.choose("first", (0, 1, 2))
        return (first, *[life.choose("more", (0, 1)) for _ in range(2 + first)])

    every = [(0, *rest) for rest in product((0, 1), repeat=2)]
    every += [(1, *rest) for rest in product((0, 1), repeat=3)]
    every += [(2, *rest) for rest in product((0, 1), repeat=4)]

    def faults(row: tuple[int, ...]) -> int:
        return sum(map(bool, row))

    for most in range(4):
        found, search = seen(body, faults=most)
        assert sorted(found) == sorted(row for row in every if faults(row) <= most)
        assert [faults(row) for row in found] == sorted(map(faults, found))
        assert (search.lives, search.limit) == (len(found), None)
        assert search.holds


def test_a_choice_that_is_free_is_made_in_every_life() -> None:
    def body(life: ReplayedLife) -> tuple[str, str, str]:
        costly = life.choose("costly", "ab")
        free = life.choose("free", "xyz", free=True)
        return costly, free, life.choose("costly too", "ab")

    found, _ = seen(body, faults=1)
    assert sorted(found) == sorted(row for row in product("ab", "xyz", "ab") if (row[0] + row[2]).count("b") < 2)


def test_each_kind_of_fault_is_met_where_it_makes_a_difference() -> None:
    kinds = (
        Reset(),
        Reset(acted=True),
        ServerError(),
        ServerError(acted=True),
        Unsent(),
        Rule(Garbage(), method="PUT"),
    )

    def met(request: HttpRequest) -> list[Any]:
        def body(life: ReplayedLife) -> tuple[Any, bool]:
            return life.transport(request), "resp_chat" in life.transport.state.responses

        return seen(body, faults=1, kinds=kinds)[0]

    assert [is_there for _, is_there in met(DELETE)] == [False, True, False, True, False, True]
    assert len(met(GET)) == 4, "what only reads is the same whether it was acted upon or not"


def test_rules_are_for_the_requests_they_name_whatever_their_counts() -> None:
    kinds = (Rule(Reset(), method="DELETE", times=0, chance=0.0), Rule(Delay(1.0), path="/responses/*"))

    def body(life: ReplayedLife) -> tuple[bool, bool, float]:
        lost = [is_failure(life.transport(request)) for request in (DELETE, HttpRequest("GET", "/models"))]
        return lost[0], lost[1], life.clock.now - 1_750_000_000

    found, _ = seen(body, kinds=kinds, faults=3)
    assert found == [(False, False, 0.0), (True, False, 0.0), (False, False, 1.0)]


def test_the_service_clock_and_folder_are_new_in_each_life() -> None:
    def body(life: ReplayedLife) -> None:
        assert life.clock.now == 1_750_000_000
        assert list(life.folder.iterdir()) == []
        assert life.transport.requests == ()
        assert "resp_chat" in life.transport.state.responses
        (life.folder / "within").mkdir()
        (life.folder / "within" / "file").write_text("x")
        run(retrying(delete_response("resp_chat")), life.transport, clock=life.clock)

    search = replay_lives(body, state=sample_state())
    assert search.lives > 400
    search.check()


def test_a_plan_is_met_besides() -> None:
    def body(life: ReplayedLife) -> tuple[Any, Any, float]:
        return life.transport(GET), life.transport(GET), life.clock.now

    found, _ = seen(body, plan=FaultPlan((Rule(Unsent(), times=1),)), kinds=(Delay(5.0),), faults=1)
    assert [(is_failure(first), is_failure(second)) for first, second, _ in found] == [(True, False)] * 3
    assert [now - 1_750_000_000 for _, _, now in found] == [0.0, 5.0, 5.0]


def test_two_that_make_the_same_of_an_operation_have_the_same_lives() -> None:
    operation = gather(retrying(delete_response("resp_chat")), retrieve_response("resp_completed"))

    def blocking(life: ReplayedLife) -> Any:
        return repr(run(operation, life.transport, clock=life.clock))

    def in_a_loop(life: ReplayedLife) -> Any:
        return repr(asyncio.run(run_async(operation, life.transport.asynchronous(), clock=life.clock, concurrency=1)))

    expected, _ = seen(blocking, faults=1)
    assert seen(in_a_loop, faults=1)[0] == expected
    assert len(set(expected)) > 20


# Bodies and waits


STREAM = stream_response(model="m", input="one two")


def test_a_body_breaks_off_at_each_of_its_chunks() -> None:
    def blocking(life: ReplayedLife) -> list[Any]:
        return list(taken_from(iterate(STREAM, life.transport, clock=life.clock)))

    def in_a_loop(life: ReplayedLife) -> list[Any]:
        values = iterate_async(STREAM, life.transport.asynchronous(), clock=life.clock)
        with asyncio.Runner() as runner:

            def each() -> Iterator[Any]:
                with suppress(StopAsyncIteration):
                    while True:
                        yield runner.run(values.__anext__())

            return list(taken_from(each()))

    found, search = seen(blocking, faults=1, kinds=())
    assert len(found[0]) > 5
    assert search.lives == 1 + 2 * len(found[0]), "before each event and in it"
    assert sorted(len(values) for values in found)[:4] == [1, 1, 2, 2]
    assert seen(in_a_loop, faults=1, kinds=())[0] == found
    assert seen(blocking, faults=1, kinds=(), cuts=False)[1].lives == 1


def taken_from(values: Iterator[Any]) -> Iterator[str]:
    """The types of all values, and how they broke off."""
    try:
        yield from (type(value).__name__ for value in values)
    except OperationFailed as failed:
        yield str(failed.error)


def test_a_body_that_broke_off_or_was_closed_stays_so() -> None:
    def body(life: ReplayedLife) -> None:
        opened = life.transport.open(HttpRequest("POST", "/responses", body=b'{"model":"m","input":"a","stream":true}'))
        open_body = opened.unwrap()
        chunks = [open_body.read() for _ in range(3)]
        if any(map(is_failure, chunks)):
            assert open_body.read() == open_body.read() == chunks[2]
        open_body.close()
        assert open_body.read() == Success(b"")
        whole = life.transport.open(GET).unwrap()
        read = whole.read()
        assert is_failure(read) or len(read.unwrap()) > 50
        whole.close()

    search = replay_lives(body, state=sample_state(), kinds=())
    search.check()
    assert search.lives == 21


def test_waits_take_their_least_or_one_of_them_its_most() -> None:
    operation = retrying(retrieve_response("resp_chat"), RetryPolicy(max_retries=1, initial_delay=4.0))

    def body(life: ReplayedLife) -> float:
        run(operation, life.transport, clock=life.clock)
        return life.clock.now - 1_750_000_000

    assert set(seen(body, kinds=(Reset(),))[0]) == {0.0, 3.0}
    found, _ = seen(body, kinds=(Reset(),), other_waits=True)
    assert set(found) == {0.0, 3.0, 4.0}


# Processes that die


def test_a_process_dies_at_each_request_wait_chunk_and_point() -> None:
    died: list[str] = []

    def body(life: ReplayedLife) -> None:
        def check(result: Any) -> Any:
            return result

        for name, act in (
            ("request", lambda: life.transport(DELETE)),
            ("point", lambda: life.point("here")),
            ("wait", lambda: run(delay(1.0), check, clock=life.clock)),
            ("open", lambda: life.transport.open(GET)),
            ("chunk", lambda: life.transport.open(GET).unwrap().read()),
        ):
            try:
                act()
            except ProcessEnded:
                died.append(name)
                raise

    replay_lives(body, state=sample_state(), again=lambda life: None, faults=1, kinds=(), cuts=False).check()
    assert sorted(died) == ["chunk", "chunk", "open", "point", "request", "request", "wait"]
    died.clear()
    assert replay_lives(body, state=sample_state(), faults=1, kinds=(), cuts=False).lives == 1
    assert died == [], "nothing says how it goes on"


def test_what_goes_on_has_what_has_survived() -> None:
    deaths: list[tuple[int, bool, str]] = []

    def body(life: ReplayedLife) -> None:
        written = life.folder / "written"
        written.write_text("before")
        try:
            life.transport(DELETE)
            written.write_text("after")
        finally:
            if life.is_dead:
                written.write_text("what nobody writes who has died")
                (life.folder / "more").write_text("")
                for asked in (lambda: life.transport(GET), lambda: life.clock.sleep(1.0), lambda: life.point("x")):
                    with pytest.raises(ProcessEnded):
                        asked()

    def again(life: ReplayedLife) -> None:
        assert [path.name for path in life.folder.iterdir()] == ["written"]
        is_there = "resp_chat" in life.transport.state.responses
        deaths.append((life.deaths, is_there, (life.folder / "written").read_text()))
        life.point("dies again")

    replay_lives(body, again=again, state=sample_state(), kinds=()).check()
    assert {written for _, _, written in deaths} == {"before"}
    assert sorted((number, is_there) for number, is_there, _ in deaths) == [
        *((1, False), (1, False), (1, True), (1, True)),
        *((2, False), (2, True)),
    ]


def test_a_dead_process_that_swallows_its_end_and_holds_a_lock_is_dead_all_the_same() -> None:
    kept: list[Ledger] = []

    def body(life: ReplayedLife) -> None:
        ledger = Ledger(life.folder / "ledger")
        kept.append(ledger)
        try:
            life.transport(DELETE)
        except BaseException:
            raise ValueError("not as it should be") from None

    def again(life: ReplayedLife) -> None:
        with Ledger(life.folder / "ledger") as ledger:
            assert ledger.plan([("k", delete_response("r"))]) == 1

    replay_lives(body, again=again, state=sample_state(), faults=1, kinds=()).check()
    for ledger in kept:
        ledger.close()


def asked_in_a_loop(life: ReplayedLife) -> None:
    operation = gather(retrying(delete_response("resp_chat")), retrying(delete_response("resp_completed")))
    asyncio.run(run_async(operation, life.transport.asynchronous(), clock=life.clock))


def with_last_words(life: ReplayedLife) -> None:
    last = delete_response("resp_completed")
    run(retrying(delete_response("resp_chat")), life.transport, clock=life.clock, on_cancel=last)


def in_turn(life: ReplayedLife) -> None:
    pairs = [(name, retrying(delete_response(name))) for name in ("resp_chat", "resp_completed")]
    with Ledger(life.folder / "ledger", clock=life.clock) as ledger:
        list(run_many(pairs, life.transport, 1, clock=life.clock, ledger=ledger))


def streamed(life: ReplayedLife) -> None:
    list(iterate(stream_response(model="m", input="a"), life.transport, clock=life.clock))


@pytest.mark.parametrize("body", [asked_in_a_loop, with_last_words, in_turn, streamed])
def test_nothing_of_the_library_catches_that_a_process_has_ended(body: Callable[[ReplayedLife], None]) -> None:
    ends: list[BaseException] = []
    asked: list[int] = []

    def watched(life: ReplayedLife) -> None:
        try:
            body(life)
        except BaseException as error:
            ends.append(error)
            raise

    def again(life: ReplayedLife) -> None:
        asked.append(len(life.transport.requests))

    search = replay_lives(watched, again=again, state=sample_state(), faults=1, kinds=(), cuts=False)
    search.check()
    assert {type(end) for end in ends} == {ProcessEnded}
    assert len(ends) == len(asked) == search.lives - 1 > 1
    assert asked[0] <= 1, "nothing is asked by who has died"


# What is found


def unsafe(life: ReplayedLife) -> None:
    """Create until it works: what may be done twice then."""
    for _ in range(3):
        if not is_failure(run(create_response(model="m", input="x"), life.transport, clock=life.clock)):
            break
    assert len(life.transport.state.responses) < 2, "created twice"


def test_the_shortest_life_that_fails_is_told_and_can_be_repeated_alone() -> None:
    search = replay_lives(unsafe, faults=3)
    (failed,) = search.failed
    assert (failed.violation.claim, failed.violation.why.split("\n")[0]) == ("unsafe", "AssertionError: created twice")
    assert failed.only == "0: Reset(acted=True)"
    assert [(step.kind, step.mishap) for step in failed.violation.life] == [
        ("begin", None),
        ("send", Reset(acted=True)),
        ("send", None),
    ]
    assert search.limit == "a life with 1 fault fails: none with more was carried out"
    with pytest.raises(AssertionError, match="created twice") as raised:
        search.check()
    (note,) = raised.value.__notes__
    assert "only='0: Reset(acted=True)'" in note
    alone = replay_lives(unsafe, only=failed.only)
    assert (alone.lives, alone.failed[0].violation.life) == (1, failed.violation.life)
    assert replay_lives(unsafe, only={0: Unsent()}).holds


def test_the_shorter_of_two_lives_is_told_though_it_was_found_later() -> None:
    def body(life: ReplayedLife) -> None:
        is_late = life.choose("late", (False, True))
        is_soon = life.choose("soon", (False, True))
        assert not is_soon
        life.transport(GET)
        assert not is_late

    (failed,) = replay_lives(body).failed
    assert (failed.only, len(failed.violation.life)) == ("1: Chosen(option=1)", 1)


def test_claims_are_checked_at_each_step_and_at_the_end() -> None:
    def body(life: ReplayedLife) -> Any:
        return run(retrying(delete_response("resp_chat")), life.transport, clock=life.clock)

    claims = (
        always(lambda moment: "resp_chat" in moment.state.responses, name="it is there"),
        finally_(lambda moment: moment.result is not None and not is_failure(moment.result), name="it is deleted"),
        eventually(lambda moment: len(moment.requests) == 3, name="three requests"),
        always(lambda moment: moment.seconds < 100, name="not long"),
    )
    search = replay_lives(body, state=sample_state(), faults=0, claims=claims)
    assert [(one.claim, one.why, len(one.life)) for one in search.violations] == [
        ("it is there", "it is there: it does not hold", 2),
        ("three requests", "three requests: it never was", 2),
    ]
    search = replay_lives(body, state=sample_state(), faults=1, claims=claims[1:2], kinds=(Refused(403), Reset()))
    assert [(one.violation.claim, one.only) for one in search.failed] == [("it is deleted", "0: Refused(status=403)")]
    with pytest.raises(AssertionError, match="it is deleted"):
        search.check()


def test_a_bound_that_is_met_is_told() -> None:
    search = replay_lives(lambda life: life.transport(GET), most_lives=5)
    assert (search.lives, search.holds) == (5, False)
    assert search.limit == "more than 5 lives: those that follow, with 1 fault, were not carried out"
    with pytest.raises(AssertionError, match="more than 5 lives"):
        search.check()


def test_no_more_than_some_hundred_lives_are_carried_out_after_one_that_fails() -> None:
    def body(life: ReplayedLife) -> None:
        assert sum(life.choose(str(number), (0, 1)) for number in range(60)) < 2

    search = replay_lives(body)
    assert 500 < search.lives < 700
    assert search.limit is not None
    assert search.limit.startswith("a life fails: of those with 2 faults, ")


def test_code_that_does_not_do_the_same_each_time_is_refused() -> None:
    numbers = count()

    def body(life: ReplayedLife) -> None:
        life.transport(HttpRequest("GET", f"/responses/{next(numbers) // 20}"))
        life.transport(GET)

    with pytest.raises(NotTheSame, match="'send GET /responses/0', and is 'send GET /responses/1' now"):
        replay_lives(body)
    ends = count()

    def ending(life: ReplayedLife) -> None:
        if next(ends) == 0:
            life.transport(GET)

    with pytest.raises(NotTheSame, match=r"\(0: Unsent\(\)\) was another the second time: it ended after 0 points"):
        replay_lives(ending)


# The text of a life


MISHAPS: st.SearchStrategy[Any] = st.one_of(
    *[st.from_type(kind) for kind in (Dies, OtherWait, Chosen, Reset, Unsent, ServerError, CutStream, Refused)],
    st.builds(Delay, st.floats(0, 100)),
)
ROWS: st.SearchStrategy[Row] = st.dictionaries(st.integers(0, 50), MISHAPS, max_size=4).map(
    lambda pairs: tuple(sorted(pairs.items(), key=lambda pair: pair[0]))
)


@given(ROWS)
def test_the_text_of_a_row_is_read_as_the_same_row(row: Row) -> None:
    assert as_row(text_of(row)) == as_row(dict(row)) == row


def test_the_text_of_a_row_is_short() -> None:
    row = ((2, Reset(acted=True)), (5, ServerError(503)), (7, Dies()), (9, Chosen(2)))
    assert text_of(row) == "2: Reset(acted=True), 5: ServerError(status=503), 7: Dies(), 9: Chosen(option=2)"


@pytest.mark.parametrize(
    "text", ["x", "1", "1: 2", "1: Exit()", "1: Reset(x=1)", "'1': Reset()", "1: Reset(a", "1: a.b()"]
)
def test_a_text_that_says_no_row_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^only: must be what a failure says"):
        replay_lives(unsafe, only=text)


def test_a_choice_that_cannot_be_made_there_is_told() -> None:
    with pytest.raises(ValueError, match="'send POST /responses' is no choice of the code's own"):
        replay_lives(unsafe, only="0: Chosen(1)").check()
    with pytest.raises(ValueError, match="'which' is one of 2 options"):
        replay_lives(lambda life: life.choose("which", "ab"), only="0: Chosen(2)").check()
