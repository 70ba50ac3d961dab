"""What is deleted by the many is asked for first: of a person, or by `--yes`."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from command_lines import KEYED, run

from puresponse.core import HttpRequest, HttpResponse
from puresponse.transports.testing.contract import serving
from puresponse.transports.testing.stub import StubTransport, json_response


class Person:
    """Answers every question alike, and keeps the questions."""

    def __init__(self, answer: str) -> None:
        self.questions: list[str] = []
        self._answer = answer

    def __call__(self, question: str) -> str:
        self.questions.append(question)
        return self._answer


def deleting() -> StubTransport:
    return StubTransport(lambda request: json_response({"id": request.path.rpartition("/")[2], "deleted": True}))


@pytest.mark.parametrize("answer", ["y\n", "Yes\n", " YES "])
@pytest.mark.parametrize(
    ("arguments", "stdin", "question"),
    [
        (["resp_1", "resp_2"], b"", "delete 2 responses at the API permanently?"),
        (["-"], b"resp_1\n# and\nresp_2\nresp_1\n", "delete 2 responses at the API permanently?"),
        (["-"], b"resp_1\n", "delete 1 response at the API permanently?"),
        (["resp_1", "resp_2", "--base-url", "http://x/v1"], b"", "delete 2 responses at http://x/v1 permanently?"),
    ],
    ids=str,
)
def test_a_person_is_asked_how_many_of_which_service_and_a_yes_goes_on(
    answer: str, arguments: list[str], stdin: bytes, question: str
) -> None:
    person, stub = Person(answer), deleting()
    ran = run("delete", *arguments, stdin=stdin, transport=stub, answer=person)
    assert ran.code == 0
    assert person.questions == [f"puresponse: {question} [y/N] "]
    assert {request.path for request in stub.requests} == {
        f"/responses/resp_{number}" for number in range(1, 2 + ("2" in question))
    }


@pytest.mark.parametrize("answer", ["n\n", "\n", "", "yep\n"])
def test_any_other_answer_sends_nothing_and_has_an_exit_code(answer: str) -> None:
    stub = deleting()
    ran = run("delete", "resp_1", "resp_2", transport=stub, answer=Person(answer))
    assert (ran.code, ran.out, stub.requests) == (15, b"", ())
    assert (ran.problems[0]["error"], ran.problems[0]["message"]) == ("NotConfirmed", "nothing was sent")


@pytest.mark.parametrize(
    "arguments", [["resp_1", "resp_2"], ["-"], ["--from", __file__], ["resp_1", "--follow-chain"]], ids=" ".join
)
def test_where_nobody_can_be_asked_nothing_is_sent_and_one_line_says_what_to_add(arguments: list[str]) -> None:
    stub = deleting()
    ran = run("delete", *arguments, "--table", stdin=b"resp_1\nresp_2\n", transport=stub)
    assert (ran.code, ran.out, stub.requests) == (15, b"", ())
    assert ran.err == (
        b"puresponse: to delete many responses at the API asks first, and there is no terminal to ask on: add --yes\n"
    )


@pytest.mark.parametrize(
    "arguments", [["resp_1"], ["resp_1", "resp_1"], ["resp_1", "resp_2", "--yes"], ["-", "--yes"]], ids=" ".join
)
def test_one_id_and_many_with_yes_are_not_asked_about(arguments: list[str]) -> None:
    person, stub = Person("n"), deleting()
    ran = run("delete", *arguments, stdin=b"resp_1\nresp_2\n", transport=stub, answer=person)
    assert (ran.code, person.questions) == (0, [])
    assert stub.requests != ()


def test_nothing_is_asked_where_nothing_can_be_lost() -> None:
    person = Person("n")
    assert run("delete", "resp_chat", "resp_long", "--memory", answer=person).code == 0
    assert run("delete", "resp_chat", "resp_long", answer=person).code == 14
    assert run("delete", "-", stdin=b"", environ=KEYED, answer=person).code == 0
    assert run("cancel", "resp_1", "resp_2", transport=deleting(), answer=person).code != 15
    assert person.questions == []


def test_a_named_service_is_asked_about_by_its_name(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("default = 'work'\n[services.work]\nbase_url = 'http://x/v1'\n")
    person = Person("n")
    run("delete", "a", "b", "--config", str(file), transport=deleting(), answer=person)
    assert person.questions == ["puresponse: delete 2 responses at work (http://x/v1) permanently? [y/N] "]


def test_conversations_are_asked_about_too() -> None:
    person, stub = Person("n"), deleting()
    ran = run("conversations", "delete", "conv_1", "conv_2", transport=stub, answer=person)
    assert (ran.code, stub.requests) == (15, ())
    assert person.questions == ["puresponse: delete 2 conversations at the API permanently? [y/N] "]
    assert run("conversations", "delete", "conv_1", "conv_2", "--yes", transport=stub, answer=person).code == 0


def test_an_input_that_cannot_be_read_is_said_and_no_question() -> None:
    person = Person("y")
    ran = run("delete", "-", stdin=None, transport=deleting(), answer=person)
    assert (ran.code, person.questions) == (74, [])
    assert ran.problems[0]["message"] == "cannot read ids: standard input is closed"


IN_TERMINAL = """
import os, sys
os.setsid()
os.open(sys.argv[1], os.O_RDWR)  # which makes it the terminal of the session
os.execvp(sys.argv[2], sys.argv[2:])
"""


@pytest.mark.parametrize("ids_in", ["arguments", "standard input"])
def test_on_a_terminal_the_answer_is_typed_also_where_standard_input_is_the_ids(ids_in: str) -> None:
    asked: list[HttpRequest] = []

    def answer(request: HttpRequest) -> HttpResponse:
        asked.append(request)
        return json_response({"id": "x", "deleted": True})

    kept = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")}
    ours, theirs = pty.openpty()
    arguments = ["resp_1", "resp_2"] if ids_in == "arguments" else ["-"]
    with (
        serving(answer) as url,
        subprocess.Popen(
            [
                *(sys.executable, "-c", IN_TERMINAL, os.ttyname(theirs)),
                *(sys.executable, "-m", "puresponse.cli", "delete", *arguments, "--base-url", url),
            ],
            stdin=theirs if ids_in == "arguments" else subprocess.PIPE,
            stdout=theirs,
            stderr=theirs,
            env={**kept, "TERM": "dumb", "NO_PROXY": "*"},
        ) as process,
    ):
        os.close(theirs)
        if process.stdin is not None:
            process.stdin.write(b"resp_1\nresp_2\n")
            process.stdin.close()
        seen = b""
        while b"[y/N] " not in seen:
            seen += os.read(ours, 1024)
        assert asked == []
        os.write(ours, b"y\n")
        process.wait(60)
    os.close(ours)
    assert process.returncode == 0
    assert len(asked) == 2


def test_who_does_not_see_the_question_is_not_asked() -> None:
    ours, theirs = pty.openpty()
    ran = subprocess.run(
        [
            *(sys.executable, "-c", IN_TERMINAL, os.ttyname(theirs)),
            *(sys.executable, "-m", "puresponse.cli", "delete", "a", "b", "--base-url", "http://127.0.0.1:1"),
        ],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )
    os.close(theirs)
    os.close(ours)
    assert (ran.returncode, ran.stdout) == (15, b"")
    assert b"add --yes" in ran.stderr
