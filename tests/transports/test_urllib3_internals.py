"""What no package documents and the transports use: that it is still there, means what it did, and is named once."""

import ast
import gzip
import io
import re
import socket
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from urllib3 import HTTPConnectionPool, HTTPResponse, ProxyManager
from urllib3.connection import HTTPConnection
from urllib3.exceptions import ClosedPoolError

from puresponse.transports.http1.addresses import origin_of
from puresponse.transports.testing.loopback import answering

ROOT = Path(__file__).resolve().parents[2]
CONNECTIONS = "transports/urllib3/connections.py"
CODING = "transports/http1/coding.py"
IMPORTLIB = "transports/forks.py"


def test_a_pool_of_urllib3_makes_keeps_and_checks_connections() -> None:
    """What its `urlopen` calls, and this library instead of it."""
    with answering(b"", hold=True) as base_url:
        origin = origin_of(base_url)
        pool: Any = HTTPConnectionPool(origin.host, origin.port, maxsize=1, block=False)
        connection = pool._get_conn()
        assert (connection.sock, connection.is_closed) == (None, True)
        connection.connect()
        pool._put_conn(connection)
        assert pool._get_conn() is connection
        connection.sock.shutdown(socket.SHUT_RDWR)
        pool._put_conn(connection)
        assert pool._get_conn() is connection, "which it has closed, for it was dropped"
        assert connection.sock is None
        pool.close()
        with pytest.raises(ClosedPoolError):
            pool._get_conn()


def test_a_connection_of_urllib3_makes_its_socket_by_a_method_of_its_own() -> None:
    made: list[str] = []

    class Watched(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            made.append(self._dns_host)
            return super()._new_conn()

    with answering(b"", hold=True) as base_url:
        connection = Watched("127.0.0.1", origin_of(base_url).port)
        connection.connect()
        connection.close()
    assert made == ["127.0.0.1"]


def test_a_pool_of_urllib3_leads_a_connection_through_a_tunnel() -> None:
    with answering(b"HTTP/1.1 403 No\r\n\r\n") as proxy:
        kept: Any = ProxyManager(proxy).connection_from_host("api.invalid", 443, "https")
        connection = kept._get_conn()
        with pytest.raises(OSError, match="Tunnel connection failed: 403 No"):
            kept._prepare_proxy(connection)
        connection.close()


@pytest.mark.parametrize("coding", ["gzip", "deflate", "gzip, deflate"])
def test_a_decoder_of_urllib3_has_a_decompressor_that_tells_its_end(coding: str) -> None:
    packed = b"the body"
    for one in coding.split(", "):
        packed = gzip.compress(packed) if one == "gzip" else zlib.compress(packed)
    for length, has_ended in ((len(packed), True), (len(packed) - 1, False)):
        response: Any = HTTPResponse(
            body=io.BytesIO(packed[:length]), headers={"content-encoding": coding}, preload_content=False
        )
        response.read(100, decode_content=True)
        decoders = getattr(response._decoder, "_decoders", [response._decoder])
        assert all(decoder._obj.eof for decoder in decoders) is has_ended


# --- named once ----------------------------------------------------------------------------------

INSIDES = {"fp", "_method", "chunk_left", "set_raw", "_original_response"}
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
    # These know no package, and ends of words.
    files = [path for path in files if path.parent.name not in ("service", "validation")]
    named = {path.relative_to(ROOT).as_posix(): set(foreign(path)) for path in files}
    assert {name: names for name, names in named.items() if names} == {
        CONNECTIONS: {"_get_conn", "_put_conn", "_prepare_proxy"},
        CODING: {"_decoder", "_obj"},
        IMPORTLIB: {"_module_locks", "_initializing"},
    }


def test_a_private_name_is_found_however_it_is_reached(tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text("x = response._original_response\nclass C:\n    def f(self): return self.fp, vars(y)['_locks']\n")
    assert set(foreign(file)) == {"_original_response", "fp", "_locks"}
