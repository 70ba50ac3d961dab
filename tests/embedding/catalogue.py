"""Every operation and stream that the library builds, and a service in memory that gives them something to do.

What embeds the library runs all of these: under a kernel that says no, in Pyodide, in a workflow engine, from
checkpoints. A test sees to it that none is missing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from msgspec import Struct
from returns.result import Result, Success

from puresponse.core import (
    Answer,
    Done,
    Emit,
    Error,
    HttpResponse,
    Interrupted,
    Open,
    Operation,
    Perform,
    Read,
    RetryPolicy,
    Send,
    Stream,
    Wait,
    WaitPolicy,
    all_conversation_items,
    all_input_items,
    all_pages,
    audit_response,
    cancel_and_wait,
    cancel_if_running,
    cancel_response,
    collect,
    compact_response,
    count_input_tokens,
    create_conversation,
    create_conversation_items,
    create_parsed_response,
    create_response,
    delay,
    delete_conversation,
    delete_conversation_item,
    delete_response,
    delete_response_chain,
    elapsed,
    fail,
    list_conversation_items,
    list_input_items,
    list_models,
    resume_stream,
    retrieve_conversation,
    retrieve_conversation_item,
    retrieve_model,
    retrieve_response,
    retrying,
    stream_response,
    succeed,
    update_conversation,
    wait_for_response,
    watch_response,
)
from puresponse.transports import MemoryTransport, Reply, VirtualClock, stored
from puresponse.transports.faults import CutStream, FaultPlan, RateLimited, Reset, Rule, ServerError
from puresponse.transports.simulation import Change, State, StoredConversation, sample_state
from puresponse.transports.simulation.state import Entry

Program: TypeAlias = Operation[Any] | Stream[Any]

START = 1_750_000_000.0
"""When the service's virtual clock begins, in seconds since 1970."""

MESSAGE = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hello, model!"}]}
PATIENT = RetryPolicy(max_retries=3, initial_delay=0.5)
WITHIN = WaitPolicy(deadline=60.0, initial_delay=0.5)


class Weather(Struct, frozen=True):
    """What a structured output is asked to be."""

    city: str
    degrees: int


NAMES: dict[str, Any] = {"Weather": Weather}
"""What a checkpoint calls the types that are not the library's."""

