"""The mutants of a file: what mutmut makes of each function in it.

What mutmut leaves out is left out: annotations, docstrings, the arguments of `len` and `isinstance`. It also leaves out
functions with a decorator, for the sake of how it runs them; these are in, but for `@overload`.
"""

from __future__ import annotations

import ast
import difflib
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

HIDDEN = "#~"
"""What a decorator is hidden behind while mutmut reads a file."""


@dataclass(frozen=True)
class Mutant:
    """One changed function. `source` is all of the file, with the change; `lines` are the first and the last of
    the changed code, `function_lines` those of its function."""

    file: str
    function: str
    number: int
    lines: tuple[int, int]
    function_lines: range
    original: str
    source: str

    @property
    def name(self) -> str:
        """What it is called as long as its function stays as it is."""
        return f"{self.file}:{self.function}:{self.number}"

    @property
    def key(self) -> str:
        """The mutant of this very file: what is known of it holds until the file is changed."""
        return f"{self.name}:{_state(self.original)}"

    @property
    def change(self) -> tuple[str, ...]:
        """The lines that are taken away and put in their place, each with its sign, and without indentation."""
        changed = difflib.unified_diff(self.original.splitlines(), self.source.splitlines(), lineterm="", n=0)
        return tuple(line[0] + line[1:].strip() for line in list(changed)[2:] if not line.startswith("@@"))


def mutants_of(root: Path, names: Iterable[str]) -> Iterator[Mutant]:
    """The mutants of these names, but for those that change nothing that Python reads or are no Python."""
    by_file: dict[str, set[str]] = {}
    for name in names:
        by_file.setdefault(name.partition(":")[0], set()).add(name)
    for file, wanted in sorted(by_file.items()):
        original = (root / file).read_text()
        before = ast.dump(ast.parse(original))
        for mutant in _of_file(file, original, wanted):
            try:
                compile(mutant.source, file, "exec", dont_inherit=True)
            except SyntaxError:
                continue
            if ast.dump(ast.parse(mutant.source)) != before:
                yield mutant


def names_of(root: Path, files: Iterable[str], kept: Path | None = None) -> Iterator[str]:
    """The names of all mutants of these files. How many a function has is kept in the file `kept`."""
    known: dict[str, dict[str, int]] = json.loads(kept.read_text()) if kept is not None and kept.exists() else {}
    for file in files:
        original = (root / file).read_text()
        state = f"{file}:{_state(original)}"
        if state not in known:
            functions, mutations, _ = _mutations(file, original)
            known[state] = Counter(functions[each.contained_by_top_level_function] for each in mutations)
        for function, count in known[state].items():
            yield from (f"{file}:{function}:{number}" for number in range(1, count + 1))
    if kept is not None:
        kept.write_text(json.dumps(known))


def _mutations(file: str, original: str) -> tuple[dict[Any, str], list[Any], Any]:
    """The functions of a file by their nodes, what mutmut makes of them, and the tree of the file."""
    module, mutations, *_ = import_module("mutmut.mutation.file_mutation").create_mutations(
        file, hide_decorators(original)
    )
    functions = dict(_functions(import_module("libcst"), module.body))
    return functions, [each for each in mutations if each.contained_by_top_level_function in functions], module


def _of_file(file: str, original: str, wanted: set[str]) -> Iterator[Mutant]:
    metadata = import_module("libcst.metadata")
    replace = import_module("mutmut.mutation.file_mutation").deep_replace
    functions, mutations, module = _mutations(file, original)
    places = metadata.MetadataWrapper(module, unsafe_skip_copy=True).resolve(metadata.PositionProvider)
    numbers: Counter[str] = Counter()
    for mutation in mutations:
        function = functions[mutation.contained_by_top_level_function]
        numbers[function] += 1
        if f"{file}:{function}:{numbers[function]}" not in wanted:
            continue
        place = places.get(mutation.original_node) or places[mutation.contained_by_top_level_function]
        whole = places[mutation.contained_by_top_level_function.body]
        body = range(whole.start.line, whole.end.line + 1)
        changed = show_decorators(replace(module, mutation.original_node, mutation.mutated_node).code)
        yield Mutant(file, function, numbers[function], (place.start.line, place.end.line), body, original, changed)


def _functions(cst: Any, body: Iterable[Any]) -> Iterator[tuple[Any, str]]:
    for statement in body:
        if isinstance(statement, cst.FunctionDef):
            yield statement, statement.name.value
        elif isinstance(statement, cst.ClassDef) and isinstance(statement.body, cst.IndentedBlock):
            for method in statement.body.body:
                if isinstance(method, cst.FunctionDef):
                    yield method, f"{statement.name.value}.{method.name.value}"


def hide_decorators(source: str) -> str:
    """Make a comment of each decorator of a function, but for `@overload`."""
    lines = source.splitlines(keepends=True)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for decorator in node.decorator_list:
                if ast.unparse(decorator) != "overload":
                    for index in range(decorator.lineno - 1, decorator.end_lineno or decorator.lineno):
                        indented = lines[index]
                        at = len(indented) - len(indented.lstrip())
                        lines[index] = f"{indented[:at]}{HIDDEN}{indented[at:]}"
    return "".join(lines)


def show_decorators(source: str) -> str:
    """Undo `hide_decorators`."""
    return re.sub(rf"^(\s*){HIDDEN}", r"\1", source, flags=re.MULTILINE)


def ranked(names: Iterable[str], seed: int) -> list[str]:
    """The names in the order in which a seed draws them. A change of one function moves none of another's."""
    return sorted(names, key=lambda name: hashlib.sha256(f"{seed}:{name}".encode()).hexdigest())


def sample(root: Path, names: Iterable[str], size: int, seed: int) -> list[Mutant]:
    """The first mutants in the order of a seed, so many or, where there are fewer, all."""
    order = ranked(names, seed)
    candidates = {mutant.name: mutant for mutant in mutants_of(root, order[: size + size // 10])}
    return [candidates[name] for name in order if name in candidates][:size]


def _state(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()[:12]
