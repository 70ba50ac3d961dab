"""The pages of the reference: every public name, as its docstring tells it, and nothing that does not exist."""

from __future__ import annotations

import doctest
import re
from collections import Counter

import pytest
from reference_docstrings import parsed
from reference_examples import runnable
from reference_existing import unknown_in
from reference_groups import GROUPS, Group
from reference_names import public_names, told
from write_reference import FOLDER, anchor, headings, pages

LARGEST = 200_000
"""Bytes of a page, as a reader loads it."""

WRITTEN = pages()


def test_the_pages_are_what_the_script_writes() -> None:
    there = {path: path.read_text() for folder in ("names", "values") for path in (FOLDER / folder).glob("*.md")}
    assert sorted(there) == sorted(WRITTEN)
    assert [str(path) for path, text in WRITTEN.items() if there[path] != text] == [], (
        "run tests/scripts/write_reference.py"
    )


def test_every_public_name_is_in_one_group() -> None:
    counted = Counter(name for group in GROUPS for name in group.names)
    assert sorted(public_names()) == sorted(counted)
    assert [name for name, count in counted.items() if count > 1] == []


def test_every_public_name_has_a_heading_of_its_own() -> None:
    for group in GROUPS:
        found = re.findall(r"^### (.+)$", WRITTEN[FOLDER / group.file], re.MULTILINE)
        assert found == [headings()[name][1] for name in group.names]
        sections = [title.lower().replace(" ", "-") for title in group.sections]
        anchors = [anchor(name) for name in group.names]
        assert [one for one, count in Counter([*anchors, *sections]).items() if count > 1] == [], group.file


def test_a_name_is_found_by_itself_in_lower_case() -> None:
    assert anchor("delete_response") == "delete_response"
    assert (anchor("RetryPolicy"), anchor("walk"), anchor("Walk")) == ("retrypolicy", "walk", "walk-class")


def test_no_page_is_too_large_to_read() -> None:
    assert [str(path) for path, text in WRITTEN.items() if len(text.encode()) > LARGEST] == []


def test_no_signature_shows_an_address_or_a_name_that_stands_for_a_type() -> None:
    shown = [fence for text in WRITTEN.values() for fence in re.findall(r"```pyi\n(.+?)\n```", text, re.DOTALL)]
    assert len(shown) > 350
    assert [fence for fence in shown if re.search(r"0x|ForwardRef|<\w+ object|Union\[|puresponse\.", fence)] == []


def test_a_signature_reads_as_it_is_written() -> None:
    page = WRITTEN[FOLDER / "names" / "responses.md"]
    assert (
        "def delete_response(\n    response_id: str,\n    *,\n    extra_headers: ExtraHeaders | None = None,\n" in page
    )
    assert "    timeout: float | None = None,\n) -> Operation[DeletedResponse]: ...\n" in page
    assert "    clock: Clock = SystemClock(),\n" in WRITTEN[FOLDER / "names" / "running.md"]


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.file)
def test_no_page_names_what_does_not_exist(group: Group) -> None:
    assert list(unknown_in(WRITTEN[FOLDER / group.file], group)) == []


def test_what_does_not_exist_is_found_by_its_form() -> None:
    text = (
        "`delete_respons` `HttpRequest.totals` `ApiErrors` `answer.statuses` `delete_response(id)` `RetryPolicy.jitter`"
    )
    group = next(group for group in GROUPS if "delete_response" in group.names)
    assert list(unknown_in(text, group)) == ["ApiErrors", "HttpRequest.totals", "answer.statuses", "delete_respons"]


EXAMPLES = [name for name in public_names() if parsed(told(name).doc).example]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_of_a_name_runs_alone(name: str) -> None:
    one = told(name)
    text = runnable(parsed(one.doc).example, one.module)
    test = doctest.DocTestParser().get_doctest(text, {"__name__": "__main__"}, name, None, None)
    assert doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test).failed == 0


def test_no_example_imports_what_is_not_public() -> None:
    texts = [runnable(parsed(told(name).doc).example, told(name).module) for name in EXAMPLES]
    imported = {home for text in texts for home in re.findall(r"from (puresponse[\w.]*) import", text)}
    rooms = {"puresponse", "puresponse.codecs", "puresponse.core", "puresponse.transports"}
    assert imported - rooms - {"puresponse.transports.testing.contract"} == set()
