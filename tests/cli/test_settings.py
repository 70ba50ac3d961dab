"""What options and environment come to: which service, which form, and what contradicts what."""

from __future__ import annotations

from typing import Any

import pytest

from puresponse.cli.options import Options
from puresponse.cli.service import InMemory, Remote, choose_service, connect, missing_key
from puresponse.cli.settings import Settings, check_settings, settings_of
from puresponse.core import InvalidArgument, RetryPolicy
from puresponse.transports.memory.transport import MemoryTransport
from puresponse.transports.urllib3.transport import Urllib3Transport

KEY = {"OPENAI_API_KEY": "sk-1"}


@pytest.mark.parametrize("environ", [{}, {"OPENAI_API_KEY": ""}, {"OPENAI_BASE_URL": ""}])
def test_without_key_and_base_url_a_key_is_missing(environ: dict[str, str]) -> None:
    service = choose_service(Options(), environ)
    assert service == Remote()
    assert "--base-url" in (missing_key(Remote(), environ) or "")
    assert "--upstream" in (missing_key(Remote(), environ, "--upstream") or "")


@pytest.mark.parametrize(
    "environ",
    [KEY, {"OPENAI_BASE_URL": "http://localhost/v1"}, {"AZURE_OPENAI_ENDPOINT": "https://example.openai.azure.com"}],
)
def test_a_key_or_an_address_means_a_server(environ: dict[str, str]) -> None:
    assert choose_service(Options(), environ) == Remote()
    assert missing_key(Remote(), environ) is None


def test_a_server_that_is_named_by_its_url_needs_no_key() -> None:
    assert missing_key(Remote("http://localhost/v1"), {}) is None
    assert missing_key(InMemory(), {}) is None


def test_options_of_the_service_are_handed_on() -> None:
    options = Options(base_url="http://localhost", organization="org_1", project="proj_1", timeout=2.5)
    assert choose_service(options, {}) == Remote("http://localhost", "org_1", "proj_1", 2.5)


def test_memory_goes_before_a_key() -> None:
    assert choose_service(Options(memory=True), KEY) == InMemory()


@pytest.mark.parametrize(
    ("switch", "service"),
    [("1", InMemory()), ("TRUE", InMemory()), ("on", InMemory()), ("0", Remote()), ("no", Remote()), ("", Remote())],
)
def test_a_variable_does_what_the_option_does(switch: str, service: object) -> None:
    assert choose_service(Options(), {**KEY, "PURESPONSE_MEMORY": switch}) == service


def test_a_variable_that_says_neither_is_refused() -> None:
    said = choose_service(Options(), {"PURESPONSE_MEMORY": "maybe"})
    assert said == "PURESPONSE_MEMORY: given 'maybe'; allowed is 1 or 0"


def test_a_base_url_that_is_given_goes_before_the_variable_and_other_options_contradict_it() -> None:
    environ = {"PURESPONSE_MEMORY": "1"}
    assert choose_service(Options(base_url="http://x"), environ) == Remote("http://x")
    assert choose_service(Options(project="p"), environ) == "--project: of no use with PURESPONSE_MEMORY"


@pytest.mark.parametrize(
    "given", [{"base_url": "http://x"}, {"organization": "o"}, {"project": "p"}, {"timeout": 0.0}], ids=str
)
def test_memory_with_an_option_of_a_server_is_a_contradiction(given: dict[str, Any]) -> None:
    (name,) = given
    said = choose_service(Options(memory=True, **given), KEY)
    assert said == f"--{name.replace('_', '-')}: of no use with --memory"


def test_an_empty_base_url_is_refused() -> None:
    assert choose_service(Options(base_url=""), KEY) == "--base-url is empty"


@pytest.mark.parametrize(
    ("options", "terminal", "json"),
    [
        (Options(), True, False),
        (Options(), False, True),
        (Options(json=True), True, True),
        (Options(table=True), False, False),
    ],
)
def test_the_form_follows_the_terminal_unless_forced(options: Options, terminal: bool, json: bool) -> None:
    settings = settings_of(options, {}, terminal=terminal)
    assert isinstance(settings, Settings)
    assert settings.json is json


def test_both_forms_at_once_are_a_contradiction() -> None:
    said = settings_of(Options(json=True, table=True), {}, terminal=True)
    assert said == "--json and --table exclude each other"


def test_a_contradiction_of_services_comes_through() -> None:
    assert isinstance(settings_of(Options(memory=True, timeout=1.0), {}, terminal=True), str)


def test_defaults_are_those_of_the_library() -> None:
    settings = settings_of(Options(), {}, terminal=True)
    assert settings == Settings(service=Remote(), json=False, retries=RetryPolicy().max_retries, concurrency=16)


def test_no_retries_are_not_the_default_retries() -> None:
    settings = settings_of(Options(retries=0), {}, terminal=True)
    assert isinstance(settings, Settings)
    assert settings.retries == 0


@pytest.mark.parametrize(
    ("options", "parameter"),
    [
        (Options(concurrency=0), "concurrency"),
        (Options(concurrency=257), "concurrency"),
        (Options(retries=-1), "retries"),
        (Options(retries=10**400), "retries"),
    ],
)
def test_a_number_out_of_range_is_an_invalid_argument(options: Options, parameter: str) -> None:
    settings = settings_of(options, {}, terminal=True)
    assert isinstance(settings, Settings)
    invalid = check_settings(settings)
    assert isinstance(invalid, InvalidArgument)
    assert invalid.parameter == parameter


@pytest.mark.parametrize("concurrency", [1, 256])
def test_the_bounds_of_concurrency_are_good(concurrency: int) -> None:
    settings = settings_of(Options(concurrency=concurrency), {}, terminal=True)
    assert isinstance(settings, Settings)
    assert check_settings(settings) is None


def test_options_after_the_command_go_before_those_before_it() -> None:
    before = Options(timeout=1.0, retries=0, json=True)
    assert before.overridden_by(Options(timeout=2.0)) == Options(timeout=2.0, retries=0, json=True)


def test_options_that_a_command_does_not_use_are_named() -> None:
    assert Options(concurrency=0, base_url="x").useless_for(["base_url"]) == ["--concurrency"]


def test_a_server_is_reached_with_what_was_given_and_nothing_else() -> None:
    with connect(Remote("http://localhost:1/v2", timeout=2.5), 3) as transport:
        assert isinstance(transport, Urllib3Transport)
        assert transport.base_url == "http://localhost:1/v2"


def test_the_service_in_memory_starts_afresh() -> None:
    with connect(InMemory(), 16) as transport:
        assert isinstance(transport, MemoryTransport)
        assert transport.requests == ()
