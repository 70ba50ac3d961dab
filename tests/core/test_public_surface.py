"""What is promised is written down in one file, so that a review sees what a change changes of it."""

import importlib
import re
from pathlib import Path

import pytest
from surface_names import PACKAGES, Surface
from surface_sources import find
from write_surface import SURFACE, difference, surface

WRITE = ".venv/bin/python tests/scripts/write_surface.py"


@pytest.fixture(scope="module")
def promised() -> list[str]:
    return SURFACE.read_text().splitlines()


def test_what_is_promised_is_what_the_file_has() -> None:
    changed = difference(SURFACE.read_text(), surface())
    assert not changed, (
        f"what puresponse promises has changed:\n{changed}\n\n"
        f"If that is meant: {WRITE}, and a line in CHANGELOG.md that says what a user is to change."
    )


def test_a_difference_is_shown_as_what_was_promised_and_what_is() -> None:
    assert difference("a\nb(x: int)\nc\n", "a\nb(x: str)\nc\n").splitlines()[2:] == ["-b(x: int)", "+b(x: str)"]
    assert difference("a\n", "a\n") == ""


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_every_public_name_is_in_the_file(package: str, promised: list[str]) -> None:
    named = {line.removeprefix("class ").removeprefix("async ").split(" ")[0] for line in promised}
    named |= {re.split(r"[#(:]", name)[0] for name in named}
    public: list[str] = vars(importlib.import_module(f"puresponse.{package}"))["__all__"]
    assert {f"{PACKAGES[package]}.{name}" for name in public} - named == set()


def test_no_line_is_there_twice(promised: list[str]) -> None:
    # Two lines alike would hide that one of them is gone. Only names that are not public may be those of two things.
    lines = [line for line in promised if line and not line.startswith(("#", "class ~", "~", "async ~"))]
    assert sorted(lines) == sorted(set(lines))


@pytest.mark.parametrize(
    "line",
    [
        "core.delete_response(response_id: str, **options: Unpack[RequestOptions]) -> Operation[DeletedResponse]",
        "core.HttpRequest.timeout: float | None = None",
        "core.HttpResponse.status: int  [keyword]",
        "codecs.FunctionCall.async_: bool | UnsetType | None = field(default=UNSET, name='async')  [keyword]",
        "core.Error | WaitExpired",
        "~NotSentKind | 'given_up'",
        "exit code 6: not found (404)",
        "puresponse delete --yes",
        "variable OPENAI_API_KEY",
        "format checkpoint: 1",
        "extra cli: click>=8.1",
        "fixture puresponse_service -> MemoryTransport",
        "marker puresponse(script, faults, state, dialect, new_id)",
        "entry point pytest11: puresponse = puresponse_pytest",
    ],
)
def test_each_kind_of_promise_is_in_it(line: str, promised: list[str]) -> None:
    assert line in promised


# --- what is written of one definition -----------------------------------------------------------

SOURCE = '''
from __future__ import annotations
DEFAULT = 2.5
Kind: TypeAlias = Literal["a", "b"]
class _Base(Struct, frozen=True):
    def shared(self) -> Kind: ...
class Thing(_Base, frozen=True, kw_only=True, repr_omit_defaults=True):
    """Its docstring is no promise."""
    kind: Kind
    wait: float = DEFAULT
    _hidden: int = 0
    def __repr__(self) -> str: ...
    @property
    def whole(self) -> bool: ...
    async def go(self, at: int, *, fast: bool = False) -> None: ...
@overload
def call(x: int) -> int: ...
@overload
def call(x: str) -> str: ...
def call(x): ...
'''


def described(name: str, folder: Path, source: str = SOURCE) -> list[str]:
    path = folder / "made.py"
    path.write_text(source)
    definition = find(path, name)
    assert definition is not None
    surface = Surface()
    surface.public[definition] = name
    return list(surface.described(name, definition))


def test_a_class_is_its_fields_and_its_methods(tmp_path: Path) -> None:
    assert described("Thing", tmp_path) == [
        "class Thing(_Base, frozen=True, kw_only=True)",
        "Thing.kind: Kind  [keyword]",
        "Thing.wait: float = 2.5  [keyword]",
        "async Thing.go(at: int, *, fast: bool = False) -> None",
        "Thing.whole: bool  [property]",
    ]


def test_a_function_with_overloads_is_its_overloads(tmp_path: Path) -> None:
    assert described("call", tmp_path) == ["call#1(x: int) -> int", "call#2(x: str) -> str"]


def test_a_long_signature_has_a_line_for_each_parameter(tmp_path: Path) -> None:
    source = f"def call({'a' * 60}: int, /, {'b' * 60}: str = 'x', *rest: int, **others: str) -> None: ..."
    assert described("call", tmp_path, source) == [
        "call(...) -> None",
        f"call({'a' * 60}: int)",
        "call(/)",
        f"call({'b' * 60}: str = 'x')",
        "call(*rest: int)",
        "call(**others: str)",
    ]


def test_a_union_has_a_line_for_each_member(tmp_path: Path) -> None:
    assert described("Kind", tmp_path) == ["Kind = one of 2", "Kind | 'a'", "Kind | 'b'"]


def test_what_a_public_name_needs_is_part_of_the_promise(tmp_path: Path) -> None:
    path = tmp_path / "made.py"
    path.write_text(SOURCE)
    thing = find(path, "Thing")
    assert thing is not None
    surface = Surface()
    surface.public[thing] = "Thing"
    list(surface.described("Thing", thing))
    assert [definition.name for definition in surface.needed] == ["_Base", "Kind"]
