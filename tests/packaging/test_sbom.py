"""What the library is made of, as `puresponse.cdx.json` says: valid, of this version, and all that it needs."""

from __future__ import annotations

import re

import pytest
from write_sbom import SBOM, Part, mistakes, needed_by, project, read_parts, sbom

DOCUMENT = SBOM.read_text(encoding="utf-8")


def test_it_is_valid_by_the_schema_of_cyclonedx() -> None:
    assert mistakes(DOCUMENT) == []
    assert mistakes(DOCUMENT.replace('"type": "library"', '"type": "shelf"')) != []


def test_it_is_of_this_version_and_date_and_says_nothing_of_who_wrote_it() -> None:
    assert sbom(read_parts(DOCUMENT.encode())) == DOCUMENT


def test_it_lists_what_the_library_needs_and_what_that_needs_and_no_more() -> None:
    parts = {part.name: part for part in read_parts(DOCUMENT.encode())}
    direct = needed_by(project()["project"]["dependencies"])
    assert set(direct) == {"msgspec", "returns", "urllib3"}
    reached = {*direct, *(need for name in direct for need in parts[name].needs)}
    assert parts.keys() == reached


@pytest.mark.parametrize("part", read_parts(DOCUMENT.encode()), ids=lambda part: part.name)
def test_of_each_part_it_has_the_licence_and_the_hash_of_a_named_file(part: Part) -> None:
    assert part.licence in {"BSD-3-Clause", "MIT", "PSF-2.0"}
    assert part.file == f"{part.name.replace('-', '_')}-{part.version}.tar.gz"
    assert re.fullmatch(r"[0-9a-f]{64}", part.digest)
