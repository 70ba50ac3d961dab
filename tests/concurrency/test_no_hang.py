"""Nothing that is built or loaded lazily can hang: not by a fork, not by an import, not by building in between."""

from __future__ import annotations

import _imp
from collections.abc import Iterator
from typing import Any

import pytest
from fresh_processes import PATIENCE, Fresh, fresh_processes
from fresh_tasks import THREADS
from programs import PROGRAMS

TOLD = ["Response", "Yes.", "new"]


@pytest.fixture(scope="module")
def processes() -> Iterator[Fresh]:
    with fresh_processes() as fresh:
        yield fresh


class Asked:
    def __init__(self, fresh: Fresh) -> None:
        self._fresh = fresh

    def __call__(self, function: str, *arguments: Any) -> Any:
        module = "forking_tasks" if function.startswith("forked_") else "hanging_tasks"
        return self._fresh.call(function, *arguments, module=module, seconds=PATIENCE)


@pytest.fixture
def fresh(processes: Fresh) -> Asked:
    return Asked(processes)


# --- forks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 2, 10, 30, 60])
def test_a_child_forked_while_another_thread_builds_builds_the_same(fresh: Asked, number: int) -> None:
    in_the_midst, ended, told = fresh("forked_while_another_thread_builds", number)
    assert in_the_midst
    assert ended == 0
    assert told == [TOLD]


@pytest.mark.parametrize("number", [1, 30])
def test_a_child_forked_by_the_thread_that_builds_goes_on(fresh: Asked, number: int) -> None:
    assert fresh("forked_by_the_thread_that_builds", number) == [1, 0, TOLD]


@pytest.mark.parametrize("pause", [0.001, 0.003, 0.01])
def test_children_forked_at_any_moment_of_a_first_use_do_the_same(fresh: Asked, pause: float) -> None:
    children, ended, told = fresh("forked_again_and_again", pause)
    assert children >= 1
    assert ended == [0]
    assert told == [TOLD]


def test_a_child_forked_while_another_thread_imports_imports_the_same(fresh: Asked) -> None:
    assert fresh("forked_while_another_thread_imports") == [["puresponse.codecs.types.content", "tabnanny"], 0, TOLD]


# --- imports -------------------------------------------------------------------------------------


def test_importing_every_module_builds_nothing(fresh: Asked) -> None:
    assert fresh("built_while_importing") == []


@pytest.mark.parametrize("what", ["preload", "calls", *PROGRAMS])
def test_nothing_is_imported_while_something_is_built(fresh: Asked, what: str) -> None:
    assert fresh("imported_while_building", what) == []


def test_an_import_while_something_is_built_would_be_noticed(fresh: Asked) -> None:
    assert fresh("an_import_is_noticed") == ["tabnanny"]


def test_modules_that_decode_while_they_are_imported_hang_no_other_thread(fresh: Asked) -> None:
    assert fresh("decoded_by_modules_and_threads") == [TOLD] * THREADS


def test_a_callers_type_may_name_what_a_thread_is_importing_that_builds(fresh: Asked) -> None:
    begun, formats, place = fresh("a_name_that_is_loaded_when_it_is_asked_for")
    assert begun
    assert formats == ["Place"]
    assert place == {"name": {"type": "string"}}


def test_public_names_can_be_asked_for_in_all_threads_in_any_order(fresh: Asked) -> None:
    assert len(set(fresh("names_in_threads"))) == 1


# --- one thing in the midst of another -----------------------------------------------------------


@pytest.mark.parametrize("number", [1, 30])
def test_a_thread_may_build_one_thing_in_the_midst_of_another(fresh: Asked, number: int) -> None:
    assert fresh("built_in_the_midst", number) == [[7], TOLD]


# --- the lock ------------------------------------------------------------------------------------


def test_the_lock_is_the_interpreters_and_can_be_taken_twice() -> None:
    from puresponse.codecs.lossless.building import building

    assert not _imp.lock_held()
    with building, building:
        assert _imp.lock_held()
    assert not _imp.lock_held()


# --- preload -------------------------------------------------------------------------------------


def of_the_library(built: list[str]) -> list[str]:
    """What is built that is neither a caller's own type nor a list that a type came in which nobody knows."""
    return [what for what in built if "<class 'programs." not in what and "Skipped" not in what and " " in what]


@pytest.mark.parametrize("what", ["programs", "decoders"])
def test_after_preload_nothing_is_built_but_a_callers_own_types(fresh: Asked, what: str) -> None:
    assert of_the_library(fresh("built_after_preload", what)) == []


def test_without_preload_it_is_built(fresh: Asked) -> None:
    assert len(of_the_library(fresh("built_after_preload", "decoders", False))) > 100


@pytest.mark.deep
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("milliseconds", range(1, 21))
def test_children_forked_at_any_moment_do_the_same_twenty_times(fresh: Asked, milliseconds: int) -> None:
    for _ in range(20):
        assert fresh("forked_again_and_again", milliseconds / 1000)[1] == [0]
