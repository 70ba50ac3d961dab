"""Changes that remove how a misbehaviour of a server is handled: each lets some of tests/hostile fail.

    .venv/bin/python tests/scripts/hostile_mutants.py [part of a name] …

It prints a table: the change, and the behaviours that fail then; and those which no change lets fail. The working tree
is not touched. The exit code is 1 where a change survives, its text is not found once, or a behaviour is left that is
not among those that nothing has to handle.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
CONNECTION = "transports/urllib3/"
BYTES = "transports/http1/"
LIMIT = 240
"""Seconds for all behaviours together, most of which take none."""
AT_ONCE = 6
"""Most of the time nobody says anything."""
SHOWN = 6
"""Names of behaviours in a row of the table."""


class Removal(NamedTuple):
    """`old` becomes `new` in `file`, and what `name` says is not handled."""

    name: str
    file: str
    old: str
    new: str


UNHANDLED = {
    "cuts TLS off after a body of known length": "the body is whole: no rule is to call it cut",
    "refuses a large request early, and reads on": "an answer as any other",
}
"""Behaviours that nothing has to handle, and why: they would fail where something did."""


def _in(file: str, *removals: tuple[str, str, str]) -> tuple[Removal, ...]:
    return tuple(Removal(name, file, old, new) for name, old, new in removals)


REMOVALS = (
    *_in(
        f"{BYTES}response_head.py",
        ("what does not begin as HTTP is waited for", "raise no_http(bytes(data))", "return 0"),
        ("a NUL may be in a header", r"++:[^\r\n\0]*+\r\n", r"++:[^\r\n]*+\r\n"),
        ("a status may have any digits", "HTTP/1\\.1 ([1-9][0-9]{2})", "HTTP/1\\.1 ([0-9]+)"),
        (
            "space at the end of a header is a part of it",
            'if b" \\r\\n" in block or b"\\t\\r\\n" in block:',
            "if False:",
        ),
        ("the first of several connection headers counts", 'closes = "close" in options or (', "closes = closes or ("),
        ("HTTP/1.0 keeps its connection as 1.1 does", "closes = is_old", "closes = False"),
        ("chunks in HTTP/1.0 keep the connection", " or (chunked and is_old)", ""),
        (
            "any transfer coding is chunked",
            'elif chunked or value.lower() != "chunked":',
            'elif "chunked" not in value.lower():',
        ),
        ("a transfer coding has one spelling", 'value.lower() != "chunked"', 'value != "chunked"'),
        (
            "a transfer coding that is not chunked is none",
            'raise Malformed("protocol", f"a transfer coding',
            'continue\n            Malformed("protocol", f"a transfer coding',
        ),
        ("chunks precede a length", "if chunked and length is not None:", "if False:"),
        (
            "a HEAD, 204 or 304 has the body that it announces",
            "if bodiless or status in _BODILESS or status < 200:",
            "if status < 200:",
        ),
        ("a 204 with chunks keeps its connection", "closes or (status == 204 and (chunked or bool(length)))", "closes"),
        (
            "a length is what int takes",
            "if _LENGTH.fullmatch(text) is None:",
            'if not text.strip("+_ 0123456789") == "" or not text.strip():',
        ),
        (
            "a length that is none is a guess",
            'raise Malformed("protocol", f"a Content-Length that is none: {value[:100]!r}")',
            "return 2",
        ),
        ("several lengths may differ", "if len(numbers) > 1:", "if False:"),
        ("one header has one length", 'value.split(",")}\n    for text', "[value]}\n    for text"),
        ("a length of many digits is no length", "if text.isascii() and text.isdigit():", "if False:"),
    ),
    *_in(
        f"{BYTES}odd_heads.py",
        (
            "a status line that http.client takes is one",
            "if source.first is None or _STATUS_LINE.match(source.first) is None:",
            "if source.first is None:",
        ),
        (
            "a line that is no header is skipped",
            "if any(isinstance(defect, _NO_HEADERS) for defect in response.headers.defects):",
            "if False:",
        ),
        ("a fold stays", '_FOLD.sub(" ", value)', "value"),
        ("a NUL in an odd head stays", 'if any("\\0" in value for _, value in pairs):', "if False:"),
        ("a CR ends a line", 'if b"\\r" in self.last.removesuffix(b"\\n").removesuffix(b"\\r"):', "if False:"),
        (
            "what has no status line broke off",
            'raise no_http(str(error).encode("latin-1", "replace")) from None',
            'raise Malformed("truncated", "") from None',
        ),
        ("an odd head has no limit", "if self._left < 0:", "if False:"),
        ("no head is read by http.client", "response.begin()\n", "raise BadStatusLine('odd')\n"),
    ),
    *_in(
        f"{CONNECTION}exchange.py",
        ("an answer before the request is sent is not read", "self._unsent = error  # an", "raise error  # an"),
        (
            "a request that is not taken is a reset",
            'raise Malformed("read_timeout", f"the server did not take',
            'raise Malformed("reset", f"the server did not take',
        ),
        ("an exchange has no time for the whole", "self._ends = limits.ends\n", "self._ends = None\n"),
        ("a silent server is waited for", "            self._socket.settimeout(within)\n", ""),
    ),
    *_in(
        f"{BYTES}incoming.py",
        (
            "a head has no limit",
            "if skipped + len(data) > longest:\n                break",
            "if False:\n                break",
        ),
        (
            "a head that is there at once has no limit",
            "if skipped + (end or len(data)) > longest and end is not None:",
            "if skipped + len(data) > longest and not end and end is not None:",
        ),
        ("interim answers are the answer", "if head.status >= 200:", "if head.status >= 100:"),
        ("a 101 is skipped", "if head.status == 101:", "if False:"),
        ("interim answers have no limit", "_MOST_INTERIM = 16", "_MOST_INTERIM = 10**9"),
        ("sixteen interim answers are too many", "range(_MOST_INTERIM + 1)", "range(_MOST_INTERIM)"),
        (
            "the connection may end within the head",
            'raise Malformed("truncated", "the answer broke off within its head")',
            "return Head(200, (), None, False, True, ''), b''",
        ),
        (
            "the connection may end without an answer",
            'raise Malformed("reset", "the server closed the connection without an answer")',
            "return Head(200, (), None, False, True, ''), b''",
        ),
        ("what follows a body is dropped", "keep=self._keeps and not surplus", "keep=self._keeps"),
        ("every connection is kept", "keep=self._keeps and not surplus", "keep=not surplus"),
        ("no connection is kept", "keep=self._keeps and not surplus", "keep=False"),
        (
            "an announced length has no limit",
            "if self.head.length is not None and self.head.length > self._bounds.body:",
            "if False:",
        ),
        ("a body as sent has no limit", "if self._sent > self._bounds.body:", "if False:"),
        ("a body as inflated has no limit", "if self._inflated > self._bounds.body:", "if False:"),
        (
            "no coding is removed",
            "Decoded(head.coding, self._receive) if head.coding and is_understood(head.coding) else None",
            "None",
        ),
        ("every coding is removed", "if head.coding and is_understood(head.coding) else", "if head.coding else"),
        ("what precedes a bad chunk is lost", "if framing.error is not None:", "if False:"),
    ),
    *_in(
        f"{BYTES}failures.py",
        ("the end of TLS is a failure of TLS", "if isinstance(error, SSLEOFError | SSLZeroReturnError):", "if False:"),
        (
            "a failure of TLS is a reset",
            'return Interrupted("tls", words_of(error))',
            'return Interrupted("reset", words_of(error))',
        ),
        (
            "a reset is no reset",
            'return Interrupted("reset", words_of(error))\n\n\ndef closed',
            'return Interrupted("protocol", words_of(error))\n\n\ndef closed',
        ),
        (
            "silence is a reset",
            'return Interrupted("read_timeout", f"the server was silent',
            'return Interrupted("reset", f"the server was silent',
        ),
    ),
    *_in(
        f"{BYTES}framing.py",
        ("what follows a sized body is a part of it", "data = data[: self._left]", "data = data"),
        (
            "a sized body may be short",
            'raise Malformed("truncated", f"the body broke off after',
            'self.ended = True\n        Malformed("truncated", f"the body broke off after',
        ),
        (
            "a body without a length is never whole",
            'which is that of the body."""\n        self.ended = True',
            "which is that of the body.\"\"\"\n        raise Malformed('truncated', 'no length')",
        ),
        ("a trailer may not be missing", "if self._trailer is None:\n            raise", "if True:\n            raise"),
        ("chunks may end anywhere", 'if not (b"\\r\\n"[2 - left :]).startswith(data[start:stop]):', "if False:"),
        ("a chunk has no limit", "if left > self._most:", "if False:"),
        (
            "the last chunk may be missing",
            "if self._trailer is None:\n            raise",
            "if False:\n            raise",
        ),
        (
            "a size of a chunk is what int takes",
            '_CHUNK = re.compile(rb"([0-9A-Fa-f]+)',
            '_CHUNK = re.compile(rb"[ +]*((?:-0|0x|0_)?[0-9A-Fa-f]+)',
        ),
        ("a chunk has no extension", r"[ \t]*(?:;[^\r\n]*(?:\r[^\n][^\r\n]*)*)?\r?\n", r"\r?\n"),
        ("a size that is none is waited for", 'if b"\\n" in line:\n            if', "if False:\n            if"),
        ("a size without end has no limit", 'if b"\\n" not in line and len(line) > _LONGEST_LINE:', "if False:"),
        ("a trailer has no limit", "if self._trailer + (0 if after else len(line)) > _LONGEST_TRAILER:", "if False:"),
        (
            "a trailer is none",
            "elif not (start := self._skip_trailer(data, start)):",
            "elif data[start : start + 2] != b'\\r\\n' or not (start := self._skip_trailer(data, start)):",
        ),
        ("what follows the last chunk is dropped", "self.surplus = data[after:]", "pass"),
    ),
    *_in(
        f"{BYTES}coding.py",
        (
            "a coding that breaks off is whole",
            "if not data and self._source.has_begun and not all(",
            "if False and not all(",
        ),
        (
            "Brotli tells no end",
            "return bool(is_finished()) if is_finished is not None else",
            "return True if is_finished is not None else",
        ),
        (
            "a coding that is damaged raises",
            "except (DecodeError, HTTPError) as error:",
            "except ZeroDivisionError as error:",
        ),
        (
            "headers say how a decoded body was coded",
            'if pair[0].lower() not in {"content-encoding", "content-length"}',
            "if pair[0]",
        ),
    ),
    *_in(
        f"{CONNECTION}failures.py",
        (
            "a timeout of connecting is a failure of TLS",
            "if isinstance(error, ConnectTimeoutError | TimeoutError):",
            "if False:",
        ),
        (
            "a failed handshake may have been a request",
            'return "tls", words_of(error)',
            'return "unreachable", words_of(error)',
        ),
    ),
    *_in(
        f"{CONNECTION}connections.py",
        ("TLS may end anywhere", "secured.suppress_ragged_eofs = False", "pass"),
        (
            "a failure behind a proxy is the proxy's",
            "proxied = self.proxy is not None and not self._is_tunnelled",
            "proxied = self.proxy is not None",
        ),
        (
            "a failure of a proxy is the server's",
            "proxied = self.proxy is not None and not self._is_tunnelled",
            "proxied = False",
        ),
    ),
    *_in(
        f"{CONNECTION}tunnel.py",
        ("a proxy has all the time that it takes", "monotonic() + within\n    place", "None\n    place"),
        ("a proxy's refusal is consent", "if not 200 <= status < 300:", "if False:"),
        ("what follows a proxy's consent is dropped", "    if rest:\n", "    if False:\n"),
        ("a proxy's head has no limit", "if len(data) > _LONGEST_HEAD:", "if False:"),
        (
            "a proxy may close within its answer",
            'raise Malformed("truncated", "it closed the connection")',
            "return 200, '', b''",
        ),
        (
            "a proxy's consent has one form",
            'head, rest = read_odd_head(data, receive, "HEAD", longest=_LONGEST_HEAD)',
            'raise Malformed("protocol", "odd")',
        ),
    ),
    *_in(
        f"{CONNECTION}transport.py",
        (
            "what was received is not kept",
            "self._identity.redact_text(error.reason), received)",
            "self._identity.redact_text(error.reason), None)",
        ),
    ),
)


