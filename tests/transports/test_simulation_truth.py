"""One truth: the same life through the transport itself and through HTTP gets the same answers, whatever is asked.

And no sequence of calls breaks what the service promises.
"""

from __future__ import annotations

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from msgspec import json
from returns.result import Failure, Result

from puresponse.core import HttpRequest, HttpResponse, Interrupted
from puresponse.core.errors import Error
from puresponse.transports import Urllib3Transport, VirtualClock
from puresponse.transports.bodies import open_body
from puresponse.transports.contract import Transport
from puresponse.transports.memory.faults import (
    CutStream,
    Delay,
    FaultPlan,
    Garbage,
    RateLimited,
    Reset,
    Rule,
    ServerError,
    SlowStream,
    Truncated,
)
from puresponse.transports.memory.scripts.replies import Reply
from puresponse.transports.memory.service import (
    AZURE_AGENT_SERVER,
    OGX,
    OPENAI,
    CancelUndone,
    Dialect,
    LateConsistency,
    State,
    sample_state,
)
from puresponse.transports.memory.transport import MemoryTransport
from puresponse.transports.serving.server import serve

START = 1_750_000_000.0
FRAMING = {"content-length", "transfer-encoding", "connection", "date", "server", "keep-alive"}

FAULTS = st.sampled_from(
    [
        Delay(2.0),
        RateLimited(retry_after=1.5),
        ServerError(503),
        ServerError(500, acted=True),
        Reset(),
        Reset(acted=True),
        Truncated(20),
        Garbage(),
        SlowStream(1.0),
        CutStream(events=2),
        LateConsistency(5.0),
        CancelUndone(5.0),
    ]
)
PLANS = st.builds(
    FaultPlan,
    st.lists(st.builds(Rule, FAULTS, chance=st.sampled_from([0.1, 0.3]), skip=st.integers(0, 2)), max_size=3).map(
        tuple
    ),
    st.integers(0, 99),
)
REPLIES = [
    Reply.text("One two three."),
    Reply.reasoning("Hm.") + Reply.tool_call("f", {"a": 1}),
    Reply.failure(),
    Reply.incomplete("One"),
    Reply.refusal("No.").lasting(answering=1.0),
]


class Stage:
    """A transport that passes on to another, which each life changes: one server is enough for all of them."""

    def __init__(self) -> None:
        self.memory = MemoryTransport()

    def __call__(self, request: HttpRequest) -> Result[HttpResponse, Error]:
        return self.memory(request)

    def open(self, request: HttpRequest) -> Any:
        return self.memory.open(request)


