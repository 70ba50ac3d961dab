"""`puresponse record`: a server on this machine that passes requests on with the key, and records what is answered.

Needs the extra `serve`.
"""

from __future__ import annotations

from typing import Any, get_args

import click

from ..failures import ExitCode
from ..parameters import FOR_EVERY, Invocation, command, flag, option
from ..serving.options import LOG, LOG_FILE, PATH, PORT
from ..serving.recorded import Mode, Recorded

TO = option("--to", "The cassette that is recorded.", "FILE", type=click.Path(), required=True)
UPSTREAM = option("--upstream", "The base URL of what is asked. Default: OPENAI_BASE_URL, or OpenAI's.", "URL")
MODE = option(
    "--mode",
    "once: record, unless the file is there, which is replayed then. new_episodes: replay, and add what is new. all: "
    "record anew. none: replay.",
    type=click.Choice(get_args(Mode)),
    default="once",
    show_default=True,
)
HOST = option("--host", "The address to listen on, of this machine alone.", "ADDRESS", default="127.0.0.1")
TOKEN_VARIABLE = option(
    "--token-variable",
    "The variable of the environment with the key that clients must send. Default: one is made, and printed.",
    "NAME",
)
NO_TOKEN = flag("--no-token", "Take any key from clients: every program on this machine can use yours then.")
TIMES = flag("--times", "Record how long answers and their chunks take, to be replayed so.")
REDACT_MEMBER = option(
    "--redact-member", "Keep no value of a JSON member or query parameter of this name.", "NAME", multiple=True
)
REDACT_PATTERN = option("--redact-pattern", "Keep nothing that this regular expression finds.", "REGEX", multiple=True)
HARMLESS = option("--harmless", "A text that looks like a key, and is none.", "TEXT", multiple=True)

_OF_SERVICE = ("service", "config", "organization", "project", "timeout", "memory")
_SERVICE = tuple(one for one in FOR_EVERY if one.name in _OF_SERVICE)


@command(
    TO,
    UPSTREAM,
    MODE,
    HOST,
    PORT,
    PATH,
    TOKEN_VARIABLE,
    NO_TOKEN,
    TIMES,
    REDACT_MEMBER,
    REDACT_PATTERN,
    HARMLESS,
    LOG,
    LOG_FILE,
    *_SERVICE,
)
def record(given: Invocation, **recorded: Any) -> ExitCode:
    """Pass requests on with your key, and record them, for clients in any language. Ctrl-C and SIGTERM end and save."""
    from ..execute import give_up
    from ..output import Sentences
    from ..serving.recording import record_as
    from ..streams import Stopped

    try:
        record_as(Recorded(**recorded), given)
    except Stopped as stopped:
        return give_up(stopped, Sentences(), given.process.stderr)
    return ExitCode.OK
