"""Which base URLs and proxies are usable, and what of the others is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puresponse.transports.http1.addresses import Origin, origin_of, proxy_of
from puresponse.transports.network.refused_urls import check_url_path, check_url_text, refused_url
from puresponse.transports.urllib3.transport import Urllib3Transport

HUSH = "HUSH-0123456789"


def refusal(base_url: str) -> str:
    with pytest.raises(ValueError, match=r"^invalid argument 'base_url': it is ") as raised:
        origin_of(base_url)
    assert raised.value.__context__ is None
    return str(raised.value).removeprefix("invalid argument 'base_url': it is ")


@pytest.mark.parametrize(
    ("base_url", "origin"),
    [
        ("https://api.openai.com/v1", Origin("https", "api.openai.com", 443, "/v1")),
        ("HTTPS://API.openai.com/V1/", Origin("https", "api.openai.com", 443, "/V1")),
        ("http://h:", Origin("http", "h", 80, "")),
        ("http://h:/v1", Origin("http", "h", 80, "/v1")),
        ("http://h:1", Origin("http", "h", 1, "")),
        ("http://h:65535", Origin("http", "h", 65535, "")),
        ("http://h:080/v1", Origin("http", "h", 80, "/v1")),
        ("http://[::1]:8080/v1", Origin("http", "[::1]", 8080, "/v1")),
        ("http://[FE80::1%25eth0]", Origin("http", "[fe80::1%eth0]", 80, "")),
        ("http://bücher.example", Origin("http", "xn--bcher-kva.example", 80, "")),
        ("http://h/a/../v1//", Origin("http", "h", 80, "/v1")),
        ("http://h/@team/v1;version=2", Origin("http", "h", 80, "/@team/v1;version=2")),
        ("http://h/page_token=1", Origin("http", "h", 80, "/page_token=1")),
    ],
)
def test_a_base_url_is_read(base_url: str, origin: Origin) -> None:
    assert origin_of(base_url) == origin


@pytest.mark.parametrize("port", ["0", "00", "000000"])
def test_port_0_is_refused_and_not_another_port(port: str) -> None:
    said = f"'http://127.0.0.1:{port}/v1'; its port must be 1 to 65535: nothing listens on port 0"
    assert refusal(f"http://127.0.0.1:{port}/v1") == said
    with pytest.raises(ValueError, match="port must be 1 to 65535"):
        Urllib3Transport(base_url=f"http://127.0.0.1:{port}/v1", api_key="k")
    with pytest.raises(ValueError, match=r"invalid argument 'proxy'.*port must be 1 to 65535"):
        Urllib3Transport(proxy=f"http://127.0.0.1:{port}")


@pytest.mark.parametrize(
    "base_url",
    [
        "http://h:65536",
        "http://h:-1",
        "http://h:+80",
        "http://h:80:80",
        "http://h:\uff18\uff10",
        "http://h:٣",
        "http://h: 80",
        "http://[::1",
        "http://::1/",
        "http://h\u200b/",
        "http://h。com/",
        "http://h/\x00",
        "http:///v1",
        "//h/v1",
        "http:/h",
        "http://h\\v1",
        "ws://h/v1",
        "file:///etc/passwd",
        "h.example:8080/v1",
        "localhost:8080",
        "",
    ],
)
def test_what_is_no_base_url_is_refused_and_shown(base_url: str) -> None:
    assert refusal(base_url).startswith(f"{base_url!r}; ")


@pytest.mark.parametrize(
    ("base_url", "shown"),
    [
        (f"https://h/v1?api-key={HUSH}", "'https://h/v1?[redacted]'"),
        (f"https://h/v1?{HUSH}", "'https://h/v1?[redacted]'"),
        (f"https://h/v1#access_token={HUSH}", "'https://h/v1#[redacted]'"),
        (f"https://h/v1;jsessionid={HUSH}", "'https://h/v1;[redacted]'"),
        (f"https://h/v1%3Btoken={HUSH}", "'https://h/v1%[redacted]'"),
        (f"https://h/v1/token%3D{HUSH}", "'https://h/v1/token%[redacted]'"),
        (f"https://h%00{HUSH}", "'https://h%[redacted]'"),
        (f"https://h/key={HUSH}/v1", "'https://h/key=[redacted]'"),
        (f"https://user:{HUSH}@h/v1", "[redacted]"),
        (f"https://{HUSH}@h/v1", "[redacted]"),
        ("https://@h/v1", "[redacted]"),
        (f"https://h\\@{HUSH}/v1", "[redacted]"),
        (f"h.example/v1?key={HUSH}", "'h.example/v1?[redacted]'"),
        (f"https://h:99999/v1?key={HUSH}", "'https://h:99999/v1?[redacted]'"),
        (f" https://h/v1?key={HUSH}", "[redacted]"),
        (f"https://h/v1?key={HUSH}\n", "'https://h/v1?[redacted]'"),
        (f"ftp://h?{HUSH}", "'ftp://h?[redacted]'"),
        (HUSH, "[redacted]"),
        ("sk-proj-0123456789abcdef", "[redacted]"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl", "[redacted]"),
        (f"Bearer {HUSH}", "[redacted]"),
    ],
)
def test_a_base_url_with_a_credential_is_refused_without_it(base_url: str, shown: str) -> None:
    said = refusal(base_url)
    assert said.startswith(f"{shown}; ")
    assert HUSH not in said


def test_the_base_url_of_the_environment_is_held_to_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", f"https://h/v1?api-key={HUSH}")
    with pytest.raises(ValueError, match=r"^invalid environment variable 'OPENAI_BASE_URL': it is 'https://h/v1\?"):
        Urllib3Transport()


def test_of_a_long_url_the_beginning_is_shown() -> None:
    assert len(refusal(f"ftp://h/{'x' * 100_000}")) < 300


@given(st.text(), st.text(st.characters(codec="ascii", exclude_characters="/\\"), min_size=6))
def test_what_stands_before_an_at_sign_or_after_a_question_mark_is_never_shown(before: str, secret: str) -> None:
    marked = f"HUSH{secret}"
    for text in (f"{before}{marked}@h", f"https://h/?{marked}", f"https://h/#{marked}"):
        assert "HUSH" not in str(refused_url("base_url", text, "no")) or "HUSH" in before


def test_what_checks_the_text_and_the_path_lets_good_ones_pass() -> None:
    check_url_text("base_url", "https://h/v1")
    check_url_path("base_url", "https://h/v1;a=1", "/v1;a=1")


@pytest.mark.parametrize(
    ("proxy", "url", "secrets"),
    [
        ("p:3128", "http://p:3128", 0),
        ("http://p/", "http://p:80", 0),
        ("https://p", "https://p:443", 0),
        ("http://@p", "http://p:80", 0),
        ("u:p@p:1", "http://p:1", 2),
        ("http://token@[::1]:1", "http://[::1]:1", 2),
        ("http://u:%20%C3%A9@p", "http://p:80", 2),
        ("http://:@p", "http://p:80", 1),
    ],
)
def test_a_proxy_is_read_and_its_credentials_are_secret(proxy: str, url: str, secrets: int) -> None:
    read = proxy_of(proxy)
    assert read.url == url
    assert len(read.secrets) == secrets
    assert repr(read.secrets).count("[redacted]") == secrets


@pytest.mark.parametrize(
    "proxy", [f"http://p?token={HUSH}", f"http://p/#{HUSH}", f"http://u:{HUSH}@p:0", f"http://u:{HUSH}@p:99999"]
)
def test_a_proxy_that_is_refused_is_not_shown_with_its_credentials(proxy: str) -> None:
    with pytest.raises(ValueError, match=r"^invalid argument 'proxy': it is ") as raised:
        proxy_of(proxy)
    assert HUSH not in str(raised.value)
