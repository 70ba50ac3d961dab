"""A parameter of a creation, or an option of any request, is in one place: what shows, bounds and documents it."""

from __future__ import annotations

import inspect
import pickle
import pydoc
import re
from importlib import import_module
from inspect import Parameter
from typing import Any, get_type_hints

import pytest
from msgspec import UNSET, json

from puresponse.codecs import CompactRequest, CreateResponse, TokenCountRequest
from puresponse.core import (
    RequestOptions,
    compact_response,
    count_input_tokens,
    create_conversation,
    create_parsed_response,
    create_response,
    stream_response,
)
from puresponse.core.endpoints.body_bounds import BOUNDS
from puresponse.core.endpoints.create_arguments import CompactArguments, CountArguments, CreateArguments
from puresponse.core.endpoints.keywords import OPTIONS, names_of

core: Any = import_module("puresponse.core")

TAKEN: list[tuple[Any, Any, Any, set[str], set[str]]] = [
    (create_response, CreateArguments, CreateResponse, set(), {"stream", "stream_options"}),
    (compact_response, CompactArguments, CompactRequest, {"model"}, set()),
    (count_input_tokens, CountArguments, TokenCountRequest, set(), set()),
]
"""A function, the TypedDict and the struct of its arguments, what it names itself, and what its caller may not say."""

each_function = pytest.mark.parametrize(("function", "arguments", "struct", "own", "withheld"), TAKEN)


def documented(function: Any) -> set[str]:
    """The parameters of which the docstring tells."""
    told = inspect.getdoc(function) or ""
    _, _, args = told.partition("Args:\n")
    rows = re.findall(r"^    (\w+(?:, \w+)*): ", args.partition("\n\n")[0], re.MULTILINE)
    return {name for row in rows for name in row.split(", ")}


@each_function
def test_what_is_shown_taken_sent_and_documented_is_the_same(
    function: Any, arguments: Any, struct: Any, own: set[str], withheld: set[str]
) -> None:
    keys = own | arguments.__annotations__.keys()
    assert set(inspect.signature(function).parameters) == keys
    assert get_type_hints(function).keys() - {"return"} == keys
    assert documented(function) == keys
    assert set(struct.__struct_fields__) - {"unknown_fields"} - withheld == keys - set(OPTIONS)


@each_function
def test_each_keyword_is_shown_with_its_type_and_default(
    function: Any, arguments: Any, struct: Any, own: set[str], withheld: set[str]
) -> None:
    hints, given = get_type_hints(function), get_type_hints(arguments)
    for name, parameter in inspect.signature(function).parameters.items():
        assert parameter.kind is Parameter.KEYWORD_ONLY
        if name not in own:
            assert parameter.default is (None if name in OPTIONS else UNSET)
            assert parameter.annotation == arguments.__annotations__[name].__forward_arg__
            assert hints[name] == given[name]
            assert f"{name}: '{parameter.annotation}' = " in pydoc.plain(pydoc.render_doc(function))


def takes_options(function: Any) -> bool:
    return inspect.isfunction(function) and "timeout" in inspect.signature(function).parameters


WITH_OPTIONS = {name: function for name in core.__all__ if takes_options(function := getattr(core, name))}
"""Every builder, recipe, wait and stream: whatever makes requests, by its arguments alone."""


def test_whatever_makes_requests_takes_the_options() -> None:
    makes = {
        name
        for name in core.__all__
        if inspect.isfunction(function := getattr(core, name))
        and re.match(r"Operation\[|Stream\[", str(inspect.signature(function).return_annotation))
        and {"response_id", "response", "conversation_id", "model"} & inspect.signature(function).parameters.keys()
    }
    assert WITH_OPTIONS.keys() == (makes | {"create_conversation", "list_models"} | {"configured"})


@pytest.mark.parametrize("name", sorted(WITH_OPTIONS.keys() - {"configured"}))
def test_the_options_are_shown_with_their_types_and_said_in_one_place(name: str) -> None:
    function = WITH_OPTIONS[name]
    shown = inspect.signature(function).parameters
    hints, told = get_type_hints(function), pydoc.plain(pydoc.render_doc(function))
    for option, hint in get_type_hints(RequestOptions).items():
        parameter = shown[option]
        assert parameter.kind is Parameter.KEYWORD_ONLY
        assert parameter.default is None
        assert hints[option] == hint
        assert eval(parameter.annotation, function.__globals__) == hint
        assert f"{option}: '{parameter.annotation}' = None" in told
        assert re.search(rf"^ +{option}: ", inspect.getdoc(RequestOptions) or "", re.MULTILINE)
    assert "extra_headers, extra_query, timeout: " in told or "arguments" in told


@pytest.mark.parametrize("name", sorted(WITH_OPTIONS.keys() - {"configured"}))
def test_an_option_that_there_is_none_of_is_a_type_error_whatever_else_is_given(name: str) -> None:
    for wrong in ("", "resp_1"):
        needed = {
            key: core.WaitPolicy(deadline=1) if key == "policy" else int if key == "output_type" else wrong
            for key, parameter in inspect.signature(WITH_OPTIONS[name]).parameters.items()
            if parameter.default is Parameter.empty
        }
        with pytest.raises(TypeError, match=rf"^{name}\(\) got an unexpected keyword argument 'timuot'"):
            WITH_OPTIONS[name](**needed, timuot=1)


def test_every_member_of_a_body_has_bounds_and_no_bounds_are_left_over() -> None:
    members: set[str] = {"stream_options", *inspect.signature(create_conversation).parameters}
    for _, arguments, _, own, _ in TAKEN:
        members |= own | arguments.__annotations__.keys()
    assert BOUNDS.keys() == members - set(OPTIONS) - {"input", "items"}


@pytest.mark.parametrize("function", [stream_response, create_parsed_response])
def test_what_passes_arguments_on_shows_them_after_its_own(function: Any) -> None:
    shown = list(inspect.signature(function).parameters)
    own = len(shown) - len(CreateArguments.__annotations__)
    assert shown[own:] == list(inspect.signature(create_response).parameters)
    assert own > 0
    assert get_type_hints(function)["tools"] == get_type_hints(create_response)["tools"]


def test_the_order_of_keywords_makes_no_difference() -> None:
    first: Any = create_response(tools=[], user="u", input="Hi", model="m", background=True)
    assert first == create_response(model="m", background=True, input="Hi", tools=[], user="u")
    assert list(json.decode(first.request.body)) == ["model", "input", "background", "tools", "user"]
    assert names_of(CreateArguments)[-5:] == OPTIONS


@pytest.mark.parametrize(
    "function", [create_response, compact_response, count_input_tokens, stream_response, create_parsed_response]
)
def test_an_unknown_keyword_is_a_type_error_that_names_it(function: Any) -> None:
    positional = (int,) if function is create_parsed_response else ()
    with pytest.raises(TypeError, match=rf"{function.__name__}\(\) got an unexpected keyword argument 'modle'"):
        function(*positional, model="m", modle="m")


@pytest.mark.parametrize("function", [create_response, compact_response, count_input_tokens, stream_response])
def test_a_function_that_shows_keywords_pickles(function: Any) -> None:
    assert pickle.loads(pickle.dumps(function)) is function
