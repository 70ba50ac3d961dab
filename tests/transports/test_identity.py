"""What of a transport's headers and parameters is secret, and what of an answer or an error is redacted."""

from __future__ import annotations

from typing import Any

import pytest

from puresponse.core import HttpResponse, Interrupted, InvalidArgument, NotSent
from puresponse.transports.network.credentials import Identity, identity_of
from puresponse.transports.network.secret import Secret

KEY = "sk-proj-0123456789"


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.delenv(name, raising=False)


def made(**arguments: Any) -> Identity:
    given: dict[str, Any] = {
        "api_key": None,
        "organization": None,
        "project": None,
        "azure_api_version": None,
        "default_headers": {},
        "default_query": {},
        "agent": None,
    }
    return identity_of(**{**given, **arguments})


@pytest.mark.parametrize(
    ("headers", "secrets"),
    [
        ({"Authorization": "Bearer sk-0123456789"}, ["sk-0123456789"]),
        ({"X-Auth-Token": "sk-0123456789"}, ["sk-0123456789"]),
        ({"Cookie": "first=c-0123456789; s=d-0123456789"}, ["first=c-0123456789", "c-0123456789"]),
        ({"Authorization": 'Token token="sk-0123456789"'}, ['token="sk-0123456789"', "sk-0123456789"]),
        ({"X-Api-Key": "short"}, []),
        ({"X-Api-Key": "seven77"}, []),
        ({"X-Api-Key": "eight888"}, ["eight888"]),
        ({"X-Api-Key": ""}, []),
        ({"Idempotency-Key": "0123456789", "X-Team": "0123456789"}, []),
    ],
)
def test_what_is_secret_in_a_header_is_known(headers: dict[str, str], secrets: list[str]) -> None:
    known = [secret.reveal() for secret in made(default_headers=headers).secrets]
    assert known[: len(secrets)] == secrets
    assert bool(known) == bool(secrets)


def test_each_cookie_is_a_secret() -> None:
    identity = made(default_headers={"Cookie": "first=c-0123456789; second=d-0123456789"})
    assert identity.redact_text("c-0123456789 and d-0123456789") == "[redacted] and [redacted]"


def test_the_query_is_told_apart_and_hidden_where_it_is_a_credential() -> None:
    identity = made(default_query={"tenant": "t", "code": "c-0123456789", "page_token": "p", "sig": ""})
    assert identity.shown_query == (("tenant", "t"), ("page_token", "p"), ("sig", ""))
    assert identity.hidden_query == (("code", "c-0123456789"),)
    assert "0123456789" not in repr(identity)
    assert [secret.reveal() for secret in identity.secrets] == ["c-0123456789"]


def test_an_answer_is_redacted_in_its_body_and_headers_and_of_the_servers_own_credentials() -> None:
    response = HttpResponse(
        status=401, headers=(("X-Said", KEY), ("Set-Cookie", "a=b"), ("date", "d")), body=f"not {KEY}".encode()
    )
    assert made(api_key=KEY).redact(response) == HttpResponse(
        status=401,
        headers=(("X-Said", "[redacted]"), ("Set-Cookie", "[redacted]"), ("date", "d")),
        body=b"not [redacted]",
    )


def test_an_error_of_the_network_is_redacted_and_any_other_is_as_it_is() -> None:
    identity = made(api_key=KEY)
    assert identity.redact_error(NotSent("proxy", f"407 {KEY}")) == NotSent("proxy", "407 [redacted]")
    assert identity.redact_error(Interrupted("reset", KEY)) == Interrupted("reset", "[redacted]")
    other = InvalidArgument("a", "b")
    assert identity.redact_error(other) is other


def test_more_secrets_are_known_besides_the_first_if_they_are_long_enough() -> None:
    identity = made(api_key=KEY).with_secrets((Secret("p-0123456789"), Secret("short")))
    assert identity.redact_text(f"{KEY} p-0123456789 short") == "[redacted] [redacted] short"
