"""A service on loopback that streams: one event in each chunk as the real service does, in one go, or with a pause.

Run as a process of its own, so that its work is not counted. It prints its port, and ends when its input does. The
first segment of the path says how the events of the given file are sent: `chunked`, `whole`, or `paused` after one.
"""

from __future__ import annotations

import socket
import sys
import threading
import time

PAUSE = 0.3
"""Seconds."""

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nX-Request-ID: req_example\r\n"


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def answers(body: bytes) -> dict[bytes, list[bytes]]:
    """What is sent for each path; there is a pause between two parts."""
    events = [event + b"\n\n" for event in body.split(b"\n\n") if event]
    chunked = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    chunks = [*map(chunk, events), b"0\r\n\r\n"]
    return {
        b"chunked": [chunked + b"".join(chunks)],
        b"whole": [HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body],
        b"paused": [chunked + chunks[0], b"".join(chunks[1:])],
    }


def serve(connection: socket.socket, parts_of: dict[bytes, list[bytes]]) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with connection:
        while True:
            request = b""
            while not request.endswith(b"}"):
                received = connection.recv(65536)
                if not received:
                    return
                request += received
            first, *rest = parts_of[request.split(b" ", 2)[1].split(b"/")[1]]
            try:
                connection.sendall(first)
                for part in rest:
                    time.sleep(PAUSE)
                    connection.sendall(part)
            except OSError:
                return  # given up by the other end


def main() -> None:
    with open(sys.argv[1], "rb") as file:
        parts_of = answers(file.read())
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)

    def accept() -> None:
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=serve, args=(connection, parts_of), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main()
