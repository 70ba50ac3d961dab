"""The configuration of named services: what is read, what is refused, and which service a command asks."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from command_lines import run
from msgspec.structs import asdict

from puresponse.cli.configuration.services import Configuration, Service, read_configuration, usual_place
from puresponse.cli.options import Options
from puresponse.cli.service import Chosen, InMemory, Remote, choose, choose_service, connect, missing_key
from puresponse.transports.memory.transport import MemoryTransport
from puresponse.transports.testing.loopback import serving
from puresponse.transports.urllib3.transport import Urllib3Transport

KEY = "sk-proj-0123456789abcdefghijkl"
FILE = """
default = "work"

[services.work]
base_url = "https://gateway.example.com/v1"
key_variable = "WORK_KEY"
organization = "org_1"
project = "proj_1"
timeout = 30
rate = 5
concurrency = 4

[services.local]
base_url = "http://127.0.0.1:8000/v1"

[services.try]
memory = true
"""


@pytest.fixture
def config(tmp_path: Path) -> str:
    path = tmp_path / "config.toml"
    path.write_text(FILE)
    return str(path)


def said(tmp_path: Path, text: str) -> str:
    """What is said of a configuration that makes no sense, without the name of the file before it."""
    path = tmp_path / "config.toml"
    path.write_text(text)
    found = read_configuration(str(path), {})
    assert isinstance(found, str)
    assert found.startswith(f"{path}: ")
    return found.removeprefix(f"{path}: ")


def test_every_field_is_read(config: str) -> None:
    found = read_configuration(config, {})
    assert isinstance(found, Configuration)
    assert found.default == "work"
    assert found.services["work"] == Service(
        name="work",
        base_url="https://gateway.example.com/v1",
        key_variable="WORK_KEY",
        organization="org_1",
        project="proj_1",
        timeout=30.0,
        rate=5.0,
        concurrency=4,
    )
    assert found.services["try"].memory


def test_the_file_is_where_such_files_are(config: str, tmp_path: Path) -> None:
    place = tmp_path / "puresponse" / "config.toml"
    assert usual_place({"XDG_CONFIG_HOME": str(tmp_path)}) == str(place)
    assert usual_place({"HOME": "/home/me", "XDG_CONFIG_HOME": ""}) == "/home/me/.config/puresponse/config.toml"
    assert read_configuration(None, {"XDG_CONFIG_HOME": str(tmp_path)}) == Configuration(str(place), {})
    place.parent.mkdir()
    os.rename(config, place)
    assert isinstance(read_configuration(None, {"XDG_CONFIG_HOME": str(tmp_path)}), Configuration)
    assert read_configuration(None, {}) == Configuration("", {})


def test_a_variable_names_the_file_and_an_option_another(config: str, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text("[services.other]\n")
    found = read_configuration(str(other), {"PURESPONSE_CONFIG": config})
    assert isinstance(found, Configuration)
    assert list(found.services) == ["other"]
    found = read_configuration(None, {"PURESPONSE_CONFIG": config})
    assert isinstance(found, Configuration)
    assert found.default == "work"
    missing = str(tmp_path / "none.toml")
    assert read_configuration(None, {"PURESPONSE_CONFIG": missing}) == f"{missing}: No such file or directory"


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("[services.a]\nbase_ur = 'http://x'", "[services.a] base_ur: there is no such field; did you mean base_url?"),
        ("[services.a]\nx = 1", "[services.a] x: there is no such field; there is base_url, key_variable, "),
        ("[service.a]\n", "service: there is no such field; did you mean services?"),
        ("default = 'wrok'\n[services.work]", "default: there is no [services.wrok]; did you mean work?"),
        ("default = 'a'", "default: there is no [services.a]; it has none"),
        ("default = 3", "default: allowed is a text that is not empty"),
        ("services = 3", "services: it must be a table: [services.NAME]"),
        ("[services]\na = 3", "services.a: it must be a table: [services.a]"),
        ("[services.'a b']\n", "services.'a b': a name has letters"),
        ("[services.a]\nbase_url = 'ftp://x'", "[services.a] base_url: allowed is http(s)://host[:port][/path]"),
        ("[services.a]\nbase_url = 'https://x/v1?key=1'", "[services.a] base_url: allowed is http(s)://"),
        ("[services.a]\nkey_variable = 'my-key'", "[services.a] key_variable: allowed is the name of a variable"),
        ("[services.a]\ntimeout = 0", "[services.a] timeout: allowed is a number of seconds greater than 0"),
        ("[services.a]\ntimeout = true", "[services.a] timeout: allowed is a number of seconds greater than 0"),
        ("[services.a]\nrate = -1", "[services.a] rate: allowed is a number of requests a second greater than 0"),
        ("[services.a]\nconcurrency = 257", "[services.a] concurrency: allowed is an integer from 1 to 256"),
        ("[services.a]\nmemory = 'yes'", "[services.a] memory: allowed is true or false"),
        ("[services.a]\nproject = ''", "[services.a] project: allowed is a text that is not empty"),
        ("[services.a]\nmemory = true\ntimeout = 3", "[services.a]: timeout: of no use with memory = true"),
        ("[services.a\n", "it is not TOML: "),
    ],
)
def test_a_mistake_is_told_with_the_file_the_table_and_the_field(text: str, mistake: str, tmp_path: Path) -> None:
    assert said(tmp_path, text).startswith(mistake)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (f"[services.a]\nkey_variable = '{KEY}'", "services.a.key_variable: it looks like a key"),
        ("[services.a]\nkey_variable = 'hf_0123456789abcdefghijABCDEFGHIJkl'", "services.a.key_variable: it looks"),
        (f"[services.a]\norganization = '{KEY}'", "services.a.organization: it looks like a key"),
        (f"[services.a]\napi_key = '{KEY}'", "services.a.api_key: it looks like a key"),
        (f"[services.a]\nlist = ['{KEY}']", "services.a.list[0]: it looks like a key"),
        (f"[services.'{KEY}']\n", "services.[a key]: it looks like a key"),
        ("[services.a]\nbase_url = 'https://me:hunter22@gateway/v1'", "services.a.base_url: it looks like a key"),
        (
            "[services.a]\napi_key = 'short'",
            "[services.a] api_key: there is no such field; a key is in no file: key_variable",
        ),
    ],
)
def test_a_key_is_refused_with_its_place_and_not_shown(text: str, place: str, tmp_path: Path) -> None:
    mistake = said(tmp_path, text)
    assert mistake.startswith(place)
    assert not any(secret in mistake for secret in (KEY, "hf_0123", "hunter22", "short"))


def test_what_is_no_file_of_text_is_said(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xff")
    assert read_configuration(str(path), {}) == f"{path}: it is not UTF-8"
    assert read_configuration(str(tmp_path), {}) == f"{tmp_path}: Is a directory"


WORK = Remote("https://gateway.example.com/v1", "org_1", "proj_1", 30.0, key_variable="WORK_KEY", name="work")


@pytest.mark.parametrize(
    ("given", "environ", "chosen"),
    [
        ({}, {}, Chosen(WORK, 5.0, 4)),
        ({}, {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": "http://x"}, Chosen(WORK, 5.0, 4)),
        ({}, {"PURESPONSE_MEMORY": "1"}, Chosen(InMemory())),
        ({"memory": True}, {}, Chosen(InMemory())),
        ({"base_url": "http://x"}, {"PURESPONSE_MEMORY": "1"}, Chosen(Remote("http://x"))),
        ({"service": "work"}, {"PURESPONSE_MEMORY": "1"}, Chosen(WORK, 5.0, 4)),
        ({"service": "local"}, {}, Chosen(Remote("http://127.0.0.1:8000/v1", name="local"))),
        ({"service": "try"}, {}, Chosen(InMemory())),
    ],
)
def test_what_says_which_service_it_is(
    given: dict[str, Any], environ: dict[str, str], chosen: Chosen, config: str
) -> None:
    assert choose(Options(config=config, **given), environ) == chosen


def test_an_option_overrides_what_the_configuration_says(config: str) -> None:
    options = Options(config=config, service="work", base_url="http://x", project="proj_2", timeout=1.0)
    assert choose_service(options, {}) == Remote(
        "http://x", "org_1", "proj_2", 1.0, key_variable="WORK_KEY", name="work"
    )


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"service": "wrk"}, "has no service 'wrk'; did you mean work?"),
        ({"service": "azure"}, "has no service 'azure'; it has work, local, try"),
        ({"service": "work", "memory": True}, "--service: of no use with --memory"),
        ({"service": "try", "timeout": 1.0}, "--timeout: of no use with the service 'try', which is in memory"),
    ],
)
def test_a_service_that_cannot_be_meant_is_a_contradiction(given: dict[str, Any], reason: str, config: str) -> None:
    found = choose(Options(config=config, **given), {})
    assert isinstance(found, str)
    assert found.endswith(reason)


def test_the_key_of_a_service_is_that_in_its_variable(config: str) -> None:
    missing = missing_key(WORK, {"OPENAI_API_KEY": "k"})
    assert missing is not None
    assert missing.startswith("WORK_KEY, with the key of the service 'work', is not set, and nothing was sent: ")
    assert missing_key(WORK, {"WORK_KEY": "k"}) is None
    assert missing_key(Remote("http://127.0.0.1:8000/v1", name="local"), {}) is None
    assert missing_key(Remote(name="api"), {}) is not None
    ran = run("delete", "resp_1", "--config", config, environ={"OPENAI_API_KEY": "k"})
    assert (ran.code, ran.problems[0]["message"]) == (14, missing)


def test_a_server_is_sent_the_key_that_is_named_for_it_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_ORG_ID", "org_of_the_api")
    monkeypatch.setenv("WORK_KEY", "work-0123456789")
    service = MemoryTransport()
    sent: list[dict[str, str]] = []

    def answer(request: Any) -> Any:
        sent.append({name.lower(): value for name, value in request.headers})
        return service(request).unwrap()

    with serving(answer) as url:
        for remote in (Remote(url, key_variable="WORK_KEY", name="work"), Remote(url, name="local"), Remote(url)):
            with connect(remote, 1) as transport:
                assert isinstance(transport, Urllib3Transport)
                run("retrieve", "resp_chat", transport=transport)
    keys = [headers.get("authorization") for headers in sent]
    assert keys == ["Bearer work-0123456789", None, f"Bearer {KEY}"]
    assert [headers.get("openai-organization") for headers in sent] == ["org_of_the_api", None, "org_of_the_api"]


def test_services_are_listed_without_any_key(config: str) -> None:
    ran = run("services", "--config", config, environ={"WORK_KEY": KEY})
    assert (ran.code, ran.err) == (0, b"")
    assert KEY.encode() not in ran.out
    work, local, memory = ran.values
    assert (work["name"], work["key_variable"], work["key_is_set"], work["default"]) == ("work", "WORK_KEY", True, True)
    assert (local["key_variable"], local["key_is_set"], local["default"]) == (None, None, False)
    assert (memory["memory"], memory["key_variable"]) == (True, None)
    assert {*asdict(Service(name=""))} <= {*work}
    table = run("services", "--config", config, "--table").out.decode()
    assert "WORK_KEY (not set)" in table
    assert table.splitlines()[3].split() == ["try", "none", "in", "memory"]


def test_without_a_configuration_there_are_no_services(tmp_path: Path) -> None:
    ran = run("services", environ={"XDG_CONFIG_HOME": str(tmp_path)})
    assert (ran.code, ran.out) == (0, b"")
    assert ran.problems == [{"note": f"no service is named in {tmp_path}/puresponse/config.toml"}]


def test_a_mistake_is_a_usage_error(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[services.a]\nbase_ur = 'x'\n")
    for arguments in (["services"], ["delete", "resp_1"], ["cassette", "verify", __file__]):
        ran = run(*arguments, "--config", str(path))
        assert (ran.code, ran.out) == (2, b"")
        assert b"base_ur: there is no such field; did you mean base_url?" in b" ".join(ran.err.split())
