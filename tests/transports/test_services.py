"""Which service is asked, and with which credential: what the arguments and the variables mean together."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import openai
import pytest

from puresponse.transports.network.credentials import Identity, identity_of
from puresponse.transports.network.environment import (
    AZURE_AD_TOKEN,
    AZURE_API_KEY,
    AZURE_API_VERSION,
    AZURE_ENDPOINT,
    setting,
)
from puresponse.transports.network.regions import REGIONS, region_url
from puresponse.transports.network.secret import Hidden, Secret
from puresponse.transports.network.services import Service, service_of
from puresponse.transports.network.tokens import AccessToken, RefreshingToken

ENDPOINT = "https://example.openai.azure.com"
VARIABLES = (
    "OPENAI_API_KEY",
    "OPENAI_BASE_URL",
    "OPENAI_ORG_ID",
    "OPENAI_PROJECT_ID",
    "AZURE_OPENAI_ENDPOINT",
    "AZURE_OPENAI_API_KEY",
    "AZURE_OPENAI_AD_TOKEN",
    "OPENAI_API_VERSION",
)


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def found(**arguments: Any) -> tuple[str, str | None]:
    given: dict[str, Any] = {"base_url": None, **arguments}
    service = service_of(**given)
    return str.__str__(service.base_url.text), service.azure_api_version


def identity(**arguments: Any) -> Identity:
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


def credential(**arguments: Any) -> tuple[str, str] | None:
    """The header that has the credential."""
    made = identity(**arguments)
    if made.asked is not None:
        name, value = made.asked.header_of(made.asked.ask().unwrap())
        return name, str.__str__(value)
    hidden = [(name, str.__str__(value)) for name, value in made.headers if isinstance(value, Hidden)]
    return hidden[0] if hidden else None


# --- regions -------------------------------------------------------------------------------------


def test_the_regions_are_those_of_the_official_client() -> None:
    theirs: dict[str, str] = vars(import_module("openai._data_residency"))["_DATA_RESIDENCY_BASE_URLS"]
    hosts: dict[str, str] = vars(import_module("openai.auth._x509"))["_MTLS_REGIONAL_BASE_URLS"]
    certified = {f"mtls-{name}".removesuffix("-global"): url for name, url in hosts.items()}
    assert {**theirs, **certified} == REGIONS


@pytest.mark.parametrize("region", list(REGIONS))
def test_a_region_has_a_base_url(region: str) -> None:
    assert found(region=region) == (REGIONS[region], None)


@pytest.mark.parametrize("region", ["EU", "", "europe", 3, ["eu"]])
def test_a_region_that_there_is_not_is_refused_with_those_that_there_are(region: Any) -> None:
    with pytest.raises(ValueError, match="invalid argument 'region'") as raised:
        region_url(region)
    assert str(raised.value).endswith(f"it must be one of {', '.join(map(repr, REGIONS))}")
    assert repr(region) in str(raised.value)


def test_a_key_in_place_of_a_region_is_not_shown() -> None:
    with pytest.raises(ValueError, match="invalid argument 'region'") as raised:
        region_url("sk-proj-0123456789abcdef0123456789")
    assert "0123456789" not in str(raised.value)


# --- where ---------------------------------------------------------------------------------------


def test_where_nothing_says_it_the_api_is_asked_and_with_a_certificate_at_its_host_for_those() -> None:
    assert found() == ("https://api.openai.com/v1", None)
    assert found(has_certificate=True) == ("https://mtls.api.openai.com/v1", None)
    assert found(has_certificate=True, base_url="https://h/v1") == ("https://h/v1", None)
    assert found(has_certificate=True, region="global") == ("https://api.openai.com/v1", None)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"base_url": "https://h", "region": "eu"}, "'region': base_url is given as well"),
        ({"base_url": "https://h", "azure_endpoint": ENDPOINT}, "'azure_endpoint': base_url is given as well"),
        ({"region": "eu", "azure_endpoint": ENDPOINT}, "'azure_endpoint': region is given as well"),
        ({"region": "eu", "azure_api_version": "v1"}, "'region': it is a region of the API"),
        ({"region": "eu", "has_azure_token": True}, "'region': it is a region of the API"),
    ],
)
def test_two_settings_that_say_where_are_refused(arguments: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match="invalid argument") as raised:
        found(**arguments)
    assert named in str(raised.value)


@pytest.mark.parametrize(
    ("version", "path"),
    [
        (None, "/openai/v1"),
        ("v1", "/openai/v1"),
        ("preview", "/openai/v1"),
        ("2025-04-01-preview", "/openai"),
        ("2024-10-21", "/openai"),
    ],
)
@pytest.mark.parametrize("end", ["", "/"])
def test_an_endpoint_of_azure_has_a_base_url_that_depends_on_the_version(
    version: str | None, path: str, end: str
) -> None:
    assert found(azure_endpoint=ENDPOINT + end, azure_api_version=version) == (ENDPOINT + path, version or "v1")


def test_azures_addresses_are_those_of_the_official_client() -> None:
    client = openai.AzureOpenAI(azure_endpoint=ENDPOINT, api_version="2025-04-01-preview", api_key="k")
    url, version = found(azure_endpoint=ENDPOINT, azure_api_version="2025-04-01-preview")
    assert (f"{url}/", {"api-version": version}) == (str(client.base_url), dict(client.default_query))


@pytest.mark.parametrize(
    ("variables", "arguments", "expected"),
    [
        ({"AZURE_OPENAI_ENDPOINT": ENDPOINT}, {}, (f"{ENDPOINT}/openai/v1", "v1")),
        (
            {"AZURE_OPENAI_ENDPOINT": ENDPOINT, "OPENAI_API_VERSION": "2024-10-21"},
            {},
            (f"{ENDPOINT}/openai", "2024-10-21"),
        ),
        ({"AZURE_OPENAI_ENDPOINT": ENDPOINT, "OPENAI_API_KEY": "k"}, {}, ("https://api.openai.com/v1", None)),
        ({"AZURE_OPENAI_ENDPOINT": ENDPOINT, "OPENAI_BASE_URL": "https://h/v1"}, {}, ("https://h/v1", None)),
        ({"AZURE_OPENAI_ENDPOINT": ENDPOINT}, {"base_url": "https://h/v1"}, ("https://h/v1", None)),
        ({"AZURE_OPENAI_ENDPOINT": ENDPOINT}, {"region": "eu"}, ("https://eu.api.openai.com/v1", None)),
        ({"AZURE_OPENAI_ENDPOINT": ENDPOINT}, {"has_key": True}, ("https://api.openai.com/v1", None)),
        ({"OPENAI_API_VERSION": "2024-10-21"}, {}, ("https://api.openai.com/v1", None)),
        (
            {"AZURE_OPENAI_ENDPOINT": ENDPOINT, "OPENAI_API_KEY": "k"},
            {"azure_api_version": "v1"},
            (f"{ENDPOINT}/openai/v1", "v1"),
        ),
        ({"AZURE_OPENAI_ENDPOINT": ENDPOINT}, {"has_azure_token": True}, (f"{ENDPOINT}/openai/v1", "v1")),
        ({"OPENAI_BASE_URL": f"{ENDPOINT}/x"}, {"azure_api_version": "v1"}, (f"{ENDPOINT}/x", "v1")),
        ({}, {"base_url": "https://h/x", "azure_api_version": "v2"}, ("https://h/x", "v2")),
        ({"AZURE_OPENAI_ENDPOINT": "https://other"}, {"azure_endpoint": ENDPOINT}, (f"{ENDPOINT}/openai/v1", "v1")),
        ({"OPENAI_BASE_URL": "https://h/v1"}, {"region": "jp"}, ("https://jp.api.openai.com/v1", None)),
    ],
)
def test_an_argument_goes_before_every_variable_and_what_is_set_up_for_the_api_stays_there(
    variables: dict[str, str],
    arguments: dict[str, Any],
    expected: tuple[str, str | None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, text in variables.items():
        monkeypatch.setenv(name, text)
    assert found(**arguments) == expected


@pytest.mark.parametrize(
    ("variables", "arguments", "said"),
    [
        ({}, {"azure_api_version": "v1"}, "argument 'azure_endpoint': it is missing, and so is AZURE_OPENAI_ENDPOINT"),
        ({}, {"azure_endpoint": f"{ENDPOINT}/openai/"}, "argument 'azure_endpoint': its path must not end in /openai"),
        (
            {"AZURE_OPENAI_ENDPOINT": f"{ENDPOINT}/openai/v1"},
            {},
            "environment variable 'AZURE_OPENAI_ENDPOINT': its path must not end in /openai",
        ),
        (
            {"AZURE_OPENAI_ENDPOINT": ENDPOINT, "OPENAI_API_VERSION": "v-1"},
            {},
            "environment variable 'OPENAI_API_VERSION': it is 'v-1'; it must be 'v1', 'preview', or a day such as",
        ),
        (
            {},
            {"azure_endpoint": ENDPOINT, "azure_api_version": "2"},
            "argument 'azure_api_version': it is '2'; it must be 'v1'",
        ),
        ({}, {"azure_endpoint": ENDPOINT, "azure_api_version": ""}, "argument 'azure_api_version': it is empty"),
        (
            {"AZURE_OPENAI_ENDPOINT": ENDPOINT, "OPENAI_API_VERSION": "sk-0123456789abcdef0123456789"},
            {},
            "environment variable 'OPENAI_API_VERSION': it is [redacted]; it must be",
        ),
    ],
)
def test_what_is_malformed_is_refused_by_the_name_of_what_it_was(
    variables: dict[str, str], arguments: dict[str, Any], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in variables.items():
        monkeypatch.setenv(name, text)
    with pytest.raises(ValueError, match="invalid") as raised:
        found(**arguments)
    assert str(raised.value).startswith(f"invalid {said}")


def test_nothing_of_a_setting_is_shown() -> None:
    service = Service(setting("base_url", "https://hush") or pytest.fail("it was given"), None)
    assert "hush" not in repr(service)


# --- with which credential -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variables", "arguments", "expected"),
    [
        ({"OPENAI_API_KEY": "sk-1"}, {}, ("Authorization", "Bearer sk-1")),
        ({"AZURE_OPENAI_API_KEY": "az-1"}, {}, None),
        ({"AZURE_OPENAI_API_KEY": "az-1"}, {"azure_api_version": "v1"}, ("api-key", "az-1")),
        (
            {"AZURE_OPENAI_API_KEY": "az-1", "AZURE_OPENAI_AD_TOKEN": "ad-1"},
            {"azure_api_version": "v1"},
            ("Authorization", "Bearer ad-1"),
        ),
        (
            {"AZURE_OPENAI_API_KEY": "az-1", "OPENAI_API_KEY": "sk-1"},
            {"azure_api_version": "v1"},
            ("api-key", "az-1"),
        ),
        ({"OPENAI_API_KEY": "sk-1"}, {"azure_api_version": "v1"}, ("api-key", "sk-1")),
        ({"AZURE_OPENAI_AD_TOKEN": "ad-1"}, {"azure_api_version": "v1", "api_key": "az-2"}, ("api-key", "az-2")),
        ({"AZURE_OPENAI_AD_TOKEN": "ad-1"}, {"azure_api_version": "v1", "api_key": ""}, None),
        (
            {"AZURE_OPENAI_API_KEY": "az-1"},
            {"azure_api_version": "v1", "azure_ad_token": "ad-2"},
            ("Authorization", "Bearer ad-2"),
        ),
        ({}, {"azure_api_version": "v1", "azure_ad_token": Secret("ad-3")}, ("Authorization", "Bearer ad-3")),
        ({}, {"azure_api_version": "v1", "azure_ad_token": lambda: "ad-4"}, ("Authorization", "Bearer ad-4")),
        ({}, {"azure_api_version": "v1", "api_key": lambda: "az-5"}, ("api-key", "az-5")),
        ({"OPENAI_API_KEY": "sk-1"}, {"api_key": lambda: Secret("sk-6")}, ("Authorization", "Bearer sk-6")),
        ({}, {"api_key": RefreshingToken(lambda: AccessToken("t-7", 60.0))}, ("Authorization", "Bearer t-7")),
    ],
)
def test_a_request_has_one_credential(
    variables: dict[str, str],
    arguments: dict[str, Any],
    expected: tuple[str, str] | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, text in variables.items():
        monkeypatch.setenv(name, text)
    assert credential(**arguments) == expected


def test_the_variables_of_azure_are_those_of_the_official_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(AZURE_ENDPOINT, ENDPOINT)
    monkeypatch.setenv(AZURE_API_VERSION, "2024-10-21")
    monkeypatch.setenv(AZURE_API_KEY, "az-1")
    client = openai.AzureOpenAI()
    assert (str(client.base_url), client.api_key) == (f"{found()[0]}/", "az-1")
    assert found()[1] == dict(client.default_query)["api-version"]
    monkeypatch.setenv(AZURE_AD_TOKEN, "ad-1")
    theirs = openai.AzureOpenAI()
    assert credential(azure_api_version="2024-10-21") == ("Authorization", f"Bearer {vars(theirs)['_azure_ad_token']}")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"api_key": "a", "azure_ad_token": "b"}, "'azure_ad_token': api_key is given as well"),
        ({"api_key": 3}, "'api_key': it is a int; it must be a text, a Secret, a function"),
        ({"azure_ad_token": b"hush"}, "'azure_ad_token': it is a bytes; it must be a text"),
        ({"azure_ad_token": "hush hush"}, "'azure_ad_token': a secret is made of"),
    ],
)
def test_what_is_no_credential_is_refused_and_not_shown(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match="invalid argument") as raised:
        identity(azure_api_version="v1", **arguments)
    assert said in str(raised.value)
    assert "hush" not in str(raised.value)


@pytest.mark.parametrize(
    "name", ["OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "AZURE_OPENAI_API_KEY", "AZURE_OPENAI_AD_TOKEN"]
)
def test_a_variable_that_could_be_no_header_is_refused_by_its_name(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "hush\nhush")
    with pytest.raises(ValueError, match=f"invalid environment variable '{name}'"):
        identity(azure_api_version="v1")


def test_a_default_header_of_that_name_overrides_a_credential_that_is_asked_for() -> None:
    made = identity(api_key=lambda: "sk-1", default_headers={"authorization": "Bearer sk-other-0123"})
    assert made.asked is None
    assert [str.__str__(value) for name, value in made.headers if name == "authorization"] == ["Bearer sk-other-0123"]


def test_credentials_that_were_asked_for_are_redacted() -> None:
    keys = iter(["sk-one-0123456789", "sk-two-0123456789"])
    made = identity(api_key=lambda: next(keys))
    assert made.asked is not None
    for _ in range(2):
        assert made.asked.ask()
    assert made.redact_text("sk-one-0123456789 sk-two-0123456789 sk-three") == "[redacted] [redacted] sk-three"
    assert "0123456789" not in repr(made)
