"""What is public of the packages, one promise a line: `core.delete_response(response_id: str, ...) -> ...`.

Law: a line says all that it needs to be understood alone, so that a diff of one line can be read in a review. What a
signature names that is not public itself (a union of literals, a base class) is part of the promise, and is below.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from importlib import import_module

from surface_sources import Definition, Function, Statement, find, path_of

WIDTH = 120
PACKAGES = {
    "core": "core",
    "codecs": "codecs",
    "transports": "transports",
    "transports.testing.contract": "contract",
}
"""The packages that names can be imported from, with what they are called here."""

_PROTOCOLS = {
    *("__init__", "__new__", "__call__", "__len__", "__iter__", "__next__", "__getitem__", "__contains__", "__bool__"),
    *("__enter__", "__exit__", "__aenter__", "__aexit__", "__aiter__", "__anext__", "__reversed__"),
}
"""The methods in underscores that are promised; all others are how a class does what Python asks of any."""

_UNSEEN = {"repr_omit_defaults", "gc", "cache_hash", "metaclass"}
"""What a struct says of itself that its users do not meet."""


class Surface:
    """The lines about public names, and the names that these need besides."""

    def __init__(self) -> None:
        self.public: dict[Definition, str] = {}
        self.needed: dict[Definition, None] = {}
        self._making = False

    def lines(self) -> Iterator[str]:
        """All lines: a part for each package, then what signatures name that is not public."""
        parts = {package: dict(self._public_of(package)) for package in PACKAGES}
        for package, named in parts.items():
            yield from ("", f"## puresponse.{package}", "")
            for name, definition in sorted(named.items()):
                qualified = f"{PACKAGES[package]}.{name}"
                if self.public[definition] == qualified:
                    yield from self.described(qualified, definition)
                else:
                    yield f"{qualified} = {self.public[definition]}"
        yield from ("", "## Not public, and named by what is: their members are promised, their names are not", "")
        shown: set[Definition] = set()
        texts: dict[str, list[str]] = {}
        while rest := [one for one in self.needed if one not in shown]:
            for definition in rest:
                shown.add(definition)
                module = ".".join(definition.path.relative_to(path_of("core").parents[1]).with_suffix("").parts)
                texts[f"{module}.{definition.name}"] = list(self.described(f"~{definition.name}", definition))
        for name in sorted(texts, key=lambda name: (name.rpartition(".")[2], name)):
            yield from texts[name]

    def _public_of(self, package: str) -> Iterator[tuple[str, Definition]]:
        table: dict[str, str] = vars(import_module(f"puresponse.{package}"))["_PUBLIC"]
        for home, names in table.items():
            dots = len(home) - len(home.lstrip("."))
            above = package.split(".")[: len(package.split(".")) - dots]
            path = path_of(".".join([*above, home.lstrip(".")]))
            for name in names.split():
                definition = find(path, name)
                assert definition is not None, f"{name} is nowhere in {path}"
                self.public.setdefault(definition, f"{PACKAGES[package]}.{name}")
                yield name, definition

    # --- one name ----------------------------------------------------------------------------

    def described(self, qualified: str, definition: Definition) -> Iterator[str]:
        """The lines about one name."""
        first = definition.statements[0]
        if isinstance(first, ast.ClassDef):
            yield from self._class(qualified, first, definition)
        elif isinstance(first, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for mark, function in _promised(definition.statements):
                yield from self._function(f"{qualified}{mark}", function, definition)
        else:
            yield from self._value(qualified, first, definition)

    def _value(self, qualified: str, statement: Statement, definition: Definition) -> Iterator[str]:
        annotation = statement.annotation if isinstance(statement, ast.AnnAssign) else None
        told = "" if annotation is None else ast.unparse(annotation)
        value = statement.value if isinstance(statement, (ast.Assign, ast.AnnAssign)) else None
        assert value is not None
        if told and told != "TypeAlias":
            yield f"{qualified}: {self._said(annotation, definition)}"
            return
        if isinstance(value, ast.Call):
            yield f"{qualified}: {ast.unparse(value.func)}"
            return
        members = list(_members(value))
        if len(members) == 1:
            yield f"{qualified} = {self._said(value, definition)}"
            return
        yield f"{qualified} = one of {len(members)}"
        for member in sorted(self._said(member, definition) for member in members):
            yield f"{qualified} | {member}"

    def _function(
        self, qualified: str, function: Function, definition: Definition, method: str | None = None
    ) -> Iterator[str]:
        marks = {ast.unparse(mark).rpartition(".")[2] for mark in function.decorator_list}
        making, self._making = self._making, method == "__init__"
        parameters = list(self._parameters(function.args, definition))
        self._making = making
        if method is not None and "staticmethod" not in marks:
            parameters = parameters[1:]
        if parameters[:1] == ["/"]:
            parameters = parameters[1:]
        given = "" if function.returns is None else f" -> {self._said(function.returns, definition)}"
        start = "async " if isinstance(function, ast.AsyncFunctionDef) else ""
        told = "".join(f"  [{mark}]" for mark in ("classmethod", "staticmethod") if mark in marks)
        if "property" in marks or "cached_property" in marks:
            yield f"{qualified}: {given.removeprefix(' -> ')}  [property]"
            return
        whole = f"{start}{qualified}({', '.join(parameters)}){given}{told}"
        if len(whole) <= WIDTH:
            yield whole
            return
        yield f"{start}{qualified}(...){given}{told}"
        yield from (f"{qualified}({parameter})" for parameter in parameters)

    def _parameters(self, arguments: ast.arguments, definition: Definition) -> Iterator[str]:
        positional = [*arguments.posonlyargs, *arguments.args]
        defaults = [None] * (len(positional) - len(arguments.defaults)) + arguments.defaults
        for at, (one, default) in enumerate(zip(positional, defaults, strict=True)):
            yield self._parameter(one, default, definition)
            if at + 1 == len(arguments.posonlyargs):
                yield "/"
        if arguments.vararg is not None:
            yield f"*{self._parameter(arguments.vararg, None, definition)}"
        elif arguments.kwonlyargs:
            yield "*"
        for one, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
            yield self._parameter(one, default, definition)
        if arguments.kwarg is not None:
            yield f"**{self._parameter(arguments.kwarg, None, definition)}"

    def _parameter(self, one: ast.arg, default: ast.expr | None, definition: Definition) -> str:
        told = "" if one.annotation is None else f": {self._said(one.annotation, definition)}"
        return f"{one.arg}{told}" + ("" if default is None else f" = {self._default(default, definition)}")

    # --- classes -----------------------------------------------------------------------------

    def _class(self, qualified: str, statement: ast.ClassDef, definition: Definition) -> Iterator[str]:
        bases = [self._said(base, definition, base=True) for base in statement.bases]
        settings = [ast.unparse(keyword) for keyword in statement.keywords if keyword.arg not in _UNSEEN]
        yield f"class {qualified}({', '.join([*bases, *settings])})"
        yield from self._fields(qualified, statement, definition)
        methods: dict[str, list[Function]] = {}
        for inner in statement.body:
            if isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef)) and _is_public(inner.name):
                if inner.name == "__init__" and definition not in self.public:
                    continue  # nobody makes one
                methods.setdefault(inner.name, []).append(inner)
        for name, functions in sorted(methods.items()):
            for mark, function in _promised(functions):
                yield from self._function(f"{qualified}.{name}{mark}", function, definition, name)

    def _fields(self, qualified: str, statement: ast.ClassDef, definition: Definition) -> Iterator[str]:
        settings = {ast.unparse(keyword) for keyword in statement.keywords}
        by_name = "  [keyword]" * ("kw_only=True" in settings)
        tag_field = next((ast.literal_eval(one.value) for one in statement.keywords if one.arg == "tag_field"), None)
        counted = any("Enum" in ast.unparse(base) for base in statement.bases)
        for inner in statement.body:
            match inner:
                case ast.AnnAssign(target=ast.Name(name), annotation=annotation, value=default) if _is_public(name):
                    kind = self._said(annotation, definition)
                    if name == tag_field:
                        continue  # it is in the line of the class
                    told = f"{qualified}.{name}: {kind}"
                    told += "" if default is None else f" = {self._default(default, definition)}"
                    yield told + ("" if kind.startswith("ClassVar") else by_name)
                case ast.Assign(targets=[ast.Name(name)], value=default) if _is_public(name):
                    yield f"{qualified}.{name}" + f" = {ast.unparse(default)}" * counted
                case ast.FunctionDef(name="__init__", body=body) if definition in self.public:
                    yield from self._attributes(qualified, body, definition)
                case _:
                    pass

    def _attributes(self, qualified: str, body: list[ast.stmt], definition: Definition) -> Iterator[str]:
        """What an object has from its `__init__`, as far as its name is a public one."""
        seen: set[str] = set()
        for node in (inner for statement in body for inner in ast.walk(statement)):
            match node:
                case ast.Attribute(value=ast.Name("self"), attr=name, ctx=ast.Store()) if _is_public(name):
                    if name not in seen:
                        seen.add(name)
                        yield f"{qualified}.{name}"
                case _:
                    pass

    # --- what is named -----------------------------------------------------------------------

    def _said(self, expression: ast.expr | None, definition: Definition, *, base: bool = False) -> str:
        """The text of an annotation; what it names of the library is noted, unless it is public."""
        assert expression is not None
        for node in ast.walk(expression):
            if isinstance(node, ast.Name):
                self._need(node.id, definition, base=base)
        return ast.unparse(expression)

    def _need(self, name: str, definition: Definition, *, base: bool = False) -> None:
        found = find(definition.path, name)
        if found is None or found in self.public or _is_type_variable(found):
            return
        inside = definition not in self.public or self._making
        if isinstance(found.statements[0], ast.ClassDef) and inside and not base:
            return  # a class that only the library makes, or gives to what it makes
        self.needed.setdefault(found)

    def _default(self, value: ast.expr, definition: Definition) -> str:
        """The text of a default; of one that is a constant with a name its value."""
        found = find(definition.path, value.id) if isinstance(value, ast.Name) else None
        statement = None if found is None else found.statements[0]
        if isinstance(statement, (ast.Assign, ast.AnnAssign)) and isinstance(statement.value, ast.Constant):
            return ast.unparse(statement.value)
        return ast.unparse(value)


def _promised(statements: Iterable[Statement]) -> list[tuple[str, Function]]:
    """The overloads of a function, each with its number, or where there are none the function."""
    functions = [one for one in statements if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef))]
    overloads = [one for one in functions if any(ast.unparse(mark) == "overload" for mark in one.decorator_list)]
    return [(f"#{number}", one) for number, one in enumerate(overloads, 1)] or [("", functions[0])]


def _members(value: ast.expr) -> Iterator[ast.expr]:
    """The members of a union or of a `Literal`, or the expression itself."""
    match value:
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            yield from _members(left)
            yield from _members(right)
        case ast.Subscript(value=ast.Name("Literal"), slice=ast.Tuple(elts=members)):
            yield from members
        case _:
            yield value


def _is_public(name: str) -> bool:
    return not name.startswith("_") or name in _PROTOCOLS


def _is_type_variable(definition: Definition) -> bool:
    statement = definition.statements[0]
    value = statement.value if isinstance(statement, ast.Assign) else None
    return isinstance(value, ast.Call) and ast.unparse(value.func) in {"TypeVar", "ParamSpec", "TypeVarTuple"}
