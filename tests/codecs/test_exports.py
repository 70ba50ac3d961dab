"""What the package offers, and what it does not load."""

from __future__ import annotations

import ast
import inspect
import sys
from pathlib import Path
from types import NoneType
from typing import get_args, get_type_hints

import pytest
from interpreters import printed_by
from msgspec import UnsetType

from puresponse import codecs
from puresponse.codecs import Wire
from puresponse.codecs.lossless.forms import form_of

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(str(codecs.__file__)).parent
MODULES = sorted(
    ".".join(path.relative_to(FOLDER).with_suffix("").parts) for path in FOLDER.rglob("*.py") if path.stem != "__init__"
)
INNER = {
    "lossless.described",
    "lossless.self_reading",
    "lossless.fitting",
    "lossless.forms",
    "lossless.lenient",
    "lossless.plain",
    *(module for module in MODULES if module.startswith("rendering.")),
}
"""Modules whose names are the package's own."""

OWN = {"AccustomedCodec", "Again", "BareCodec", "Displaced", "Rope", "Unfit"}
"""Names of the package's own in other modules."""


def declared() -> dict[str, str]:
    """The names that type-checkers see, with their modules."""
    tree = ast.parse((ROOT / "codecs" / "__init__.pyi").read_text())
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level == 1]
    return {alias.asname or "": node.module or "" for node in imports for alias in node.names}


def offered_at_run_time() -> list[str]:
    everything: list[str] = vars(codecs)["__all__"]
    return everything


def test_what_type_checkers_see_is_what_there_is() -> None:
    assert sorted(declared()) == sorted(offered_at_run_time())
    for name, module in declared().items():
        assert getattr(codecs, name) is getattr(sys.modules[f"puresponse.codecs.{module}"], name)


def test_every_struct_and_union_of_the_modules_is_offered() -> None:
    offered = declared()
    for module in MODULES:
        if module not in INNER:
            tree = ast.parse(FOLDER.joinpath(*module.split(".")).with_suffix(".py").read_text())
            for node in tree.body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and node.name not in OWN:
                    assert offered.get(node.name) == module
                if isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation) == "TypeAlias":
                    name = ast.unparse(node.target)
                    assert name.startswith("_") or name in OWN or offered.get(name) == module


def test_a_name_that_there_is_not_is_told() -> None:
    with pytest.raises(AttributeError, match=r"module 'puresponse\.codecs' has no attribute 'Respones'"):
        getattr(codecs, "Respon" + "es")
    assert "Response" in dir(codecs)


def structs() -> list[type[Wire]]:
    found = [getattr(codecs, name) for name in declared()]
    return [value for value in found if inspect.isclass(value) and issubclass(value, Wire)]


@pytest.mark.parametrize("struct", structs())
def test_a_struct_says_what_it_is(struct: type[Wire]) -> None:
    first, *_ = (struct.__doc__ or "").partition(".")
    assert first


@pytest.mark.parametrize("struct", structs())
def test_a_struct_is_strict_frozen_and_takes_its_fields_by_name(struct: type[Wire]) -> None:
    config = struct.__struct_config__
    assert (config.frozen, config.forbid_unknown_fields, config.gc) == (True, True, False)
    assert struct.__struct_fields__[0] == "unknown_fields"
    assert all(field.kind is inspect.Parameter.KEYWORD_ONLY for field in inspect.signature(struct).parameters.values())


@pytest.mark.parametrize("struct", structs())
def test_wherever_a_type_tells_objects_apart_there_may_be_one_of_an_unknown_type(struct: type[Wire]) -> None:
    for fields in form_of(struct).tagged.values() or [form_of(struct).untagged]:
        assert fields is not None
        for form in fields.forms().values():
            assert [
                inner for inner in (form, form.elements, form.members) if inner and inner.tagged and not inner.open
            ] == []


@pytest.mark.parametrize("struct", structs())
def test_what_may_be_absent_may_be_null(struct: type[Wire]) -> None:
    optional = [name for name, hint in get_type_hints(struct).items() if UnsetType in get_args(hint)]
    assert [
        name for name in optional if name != "unknown_fields" and NoneType not in get_args(get_type_hints(struct)[name])
    ] == []


LIGHT = (
    "import puresponse.codecs",
    "import puresponse.codecs.decoders",
    "from puresponse.codecs import decode_response, encode",
)
HEAVY = ("socket", "ssl", "http.client", "urllib3", "threading", "asyncio", "concurrent")


@pytest.mark.parametrize("code", [*LIGHT, "from puresponse.codecs import *", "import puresponse.codecs.schema_table"])
def test_importing_loads_nothing_that_touches_the_world(code: str) -> None:
    heavy = printed_by(f"import sys; {code}; print([name for name in {HEAVY} if name in sys.modules])")
    before = printed_by(
        f"import sys, msgspec, returns.result; print([name for name in {HEAVY} if name in sys.modules])"
    )
    assert heavy == before


@pytest.mark.parametrize("code", LIGHT)
def test_importing_defines_no_struct_before_it_is_asked_for(code: str) -> None:
    assert printed_by(f"import sys; {code}; print('puresponse.codecs.types.response' in sys.modules)") == "False"


def test_everything_can_be_imported_at_once() -> None:
    names = (
        "from puresponse.codecs import *; print(Response.__name__, decode_response.__name__, len(Tool.__args__) > 10)"
    )
    assert printed_by(names) == "Response decode_response True"
