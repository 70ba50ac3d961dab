from __future__ import annotations

import copy
import pickle
import traceback

import pytest

from puresponse.transports.secret import REDACTED, Hidden, HiddenValues, Secret, names_a_credential

KEY = "sk-proj-0123456789abcdef"


def test_a_secret_shows_as_redacted_in_every_form() -> None:
    secret = Secret(KEY)
    assert [repr(secret), str(secret), f"{secret}", f"{secret!r}"] == [
        f"Secret({REDACTED})",
        REDACTED,
        REDACTED,
        f"Secret({REDACTED})",
    ]
    assert KEY not in repr({"key": [secret]})


def test_a_secret_is_revealed_on_demand() -> None:
    assert Secret(KEY).reveal() == KEY


def test_secrets_of_the_same_text_are_equal_and_nothing_else_is() -> None:
    assert Secret(KEY) == Secret(KEY)
    assert hash(Secret(KEY)) == hash(Secret(KEY))
    assert Secret(KEY) != Secret(KEY + "0")
    assert Secret(KEY) != KEY


@pytest.mark.parametrize(
    "text", ["", "sk-\n", "sk-a\r\nX-Injected: 1", "sk a", " sk", "sk\t", "sk\x00", "sk-é", "sk\x7f"]
)
def test_a_text_that_could_not_be_a_header_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(ValueError, match="visible ASCII") as raised:
        Secret(text)
    shown = "".join(traceback.format_exception_only(raised.value))
    assert text == "" or text not in shown


def test_a_secret_is_never_pickled() -> None:
    for value in (Secret(KEY), Secret(KEY).header()):
        with pytest.raises(TypeError, match="never pickled"):
            pickle.dumps(value)


def test_a_copy_of_a_secret_is_the_secret() -> None:
    secret = Secret(KEY)
    assert copy.copy(secret) is secret
    assert copy.deepcopy([secret])[0] is secret


def test_a_header_of_a_secret_encodes_to_its_text_and_shows_as_redacted() -> None:
    value = Secret(KEY).header("Bearer ")
    assert value.encode("latin-1") == f"Bearer {KEY}".encode()
    assert [repr(value), str(value), f"{value}", f"{value:>12}"] == [REDACTED, REDACTED, REDACTED, f"{REDACTED:>12}"]
    assert KEY not in repr({"Authorization": value}.copy())
    assert isinstance(value, Hidden)


def test_hidden_values_show_as_redacted_and_are_plain_strings() -> None:
    headers = HiddenValues({"Proxy-Authorization": KEY})
    assert repr(headers) == "{'Proxy-Authorization': '[redacted]'}"
    assert f"{headers['Proxy-Authorization']}" == KEY


def test_a_secret_is_taken_out_of_what_repeats_it_and_nothing_else_is() -> None:
    secret = Secret(KEY)
    assert secret.redact(f"the key {KEY}, {KEY}") == f"the key {REDACTED}, {REDACTED}"
    assert secret.redact_bytes(f"the key {KEY}".encode()) == f"the key {REDACTED}".encode()
    data = b"no key at all"
    assert secret.redact_bytes(data) is data


@pytest.mark.parametrize(
    "name",
    ["Authorization", "api-key", "X-API-KEY", "Helicone-Auth", "Cookie", "x-session-token", "password", "secret"],
)
def test_a_name_that_says_so_is_that_of_a_credential(name: str) -> None:
    assert names_a_credential(name)


@pytest.mark.parametrize("name", ["User-Agent", "Accept", "OpenAI-Organization", "api-version", "X-Request-Id"])
def test_other_names_are_not_those_of_credentials(name: str) -> None:
    assert not names_a_credential(name)
