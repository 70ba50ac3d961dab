"""pdoc makes reference pages of what is public: every name is there, with a signature that can be read."""

from __future__ import annotations

import re
import subprocess
import sys
from html import unescape
from importlib import import_module

import pytest

PACKAGES = ("puresponse", "puresponse.codecs", "puresponse.core", "puresponse.transports")
ALL = "__all__"


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The page of each package, as HTML. Without sources, whose colours take most of the time."""
    folder = tmp_path_factory.mktemp("reference")
    command = [sys.executable, "-P", "-m", "pdoc", "--no-show-source", "--no-search", "-o", str(folder), *PACKAGES]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == "", "pdoc warns of what it cannot resolve"
    return {package: (folder / f"{package.replace('.', '/')}.html").read_text() for package in PACKAGES}


def names_of(package: str) -> list[str]:
    names: list[str] = getattr(import_module(package), ALL)
    return names


def signature(page: str, name: str) -> str:
    """What the page shows of a name, up to its docstring, as text on one line."""
    shown = page[page.index(f'<section id="{name}">') :]
    text = unescape(re.sub(r"<[^>]+>", "", shown[: shown.index('<a class="headerlink"')]))
    return re.sub(r"\s+", " ", text).strip()


@pytest.mark.parametrize("package", PACKAGES)
def test_every_public_name_is_on_the_page_of_its_package(package: str, pages: dict[str, str]) -> None:
    names = names_of(package)
    assert len(names) > 40
    assert [name for name in names if f'<section id="{name}">' not in pages[package]] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_no_signature_shows_an_address_or_a_name_that_stands_for_a_type(package: str, pages: dict[str, str]) -> None:
    shown = {name: signature(pages[package], name) for name in names_of(package)}
    assert {name: text for name, text in shown.items() if re.search(r"0x|ForwardRef|<\w+ object", text)} == {}


def test_a_signature_reads_as_it_is_written(pages: dict[str, str]) -> None:
    for package in ("puresponse", "puresponse.core"):
        shown = signature(pages[package], "delete_response")
        assert shown.startswith(
            "def delete_response( response_id: str, *, extra_headers: Mapping[str, str] | None = None,"
        )
        assert "timeout: float | None = None) -> Union[Done[" in shown
    assert "clock: Clock = SystemClock()" in signature(pages["puresponse.transports"], "run")
