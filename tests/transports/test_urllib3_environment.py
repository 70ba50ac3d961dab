"""What a transport reads from the environment, and when."""

from __future__ import annotations

import pickle

import pytest

from puresponse.core.http import HttpRequest, HttpResponse
from puresponse.core.results import value_or_raise
from puresponse.transports.testing.contract.transports import Recorder
from puresponse.transports.testing.loopback import serving
from puresponse.transports.urllib3.transport import Urllib3Transport

KEY = "sk-proj-0123456789abcdef"
GET = HttpRequest("GET", "/responses/resp_1")


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "*")


def headers_of(transport: Urllib3Transport, service: Recorder) -> dict[str, str]:
    with transport:
        value_or_raise(transport(GET))
    own = {"Authorization", "OpenAI-Organization", "OpenAI-Project"}
    return {name: value for name, value in service.requests[-1].headers if name in own}


def test_key_organization_project_and_base_url_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    service = Recorder(HttpResponse(status=200))
    with serving(service) as base_url:
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        monkeypatch.setenv("OPENAI_ORG_ID", "org-1")
        monkeypatch.setenv("OPENAI_PROJECT_ID", "proj_1")
        monkeypatch.setenv("OPENAI_BASE_URL", base_url)
        assert headers_of(Urllib3Transport(), service) == {
            "Authorization": f"Bearer {KEY}",
            "OpenAI-Organization": "org-1",
            "OpenAI-Project": "proj_1",
        }


def test_what_is_given_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    service = Recorder(HttpResponse(status=200))
    with serving(service) as base_url:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-environment")
        monkeypatch.setenv("OPENAI_ORG_ID", "org-of-the-environment")
        monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-of-the-environment")
        monkeypatch.setenv("OPENAI_BASE_URL", "http://no-such-host.invalid")
        transport = Urllib3Transport(api_key=KEY, organization="org-1", project="proj_1", base_url=base_url)
        assert headers_of(transport, service) == {
            "Authorization": f"Bearer {KEY}",
            "OpenAI-Organization": "org-1",
            "OpenAI-Project": "proj_1",
        }


def test_what_is_given_as_empty_is_left_out_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    service = Recorder(HttpResponse(status=200))
    with serving(service) as base_url:
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        monkeypatch.setenv("OPENAI_ORG_ID", "org-1")
        monkeypatch.setenv("OPENAI_PROJECT_ID", "proj_1")
        assert headers_of(Urllib3Transport(api_key="", organization="", project="", base_url=base_url), service) == {}


def test_an_empty_variable_counts_as_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_BASE_URL"):
        monkeypatch.setenv(name, "")
    assert Urllib3Transport().base_url == "https://api.openai.com/v1"
    service = Recorder(HttpResponse(status=200))
    with serving(service) as base_url:
        assert headers_of(Urllib3Transport(base_url=base_url), service) == {}


def test_the_environment_is_read_when_the_transport_is_made_and_not_later(monkeypatch: pytest.MonkeyPatch) -> None:
    service = Recorder(HttpResponse(status=200))
    with serving(service) as base_url:
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        transport = Urllib3Transport(base_url=base_url)
        monkeypatch.setenv("OPENAI_API_KEY", "sk-of-later")
        assert headers_of(transport, service) == {"Authorization": f"Bearer {KEY}"}


@pytest.mark.parametrize(
    "key", ["sk-hush-0123456789\n", "sk-hush-0123456789\r\nX-Injected: 1", "sk hush", "sk-hush-\x7f"]
)
def test_a_key_that_could_not_be_a_header_is_refused_and_not_shown(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", key)
    for given, named in ((key, "argument 'api_key'"), (None, "environment variable 'OPENAI_API_KEY'")):
        with pytest.raises(ValueError, match=f"invalid {named}: a secret is made of") as raised:
            Urllib3Transport(api_key=given)
        assert "hush" not in str(raised.value)
        assert raised.value.__cause__ is None
        assert raised.value.__suppress_context__


def test_a_base_url_with_a_password_is_refused_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "https://user:hush@gateway.example/v1")
    with pytest.raises(ValueError, match="invalid environment variable 'OPENAI_BASE_URL'") as raised:
        Urllib3Transport()
    assert "hush" not in str(raised.value)


def test_an_unpickled_transport_reads_the_environment_again(monkeypatch: pytest.MonkeyPatch) -> None:
    service = Recorder(HttpResponse(status=200))
    with serving(service) as base_url:
        pickled = pickle.dumps(Urllib3Transport(api_key="sk-given-0123456789", organization="org-1", base_url=base_url))
        assert b"sk-given" not in pickled
        assert headers_of(pickle.loads(pickled), service) == {"OpenAI-Organization": "org-1"}
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        monkeypatch.setenv("OPENAI_PROJECT_ID", "proj_1")
        assert headers_of(pickle.loads(pickled), service) == {
            "Authorization": f"Bearer {KEY}",
            "OpenAI-Organization": "org-1",
            "OpenAI-Project": "proj_1",
        }


def test_a_transport_that_was_made_to_go_without_a_key_goes_without_when_unpickled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    service = Recorder(HttpResponse(status=200))
    with serving(service) as base_url:
        transport = pickle.loads(pickle.dumps(Urllib3Transport(api_key="", base_url=base_url)))
        assert headers_of(transport, service) == {}
