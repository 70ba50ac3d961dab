"""The options of `puresponse serve` that say how the server is reached, what it starts from, and what it logs."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

import click

from ..parameters import flag, option

LogForm: TypeAlias = Literal["auto", "text", "json", "off"]
"""The forms of the request log."""

PATH = option(
    "--path",
    "What precedes the paths of the API; empty for nothing.",
    "PATH",
    default="/v1",
    show_default=True,
)
CORS = option(
    "--cors",
    "An origin whose web pages may use the service, such as http://localhost:5173; * for all. May be repeated.",
    "ORIGIN",
    multiple=True,
)
ALLOW_HOST = option(
    "--allow-host",
    "A name of this server that it answers to besides localhost; * for any. May be repeated. Default: none, or any "
    "where --host lets other machines reach it.",
    "NAME",
    multiple=True,
)
PORT = option(
    "--port",
    "The port to listen on; 0 for any that is free.",
    "N",
    type=click.IntRange(0, 65535),
    default=8080,
    show_default=True,
)
LIFE = option(
    "--life",
    "How long responses take whose reply says nothing else: seconds, or none for ever. Default: "
    "queued=1,running=2,answering=0.",
    "TIMES",
)
MODELS = option(
    "--models",
    "What /models lists: names with commas between them, or a FILE.json with a list of names and objects.",
    "NAMES",
)
REFUSE_UNKNOWN_MODELS = flag("--refuse-unknown-models", "Refuse a model that /models does not list.")
STATE = option(
    "--state",
    "Start from this state, if the file is there, and write it back at the end.",
    "FILE",
    type=click.Path(),
)
LOG = option(
    "--log",
    "A line for each request: text or JSON. auto: text on a terminal, else none.",
    type=click.Choice(get_args(LogForm)),
    default="auto",
    show_default=True,
)
LOG_FILE = option(
    "--log-file",
    "Append the log to this file. Default: standard error.",
    "FILE",
    type=click.Path(),
)

REPLAY = option(
    "--replay",
    "Answer from the recordings in these files (docs/service/recording.md), and from nothing else.",
    "FILE...",
    type=click.Path(),
    multiple=True,
    spreads=True,
)
REPEAT_LAST = flag(
    "--repeat-last", "With --replay: a request that was replayed as often as recorded has its last answer."
)

SERVER_OPTIONS = (
    REPLAY,
    REPEAT_LAST,
    PATH,
    CORS,
    ALLOW_HOST,
    LIFE,
    MODELS,
    REFUSE_UNKNOWN_MODELS,
    STATE,
    LOG,
    LOG_FILE,
)
