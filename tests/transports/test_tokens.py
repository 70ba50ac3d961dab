"""Credentials that change: how often a token is fetched, by whom, and what is said where there is none."""

from __future__ import annotations

import os
from collections.abc import Callable
from threading import Event, Thread
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from returns.result import Failure, Result, Success

from puresponse.core.errors import ApiError, Error, Interrupted, InvalidArgument, NotSent
from puresponse.core.results import is_failure
from puresponse.transports.network.asked import AskedCredential
from puresponse.transports.network.secret import Secret
from puresponse.transports.network.tokens import AccessToken, Fetched, RefreshingToken

HOUR = 3600.0


class Time:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class Issuer:
    """Issues tokens, each with a number, or does what it is told to."""

    def __init__(self, life: float = HOUR) -> None:
        self.issued = 0
        self.life = life
        self.instead: Callable[[], Fetched] | None = None

    def __call__(self) -> Fetched:
        self.issued += 1
        return AccessToken(f"token-{self.issued}", self.life) if self.instead is None else self.instead()


def raised(error: BaseException) -> Callable[[], Fetched]:
    def fails() -> Fetched:
        raise error

    return fails


def text_of(asked: Result[Secret, NotSent]) -> str:
    return f"{asked.failure()}" if is_failure(asked) else asked.unwrap().reveal()


def test_a_token_is_fetched_when_it_is_first_asked_for_and_kept_until_its_margin() -> None:
    time, issuer = Time(), Issuer()
    token = RefreshingToken(issuer, margin=600.0, now=time)
    assert (issuer.issued, token.ready()) == (0, None)
    assert text_of(token.ask()) == "token-1"
    time.seconds = HOUR - 600.5
    assert text_of(token.ask()) == "token-1"
    assert token.ready() == Secret("token-1")
    time.seconds = HOUR - 600.0
    assert token.ready() is None
    assert text_of(token.ask()) == "token-2"


def test_the_margin_is_at_most_half_of_a_life() -> None:
    time, issuer = Time(), Issuer(life=60.0)
    token = RefreshingToken(issuer, now=time)  # 1,200 s by default
    assert [text_of(token.ask()), text_of(token.ask())] == ["token-1", "token-1"]
    time.seconds = 30.0
    assert text_of(token.ask()) == "token-2"


@given(st.floats(1.0, 1e6), st.floats(1.0, 1e6), st.lists(st.floats(0.0, 1e5), max_size=8))
def test_a_token_that_has_expired_is_never_returned(life: float, margin: float, waits: list[float]) -> None:
    time, issuer = Time(), Issuer(life)
    token, fetched_at = RefreshingToken(issuer, margin=margin, now=time), [0.0]
    for wait in waits:
        time.seconds += wait
        before = issuer.issued
        assert text_of(token.ask()) == f"token-{issuer.issued}"
        if issuer.issued > before:
            fetched_at.append(time.seconds)
        assert time.seconds < fetched_at[-1] + life


def test_a_token_by_its_date_is_kept_until_then(monkeypatch: pytest.MonkeyPatch) -> None:
    class Dated(NamedTuple):  # as `azure.core.credentials.AccessToken`
        token: str
        expires_on: int

    monkeypatch.setattr("time.time", lambda: 1_000_000.0)
    time = Time()
    fetched = iter([Dated("first", 1_000_000 + 100), Dated("second", 1_000_000 + 100)])
    token = RefreshingToken(lambda: next(fetched), margin=10.0, now=time)
    assert text_of(token.ask()) == "first"
    time.seconds = 89.0
    assert text_of(token.ask()) == "first"
    time.seconds = 90.0
    assert text_of(token.ask()) == "second"


def test_a_token_that_was_refused_is_fetched_anew_and_only_that_one() -> None:
    token = RefreshingToken(issuer := Issuer())
    first = token.ask().unwrap()
    token.forget(first)
    assert text_of(token.ask()) == "token-2"
    token.forget(first)  # by another request, which was sent before
    assert (text_of(token.ask()), issuer.issued) == ("token-2", 2)


