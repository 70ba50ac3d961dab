"""What a docstring does not tell of the name that it is for: parameters, errors, an example, the page of the API.

What is told: a parameter that has an entry in `Args:` or `Attributes:`, or is in a code span of the docstring; an error
whose name is in a code span. What many have in common is told once, and pointed to: "the arguments are those of
`list_input_items`", and of errors, in the paragraph that begins with `Errors`, any public name: "those of
`retrieve_response`".
"""

from __future__ import annotations

import builtins
import re
from functools import cache
from typing import Any

from reference_docstrings import SPAN, Section, parsed
from reference_names import Call, Told, public_names, told
from reference_raising import raised_by

ERRORS = ("ApiError", "DecodeError", "Interrupted", "InvalidArgument", "NoRecording", "NotSent", "WaitExpired")
OF_ANY_REQUEST = {*ERRORS} - {"WaitExpired"}
"""What any program may end with that sends something; `Send` tells these, once."""

_POINTER = re.compile(
    r"(?:[Aa]rguments|[Pp]arameters|[Oo]thers)\b[^.;`]*(?:\b(?:those|as)\b )?of ((?:`\w+`(?:, | and of | and )?)+)"
)
_PASSED_ON = re.compile(r"\b(?:those?|that|the first|the last|error) (?:error )?(?:of|before|with)\b|none\b")


@cache
def words_of(doc: str) -> frozenset[str]:
    """The words that a docstring, and those that it points to for arguments, tell."""
    docstring = parsed(doc)
    text = " ".join(docstring.text.split())
    pointed = [name for match in _POINTER.finditer(text) for name in re.findall(r"`(\w+)`", match[1])]
    pointed += re.findall(r"`(\w+)`", docstring.listed.get("arguments", ""))
    found = set(docstring.words)
    for name in pointed:
        if name in public_names() and told(name).doc != doc:
            found |= words_of(told(name).doc)
    return frozenset(found)


def calls_of(one: Told) -> list[tuple[str, Call, str]]:
    """What of a name can be called: the function, the constructor, the methods; each with where it is told."""
    own = [] if one.call is None or one.kind == "wire" else [(one.name, one.call, one.doc)]
    methods = [method for method in one.methods if not method.name.startswith("test_")]
    return own + [(f"{one.name}.{method.name}", method, f"{method.doc}\n\n{one.doc}") for method in methods]


@cache
def _contracts() -> dict[str, str]:
    """What the protocols tell of their methods, by the name of the method: once, for all that keep them."""
    found: dict[str, str] = {}
    for name in public_names():
        if told(name).kind == "protocol":
            for method in told(name).methods:
                found[method.name] = f"{found.get(method.name, '')}\n\n{method.doc}"
    return found


def untold_parameters(one: Told) -> list[str]:
    """The parameters, of the name and its methods, that no docstring tells."""
    missing = [
        f"{name}: {parameter}"
        for name, call, doc in calls_of(one)
        for parameter in call.parameters
        if parameter not in words_of(doc) and parameter not in words_of(_contracts().get(call.name, ""))
    ]
    if one.kind == "keywords":
        missing += [f"{one.name}: {field.name}" for field in one.fields if field.name not in words_of(one.doc)]
    return missing


def unknown_parameters(one: Told) -> list[str]:
    """The entries of a docstring that are for no parameter and no field."""
    found: list[str] = []
    for name, call, doc in [(one.name, one.call, one.doc), *((each.name, each, each.doc) for each in one.methods)]:
        known = {*(call.parameters if call else ()), *(field.name for field in one.fields), "arguments"}
        found += [f"{name}: {entry}" for entry in parsed(doc).listed if entry not in known]
    return found


@cache
def errors_told(name: str) -> frozenset[str]:
    """The errors and exceptions that the docstring of a public name tells, or those that it points to."""
    return _errors_in(told(name).doc, name)


