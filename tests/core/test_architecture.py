"""How the house is built: imports run one way, and the inner layers reach nothing outside. Nothing is run here."""

import ast
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from graphlib import TopologicalSorter
from itertools import pairwise
from pathlib import Path

import pytest
from places import LAYERS, ROOT

"""From the innermost outwards: each may import itself and those before it."""

FACADE = "facade"
"""What installs as `puresponse` itself: outside of all, it loads nothing but the command line where it is that."""

OUTSIDE = {
    "_socket",
    "_thread",
    "asyncio",
    "concurrent",
    "ctypes",
    "email",
    "http",
    "io",
    "logging",
    "multiprocessing",
    "os",
    "pathlib",
    "queue",
    "random",
    "secrets",
    "select",
    "selectors",
    "shutil",
    "signal",
    "socket",
    "ssl",
    "subprocess",
    "tempfile",
    "threading",
    "time",
    "urllib",
    "urllib3",
    "uuid",
}
"""What gives I/O, a clock, chance, the environment or threads."""

REACHING = {"open", "print", "input", "eval", "exec", "__import__", "datetime.now", "datetime.utcnow", "date.today"}


def modules_of(*layers: str) -> list[Path]:
    return [path for layer in layers for path in sorted((ROOT / layer).rglob("*.py"))]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(tree_of(path)))


