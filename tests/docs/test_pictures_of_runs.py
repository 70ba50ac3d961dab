"""The pictures of the command line show what its commands show on a terminal by now."""

import re

from draw_runs import COUNT, HOLD_AT, PICTURES, drawn
from pictured import Picture
from places import ROOT
from shown_example import AUDIT

from puresponse.codecs import to_html


def test_the_pictures_of_runs_have_the_text_that_a_terminal_has() -> None:
    now = {name: Picture(svg) for name, svg in drawn().items()}
    kept = {path.name: Picture(path.read_text(encoding="utf-8")) for path in PICTURES.glob("run-*.svg")}
    assert len(kept) == 8
    assert {name: picture.lines for name, picture in kept.items()} == {
        name: picture.lines for name, picture in now.items()
    }
    assert {name: (picture.title, picture.description) for name, picture in kept.items()} == {
        name: (picture.title, picture.description) for name, picture in now.items()
    }


def test_the_pictures_show_what_they_are_for() -> None:
    told = {path.name: Picture(path.read_text(encoding="utf-8")).description for path in PICTURES.glob("run-*.svg")}
    assert "resp_in_progress cancelled cancelled" in re.sub(" +", " ", told["run-first.svg"])
    assert f"{HOLD_AT - 1}/{COUNT} 65%  20/s  0:02 left" in told["run-delete.svg"]
    assert f"{COUNT - 1} deleted, 1 failed" in told["run-deleted.svg"]
    assert "the server refuses the key" in told["run-refused.svg"]
    assert 'request.body.input: "Hello." -> "Hi."' in told["run-diff.svg"]


def test_the_transcript_is_the_page_that_the_library_makes_and_a_guide_links_to_it() -> None:
    assert (PICTURES / "transcript.html").read_text(encoding="utf-8") == to_html(AUDIT)
    guide = (ROOT / "docs" / "guides" / "showing.md").read_text(encoding="utf-8")
    assert "(../pictures/transcript.html)" in guide
    for scheme in ("light", "dark"):
        assert f"(../pictures/show-{scheme}.png)" in guide
        # As wide as can be read on a telephone (PNG, section 11.2.2: the width is the first of the header).
        header = (PICTURES / f"show-{scheme}.png").read_bytes()[:24]
        assert int.from_bytes(header[16:20]) <= 400
