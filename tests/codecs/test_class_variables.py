"""Class variables of wire structs are no fields, however they are annotated and whatever `sys.modules` is."""

import sys
from collections import UserDict
from types import new_class
from typing import Any, ClassVar

import msgspec
import pytest

from puresponse.codecs import InputText, Wire


class Evaluated(Wire, frozen=True, kw_only=True, tag_field="type", tag="evaluated"):
    """A struct of a module that does not put off its annotations."""

    type: ClassVar[str] = "evaluated"
    text: str


def test_a_struct_may_have_annotations_that_are_no_strings() -> None:
    assert Evaluated.__struct_fields__ == ("unknown_fields", "text")
    assert msgspec.json.decode(b'{"type":"evaluated","text":"x"}', type=Evaluated) == Evaluated(text="x")


def test_the_annotations_stay_as_they_were_written() -> None:
    assert InputText.__annotations__["type"] == "ClassVar[Literal['input_text']]"


def test_a_struct_is_made_where_sys_modules_is_not_a_dict(monkeypatch: pytest.MonkeyPatch) -> None:
    annotations: dict[str, Any] = {"type": 'ClassVar["str"]', "text": "str"}
    namespace = {"__module__": __name__, "__annotations__": annotations, "type": "made"}
    with monkeypatch.context() as patched:
        patched.setattr(sys, "modules", UserDict(sys.modules))
        config = {"frozen": True, "kw_only": True, "tag_field": "type", "tag": "made"}
        made: Any = new_class("Made", (Wire,), config, lambda body: body.update(namespace))
    assert made.__struct_fields__ == ("unknown_fields", "text")
