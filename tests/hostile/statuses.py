"""Answers that refuse, redirect or ask to come again, with every form of hint."""

from __future__ import annotations

from typing import Any, Literal

from behaviour import PLAIN, Behaviour, ok, said

JSON = b'{"error": {"message": "no", "type": "t", "param": null, "code": null}}'
QUOTA = b'{"error": {"message": "no", "type": "insufficient_quota", "param": null, "code": "insufficient_quota"}}'
HTML = b"<html><body><h1>502 Bad Gateway</h1></body></html>"
DATE = "Date: Tue, 16 Sep 2025 23:14:04 GMT"
Repeats = Literal["all", "idempotent", "none"]


def _status(name: str, status: int, *fields: str, body: bytes = JSON, **more: Any) -> Behaviour:
    fields = (*fields, f"Content-Length: {len(body)}")
    head = f"HTTP/1.1 {status} Whatever\r\n" + "".join(f"{field}\r\n" for field in fields) + "\r\n"
    return said(name, head.encode() + body, ok(body, *fields, status=status), kept=True, **more)


def _hint(*fields: str, waits: float | None, status: int = 429, repeats: Repeats = "all") -> Behaviour:
    name = f"answers {status} with {'; '.join(fields)}"
    return _status(name, status, *fields, waits=waits, repeats=repeats, scenes=PLAIN)


def _redirect(status: int, location: str) -> Behaviour:
    return _status(f"redirects by {status} to {location}", status, f"Location: {location}", body=b"")


BEHAVIOURS = (
    # Who is elsewhere gets nothing: the test puts its address in the place of ELSEWHERE.
    *(_redirect(status, "http://ELSEWHERE/v1") for status in (301, 302, 303, 307, 308)),
    _redirect(307, "https://ELSEWHERE/v1"),
    _redirect(308, "//ELSEWHERE/v1"),
    _redirect(302, "/elsewhere"),
    _redirect(302, "not a URL\u0020\u0020at all"),
    _redirect(300, "http://ELSEWHERE/v1"),
    _status("refers elsewhere by a Refresh header", 200, "Refresh: 0; url=http://ELSEWHERE/"),
    _status("offers an alternative service", 200, 'Alt-Svc: h2="ELSEWHERE"; ma=9'),
    *(_status(f"answers {status}", status) for status in (400, 401, 403, 404, 405, 410, 413, 421, 451, 499)),
    *(_status(f"answers {status}", status, repeats="all") for status in (409, 429)),
    *(
        _status(f"answers {status}", status, repeats="idempotent")
        for status in (408, 500, 502, 503, 504, 529, 599, 999)
    ),
    _status("asks for a login to the proxy, in HTML", 407, 'Proxy-Authenticate: Basic realm="x"', body=HTML),
    _status("answers 200 with the HTML of a proxy", 200, "Content-Type: text/html", body=HTML),
    _status("answers 502 with the HTML of a proxy", 502, "Content-Type: text/html", body=HTML, repeats="idempotent"),
    _status("answers 429 without a body", 429, body=b"", repeats="all"),
    _status("answers 429 for a quota that is used up", 429, body=QUOTA),
    _status("answers 429 for a quota that is used up, and asks to try again", 429, "x-should-retry: true", body=QUOTA),
    _hint("Retry-After: 2", waits=2.0),
    _hint("Retry-After: 1.5", waits=1.5),
    _hint("retry-after: 0", waits=None),
    _hint("Retry-After: -1", waits=None),
    _hint("Retry-After: 120", waits=120.0),
    _hint("Retry-After: 121", waits=None, repeats="none"),
    _hint("Retry-After: 99999999999999999999", waits=None),
    _hint("Retry-After: nan", waits=None),
    _hint("Retry-After: inf", waits=None),
    _hint("Retry-After: 1e1", waits=None),
    _hint("Retry-After: 1_0", waits=None),
    _hint("Retry-After: soon", waits=None),
    _hint("Retry-After:", waits=None),
    _hint("Retry-After: 2", "Retry-After: 7", waits=2.0),
    _hint("Retry-After: Tue, 16 Sep 2025 23:14:09 GMT", DATE, waits=5.0),
    _hint("Retry-After: Tuesday, 16-Sep-25 23:14:09 GMT", DATE, waits=5.0),
    _hint("Retry-After: Tue Sep 16 23:14:09 2025", DATE, waits=5.0),
    _hint("Retry-After: Tue, 16 Sep 2025 23:14:01 GMT", DATE, waits=None),
    _hint("Retry-After: Tue, 16 Sep 2025 23:59:59 GMT", DATE, waits=None, repeats="none"),
    _hint("Retry-After: Tue, 16 Sep 2025 23:14:09 GMT", waits=None),
    _hint("Retry-After: Tue, 99 Sep 2025 23:14:09 GMT", DATE, waits=None),
    _hint("retry-after-ms: 1500", waits=1.5),
    _hint("retry-after-ms: 1500", "Retry-After: 7", waits=1.5),
    _hint("retry-after-ms: soon", "Retry-After: 7", waits=7.0),
    _hint("retry-after-ms: 0", waits=None),
    _hint("retry-after-ms: 999999999", waits=None, repeats="none"),
    _hint("x-should-retry: true", waits=None, status=400),
    _hint("x-should-retry: true", waits=None, status=500),
    _hint("x-should-retry: true", "Retry-After: 3", waits=3.0, status=503),
    _hint("x-should-retry: false", waits=None, repeats="none"),
    _hint("x-should-retry: false", waits=None, status=503, repeats="none"),
    _hint("x-should-retry: TRUE", waits=None, status=400, repeats="none"),
    _hint("x-should-retry: yes", waits=None, status=409),
    _hint("Retry-After: 3", waits=3.0, status=503, repeats="idempotent"),
    _hint("Retry-After: 3", waits=None, status=404, repeats="none"),
)