def test_however_many_threads_ask_one_fetches() -> None:
    fetching, let_go = Event(), Event()
    issuer = Issuer()

    def slowly() -> Fetched:
        fetching.set()
        assert let_go.wait(10)
        return AccessToken("token", HOUR)

    issuer.instead = slowly
    token, told = RefreshingToken(issuer), list[str]()
    threads = [Thread(target=lambda: told.append(text_of(token.ask()))) for _ in range(8)]
    for thread in threads:
        thread.start()
    assert fetching.wait(10)
    let_go.set()
    for thread in threads:
        thread.join(10)
    assert (told, issuer.issued) == (["token"] * 8, 1)


def test_those_who_wait_for_a_fetch_that_fails_do_not_fetch_one_after_another() -> None:
    fetching, let_go = Event(), Event()
    issuer = Issuer()

    def slowly() -> Fetched:
        fetching.set()
        assert let_go.wait(10)
        return Failure(NotSent("dns", "no such name"))

    issuer.instead = slowly
    token, told = RefreshingToken(issuer), list[str]()
    threads = [Thread(target=lambda: told.append(text_of(token.ask()))) for _ in range(4)]
    threads[0].start()
    assert fetching.wait(10)
    for thread in threads[1:]:
        thread.start()
    while any(thread.is_alive() for thread in threads[1:]) and waiting(token) < 3:
        Event().wait(0.001)
    let_go.set()
    for thread in threads:
        thread.join(10)
    assert (told, issuer.issued) == (["not sent (dns): the token could not be fetched: no such name"] * 4, 1)


def waiting(token: Any) -> int:
    """How many threads wait for the fetch of another."""
    return len(token._state.changed._waiters)


def test_while_one_thread_fetches_the_others_use_the_token_that_is_still_good() -> None:
    time, issuer = Time(), Issuer()
    token = RefreshingToken(issuer, margin=600.0, now=time)
    token.ask()
    time.seconds = HOUR - 500.0
    meanwhile = list[str]()

    def asks_meanwhile() -> Fetched:
        other = Thread(target=lambda: meanwhile.append(text_of(token.ask())))
        other.start()
        other.join(10)
        return AccessToken("token-new", HOUR)

    issuer.instead = asks_meanwhile
    assert text_of(token.ask()) == "token-new"
    assert meanwhile == ["token-1"]


def test_a_fetch_that_fails_within_the_margin_leaves_the_token_that_is_good_and_is_tried_again_a_second_later() -> None:
    time, issuer = Time(), Issuer()
    token = RefreshingToken(issuer, margin=600.0, now=time)
    token.ask()
    issuer.instead = raised(OSError("down"))
    time.seconds = HOUR - 500.0
    assert [text_of(token.ask()), text_of(token.ask())] == ["token-1", "token-1"]
    assert issuer.issued == 2
    time.seconds += 1.0
    assert (text_of(token.ask()), issuer.issued) == ("token-1", 3)
    time.seconds = HOUR
    assert text_of(token.ask()) == "not sent (invalid_request): the function that fetches it raised OSError"


@pytest.mark.parametrize(
    ("error", "kind", "said"),
    [
        (NotSent("refused", "h:1: refused"), "refused", "h:1: refused"),
        (Interrupted("reset", "it broke"), "unreachable", "it broke"),
        (ApiError(status=503), "unreachable", "the server answered 503"),
        (ApiError(status=401, body=b"hush"), "invalid_request", "the server answered 401"),
        (InvalidArgument("scope", "it is empty"), "invalid_request", "it is empty"),
    ],
)
def test_why_there_is_no_token_decides_whether_a_retry_can_help(error: Error, kind: str, said: str) -> None:
    asked = RefreshingToken(lambda: Failure(error)).ask()
    assert is_failure(asked)
    assert (asked.failure().kind, asked.failure().reason) == (kind, f"the token could not be fetched: {said}")
    assert asked.failure().retryable == (kind != "invalid_request")


@pytest.mark.parametrize(
    ("fetched", "said"),
    [
        (None, "returned a NoneType; it must be an AccessToken"),
        ("hush-0123456789", "returned a str; it must be an AccessToken"),
        (AccessToken("hush hush", HOUR), "what was fetched is no token: a secret is made of visible ASCII"),
        (AccessToken("", HOUR), "what was fetched is no token"),
        (AccessToken("hush-0123456789", float("nan")), "it must be an AccessToken"),
        (AccessToken("hush-0123456789", 0.0), "the token had expired when it was there"),
        (Success(3), "returned a int"),
    ],
)
def test_what_is_no_token_is_said_without_showing_it(fetched: Any, said: str) -> None:
    asked = RefreshingToken(lambda: fetched).ask()
    assert said in text_of(asked)
    assert "hush" not in text_of(asked)


