"""A search as a page of HTML: the states, the steps, and the lives in which a claim does not hold.

Law: a page is one file that asks for nothing and runs nothing. By its Content-Security-Policy (W3C, level 3) it takes
the styles whose hash it names, and loads, sends and opens nothing at all. Of what was received nothing is markup.
"""

from __future__ import annotations

from binascii import b2a_base64
from collections.abc import Iterator
from hashlib import sha256

from ....codecs.rendering.markup import escaped
from ....codecs.rendering.visible import one_line
from .drawing import drawing_of
from .findings import Exploration, Violation
from .layout import layout_of, path_to
from .page_style import STYLE, choosing
from .step_words import cut, result_words
from .story import rows_of, searched


def page_of(exploration: Exploration) -> str:
    """The page of a search."""
    return "".join(_page(exploration))


def _page(exploration: Exploration) -> Iterator[str]:
    style = f"{STYLE}{choosing(len(exploration.violations))}"
    hashed = b2a_base64(sha256(style.encode()).digest(), newline=False).decode()
    policy = f"default-src 'none'; style-src 'sha256-{hashed}'; base-uri 'none'; form-action 'none'"
    heading, *rest = searched(exploration)
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield f'<meta name="referrer" content="no-referrer">\n<title>{_text(heading)}</title>\n'
    yield f"<style>{style}</style>\n</head>\n<body>\n<header><h1>{_text(heading)}</h1>"
    yield "".join(f'<p class="quiet">{_text(line)}</p>' for line in rest)
    yield "</header>\n"
    yield _choices(exploration)
    yield "<main>\n<div>"
    for number, violation in enumerate(exploration.violations, 1):
        yield from _told(number, violation, _links(exploration, violation))
    yield f"{_endings(exploration)}</div>\n<div>{_graph(exploration)}</div>\n</main>\n</body>\n</html>\n"


def _choices(exploration: Exploration) -> str:
    """Which of several lives is to be seen."""
    if len(exploration.violations) < 2:
        return ""
    return "".join(
        f'<input type="radio" name="life" id="life-{number}"{" checked" if number == 1 else ""}>'
        f'<label for="life-{number}">{_text(cut(violation.claim, 80))}</label>\n'
        for number, violation in enumerate(exploration.violations, 1)
    )


def _told(number: int, violation: Violation, has_links: bool) -> Iterator[str]:
    yield f'<section class="life life-{number}"><h2>{_text(violation.claim)}</h2>'
    if violation.why not in ("", violation.claim):
        yield f'<p class="why">{_text(violation.why)}</p>'
    yield '<ol class="story">'
    for row in rows_of(violation):
        kind = ' class="fault"' if row.is_fault else ""
        steps = f'<a href="#state-{number}-{row.last}">{row.number}</a>' if has_links and row.last else row.number
        yield f'<li{kind}><span>{steps}</span><span class="at">{row.at}</span>'
        yield f'<span class="text">{_text(row.text)}</span></li>'
    yield "</ol><details><summary>The same as a transport, to be pasted into a test</summary>"
    yield f'<pre tabindex="0">{escaped(violation.script)}</pre></details></section>\n'


def _links(exploration: Exploration, violation: Violation) -> bool:
    """Whether each step of the life is one of the graph, so that its number leads there."""
    graph = exploration.graph
    return graph is not None and len(path_to(graph, violation.node)) == len(violation.life)


def _endings(exploration: Exploration) -> str:
    if not exploration.endings:
        return ""
    rows = "".join(
        f"<tr><td>{ending.faults}</td><td>{_text(result_words(ending.result))}</td></tr>"
        for ending in exploration.endings
    )
    head = '<tr><th scope="col">faults</th><th scope="col">result</th></tr>'
    count = len(exploration.endings)
    title = "The one way in which lives end" if count == 1 else f"The {count:,} ways in which lives end"
    return f"<details><summary>{title}</summary><table><thead>{head}</thead><tbody>{rows}</tbody></table></details>"


def _graph(exploration: Exploration) -> str:
    graph = exploration.graph
    if graph is None:
        return '<p class="quiet">The graph of the states was not kept.</p>'
    paths = tuple(path_to(graph, violation.node) for violation in exploration.violations)
    layout = layout_of(graph, paths)
    rest = ""
    if layout.left_out:
        drawn = f"{len(layout.places):,} states are drawn, those nearest to what failed"
        rest = f"<p>{drawn}; {layout.left_out:,} are not.</p>"
    return (
        f'<h2>The states</h2><p class="quiet">Each step leads down; squares are ends; the fuller the colour, the more '
        f"went wrong. Dashed: something goes wrong in that step.</p>{rest}"
        f'<div class="graph" tabindex="0" role="region" aria-label="Graph of the states">'
        f"{drawing_of(graph, layout, paths)}</div>"
    )


def _text(text: str) -> str:
    return escaped(one_line(text))
