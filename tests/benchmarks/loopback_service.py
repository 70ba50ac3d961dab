"""A service on loopback that answers at once and always the same: the raw other end of the benchmarks.

Run as a process of its own, so that its work is not counted. It prints its port, and ends when its input does. The
first segment of the path says which answer is wanted; one whose name ends in a number has that status. Before the names
and files there may be `--tls` and the file of a certificate and its key.
"""

from __future__ import annotations

import socket
import ssl
import sys
import threading

HEADERS = (
    'Alt-Svc: h3=":443"',
    "cf-cache-status: DYNAMIC",
    "CF-RAY: 98040ed60c33ba46-SEA",
    "Connection: keep-alive",
    "Content-Type: application/json",
    "Date: Tue, 16 Sep 2025 23:14:04 GMT",
    "openai-organization: example",
    "openai-processing-ms: 127",
    "openai-project: proj_example",
    "openai-version: 2020-10-01",
    "Server: cloudflare",
    "Strict-Transport-Security: max-age=31536000; includeSubDomains; preload",
    "X-Content-Type-Options: nosniff",
    "x-envoy-upstream-service-time: 132",
    "X-Request-ID: req_example",
)
"""The headers of a recorded answer of the real service."""


def answer(body: bytes, status: int = 200) -> bytes:
    head = "\r\n".join((f"HTTP/1.1 {status} OK", *HEADERS, f"Content-Length: {len(body)}"))
    return head.encode() + b"\r\n\r\n" + body


def serve(connection: socket.socket, answers: dict[bytes, bytes]) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with connection:
        while request := connection.recv(65536):
            connection.sendall(answers[request.split(b" ", 2)[1].split(b"/")[1]])


def main() -> None:
    arguments = sys.argv[1:]
    tls: ssl.SSLContext | None = None
    if arguments[0] == "--tls":
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(arguments[1])
        arguments = arguments[2:]
    names, files = arguments[::2], arguments[1::2]
    answers: dict[bytes, bytes] = {}
    for name, file in zip(names, files, strict=True):
        with open(file, "rb") as stream:
            status = name.rpartition("_")[2]
            answers[name.encode()] = answer(stream.read(), int(status) if status.isdigit() else 200)
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)

    def accept() -> None:
        while True:
            connection, _ = listener.accept()
            if tls is not None:
                connection = tls.wrap_socket(connection, server_side=True)
            threading.Thread(target=serve, args=(connection, answers), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main()
