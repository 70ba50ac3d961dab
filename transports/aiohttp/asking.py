"""The credential of one request, asked for without blocking the loop.

A function that is no coroutine function is called in a daemon thread: a task that is cancelled leaves it behind, and
neither the loop nor the interpreter waits for it in order to end.
"""

from __future__ import annotations

import asyncio
from threading import Thread

from returns.result import Result

from ...core.errors import NotSent
from ...core.results import is_failure
from ..network.asked import AskedCredential
from ..network.secret import Secret


async def ask(asked: AskedCredential) -> Secret | NotSent:
    """The credential, or why there is none."""
    secret = asked.ready()
    if secret is not None:
        return secret
    answer = await asked.ask_async() if asked.is_async else await _in_a_thread(asked)
    return answer.failure() if is_failure(answer) else answer.unwrap()


async def _in_a_thread(asked: AskedCredential) -> Result[Secret, NotSent]:
    loop = asyncio.get_running_loop()
    told: asyncio.Future[Result[Secret, NotSent]] = loop.create_future()
    Thread(target=_ask, args=(asked, loop, told), name="puresponse-asking", daemon=True).start()
    return await told


def _ask(
    asked: AskedCredential, loop: asyncio.AbstractEventLoop, told: asyncio.Future[Result[Secret, NotSent]]
) -> None:
    answer = asked.ask()
    try:
        loop.call_soon_threadsafe(_settle, told, answer)
    except RuntimeError:
        return  # the loop is closed: nobody wants to know any more


def _settle(told: asyncio.Future[Result[Secret, NotSent]], answer: Result[Secret, NotSent]) -> None:
    if not told.done():
        told.set_result(answer)
