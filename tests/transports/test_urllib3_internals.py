"""What no package documents and the transports use: that it is still there, means what it did, and is named once."""

import ast
import re
import socket
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from http.client import HTTPResponse
from pathlib import Path
from typing import TypeVar

import pytest

from puresponse.transports.testing.loopback import answering
from puresponse.transports.urllib3.addresses import origin_of
from puresponse.transports.urllib3.chunked import IncrementalResponse
from puresponse.transports.urllib3.connections import open_pool, times
from puresponse.transports.urllib3.http_client import OpenedUpResponse, response_beneath

ROOT = Path(__file__).resolve().parents[2]
HTTP_CLIENT = "transports/urllib3/http_client.py"
IMPORTLIB = "transports/forks.py"
R = TypeVar("R", bound=HTTPResponse)

SIZED = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"


@contextmanager
def responding(kind: type[R], data: bytes, method: str = "GET") -> Generator[R]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(data)
        theirs.shutdown(socket.SHUT_WR)
        with kind(ours, method=method) as response:
            yield response


def test_a_response_of_http_client_keeps_what_it_kept_and_no_more() -> None:
    """One thing more might be how it frames its body, and `take_head` would not set it."""
    head = {"version", "status", "code", "reason", "headers", "msg"}
    framing = {"chunked", "chunk_left", "length", "will_close"}
    with responding(HTTPResponse, SIZED + b"{}") as response:
        response.begin()
        assert vars(response).keys() == {"fp", "debuglevel", "_method"} | head | framing


@pytest.mark.parametrize(("data", "chunked"), [(SIZED + b"{}", False), (CHUNKED + b"2\r\n{}\r\n0\r\n\r\n", True)])
def test_what_http_client_keeps_means_what_its_name_here_says(data: bytes, chunked: bool) -> None:
    with responding(OpenedUpResponse, data) as response:
        response.begin()
        assert data.endswith(response.file.peek())
        assert (response.is_chunked, response.ends_connection, response.answers_head) == (chunked, chunked, False)
        assert response.read() == b"{}"
        assert response.file is None
    with responding(OpenedUpResponse, data, "HEAD") as response:
        assert response.answers_head


@pytest.mark.parametrize("framing", ["sized", "chunked", "ended by its connection"])
def test_http_client_reads_a_body_by_the_head_that_was_taken(framing: str) -> None:
    body = b"2\r\n{}\r\n0\r\n\r\n" if framing == "chunked" else b"{}" if framing != "sized" else b"{}more"
    with responding(OpenedUpResponse, body) as response:
        add_header = response.start_headers()
        add_header("X-Twice", "1")
        add_header("x-twice", "2")
        response.take_head(
            299,
            "Odd",
            chunked=framing == "chunked",
            length=2 if framing == "sized" else None,
            ends_connection=framing == "ended by its connection",
        )
        assert (response.status, response.reason, response.version) == (299, "Odd", 11)
        assert response.headers.items() == [("X-Twice", "1"), ("x-twice", "2")]
        assert response.msg is response.headers
        assert response.getheader("X-TWICE") == "1, 2"
        assert response.read() == b"{}"
        assert response.isclosed()


def test_urllib3_puts_the_response_of_its_connection_beneath_its_own() -> None:
    with answering(SIZED + b"{}") as base_url:
        pool = open_pool(origin_of(base_url), timeout=times(5.0, 5.0), max_connections=1, tls=None, proxy=None)
        answer = pool.urlopen("GET", "/", preload_content=False)
        assert isinstance(response_beneath(answer), IncrementalResponse)
        answer.release_conn()
        pool.close()


# --- named once ----------------------------------------------------------------------------------

INSIDES = {"fp", "_method", "chunk_left", "will_close", "set_raw", "_original_response"}
"""What http.client and urllib3 keep to themselves, as far as no name of this library's is the same."""


def foreign(file: Path) -> Iterator[str]:
    """The names in a file that another package keeps to itself: private ones that the file does not itself define."""
    nodes = list(ast.walk(ast.parse(file.read_text())))
    slots = [node for node in nodes if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__slots__"]
    own = {child.value for node in slots for child in ast.walk(node) if isinstance(child, ast.Constant)}
    attributes = [node for node in nodes if isinstance(node, ast.Attribute)]
    own |= {node.attr for node in attributes if ast.unparse(node.value) in {"self", "cls", "super()"}}
    names = [node.attr for node in attributes]
    names += [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    for name in names:
        if name in INSIDES or (name not in own and re.fullmatch("_[a-z][a-z_]*", name)):
            yield name


def test_what_another_package_keeps_to_itself_is_named_in_one_file_that_says_why() -> None:
    files = [path for layer in ("transports", "cli") for path in (ROOT / layer).rglob("*.py")]
    named = {path.relative_to(ROOT).as_posix(): set(foreign(path)) for path in files}
    assert {name: names for name, names in named.items() if names} == {
        HTTP_CLIENT: {"fp", "_method", "chunk_left", "will_close", "set_raw", "_original_response"},
        IMPORTLIB: {"_module_locks", "_initializing"},
    }


def test_a_private_name_is_found_however_it_is_reached(tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text("x = response._original_response\nclass C:\n    def f(self): return self.fp, vars(y)['_locks']\n")
    assert set(foreign(file)) == {"_original_response", "fp", "_locks"}