OPERATIONS: dict[str, Callable[[], Operation[Any]]] = {
    "delete_response": lambda: delete_response("resp_completed"),
    "delete_response of an unknown id": lambda: delete_response("resp_unheard_of"),
    "delete_response of an invalid id": lambda: delete_response(""),
    "cancel_response": lambda: cancel_response("resp_in_progress"),
    "retrieve_response": lambda: retrieve_response("resp_completed", include=["reasoning.encrypted_content"]),
    "list_input_items": lambda: list_input_items("resp_chat", after="msg_chat_1", limit=2, order="asc"),
    "list_input_items, first of many": lambda: list_input_items("resp_long", limit=3),
    "create_response": lambda: create_response(model="gpt-5-mini", input="Say this is a test", background=True),
    "create_parsed_response": lambda: create_parsed_response(
        Weather, model="gpt-5-mini", input='{"city":"Lyon","degrees":19}'
    ),
    "create_parsed_response of text": lambda: create_parsed_response(Weather, model="gpt-5-mini", input="It is warm."),
    "compact_response": lambda: compact_response(model="gpt-5-mini", input="A long story."),
    "count_input_tokens": lambda: count_input_tokens(model="gpt-5-mini", input="How many?"),
    "list_models": list_models,
    "retrieve_model": lambda: retrieve_model("gpt-5-mini"),
    "create_conversation": lambda: create_conversation(items=[MESSAGE], metadata={"topic": "demo"}),
    "retrieve_conversation": lambda: retrieve_conversation("conv_1"),
    "update_conversation": lambda: update_conversation("conv_1", metadata={"topic": "other"}),
    "delete_conversation": lambda: delete_conversation("conv_1"),
    "create_conversation_items": lambda: create_conversation_items("conv_1", items=[MESSAGE]),
    "list_conversation_items": lambda: list_conversation_items("conv_1", limit=2),
    "retrieve_conversation_item": lambda: retrieve_conversation_item("conv_1", "msg_1"),
    "delete_conversation_item": lambda: delete_conversation_item("conv_1", "msg_1"),
    "wait_for_response": lambda: wait_for_response("resp_running", WITHIN),
    "wait_for_response that expires": lambda: wait_for_response("resp_queued", WaitPolicy(deadline=2.0)),
    "wait_for_response that cancels": lambda: wait_for_response(
        "resp_queued", WaitPolicy(deadline=2.0, at_deadline="cancel")
    ),
    "wait_for_response of an unknown id": lambda: wait_for_response("resp_unheard_of", WaitPolicy(deadline=9, grace=2)),
    "cancel_if_running": lambda: cancel_if_running("resp_running"),
    "cancel_and_wait": lambda: cancel_and_wait("resp_in_progress", WITHIN, settle=3.0),
    "delete_response_chain, collected": lambda: collect(delete_response_chain("resp_second")),
    "audit_response": lambda: audit_response("resp_chat"),
    "retrying": lambda: retrying(delete_response("resp_flaky"), PATIENT),
    "retrying, in vain": lambda: retrying(delete_response("resp_broken"), PATIENT),
    "retrying, twice over": lambda: retrying(retrying(cancel_response("resp_limited"), PATIENT), PATIENT),
    "retrying a recipe": lambda: retrying(cancel_and_wait("resp_limited", WITHIN, settle=1.0), PATIENT),
    "collect": lambda: collect(all_input_items("resp_long", limit=100)),
    "collect of a stream of events": lambda: collect(stream_response(model="gpt-5-mini", input="One two three.")),
    "delay": lambda: delay(2.0, 1.0),
    "elapsed": elapsed,
    "succeed": lambda: succeed("a value"),
    "fail": lambda: fail(Interrupted("reset", "by the caller")),
    "bind of the library's functions": lambda: delay(1.0).bind(succeed),
}
"""Operations by what they are; the first words are the name of what builds them."""

STREAMS: dict[str, Callable[[], Stream[Any]]] = {
    "all_input_items": lambda: all_input_items("resp_long", limit=100),
    "all_pages": lambda: all_pages(list_input_items("resp_long", limit=100, order="asc")),
    "all_conversation_items": lambda: all_conversation_items("conv_1", limit=2),
    "delete_response_chain": lambda: delete_response_chain("resp_second"),
    "watch_response": lambda: watch_response("resp_running", WITHIN),
    "stream_response": lambda: stream_response(model="gpt-5-mini", input="One two three."),
    "stream_response, cut and resumed": lambda: stream_response(model="gpt-5-mini", input="One two.", background=True),
    "stream_response of an invalid argument": lambda: stream_response(model="gpt-5-mini", temperature=9),
    "resume_stream": lambda: resume_stream("resp_unheard_of", starting_after=2),
    "retrying a stream": lambda: retrying(all_input_items("resp_flaky"), PATIENT),
    "retrying a stream of events": lambda: retrying(resume_stream("resp_limited"), PATIENT),
}
"""Streams, in the same way."""

PROGRAMS: dict[str, Callable[[], Program]] = {**OPERATIONS, **STREAMS}


def state() -> State:
    """What the service knows: the samples, and what gives the longer programs something to do."""
    known = sample_state()
    nothing: list[Any] = []
    output = [{"id": "msg_out", "type": "message", "role": "assistant", "status": "completed", "content": nothing}]
    done = {"status": "completed", "output": output}
    known = known.having(
        stored(
            _body("running", status="queued", background=True),
            changes=(Change(START + 2, {"status": "in_progress"}), Change(START + 4, done)),
        )
    )
    for name in ("flaky", "broken"):
        known = known.having(stored(_body(name), ({**MESSAGE, "id": f"msg_{name}"},)))
    known = known.having(stored(_body("limited", status="queued", background=True)))
    known = known.having(stored(_body("first"))).having(stored(_body("second", previous_response_id="resp_first")))
    conversation: dict[str, Any] = {"id": "conv_1", "object": "conversation", "created_at": int(START), "metadata": {}}
    entries = tuple(Entry({**MESSAGE, "id": f"msg_{number}", "status": "completed"}) for number in (1, 2, 3))
    return known.talking(StoredConversation(conversation, entries))