def test_an_interrupt_of_the_user_ends_the_fetch_and_the_next_who_asks_begins_another() -> None:
    issuer = Issuer()
    issuer.instead = raised(KeyboardInterrupt())
    token = RefreshingToken(issuer)
    with pytest.raises(KeyboardInterrupt):
        token.ask()
    issuer.instead = None
    assert text_of(token.ask()) == "token-2"


def test_a_child_process_does_not_wait_for_the_fetch_of_a_thread_that_it_does_not_have() -> None:
    fetching, let_go = Event(), Event()

    def slowly() -> Fetched:
        if os.getpid() != parent:
            return AccessToken("of-the-child", HOUR)
        fetching.set()
        assert let_go.wait(10)
        return AccessToken("of-the-parent", HOUR)

    parent, token = os.getpid(), RefreshingToken(slowly)
    thread = Thread(target=token.ask)
    thread.start()
    assert fetching.wait(10)
    child = os.fork()
    if child == 0:
        os._exit(0 if text_of(token.ask()) == "of-the-child" else 1)
    try:
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    finally:
        let_go.set()
        thread.join(10)
    assert text_of(token.ask()) == "of-the-parent"


def test_a_token_shows_nothing() -> None:
    token = RefreshingToken(lambda: AccessToken("hush-0123456789", HOUR))
    token.ask()
    shown = f"{token!r} {AccessToken('hush-0123456789', 1.0)!r}"
    assert shown == "RefreshingToken([redacted]) AccessToken(token=[redacted], expires_in=1.0)"


@pytest.mark.parametrize("margin", [0.0, -1.0, float("nan"), "10", True])
def test_a_margin_that_is_no_time_is_refused(margin: Any) -> None:
    with pytest.raises(ValueError, match="invalid argument 'margin'"):
        RefreshingToken(Issuer(), margin=margin)


def test_what_is_no_function_is_refused() -> None:
    wrong: Any = "token"
    with pytest.raises(ValueError, match="invalid argument 'fetch': it is a str; it must be a function"):
        RefreshingToken(wrong)


# --- asked for by a transport ---------------------------------------------------------------------


def asked_of(source: Any) -> AskedCredential:
    return AskedCredential("api_key", "Authorization", "Bearer ", source)


def test_a_function_is_asked_at_each_request() -> None:
    keys = iter(["sk-one-0123456789", "sk-two-0123456789"])
    credential = asked_of(lambda: next(keys))
    assert [text_of(credential.ask()), text_of(credential.ask())] == ["sk-one-0123456789", "sk-two-0123456789"]
    assert credential.ready() is None


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (raised(ValueError("hush")), "api_key: the function that was given raised ValueError"),
        (lambda: None, "api_key: the function that was given returned a NoneType; it must be a key"),
        (lambda: "", "api_key: the function that was given returned an empty string; it must be a key"),
        (lambda: "hush\n", "api_key: what the function returned is no key: a secret is made of visible"),
        (RefreshingToken(raised(ValueError("hush"))), "api_key: the function that fetches it raised ValueError"),
    ],
)
def test_a_failure_names_what_was_given_and_shows_nothing(source: Any, said: str) -> None:
    asked = asked_of(source).ask()
    assert text_of(asked).startswith(f"not sent (invalid_request): {said}")
    assert "hush" not in text_of(asked)


def test_the_last_credentials_that_were_used_are_known() -> None:
    keys = [f"sk-{number}" for number in range(40)]
    source = iter([*keys, "sk-38", "sk-38"])
    credential = asked_of(lambda: next(source))
    for _ in range(42):
        credential.ask()
    assert [secret.reveal() for secret in credential.used] == ["sk-38", "sk-39", *reversed(keys[24:38])]


def test_a_header_of_it_shows_as_redacted() -> None:
    credential = asked_of(lambda: "sk-hush-0123456789")
    name, value = credential.header_of(credential.ask().unwrap())
    assert (name, str.__str__(value)) == ("Authorization", "Bearer sk-hush-0123456789")
    assert "hush" not in f"{value} {value!r} {credential!r} {credential.used!r}"
