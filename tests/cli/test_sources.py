"""Where ids are taken from: arguments, standard input, files, JSON Lines, a ledger, and the chains before them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from command_lines import run
from hypothesis import given as given_by
from hypothesis import strategies as st
from msgspec import json

from puresponse.cli.options import Options
from puresponse.cli.parameters import Invocation
from puresponse.cli.sources.given import FATES, Source, source_of
from puresponse.cli.sources.ids import Ids, ids_from
from puresponse.cli.sources.lines import WrongLine, ids_in
from puresponse.cli.streams import Process, Stopped
from puresponse.core import HttpRequest, HttpResponse, delete_response, retrieve_response
from puresponse.transports import Ledger
from puresponse.transports.ledger import fates as ledger_fates
from puresponse.transports.memory.service import sample_state
from puresponse.transports.memory.transport import MemoryTransport
from puresponse.transports.testing.stub import StubTransport, json_response

IDS = st.from_regex(r"resp_[a-z0-9]{1,12}", fullmatch=True)


def invocation(stdin: Iterable[bytes] | None = ()) -> Invocation:
    """What a command is given: lines on standard input."""
    lines: Any = None if stdin is None else stdin if isinstance(stdin, Iterator) else iter(stdin)
    stdout, stderr = io.TextIOWrapper(io.BytesIO()), io.TextIOWrapper(io.BytesIO())
    return Invocation(Options(memory=True), Process(lines, stdout, stderr, {}))


def taken(source: Source, *stdin: bytes) -> list[str | WrongLine]:
    return list(ids_from(source, invocation(stdin)))


def test_ids_are_taken_in_order_from_everywhere(tmp_path: Path) -> None:
    file = tmp_path / "ids.txt"
    file.write_text("# of June\nresp_3\n\n  resp_4  # the long one\n")
    source = Source(("resp_1", "-"), (str(file),))
    assert taken(source, b"resp_2\n") == ["resp_1", "resp_2", "resp_3", "resp_4"]
    assert taken(Source((), ("-",)), b"resp_2\n") == ["resp_2"]


@given_by(st.lists(IDS), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_ends_of_lines_a_byte_order_mark_and_blank_lines_are_no_part_of_ids(
    ids: list[str], end: str, marked: bool
) -> None:
    text = ("\ufeff" if marked else "") + "".join(f"{one}{end}{end}#{one}{end}" for one in ids)
    assert list(ids_in(io.BytesIO(text.encode()), "f")) == ids


@given_by(st.lists(IDS), st.sampled_from(["id", "response.id", "a.b.c"]))
def test_a_field_of_json_lines_is_a_name_or_a_path_of_names(ids: list[str], field: str) -> None:
    def wrapped(value: Any) -> Any:
        for name in reversed(field.split(".")):
            value = {"other": 1, name: value}
        return value

    lines = [json.encode(wrapped(one)) + b"\n" for one in ids]
    assert list(ids_in(lines, "f", field)) == ids
    if field == "id":
        assert list(ids_in(lines, "f")) == ids


@pytest.mark.parametrize(
    ("line", "field", "reason"),
    [
        (b"\xff", None, "it is not UTF-8"),
        (b"resp_1 resp_2", None, "it has more than one word, and an id has no spaces"),
        (b"{", None, "it is not JSON"),
        (b"resp_1", "id", "it is not JSON"),
        (b'{"Id": "resp_1"}', None, "it has no field 'id'; did you mean 'Id'?"),
        (b'{"id": null}', None, "its field 'id' is no id"),
        (b'{"id": " "}', None, "its field 'id' is no id"),
        (b'{"id": {"id": 1}}', "id.x", "it has no field 'id.x'"),
        (b'{"id": 1}', "id.x", "it has no field 'id.x'"),
        (b"[1]", "id", "it has no field 'id'"),
        (b"[" * 5000, "id", "it is not JSON"),
    ],
)
def test_a_line_that_names_no_id_is_told_with_its_number_and_ends_nothing(
    line: bytes, field: str | None, reason: str
) -> None:
    before, after = (b'{"id": {"x": "resp_0"}}', b'{"id": {"x": "resp_9"}}') if field == "id.x" else (b"#", b"#")
    found = list(ids_in([before, line, after], "ids.txt", field))
    assert [one for one in found if isinstance(one, WrongLine)] == [WrongLine("ids.txt:2", reason)]
    assert [one for one in found if isinstance(one, str)] == (["resp_0", "resp_9"] if field == "id.x" else [])


def test_lines_are_read_as_they_are_asked_for() -> None:
    def lines() -> Iterator[bytes]:
        yield b"resp_1\n"
        raise AssertionError("more was read than was asked for")

    ids = iter(ids_from(Source(("-",)), invocation(lines())))
    assert next(ids) == "resp_1"


def test_each_id_is_taken_once_and_the_others_are_counted() -> None:
    ids = ids_from(Source(("a", "b", "a", "-")), invocation([b"b\n", b"c\n", b"a\n"]))
    assert list(ids) == ["a", "b", "c"]
    assert ids.note() == "3 ids were given before, and each asked once"
    ids = ids_from(Source(("a", "b", "a")), invocation())
    assert (ids.total, ids.note()) == (2, None)
    assert (list(ids), ids.note()) == (["a", "b"], "1 id was given before, and asked once")


def test_how_many_there_are_is_known_of_arguments_alone() -> None:
    assert ids_from(Source(("a", "bcd")), invocation()).total == 2
    assert ids_from(Source(("a", "bcd")), invocation()).longest == 3
    assert ids_from(Source(("a", "-")), invocation()).total is None
    assert (Source(("a",)).is_one, Source(("-",)).is_one, Source(("a",), follow_chain=True).is_one) == (
        True,
        False,
        False,
    )


def test_each_id_has_its_operation_and_each_wrong_line_one_that_says_so() -> None:
    ids = ids_from(Source(("resp_1", "resp_\udcff", "-")), invocation([b"a b\n"]))
    pairs = dict(ids.pairs(retrieve_response))
    assert pairs["resp_1"] == retrieve_response("resp_1")
    assert "more than one word" in str(pairs["standard input:1"])
    assert "not UTF-8" in str(pairs["resp_\udcff"])


def test_a_file_that_cannot_be_read_is_said_before_anything_is_sent(tmp_path: Path) -> None:
    with pytest.raises(click.BadParameter) as caught:
        ids_from(Source(("a",), (str(tmp_path / "none"),)), invocation())
    assert caught.value.message == f"{tmp_path}/none: No such file or directory"
    with pytest.raises(Stopped) as stopped:
        list(ids_from(Source(("-",)), invocation(None)))
    assert (stopped.value.code, stopped.value.reason) == (74, "cannot read ids: standard input is closed")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "Missing argument 'ID'. Or take ids from a file: --from FILE"),
        ({"ids": ("a",), "field": "id"}, "of no use without --from FILE, or - for standard input"),
        ({"ids": ("a",), "fate": ("failed",)}, "of no use without --from-ledger FILE"),
        ({"ids": ("-",), "field": "a..b"}, "it is a name, or names with points between them"),
    ],
)
def test_sources_that_make_no_sense_are_a_usage_error(values: dict[str, Any], said: str) -> None:
    with pytest.raises(click.UsageError) as caught:
        source_of(values)
    assert caught.value.message == said


def test_many_ids_take_the_memory_of_their_hashes() -> None:
    import tracemalloc

    ids = Ids(f"resp_{number:048d}" for number in range(20_000))
    tracemalloc.start()
    count = sum(1 for _ in ids)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 20_000
    assert most / count < 200  # bytes: kept ids of this length take 240


# --- a ledger ------------------------------------------------------------------------------------------


@pytest.fixture
def ledger(tmp_path: Path) -> str:
    """A ledger in which one response was deleted, one was not there, and one is planned."""
    path = str(tmp_path / "ledger.db")
    with Ledger(path) as kept:
        kept.plan((one, delete_response(one)) for one in ("resp_chat", "resp_nowhere"))
        assert len(list(kept.run(MemoryTransport(), 1))) == 2
        kept.plan([("resp_long", delete_response("resp_long"))])
    return path


@pytest.mark.parametrize(
    ("fates", "ids"),
    [
        ((), ["resp_chat", "resp_nowhere", "resp_long"]),
        (("absent",), ["resp_nowhere"]),
        (("done", "planned"), ["resp_chat", "resp_long"]),
        (("failed", "in_flight", "unknown"), []),
    ],
)
def test_a_ledger_gives_those_of_which_something_is_known(fates: tuple[str, ...], ids: list[str], ledger: str) -> None:
    assert taken(Source(from_ledger=ledger, fate=fates)) == ids
    assert taken(Source(("resp_chat",), from_ledger=ledger, fate=fates))[0] == "resp_chat"


def test_fates_are_those_of_ledgers() -> None:
    assert [name.replace("_", " ") for name in FATES] == list(ledger_fates.FATES)


def test_a_file_that_is_no_ledger_is_said_and_nothing_is_sent(tmp_path: Path) -> None:
    file = tmp_path / "ids.txt"
    file.write_text("resp_1\n" * 100)
    ran = run("retrieve", "--from-ledger", str(file), "--memory")
    assert (ran.code, ran.out) == (74, b"")
    assert any(str(file) in str(problem["message"]) for problem in ran.problems if "message" in problem)


# --- chains --------------------------------------------------------------------------------------------


BODY = sample_state().responses["resp_chat"].body


def chained(*links: tuple[str, str | None]) -> StubTransport:
    """A service that knows responses, each with the one before it, and deletes them."""
    known = dict(links)

    def answer(request: HttpRequest) -> HttpResponse:
        one = request.path.rpartition("/")[2]
        if one not in known:
            return json_response({"error": {"message": f"{one} not found"}}, status=404)
        if request.method == "DELETE":
            del known[one]
            return json_response({"id": one, "deleted": True})
        return json_response({**BODY, "id": one, "previous_response_id": known[one]})

    return StubTransport(answer)


CHAINS = [("c", "b"), ("b", "a"), ("a", None), ("d", "b"), ("x", "y"), ("y", "x"), ("m", "gone")]


@pytest.mark.parametrize(
    ("ids", "followed"),
    [
        (["c"], ["c", "b", "a"]),
        (["c", "d"], ["c", "b", "a", "d"]),
        (["x"], ["x", "y"]),
        (["m", "a"], ["m", "gone", "a"]),
        (["b", "c", "b"], ["b", "a", "c"]),
    ],
    ids=str,
)
def test_with_a_response_those_before_it_are_taken_once_and_circles_end(ids: list[str], followed: list[str]) -> None:
    ran = run("retrieve", *ids, "--follow-chain", "--concurrency", "1", transport=chained(*CHAINS))
    assert [value["id"] for value in ran.values] == [one for one in followed if one != "gone"]
    assert ran.code == (6 if "gone" in followed else 0)


def test_a_chain_that_cannot_be_followed_ends_the_run_with_what_is_wrong() -> None:
    stub = StubTransport(lambda request: json_response({"error": {"message": "no"}}, status=401))
    ran = run("retrieve", "c", "--follow-chain", transport=stub)
    assert ran.code == 7
    assert b"the chain of c cannot be followed beyond c: " in ran.err


def test_a_chain_is_deleted_from_its_oldest_to_its_newest() -> None:
    stub = chained(*CHAINS)
    ran = run("delete", "c", "x", "--follow-chain", "--yes", "--concurrency", "1", transport=stub)
    assert ran.code == 0
    deleted = [request.path.rpartition("/")[2] for request in stub.requests if request.method == "DELETE"]
    assert deleted == ["a", "b", "c", "y", "x"]
    assert [(value["id"], value["outcome"], value["chain"]) for value in ran.values] == [
        ("c", "deleted", ["a", "b"]),
        ("x", "deleted", ["y"]),
    ]


def test_a_chain_of_what_is_not_there_is_an_error() -> None:
    ran = run("delete", "nowhere", "--follow-chain", "--yes", transport=chained())
    assert ran.code == 6


# --- the commands --------------------------------------------------------------------------------------


def test_a_command_takes_ids_from_files_and_tells_of_what_is_wrong_and_of_what_was_given_twice(tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    file.write_text('{"response": {"id": "resp_chat"}}\nresp_long\n{"response": {"id": "resp_chat"}}\n')
    ran = run("delete", "--from", str(file), "--field", "response.id", "--memory", "--concurrency", "1")
    assert ran.code == 3
    assert [(value["id"], value["outcome"]) for value in ran.values] == [
        ("resp_chat", "deleted"),
        (f"{file}:2", "failed"),
    ]
    assert ran.problems[-1] == {"note": "1 id was given before, and asked once"}


def test_what_one_command_writes_another_reads() -> None:
    listed = run("samples")
    ran = run("retrieve", "-", "--memory", "--concurrency", "1", stdin=listed.out)
    assert [value["id"] for value in ran.values] == [value["id"] for value in listed.values]
