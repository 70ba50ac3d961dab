"""The table in docs/coming-from/vcr.md is what the programs and their cassettes give; both record and replay them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import test_with_puresponse as with_puresponse
import test_with_vcr as with_vcr
from measures import (
    OUR_FILES,
    PROGRAMS,
    VCR_FILES,
    changed_with_puresponse,
    changed_with_vcr,
    clients,
    counted_row,
    lines,
    run_with_puresponse,
    run_with_vcr,
    seconds,
)
from msgspec import yaml
from places import ROOT
from served_service import served

from puresponse import CassetteTransport, HttpRequest, export_recordings, import_recordings, value_or_raise

TIMES = 2
"""How many columns are times, the last ones."""


def rows() -> dict[str, list[str]]:
    """The table, by the first column."""
    page = (ROOT / "docs" / "coming-from" / "vcr.md").read_text()
    table = page[page.index("| program |") :].partition("\n\n")[0]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]
    return {row[0]: row for row in cells}


def test_the_page_has_what_the_programs_and_their_files_give() -> None:
    with clients() as (client, live):
        measured = {PROGRAMS[name]: counted_row(name, client, live) for name in PROGRAMS}
    shown = rows()
    shared = shown.pop("what all share")
    assert {name: row[:-TIMES] for name, row in shown.items()} == measured
    assert shared[1:3] == [str(lines(module)[""]) for module in (with_vcr, with_puresponse)]


def test_lines_are_those_with_code() -> None:
    assert lines(with_vcr)["test_create"] == 4
    assert lines(with_puresponse)["test_tool_loop"] == 11


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_miss_names_what_was_asked_and_what_was_recorded(name: str) -> None:
    with clients() as (client, live):
        ours, theirs = changed_with_puresponse(name, live), changed_with_vcr(name, client, matching_bodies=True)
    assert ours.names_both
    assert theirs.names_both
    assert len(ours.message) < len(theirs.message)


def test_a_replay_is_quicker_than_with_vcr_in_each_row_and_now() -> None:
    for name, row in rows().items():
        if name != "what all share":
            assert float(row[-1]) < float(row[-2]), name
    with clients() as (client, live):
        measured = [seconds(name, client, live, times=2) for name in PROGRAMS]
    assert 3 * sum(ours for _, ours in measured) < sum(theirs for theirs, _ in measured)


def test_all_are_recorded_anew_by_both_and_replayed_without_the_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CI", raising=False)
    with served() as url, clients(url) as (client, live):
        monkeypatch.setenv("OPENAI_BASE_URL", url)  # the asynchronous client is made within the test
        monkeypatch.setenv("OPENAI_API_KEY", client.api_key)
        for name in PROGRAMS:
            run_with_vcr(name, client, tmp_path, "all")
    with served() as url, clients(url) as (client, live):
        for name in PROGRAMS:
            run_with_puresponse(name, live, tmp_path, "all")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    with clients() as (client, live):
        for name in PROGRAMS:
            run_with_vcr(name, client, tmp_path)
            run_with_puresponse(name, live, tmp_path)
    for name in PROGRAMS:
        assert recorded(tmp_path / f"{name}.json") == recorded(OUR_FILES / f"{name}.json")
        anew, kept = (yaml.decode((folder / f"{name}.yaml").read_bytes()) for folder in (tmp_path, VCR_FILES))
        assert exchanges(anew) == exchanges(kept)


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_vcr_recorded_of_the_official_client_is_replayed_to_the_same_program_of_ours(
    tmp_path: Path, name: str
) -> None:
    imported = import_recordings((VCR_FILES / f"{name}.yaml").read_bytes(), "vcr")
    (tmp_path / f"{name}.json").write_bytes(export_recordings(imported.recordings, "cassette").data)
    with clients() as (_, live):
        run_with_puresponse(name, live, tmp_path)


def recorded(path: Path) -> list[tuple[HttpRequest, int, bytes]]:
    """What was asked and answered, of a cassette of ours: the chunks of a stream are as the network had them."""
    cassette = CassetteTransport.replaying(path)
    requests = [recording.request for recording in cassette.recordings]
    answers = [value_or_raise(cassette(request)) for request in requests]
    return [(request, answer.status, answer.body) for request, answer in zip(requests, answers, strict=True)]


def exchanges(cassette: Any) -> list[tuple[str, Any, int, Any]]:
    """What was asked and answered, of a cassette of VCR.py's: no header, which say what machine it was."""
    return [
        (one["request"]["method"], one["request"]["body"], one["response"]["status"]["code"], text_of(one["response"]))
        for one in cassette["interactions"]
    ]


def text_of(response: Any) -> Any:
    text = response["body"]["string"]
    return json.loads(text) if text.startswith("{") else text