def imports_of(path: Path | ast.AST) -> Iterator[tuple[int, str]]:
    """The level and the module of every import in a file or a part of it, wherever they stand."""
    for node in nodes_of(path) if isinstance(path, Path) else ast.walk(path):
        if isinstance(node, ast.Import):
            yield from ((0, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.level, node.module or ""


def layer_of(path: Path, level: int, module: str) -> str:
    """The layer that an import leads to; nothing where it leads out of the house."""
    if level == 0:
        return (module.split(".")[1:2] or [""])[0] if module.split(".", maxsplit=1)[0] == "puresponse" else ""
    folder = path.parent.relative_to(ROOT).parts
    return (*folder[: len(folder) - level + 1], *module.split("."))[0]


def breaches(paths: list[Path], found: Callable[[Path], object]) -> dict[str, object]:
    """What `found` finds in each of the files where it finds anything."""
    return {name_of(path): what for path in paths if (what := found(path))}


def from_without(path: Path | ast.AST) -> set[str]:
    """What is imported from outside the house."""
    return {module.split(".")[0] for level, module in imports_of(path) if level == 0}


PLURAL = "codecs/types"
"""A room with rooms inside that name each other."""

LOADERS = {"core/preloading.py", "cli/app.py"}
"""What loads all that there is of other rooms, and is imported by none of them."""


def room_of(folder: Path) -> str:
    name = folder.as_posix()
    return PLURAL if name.startswith(PLURAL) else name


def room_that_leads(path: Path, level: int, module: str) -> str:
    """The room that a relative import leads to."""
    folder = path.parent.relative_to(ROOT)
    target = Path(*folder.parts[: len(folder.parts) - level + 1], *module.split("."))
    return room_of(target if (ROOT / target).is_dir() else target.parent)


def table_of_rooms() -> dict[str, tuple[str, set[str]]]:
    """The law of each room, and what it imports of its own package, as the page of the architecture has it."""
    page = (ROOT / "docs" / "reasons" / "architecture.md").read_text()
    rows = re.findall(r"^\| `([\w/]+)` \| (.+) \| ([^|]+) \|$", page, re.MULTILINE)
    return {room: (law, set(re.findall(r"`([\w/]+)`", imported))) for room, law, imported in rows}


def test_rooms_import_what_the_page_of_the_architecture_says_and_one_way() -> None:
    table = table_of_rooms()
    found: dict[str, set[str]] = {room: set() for room in table}
    for path in modules_of(*LAYERS):
        name = name_of(path)
        if path.name == "__init__.py" or name in LOADERS:
            continue
        own = room_of(path.parent.relative_to(ROOT))
        led = {room_that_leads(path, *found_import) for found_import in imports_of(path) if found_import[0]}
        found[own] |= {room for room in led if room != own and room.split("/")[0] == own.split("/")[0]}
    assert found == {room: imported for room, (_, imported) in table.items()}
    TopologicalSorter(found).prepare()  # raises for a circle


def test_every_room_says_its_law_as_the_page_does() -> None:
    folders = {path.parent.relative_to(ROOT).as_posix() for path in modules_of(*LAYERS) if path.name == "__init__.py"}
    rooms = {name for name in folders if not name.startswith(f"{PLURAL}/")} - {Path(REGISTERED).parent.as_posix()}
    said = {room: str(ast.get_docstring(ast.parse((ROOT / room / "__init__.py").read_text()))) for room in rooms}
    assert {room: text.partition("\n")[0] for room, text in said.items()} == {
        room: law for room, (law, _) in table_of_rooms().items()
    }


def test_a_room_has_about_twenty_files() -> None:
    rooms = {path.parent for path in modules_of(*LAYERS)}
    sizes = {name_of(room): len([path for path in room.glob("*.py") if path.name != "__init__.py"]) for room in rooms}
    assert {room: size for room, size in sizes.items() if size > 22} == {}


REGISTERED = "transports/testing/pytest_entry/__init__.py"


def test_imports_run_one_way() -> None:
    def outward(path: Path) -> set[str]:
        own = LAYERS.index(name_of(path).split("/")[0])
        return {layer_of(path, *found) for found in imports_of(path)} - {"", *LAYERS[: own + 1]}

    assert breaches(modules_of(*LAYERS), outward) == {}


def test_the_facade_loads_nothing_and_nothing_in_the_house_loads_it() -> None:
    loaded = {
        name_of(path): {found for node in body_of(path) for found in imports_of(node)} for path in modules_of(FACADE)
    }
    assert loaded == {"facade/__init__.py": set(), "facade/__main__.py": {(0, "sys"), (0, "puresponse.cli")}}
    assert breaches(modules_of(*LAYERS), leads_to_the_root) == {}


def body_of(path: Path) -> list[ast.stmt]:
    """What runs when a file is imported: neither functions nor what type-checkers alone see."""
    return [node for node in ast.parse(path.read_text()).body if not isinstance(node, (ast.FunctionDef, ast.If))]


def leads_to_the_root(path: Path) -> bool:
    """Whether a file imports from `puresponse` itself: `from .. import x`, from a folder in a layer."""
    depth = len(path.relative_to(ROOT).parts)
    return any(level == depth and not module for level, module in imports_of(path))


def test_every_layer_stands_on_the_one_before() -> None:
    # Were the files or the imports not found, the test above would find nothing either.
    for inner, outer in pairwise(LAYERS):
        assert inner in {layer_of(path, *found) for path in modules_of(outer) for found in imports_of(path)}


def test_inside_the_house_imports_are_relative() -> None:
    def absolute(path: Path) -> bool:
        return "puresponse" in from_without(path)

    # What pytest finds is installed as a package of its own, outside the house.
    assert breaches(modules_of(*LAYERS), absolute) == {REGISTERED: True}


def test_only_what_has_connections_imports_urllib3() -> None:
    users = [name_of(path) for path in modules_of(*LAYERS) if "urllib3" in from_without(path)]
    others = {name for name in users if not name.startswith("transports/urllib3/")}
    assert others == {"transports/http1/addresses.py", "transports/http1/coding.py"}
    assert len(others) < len(users), "the transport that does is there"


def test_the_library_proper_depends_on_three_packages() -> None:
    def third_party(path: Path) -> set[str]:
        # What stands inside a function is an extra's, or of the equipment for tests.
        body = [
            node for node in ast.parse(path.read_text()).body if not isinstance(node, (ast.FunctionDef, ast.ClassDef))
        ]
        return from_without(ast.Module(body, [])) - set(sys.stdlib_module_names) - {"msgspec", "urllib3", "returns"}

    # `typing_extensions` is seen by type-checkers alone; `returns` brings it. The plugin is loaded by pytest.
    allowed = {
        "core/results.py": {"typing_extensions"},
        # These are loaded where an `OpenTelemetry` is made, or seen by type-checkers alone.
        "transports/observers/opentelemetry.py": {"opentelemetry"},
        "transports/observers/spans.py": {"opentelemetry"},
        # These are loaded where an `AiohttpTransport` is made (`tests/transports/test_aiohttp.py`).
        "transports/aiohttp/connector.py": {"aiohttp", "yarl"},
        "transports/aiohttp/failures.py": {"aiohttp"},
        # Loaded where a transport is served (`tests/transports/test_serve.py`).
        "transports/serving/uvicorn_server.py": {"h11", "uvicorn"},
        "transports/testing/every_fault.py": {"pytest"},
        "transports/testing/pytest_cassettes.py": {"pytest"},
        "transports/testing/pytest_every_fault.py": {"pytest"},
        "transports/testing/pytest_plugin.py": {"pytest"},
        REGISTERED: {"puresponse"},
    }
    found = breaches(modules_of(*LAYERS[:3]), third_party)
    assert {name: packages for name, packages in found.items() if packages != allowed.get(name)} == {}


def test_codecs_and_core_import_no_clock_chance_environment_thread_or_io() -> None:
    assert breaches(modules_of("codecs", "core"), lambda path: from_without(path) & OUTSIDE) == {}


BUILDERS = {"json.Decoder", "msgpack.Decoder", "json.schema_components", "json.schema", "json.decode", "msgpack.decode"}


def builds(node: ast.AST) -> bool:
    """Whether msgspec would build a type for what stands there: `json.decode` does only where it is told of one."""
    if isinstance(node, ast.ImportFrom):
        return node.module in {"msgspec.json", "msgspec.inspect"} or (
            node.module == "msgspec" and bool({alias.name for alias in node.names} & {"convert", "inspect"})
        )
    if isinstance(node, ast.Attribute) and ast.unparse(node) in BUILDERS - {"json.decode", "msgpack.decode"}:
        return True
    if isinstance(node, ast.Call) and ast.unparse(node.func) in BUILDERS:
        return any(keyword.arg == "type" for keyword in node.keywords)
    return False


def test_all_that_builds_goes_through_one_module() -> None:
    def building(path: Path) -> set[str]:
        return {ast.unparse(node) for node in nodes_of(path) if builds(node)}

    found = breaches(modules_of(*LAYERS, FACADE), building)
    # To read again what a codec refused takes a type that was built with the codec.
    for reader, beside in (
        ("fitting", "ValidationError, convert"),
        ("lenient", "ValidationError, convert"),
        ("one_misfit", "convert, json"),
    ):
        assert found.pop(f"codecs/lossless/{reader}.py") == {f"from msgspec import {beside}"}
    assert found.keys() == {"codecs/lossless/building.py"}


PRIVATE = re.compile(r"_[A-Za-z0-9]\w*")

PRIVATE_NAMES = {
    "transports/aiohttp/connector.py": {"self._create_connection"},
    "codecs/lossless/building.py": {"from _imp import acquire_lock", "from _imp import release_lock"},
    "transports/forks.py": {
        "from _thread import get_ident",
        "getattr(spec, '_initializing', False)",
        "vars(import_module('importlib._bootstrap')).get('_module_locks', {})",
    },
    "transports/http1/coding.py": {"getattr(decoder, '_obj', None)", "self._response._decoder"},
    "transports/urllib3/connections.py": {
        "self._dns_host",
        "self._kept._get_conn",
        "self._kept._prepare_proxy",
        "self._kept._put_conn",
        "self._tunnel_host",
        "self._tunnel_port",
    },
}
"""Private names of others, by the file that uses them: it says why, and a test fails when they change."""


def is_private(name: str) -> bool:
    return any(map(PRIVATE.fullmatch, name.split(".")))


def names_of_its_own(tree: ast.AST) -> Iterator[str]:
    """The names that a file gives to anything, or has from another file of the house."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(ast.Name("self" | "cls"), name, ast.Store()):
                yield name
            case ast.ImportFrom(names=names, level=level) if level:
                yield from (alias.asname or alias.name for alias in names)
            case _:
                pass


def private_names_of_others(source: str) -> set[str]:
    """Where a file uses a private name that it has not given: an attribute, an import, or a name in quotation marks."""
    tree = ast.parse(source)
    own = set(names_of_its_own(tree))
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name) if is_private(name) and name not in own:
                found.add(ast.unparse(node))
            case ast.Import(names=names):
                found |= {f"import {alias.name}" for alias in names if is_private(alias.name)}
            case ast.ImportFrom(module=module, names=names):
                left = f"from {'.' * node.level}{module or ''} import "
                found |= {left + alias.name for alias in names if is_private(f"{module or ''}.{alias.name}")}
            case ast.Call(args=args):
                quoted = {arg.value for arg in args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)}
                found |= {ast.unparse(node) for text in quoted if PRIVATE.fullmatch(text) and text not in own}
            case _:
                pass
    return found


def test_private_names_of_others_are_used_in_no_file_but_those_that_say_why() -> None:
    found = breaches(modules_of(*LAYERS, FACADE), lambda path: private_names_of_others(path.read_text()))
    assert found == PRIVATE_NAMES


@pytest.mark.parametrize(
    "source",
    [
        "from returns.result import Success\nSuccess(1)._inner_value",
        "set_ = object.__setattr__\nset_(1, '_inner_value', 2)",
        "import msgspec._core",
        "from msgspec._utils import get_class_annotations",
        "import typing\ntyping._GenericAlias",
        "from .other import _secret",
    ],
)
def test_a_private_name_of_another_would_be_noticed(source: str) -> None:
    assert private_names_of_others(source) != set()


def test_private_names_of_its_own_are_no_breach() -> None:
    assert private_names_of_others("class A:\n  _x = 1\n  def f(self): self._y = self._x; self.__class__") == set()


def test_one_module_takes_the_lock_of_the_interpreter() -> None:
    assert breaches(modules_of(*LAYERS), lambda path: from_without(path) & {"_imp"}) == {
        "codecs/lossless/building.py": {"_imp"}
    }


def test_what_is_remembered_is_built_under_the_lock_or_only_loaded() -> None:
    def caching(path: Path) -> list[str]:
        functions = [node for node in nodes_of(path) if isinstance(node, ast.FunctionDef)]
        return [node.name for node in functions for by in node.decorator_list if "cache" in ast.unparse(by)]

    loading = {
        "codecs/decoders.py": ["_codec_of", "stream_event_codec"],
        "core/interchange/names.py": ["library_value"],
        "core/interchange/annotations.py": ["_names_in"],
        "core/credentials.py": ["names_a_credential"],  # which remembers an answer
        "core/endpoints/webhooks.py": ["event_codec"],
        "transports/mistakes.py": ["_may_be_async"],  # which remembers an answer
        "transports/memory/scripts/schema.py": ["script_schema"],
        "transports/memory/validation/request_table.py": ["request_table", "item_table"],
    }
    assert breaches(modules_of(*LAYERS), caching) == loading


def test_codecs_and_core_call_nothing_that_reaches_outside() -> None:
    def reaching(path: Path) -> set[str]:
        return {ast.unparse(node.func) for node in nodes_of(path) if isinstance(node, ast.Call)} & REACHING

    assert breaches(modules_of("codecs", "core"), reaching) == {}


def test_the_core_has_neither_lambdas_nor_nested_functions() -> None:
    def nested(path: Path) -> list[str]:
        inner = [
            node
            for outer in nodes_of(path)
            if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef))
            for node in ast.walk(outer)
            if node is not outer and isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        ]
        lambdas = [node for node in nodes_of(path) if isinstance(node, ast.Lambda)]
        return [f"line {node.lineno}" for node in (*inner, *lambdas)]

    assert breaches([path for path in modules_of("core") if path.name != "__init__.py"], nested) == {}


def test_no_checker_is_silenced() -> None:
    silencers = ("type: ignore", "# noqa", "pragma: no cover", "pyright: ignore")

    def silenced(path: Path) -> list[str]:
        return [silencer for silencer in silencers if silencer in path.read_text()]

    assert breaches(modules_of(*LAYERS, FACADE, "docs"), silenced) == {}


@pytest.mark.parametrize("layer", ["codecs", "core", "transports", FACADE])
def test_every_layer_says_that_it_is_typed(layer: str) -> None:
    packaged = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]["*"]
    for file, pattern in (("py.typed", "py.typed"), ("__init__.pyi", "*.pyi")):
        assert (ROOT / layer / file).is_file()
        assert pattern in packaged


def test_every_folder_of_the_house_is_packaged() -> None:
    setuptools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    folders = {path.parent.relative_to(ROOT).as_posix() for path in modules_of(*LAYERS)}
    folders -= {Path(REGISTERED).parent.as_posix()}
    installed = {f"puresponse.{folder.replace('/', '.')}" for folder in folders} | {"puresponse", "puresponse_pytest"}
    assert sorted(setuptools["packages"]) == sorted(installed)
    tops = {f"puresponse.{layer}": layer for layer in LAYERS}
    assert setuptools["package-dir"] == {
        "puresponse": FACADE,
        "puresponse_pytest": Path(REGISTERED).parent.as_posix(),
        **tops,
    }