def service(clock: VirtualClock) -> MemoryTransport:
    """A service that is unkind to some: passing faults, one response that is never deleted, streams that are cut."""
    faults = FaultPlan(
        (
            Rule(ServerError(503), method="DELETE", path="/responses/resp_flaky", times=1),
            Rule(Reset(acted=True), method="DELETE", path="/responses/resp_flaky", times=1),
            Rule(ServerError(503), method="GET", path="/responses/resp_flaky/*", times=1),
            Rule(ServerError(500), method="DELETE", path="/responses/resp_broken"),
            Rule(RateLimited(retry_after=2.0), path="/responses/resp_limited/cancel", times=1),
            Rule(RateLimited(retry_after=1.0), method="GET", path="/responses/resp_limited", times=1),
            Rule(CutStream(events=3), method="GET", path="/responses/resp_0*", times=1),
            Rule(CutStream(events=4), method="POST", path="/responses", times=1),
        )
    )
    return MemoryTransport(state(), clock=clock, faults=faults, script=_reply)


def _reply(prompt: Any) -> Reply:
    return Reply.text(prompt.text).lasting(queued=0.5, running=0.5)


def _body(name: str, **fields: Any) -> dict[str, Any]:
    return {
        "id": f"resp_{name}",
        "object": "response",
        "created_at": int(START),
        "status": "completed",
        "model": "gpt-5-mini",
        "output": [],
        **fields,
    }


class Step(Struct, frozen=True):
    """What a host was asked to do: the name of the step, and what shows which one it was."""

    kind: str
    detail: str = ""


class Run(Struct, frozen=True):
    """What came of a program: its steps in order, the values that it emitted, and its result."""

    steps: tuple[Step, ...]
    values: tuple[Any, ...]
    result: Result[Any, Error]


class Host:
    """A host that keeps a record of its steps. Its waits take no time; bodies are read piece by piece.

    `between` is called with each program that is about to be stepped, and gives the one to step in its place: where a
    host saves and resumes.
    """

    def __init__(self, between: Callable[[Program, float], Program] | None = None) -> None:
        self.clock = VirtualClock(now=START)
        self.service = service(self.clock)
        self.steps: list[Step] = []
        self.values: list[Any] = []
        self._between = between or _unchanged
        self._body: Any = None

    def run(self, program: Program) -> Run:
        """Carry out an operation or a stream."""
        result = self._run(program)
        return Run(tuple(self.steps), tuple(self.values), result)

    def _run(self, program: Program) -> Result[Any, Error]:
        while True:
            program = self._between(program, self.clock.now - START)
            match program:
                case Send(request, resume):
                    self._step("Send", f"{request.method} {request.path}")
                    program = resume(self.service(request))
                case Wait(seconds, spread, resume):
                    self._step("Wait", f"{seconds:g} {spread:g}")
                    self.clock.now += seconds
                    program = resume(self.clock.now - START)
                case Emit(values, rest):
                    self._step("Emit", str(len(values)))
                    self.values.extend(values)
                    program = rest
                case Perform(operation, resume):
                    self._step("Perform")
                    program = resume(self._run(operation))
                case Open(request, resume):
                    self._step("Open", f"{request.method} {request.path}")
                    program = resume(self._open(request))
                case Read(resume):
                    self._step("Read")
                    program = resume(self._body.read())
                case Done(result):
                    self._step("Done", type(result).__name__)
                    return result

    def _open(self, request: Any) -> Answer:
        opened = self.service.open(request)
        self._body = opened.unwrap() if isinstance(opened, Success) else None
        return opened.map(_answer)

    def _step(self, kind: str, detail: str = "") -> None:
        self.steps.append(Step(kind, detail))


def _answer(body: Any) -> HttpResponse:
    answer: HttpResponse = body.answer
    return answer


def _unchanged(program: Program, elapsed: float) -> Program:
    return program
