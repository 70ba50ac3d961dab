"""Whether a server knows a route at all, from how it answers that something is not there.

Law: a 404 for a response says which response is not there, in words of the API. One that says nothing (a base URL
without `/v1` answers with an empty body, a web framework with `Not Found`, a web server with a page), or names the URL,
is not about the response: it may well be there. https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.5
"""

from __future__ import annotations

import re

_OF_A_ROUTE = re.compile(
    r"""
    (?: (?:404|Error\ 404|HTTP\ 404)? [\s:,()-]* )?
    (?: Not\ Found\b .{0,40}                            # FastAPI, Starlette, Spring, nginx: `404 Not Found`
      | (?i: page\ not\ found | not\ found\ \(404\) )   # Go, Django
      | Resource\ not\ found\W*                         # Azure, for a path that it does not have
    ) \Z
    | Invalid\ URL\b                                    # the service itself: `Invalid URL (POST /v1/…)`
    | Cannot\ (?:GET|POST|DELETE|PUT|PATCH)\ /          # Express
    | (?i: (?:unknown|unrecognized|no\ such|no\ matching|no) \s (?:request\s)? (?:url|path|route|endpoint) \b )
    | (?i: (?:the\s)? (?:requested\s)? (?:url|path|route|endpoint) \b .{0,2000}
           \b (?:not|n't) \s (?:found|exist|defined|match) )
    """,
    re.VERBOSE | re.DOTALL,
)


def is_route_missing(status: int, message: str | None, code: str | None, body: bytes) -> bool:
    """True for a 405, and for a 404 about a URL, or about nothing, rather than about what was asked for.

    `message` and `code` are those of the error `body`, None where it has none.
    """
    if status != 404:
        return status == 405
    if body.lstrip().startswith(b"<"):  # a page: the API has none
        return True
    if message is None or not message.strip():
        return code is None
    return _OF_A_ROUTE.match(message.strip()) is not None