def _errors_in(doc: str, name: str) -> frozenset[str]:
    docstring = parsed(doc)
    found = {word for word in docstring.words if word in ERRORS or is_exception(word)}
    for block in docstring.blocks:
        if isinstance(block, Section):
            continue
        text = " ".join(block.split())
        if text.startswith("Errors") or re.search(r"[Ee]rrors (?:are those |are |as )of", text):
            spans = (one or other for one, other in SPAN.findall(text))
            for span in spans:
                if span in public_names() and span != name and span not in ERRORS and not is_exception(span):
                    found |= errors_told(span)
    return frozenset(found)


def is_exception(name: str) -> bool:
    """Whether a name is that of an exception, of Python's or of ours."""
    value: Any = getattr(builtins, name, None)
    if name in public_names():
        return told(name).kind == "exception"
    return isinstance(value, type) and issubclass(value, BaseException)


def sends(one: Told) -> bool:
    """Whether a name is a function that makes requests of its own: an endpoint, or a recipe of several."""
    home = one.module.__name__
    makes = one.call is not None and one.call.returns.startswith(("Operation[", "Stream["))
    rooms = ("puresponse.core.endpoints.", "puresponse.core.programs.")
    return one.kind == "function" and makes and home.startswith(rooms) and one.name != "all_pages"


def _kinds(error: str) -> tuple[str, ...]:
    """The members of a union of errors that has a name."""
    return told(error).members if error in public_names() and told(error).kind == "union" else (error,)


def untold_errors(one: Told) -> list[str]:
    """The errors that a function may end with and does not tell."""
    if one.kind != "function" or one.call is None:
        return []
    returned = one.call.returns
    if sends(one):
        return sorted(OF_ANY_REQUEST - errors_told(one.name))
    result = re.fullmatch(r"Result\[.+, (.+?)\]", returned)
    if result is not None and result[1] != "Error":
        kinds = [kind for error in result[1].split(" | ") for kind in _kinds(error)]
        return [kind for kind in kinds if kind not in errors_told(one.name) | words_of(one.doc)]
    if result is not None or returned.startswith(("Operation[", "Stream[")):
        text = " ".join(
            block for block in parsed(one.doc).blocks if isinstance(block, str) and block.startswith("Errors")
        )
        return [] if errors_told(one.name) or _PASSED_ON.search(text) else ["nothing of errors"]
    return []


def untold_raises(one: Told) -> list[str]:
    """The exceptions that a function, a constructor or a method may raise, and that nobody tells.

    What is told may be a base of what is raised. A call that its signature does not allow is a `TypeError`, as of any
    function of Python, and needs no word; nor does a method that is to be written.
    """
    found: list[str] = []
    for name, call, doc in calls_of(one):
        if name.rpartition(".")[2] == "chunk":
            continue  # it checks the size before the rule does, which raises for who makes one by hand
        known = _errors_in(doc, one.name) | parsed(doc).words | {"TypeError", "NotImplementedError"}
        for raised in raised_by(call.function):
            bases = [base.__name__ for base in raised.__mro__ if base.__name__ not in {"Exception", "BaseException"}]
            if not known & {*bases}:
                found.append(f"{name}: {next((base for base in bases if is_exception(base)), bases[0])}")
    return sorted(found)


def without_example(one: Told) -> bool:
    """Whether it is a function whose docstring has no example."""
    return one.kind == "function" and not parsed(one.doc).example


def without_page(one: Told) -> bool:
    """Whether it makes requests, and does not say which page of the API it follows."""
    pages = ("https://platform.openai.com/docs/", "https://learn.microsoft.com/azure/")
    return sends(one) and not any(page in one.doc for page in pages)


def untold(one: Told) -> list[str]:
    """All that is not told of a name, as a reader of a failing test wants it."""
    found = [f"parameter {each}" for each in untold_parameters(one)]
    found += [f"no such parameter {each}" for each in unknown_parameters(one)]
    found += [f"error {each}" for each in untold_errors(one)]
    found += [f"exception {each}" for each in untold_raises(one)]
    if without_example(one):
        found.append("no example")
    if without_page(one):
        found.append("no page of the API")
    return found + ([] if one.doc or one.kind == "wire" else ["no docstring"])
