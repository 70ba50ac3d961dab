"""The page on extras has each of them with what it installs, and what is said without it is what is said."""

from __future__ import annotations

import signal
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from places import ROOT
from told_tables import spans, tables_of

from puresponse import (
    AiohttpTransport,
    DaskExecutor,
    MemoryTransport,
    OpenTelemetry,
    Urllib3Transport,
    import_recordings,
    open_archive,
    serve,
)
from puresponse.cli import main

PAGE = ROOT / "docs" / "reference" / "extras.md"
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS: dict[str, list[str]] = PYPROJECT["project"]["optional-dependencies"]
ROWS = {row["extra"].strip("`"): row for row in tables_of(PAGE)[0]}


def serving(folder: Path) -> None:
    with serve(MemoryTransport()):
        raise AssertionError


def archived(folder: Path) -> None:
    with open_archive(folder / "archive.parquet"):
        raise AssertionError


NOBODY: Any = None
"""A client of Dask, which is not asked for anything."""

ASKED: dict[str, tuple[tuple[str, ...], Callable[[Path], object]]] = {
    "cli": (("click", "rich"), lambda _: main()),
    "serve": (("uvicorn",), serving),
    "aiohttp": (("aiohttp",), lambda _: AiohttpTransport(api_key="")),
    "otel": (("opentelemetry",), lambda _: OpenTelemetry()),
    "socks": (("socks",), lambda _: Urllib3Transport(api_key="", proxy="socks5h://127.0.0.1:1080")),
    "truststore": (("truststore",), lambda _: Urllib3Transport(api_key="", system_trust=True)),
    "vcr": (("yaml",), lambda _: import_recordings(b"interactions: []\nversion: 1\n", "vcr")),
    "dask": (("distributed",), lambda _: DaskExecutor(NOBODY)),
    "parquet": (("pyarrow",), archived),
}
"""The modules of an extra, and what needs them."""

OF_THE_HOUSE = {"dev", "mutants", "release", "threads"}
"""Those for who works on the library."""

SILENT = {"pytest", *OF_THE_HOUSE}
"""Those without which nothing of the library is missed."""


def test_the_page_has_every_extra_and_no_other() -> None:
    assert ROWS.keys() == EXTRAS.keys()


@pytest.mark.parametrize("extra", [extra for extra in EXTRAS if extra != "dev"])
def test_a_row_has_what_the_extra_installs(extra: str) -> None:
    assert spans(ROWS[extra]["installs"]) == EXTRAS[extra]


def test_the_extra_of_the_tests_has_all_the_others() -> None:
    (own,) = [need for need in EXTRAS["dev"] if need.startswith("puresponse[")]
    others = set(own.removeprefix("puresponse[").removesuffix("]").split(","))
    assert others == EXTRAS.keys() - OF_THE_HOUSE


def test_each_extra_is_asked_for_here() -> None:
    assert ASKED.keys() == EXTRAS.keys() - SILENT


@pytest.mark.parametrize("extra", ASKED)
def test_without_an_extra_is_said_what_the_page_says(
    extra: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    modules, ask = ASKED[extra]
    told = spans(ROWS[extra]["without it"])[0]
    for module in modules:
        monkeypatch.setitem(sys.modules, module, None)
    if extra == "cli":
        before = signal.getsignal(signal.SIGINT)
        try:
            assert (ask(tmp_path), capsys.readouterr().err) == (2, f"{told}\n")
        finally:
            signal.signal(signal.SIGINT, before)
        return
    with pytest.raises((ImportError, ValueError)) as raised:
        ask(tmp_path)
    if isinstance(raised.value, ImportError):
        assert str(raised.value) == told
    else:
        assert str(raised.value).endswith(told)