class Lives(RuleBasedStateMachine):
    """A life of the service, led twice: here, and through `http`, which leads to `stage`."""

    responses = Bundle[str]("responses")
    conversations = Bundle[str]("conversations")

    def __init__(self, stage: Stage, http: Transport) -> None:
        super().__init__()
        self.stage = stage
        self.http = http

    @initialize(plan=PLANS, dialect=st.sampled_from([OPENAI, AZURE_AGENT_SERVER, OGX]))
    def begin(self, plan: FaultPlan, dialect: Dialect) -> None:
        samples = sample_state()
        state = State(responses=samples.responses, models=samples.models, dialect=dialect)
        self.clocks = (VirtualClock(now=START), VirtualClock(now=START))
        self.faulty = bool(plan.rules)
        script = REPLIES * 20
        self.memory = MemoryTransport(state, clock=self.clocks[0], faults=plan, script=script)
        self.stage.memory = MemoryTransport(state, clock=self.clocks[1], faults=plan, script=script)
        self.deleted: set[str] = set()
        self.made: list[str] = []

    def ask(self, method: str, path: str, body: object = None, *query: tuple[str, str]) -> HttpResponse | None:
        """Ask both, and give the answer, None where there is none; they must be the same."""
        written = None if body is None else json.encode(body)
        request = HttpRequest(method, path, query, (), written)
        told, served = self.memory(request), self.http(request)
        if isinstance(told, Failure):
            error = told.failure()
            assert isinstance(served, Failure), (request, error, served)
            other = served.failure()
            assert isinstance(error, Interrupted)
            assert isinstance(other, Interrupted)
            # Of a refusal that breaks off, a transport gives nothing; served, that is no answer at all.
            assert other.kind in (error.kind, "reset")
            return None
        answer, other_answer = told.unwrap(), served.unwrap()
        assert (answer.status, answer.body) == (other_answer.status, other_answer.body), request
        arrived = sorted((name.lower(), value) for name, value in other_answer.headers if name.lower() not in FRAMING)
        assert sorted(answer.headers) == arrived
        return answer

    @rule(
        target=responses,
        background=st.booleans(),
        stream=st.booleans(),
        store=st.booleans(),
        number=st.integers(0, 9),
    )
    def create(self, background: bool, stream: bool, store: bool, number: int) -> str:
        given = {"model": "m", "input": f"No. {number}", "background": background, "stream": stream}
        return self.created(self.ask("POST", "/responses", {**given, "store": store or background}))

    @rule(target=responses, previous=responses)
    def go_on(self, previous: str) -> str:
        return self.created(
            self.ask("POST", "/responses", {"model": "m", "input": "And?", "previous_response_id": previous})
        )

    @rule(target=responses, conversation=conversations, background=st.booleans())
    def say(self, conversation: str, background: bool) -> str:
        given = {"model": "m", "input": "Hi", "conversation": conversation, "background": background}
        return self.created(self.ask("POST", "/responses", given))

    def created(self, answer: HttpResponse | None) -> str:
        if answer is None or answer.status != 200 or not answer.body.startswith((b"{", b"event: ")):
            return "resp_chat"
        body = answer.body
        if body.startswith(b"event: "):
            made: str = json.decode(body.split(b"data: ", 2)[1].split(b"\n")[0])["response"]["id"]
        else:
            made = json.decode(body)["id"]
        self.made.append(made)
        return made

    @rule(response=responses, after=st.integers(0, 9))
    def watch(self, response: str, after: int) -> None:
        """Ask for events and read them as they come."""
        query = (("stream", "true"), ("starting_after", str(after)))
        request = HttpRequest("GET", f"/responses/{response}", query)
        told, served = (read_in_chunks(transport, request) for transport in (self.memory, self.http))
        assert told == served

    @rule(response=responses, stream=st.booleans(), after=st.integers(0, 9))
    def retrieve(self, response: str, stream: bool, after: int) -> None:
        query = (("stream", "true"), ("starting_after", str(after))) if stream else ()
        answer = self.ask("GET", f"/responses/{response}", None, *query)
        if response in self.deleted and answer is not None and not self.faulty:
            assert answer.status == 404

    @rule(response=responses)
    def delete(self, response: str) -> None:
        answer = self.ask("DELETE", f"/responses/{response}")
        if answer is not None and answer.status == 200 and not self.faulty:
            self.deleted.add(response)

    @rule(response=responses)
    def cancel(self, response: str) -> None:
        first = self.ask("POST", f"/responses/{response}/cancel", "")
        state = self.memory.state
        second = self.ask("POST", f"/responses/{response}/cancel", "")
        if not self.faulty:
            assert first is not None
            assert second is not None
            assert (first.status, first.body) == (second.status, second.body)
            assert self.memory.state.responses == state.responses

    @rule(response=responses, limit=st.integers(1, 4), order=st.sampled_from(["asc", "desc"]))
    def page_through(self, response: str, limit: int, order: str) -> None:
        stored = self.memory.state.responses.get(response)
        visited: list[str] = []
        query: tuple[tuple[str, str], ...] = (("limit", str(limit)), ("order", order))
        after: tuple[tuple[str, str], ...] = ()
        while True:
            answer = self.ask("GET", f"/responses/{response}/input_items", None, *query, *after)
            if answer is None or answer.status != 200 or not answer.body.startswith(b"{"):
                return
            page = json.decode(answer.body)
            visited += [item["id"] for item in page["data"]]
            if not page.get("has_more"):
                break
            after = (("after", page["last_id"]),)
        if stored is not None and self.memory.state.dialect.page_ends:
            expected = [item["id"] for item in stored.input_items]
            assert visited == (expected if order == "asc" else expected[::-1])

    @rule(target=conversations, topic=st.sampled_from(["a", "b"]))
    def begin_conversation(self, topic: str) -> str:
        answer = self.ask("POST", "/conversations", {"metadata": {"topic": topic}})
        if answer is None or answer.status != 200 or not answer.body.startswith(b"{"):
            return "conv_none"
        made: str = json.decode(answer.body)["id"]
        self.made.append(made)
        return made

    @rule(conversation=conversations, text=st.text(max_size=5))
    def add_item(self, conversation: str, text: str) -> None:
        item = {"role": "user", "content": text}
        self.ask("POST", f"/conversations/{conversation}/items", {"items": [item]})
        self.ask("GET", f"/conversations/{conversation}/items", None, ("limit", "2"))

    @rule(conversation=conversations)
    def end_conversation(self, conversation: str) -> None:
        self.ask("DELETE", f"/conversations/{conversation}")
        self.ask("GET", f"/conversations/{conversation}")

    @rule(seconds=st.sampled_from([0.5, 1.0, 3.0, 400.0]))
    def wait(self, seconds: float) -> None:
        for clock in self.clocks:
            clock.sleep(seconds)

    @invariant()
    def both_know_the_same(self) -> None:
        if hasattr(self, "memory"):
            assert self.memory.state == self.stage.memory.state
            assert self.clocks[0].now == self.clocks[1].now

    @invariant()
    def what_was_deleted_is_gone_and_ids_are_unique(self) -> None:
        if hasattr(self, "memory"):
            assert not any(response in self.memory.state.responses for response in self.deleted)
            assert len(set(self.made)) == len(self.made)


def read_in_chunks(transport: Transport, request: HttpRequest) -> tuple[int, bytes, str]:
    """Give the status, all that could be read, and how that broke off, if it did."""
    opened = open_body(transport, request)
    if isinstance(opened, Failure):
        return 0, b"", "no answer"
    body = opened.unwrap()
    read = body.answer.body
    while True:
        chunk = body.read()
        if isinstance(chunk, Failure):
            broken = chunk.failure()
            assert isinstance(broken, Interrupted)
            return body.answer.status, read, broken.kind
        if not chunk.unwrap():
            return body.answer.status, read, ""
        read += chunk.unwrap()


def test_a_life_is_the_same_through_http_and_breaks_no_promise() -> None:
    stage = Stage()
    with (
        serve(stage) as url,
        Urllib3Transport(api_key="sk-any", base_url=url) as http,
    ):

        class Served(Lives):
            def __init__(self) -> None:
                super().__init__(stage, http)

        run_state_machine_as_test(Served, settings=settings(max_examples=60, stateful_step_count=30, deadline=None))
