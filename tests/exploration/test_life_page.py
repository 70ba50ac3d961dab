"""The page of a search: the states in layers, the failing path marked, the story beside it; no name is markup."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lived import lived, violation
from playwright.sync_api import Browser, expect
from returns.result import Success
from screenshot import chromium

from puresponse.core import HttpRequest, HttpResponse, delete_response, retrying, stream_response
from puresponse.transports import State, sample_state
from puresponse.transports.memory.faults import CutStream, Reset, ServerError
from puresponse.transports.testing.lives.findings import Edge, Ending, Exploration, Graph
from puresponse.transports.testing.lives.layout import layout_of, path_to
from puresponse.transports.testing.lives.lives import Life, LifeStep

DELETED = lived(retrying(delete_response("resp_chat")), sample_state(), {1: Reset(acted=True), 3: ServerError(503)})
STREAM = stream_response(model="gpt-5-mini", input="One two", background=True)
STREAMED = lived(STREAM, sample_state(), {4: CutStream()})
HOSTILE = (
    "</title></style><script>window.pwned=1</script><img src=https://evil.example/ onerror=window.pwned=2>\"'\u202e"
)


def graph_of(*lives: Life, others: int = 0) -> tuple[Graph, tuple[int, ...]]:
    """A graph with the states of lives, which begin alike, and others beside them; and where the lives end."""
    labels, parents, edges = ["the beginning"], [-1], [Edge(0, 0)]

    def grown(parent: int, label: str, mishap: Any) -> int:
        labels.append(label)
        parents.append(parent)
        edges.append(Edge(parent, len(labels) - 1, mishap))
        return len(labels) - 1

    ends: list[int] = []
    for life in lives:
        at = 0
        for step in life[1:]:
            at = grown(at, f"after {step.kind}", step.mishap)
        ends.append(at)
    for number in range(others):
        at = grown(number, f"another {number}", None if number % 3 else Reset())
        edges.append(Edge(at, number // 2, ServerError(500)))
    return Graph(tuple(labels), tuple(edges), tuple(parents), frozenset(ends)), tuple(ends)


def explored(*lives: Life, others: int = 0, claim: str = "all is well") -> Exploration:
    graph, ends = graph_of(*lives, others=others)
    found = tuple(
        violation(life, f"{claim} {number}", "it is not", ends[number - 1]) for number, life in enumerate(lives, 1)
    )
    return Exploration(
        faults=2,
        states=len(graph.labels),
        steps=len(graph.edges),
        seconds=0.1,
        violations=found,
        graph=graph,
        endings=(Ending(Success(1), 0, ends[0]),) if ends else (),
    )


# --- the layout -------------------------------------------------------------------------------------


def test_each_state_is_drawn_once_and_steps_of_a_path_lead_straight_down() -> None:
    graph, ends = graph_of(DELETED, others=60)
    path = path_to(graph, ends[0])
    layout = layout_of(graph, (path,))
    assert len(path) == len(DELETED)
    assert (set(layout.places), layout.left_out) == (set(range(len(graph.labels))), 0)
    assert len({(place.x, place.y) for place in layout.places.values()}) == len(graph.labels)
    places = [layout.places[node] for node in path]
    assert {place.x for place in places} == {min(place.x for place in layout.places.values())}
    assert [place.y for place in places] == sorted({place.y for place in places})
    assert [place.faults for place in places] == [0, 1, 1, 2, 2, 2]
    for place in layout.places.values():
        assert 0 < place.x < layout.width
        assert 0 < place.y < layout.height


def test_of_many_states_those_near_the_path_are_drawn_and_the_rest_is_counted() -> None:
    graph, ends = graph_of(DELETED, others=2000)
    layout = layout_of(graph, (path_to(graph, ends[0]),), most=40)
    assert len(layout.places) == 40
    assert layout.left_out == len(graph.labels) - 40
    assert set(path_to(graph, ends[0])) <= set(layout.places)
    near = {edge.target for edge in graph.edges if edge.source == 0}
    assert near <= set(layout.places)
    assert all(line.source in layout.places and line.target in layout.places for line in layout.lines)


def test_states_of_one_depth_take_as_many_rows_as_they_need() -> None:
    children = tuple(Edge(0, node, None) for node in range(1, 101))
    grandchild = Edge(7, 101, Reset())
    graph = Graph(("state",) * 102, (*children, grandchild), (-1, *[0] * 100, 7), frozenset())
    places = layout_of(graph, ((0, 7, 101),)).places
    assert len({(place.x, place.y) for place in places.values()}) == 102
    assert len({places[node].y for node in range(1, 101)}) == 7
    assert max(places[node].y for node in range(1, 101)) < places[101].y
    assert max(place.x for place in places.values()) < 600
    assert len(layout_of(graph, ((0, 7, 101),), most=20).places) == 20


def test_a_graph_that_goes_round_has_paths_and_places() -> None:
    graph = Graph(("a", "b", "c"), (Edge(0, 1), Edge(1, 2), Edge(2, 1)), (0, 2, 1), frozenset())
    assert path_to(graph, 2) == (1, 2)
    assert len(layout_of(graph, (path_to(graph, 2),)).places) == 3


# --- the page ---------------------------------------------------------------------------------------


def test_a_page_says_what_was_found_and_what_was_not_drawn() -> None:
    page = explored(DELETED, others=900).page()
    assert "<h1>1 claim does not hold: 906 states, 1,806 steps, up to 2 faults in a life, 0.1 s</h1>" in page
    assert "400 states are drawn, those nearest to what failed; 506 are not." in page
    assert "step 1: the connection is reset, after the service acted</title>" in page
    assert len(page) < 400_000


def test_a_search_that_found_nothing_or_kept_no_graph_has_a_page() -> None:
    assert "<h1>All claims hold: 1 states" in explored(others=0).page()
    bare = Exploration(faults=0, states=1, steps=0, seconds=0.0, violations=(violation(DELETED),), limit="too many")
    assert "The graph of the states was not kept." in bare.page()
    assert "Not all was searched: too many" in bare.page()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


def hostile() -> Exploration:
    """A search of which every name is hostile, and a path in which things go wrong."""
    request = HttpRequest("DELETE", f"/responses/{HOSTILE}", body=HOSTILE.encode())
    step = LifeStep(
        kind="send", request=request, answer=Success(HttpResponse(status=200)), before=State(), after=State()
    )
    found = explored(DELETED, (DELETED[0], step), STREAMED, others=200, claim=HOSTILE)
    graph = found.graph
    assert graph is not None
    labels = tuple(f"{label} {HOSTILE * 3}" for label in graph.labels)
    return Exploration(
        faults=2,
        states=1,
        steps=1,
        seconds=0.0,
        violations=found.violations,
        graph=Graph(labels, graph.edges, graph.parents, graph.ends),
        limit=HOSTILE,
        opaque=(HOSTILE,),
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_reader_with_a_narrow_screen_and_no_scripts_sees_the_path(
    browser: Browser, tmp_path: Path, scheme: Any
) -> None:
    file = tmp_path / "page.html"
    file.write_text(hostile().page(), encoding="utf-8")
    told: list[str] = []
    page = browser.new_page(viewport={"width": 320, "height": 640}, color_scheme=scheme)
    page.on("console", lambda message: told.append(message.text))
    page.on("request", lambda request: told.append(request.url))
    page.goto(file.as_uri())
    assert page.evaluate("[window.pwned, document.scripts.length, document.images.length]") == [None, 0, 0]
    widths = "[document.documentElement, ...document.querySelectorAll('.story, .life')]"
    assert set(page.evaluate(f"{widths}.map((each) => each.scrollWidth - each.clientWidth)")) == {0}
    marks = page.locator(".life-1 .mark")
    expect(marks).to_have_count(len(DELETED))
    for mark in marks.all():
        mark.scroll_into_view_if_needed()
        expect(mark.locator("circle, rect")).to_be_in_viewport(ratio=0.9)
    walked = page.locator(".life-1 .walked").first
    ground = page.evaluate("getComputedStyle(document.querySelector('.graph')).backgroundColor")
    assert walked.evaluate("(each) => getComputedStyle(each).stroke") not in (ground, "none")
    page.get_by_role("link", name="3", exact=True).click()
    expect(page.locator("#state-1-3 .label")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator("#life-2")).not_to_be_checked()
    page.locator("#life-2").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".life-1 .mark").first).to_be_hidden()
    expect(page.locator(".life-3 .mark").first).to_be_visible()
    expect(page.get_by_role("list")).to_contain_text("the body breaks off within a chunk")
    assert told == [file.as_uri(), *[url for url in told if url.startswith(file.as_uri() + "#")]]
    page.close()