def main(*parts: str) -> int:
    """Apply the removals whose names hold one of `parts`, or all of them, one at a time, and print the table."""
    from run_mutants import copy_library

    chosen = [removal for removal in REMOVALS if not parts or any(part in removal.name for part in parts)]
    with tempfile.TemporaryDirectory(prefix="puresponse-hostile-") as folder, ThreadPoolExecutor(AT_ONCE) as threads:
        libraries: SimpleQueue[Path] = SimpleQueue()
        for number in range(AT_ONCE):
            libraries.put(copy_library(Path(folder) / str(number)))
        everything, before = judged(Path(folder) / "0")
        if before:
            print(f"without any change these fail: {before}")
            return 1

        def failing(removal: Removal) -> list[str]:
            library = libraries.get()
            try:
                return failing_without(removal, library)
            finally:
                libraries.put(library)

        left = set(everything)
        survived = 0
        print("| without it | what fails |\n|---|---|")
        for removal, names in zip(chosen, threads.map(failing, chosen), strict=True):
            left -= set(names)
            survived += not names
            shown = "; ".join(names[:SHOWN]) + (f"; and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
            print(f"| {removal.name} | {len(names)}: {shown or 'NONE'} |", flush=True)
    print(
        f"{len(chosen) - survived} of {len(chosen)} changes let {len(everything) - len(left)} of {len(everything)} fail"
    )
    left -= UNHANDLED.keys()
    if left and not parts:
        print("no change lets these fail: " + "; ".join(sorted(left)))
    return 1 if survived or (left and not parts) else 0


def failing_without(removal: Removal, library: Path) -> list[str]:
    """Which behaviours fail with one change; nothing where its text is not found once."""
    path = library / "puresponse" / removal.file
    text = path.read_text()
    if text.count(removal.old) != 1:
        print(f"its text is {text.count(removal.old)} times in {removal.file}: {removal.old!r}", file=sys.stderr)
        return []
    path.write_text(text.replace(removal.old, removal.new))
    try:
        return judged(library)[1]
    except (RuntimeError, subprocess.TimeoutExpired) as error:  # which proves nothing
        print(f"not tried: {removal.name}: {str(error)[-300:]}", file=sys.stderr)
        return []
    finally:
        path.write_text(text)


def judged(library: Path) -> tuple[list[str], list[str]]:
    """All behaviours, and those that fail, with the library of that folder."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join((str(library), str(ROOT / "tests" / "hostile"))),
        "PYTHONSAFEPATH": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "NO_PROXY": "*",
    }
    script = str(ROOT / "tests" / "hostile" / "judge.py")
    done = subprocess.run(
        [sys.executable, script], env=environment, capture_output=True, text=True, timeout=LIMIT, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    everything, failing = json.loads(done.stdout.splitlines()[-1])
    return everything, failing


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
