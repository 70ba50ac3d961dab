"""Tokens of the services that issue them: what is sent, what is made of the answers, and what is never shown."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from openai.auth import x509_workload_identity

from puresponse.core.errors import NotSent
from puresponse.core.http import HttpRequest, HttpResponse
from puresponse.core.results import is_failure
from puresponse.transports import (
    AccessToken,
    RefreshingToken,
    Secret,
    StubTransport,
    TokenFile,
    entra_token,
    json_response,
    managed_identity,
    workload_identity,
)

ISSUED = json_response({"access_token": "issued-0123456789", "expires_in": 3600, "token_type": "Bearer"})
THEIRS: dict[str, Any] = vars(import_module("openai.auth._workload"))
IDS: dict[str, Any] = {"identity_provider_id": "idp-123", "service_account_id": "sa-456"}


def asked_of(token: RefreshingToken) -> str | NotSent:
    asked = token.ask()
    return asked.failure() if is_failure(asked) else asked.unwrap().reveal()


def only(stub: StubTransport) -> HttpRequest:
    (request,) = stub.requests
    return request


def test_a_workload_exchanges_what_proves_who_it_is_as_the_official_client_does() -> None:
    stub = StubTransport.answering(ISSUED)
    token = workload_identity(stub, **IDS, subject_token=lambda: "subject-0123456789")
    assert stub.requests == ()
    assert [asked_of(token), asked_of(token)] == ["issued-0123456789"] * 2
    request = only(stub)
    assert (request.method, request.path) == ("POST", "/oauth/token")
    assert THEIRS["DEFAULT_TOKEN_EXCHANGE_URL"] == "https://auth.openai.com/oauth/token"
    assert json.loads(request.body or b"") == {
        "grant_type": THEIRS["TOKEN_EXCHANGE_GRANT_TYPE"],
        "subject_token": "subject-0123456789",
        "subject_token_type": THEIRS["SUBJECT_TOKEN_TYPES"]["jwt"],
        **IDS,
    }


def test_an_id_token_is_called_so() -> None:
    stub = StubTransport.answering(ISSUED)
    asked_of(workload_identity(stub, **IDS, subject_token=lambda: Secret("s"), subject_type="id"))
    assert json.loads(only(stub).body or b"")["subject_token_type"] == THEIRS["SUBJECT_TOKEN_TYPES"]["id"]


def test_a_certificate_proves_it_as_for_the_official_client() -> None:
    stub = StubTransport.answering(ISSUED)
    asked_of(workload_identity(stub, **IDS, subject_token=None))
    payload: Any = vars(import_module("openai.auth._x509"))["_exchange_payload"]
    assert json.loads(only(stub).body or b"") == payload(x509_workload_identity(**IDS))


def test_the_token_of_a_machine_can_prove_it() -> None:
    machine = StubTransport.answering(json_response({"access_token": "machine-0123", "expires_in": "3599"}))
    stub = StubTransport.answering(ISSUED)
    subject = managed_identity(machine, resource="https://management.azure.com/", client_id="c-1")
    assert asked_of(workload_identity(stub, **IDS, subject_token=subject)) == "issued-0123456789"
    request = only(machine)
    assert (request.path, request.headers) == ("/metadata/identity/oauth2/token", (("Metadata", "true"),))
    assert dict(request.query) == {
        "api-version": "2018-02-01",
        "resource": "https://management.azure.com/",
        "client_id": "c-1",
    }
    assert json.loads(only(stub).body or b"")["subject_token"] == "machine-0123"


def test_an_application_is_given_a_token_of_entra_for_its_secret_or_an_assertion(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("asserted-0123\n")
    assertion = TokenFile(str(tmp_path / "token"))
    common = {"grant_type": "client_credentials", "client_id": "app-1"}
    scope = "https://cognitiveservices.azure.com/.default"
    for proof, said in (
        ({"client_secret": "s3cret+/="}, {"client_secret": "s3cret+/="}),
        (
            {"client_assertion": assertion},
            {
                "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion": "asserted-0123",
            },
        ),
    ):
        stub = StubTransport.answering(ISSUED)
        given: dict[str, Any] = dict(proof)
        assert asked_of(entra_token(stub, tenant="t-1", client_id="app-1", **given)) == "issued-0123456789"
        request = only(stub)
        assert request.path == "/t-1/oauth2/v2.0/token"
        assert dict(parse_qsl((request.body or b"").decode())) == {**common, "scope": scope, **said}
        assert request.headers == (("Content-Type", "application/x-www-form-urlencoded"),)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (
            json_response({"error": "invalid_grant", "error_description": "hush"}, status=400),
            NotSent("invalid_request", "the token could not be fetched: the server answered 400 (invalid_grant)"),
        ),
        (
            json_response({"error": "hush hush"}, status=403),
            NotSent("invalid_request", "the token could not be fetched: the server answered 403"),
        ),
        (HttpResponse(status=503), NotSent("unreachable", "the token could not be fetched: the server answered 503")),
        (
            json_response({"access_token": "hush"}),
            NotSent("invalid_request", "the token could not be fetched: expected an access_token and expires_in"),
        ),
        (
            json_response({"access_token": "hush", "expires_in": "soon"}),
            NotSent("invalid_request", "the token could not be fetched: expected an access_token and expires_in"),
        ),
        (
            HttpResponse(status=200, body=b"<html>hush"),
            NotSent("invalid_request", "the token could not be fetched: expected an access_token and expires_in"),
        ),
        (NotSent("dns", "none"), NotSent("dns", "the token could not be fetched: none")),
    ],
)
def test_why_there_is_no_token_is_said_and_nothing_of_the_answer_shown(answer: Any, error: NotSent) -> None:
    token = workload_identity(StubTransport.answering(answer), **IDS, subject_token=lambda: "hush-0123456789")
    assert asked_of(token) == error
    assert "hush" not in str(error)


def test_without_what_proves_it_nobody_is_asked() -> None:
    def fails() -> str:
        raise OSError("hush")

    machine = StubTransport.answering(NotSent("unreachable", "no route"))
    for subject, said in (
        (fails, "the function that fetches it raised OSError"),
        (lambda: "", "the function that fetches it raised ValueError"),
        (managed_identity(machine), "the token could not be fetched: no route"),
        (TokenFile("/no/such/file"), "the function that fetches it raised FileNotFoundError"),
    ):
        stub = StubTransport.answering(ISSUED)
        given: Any = subject
        told = asked_of(workload_identity(stub, **IDS, subject_token=given))
        assert isinstance(told, NotSent)
        assert said in told.reason
        assert stub.requests == ()


@pytest.mark.parametrize(
    ("make", "arguments", "named"),
    [
        (workload_identity, {**IDS, "service_account_id": "", "subject_token": None}, "service_account_id"),
        (workload_identity, {**IDS, "subject_token": str, "subject_type": "saml"}, "subject_type"),
        (workload_identity, {**IDS, "subject_token": str, "margin": 0.0}, "margin"),
        (entra_token, {"tenant": "a/b", "client_id": "c", "client_secret": "s"}, "tenant"),
        (entra_token, {"tenant": "t", "client_id": 3, "client_secret": "s"}, "client_id"),
        (entra_token, {"tenant": "t", "client_id": "c"}, "client_secret"),
        (entra_token, {"tenant": "t", "client_id": "c", "client_secret": "hush", "client_assertion": str}, "client_s"),
        (entra_token, {"tenant": "t", "client_id": "c", "client_secret": "hush hush"}, "client_secret"),
        (managed_identity, {"resource": ""}, "resource"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(make: Any, arguments: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=f"^invalid argument '{named}") as raised:
        make(StubTransport.answering(), **arguments)
    assert "hush" not in str(raised.value)


def test_a_file_is_read_whenever_it_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text("one\n")
    file = TokenFile(str(path))
    assert file().reveal() == "one"
    path.write_text("two")
    assert (file().reveal(), repr(file)) == ("two", f"TokenFile(path={str(path)!r})")
    path.write_text("no token")
    with pytest.raises(ValueError, match="a secret is made of"):
        file()


def test_a_token_that_was_issued_shows_nowhere() -> None:
    assert "hush" not in repr(AccessToken("hush", 1.0))
