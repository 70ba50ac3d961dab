"""Creations that are explored: retried, streamed, and with what goes on from them."""

from __future__ import annotations

from explored import (
    GONE,
    MODEL,
    NAMES,
    QUICK,
    STREAMED,
    TALK,
    Answer,
    Explored,
    ThenCancel,
    ThenDelete,
    ThenTalk,
    ThenWait,
)
from promises import (
    GoesOn,
    OnlySends,
    always_succeeds,
    followed_to_its_end,
    has_ended_then,
    made_once,
    succeeds_with,
    unless_expired,
)

from puresponse import (
    USUAL_CLAIMS,
    Refused,
    Reply,
    RetryPolicy,
    Rule,
    WaitPolicy,
    cancel_response,
    collect,
    create_conversation,
    create_conversation_items,
    create_parsed_response,
    create_response,
    ends_in_time,
    every_event_once,
    every_life_ends,
    gather,
    gather_all,
    resume_stream,
    retrying,
    stream_response,
    with_response,
    within,
)
from puresponse.transports.testing.lives.passing_time import later

_PATIENT = WaitPolicy(deadline=600)
_MADE = (*USUAL_CLAIMS, made_once())
_CREATION = create_response(model=MODEL, input="Hello")
_BACKGROUND = create_response(model=MODEL, input="Hello", background=True)

CREATIONS = (
    Explored(name="create", program=_CREATION, claims=_MADE),
    Explored(name="create, retried", program=retrying(_CREATION), claims=_MADE),
    Explored(
        name="create, unsafely retried",
        program=retrying(_CREATION, RetryPolicy(repeat_unsafe=True)),
        claims=_MADE,
        refuted=("nothing unsafe is sent twice", "no more than 1 made"),
    ),
    Explored(
        name="create with a key, retried",
        program=retrying(create_response(model=MODEL, input="Hello", idempotency_key="once")),
        claims=_MADE,
        refuted=("no more than 1 made",),  # the service in memory does not honour such a key
    ),
    Explored(
        name="create and delete",
        program=retrying(_CREATION.bind(ThenDelete())),
        names=NAMES,
        claims=(*GONE, made_once()),
    ),
    Explored(
        name="create, wait and delete",
        program=retrying(_BACKGROUND.bind(ThenWait(_PATIENT)).bind(ThenDelete())),
        state=QUICK,
        names=NAMES,
        claims=(*GONE, made_once()),
    ),
    Explored(
        name="create and wait",
        program=retrying(_BACKGROUND).bind(ThenWait(_PATIENT)),
        state=QUICK,
        names=NAMES,
        faults=1,
        claims=(*_MADE, ends_in_time(_PATIENT, since=("POST", "/responses")), has_ended_then()),
    ),
    Explored(
        name="create and cancel",
        program=_BACKGROUND.bind(ThenCancel(WaitPolicy(deadline=5))),
        names=NAMES,
        faults=1,
        claims=(*_MADE, ends_in_time(WaitPolicy(deadline=5), since=("POST", "/responses")), has_ended_then()),
    ),
    Explored(
        name="structured output",
        program=retrying(create_parsed_response(Answer, model=MODEL, input="Hello")),
        names=NAMES,
        script=Reply.structured({"text": "Hi"}),
        claims=(
            *_MADE,
            succeeds_with("the value is that of the text", lambda parsed, life: parsed.value == Answer("Hi")),
        ),
    ),
    Explored(name="create, with its answer", program=with_response(retrying(_CREATION)), claims=_MADE),
    Explored(
        name="two creations at once",
        program=gather(retrying(_CREATION), retrying(create_response(model=MODEL, input="Bye"))),
        claims=(*USUAL_CLAIMS, made_once(2)),
    ),
    Explored(name="talk", program=retrying(create_conversation().bind(ThenTalk())), names=NAMES, claims=_MADE),
    Explored(
        name="add to a conversation",
        program=retrying(
            create_conversation_items("conv_a", items=[{"type": "message", "role": "user", "content": "Hi"}])
        ),
        state=TALK,
    ),
)

_STREAM = stream_response(model=MODEL, input="Hi", background=True)
_EVENTS = (*_MADE, every_event_once())

STREAMS = (
    Explored(
        name="stream", program=retrying(stream_response(model=MODEL, input="Hi")), claims=(*_EVENTS, OnlySends("POST"))
    ),
    Explored(name="stream in the background", program=retrying(_STREAM), claims=_EVENTS),
    Explored(
        name="stream in the background, cut",
        program=_STREAM,
        kinds=(),
        claims=(*_EVENTS, GoesOn()),
    ),
    Explored(
        name="stream in the background, without fallback",
        program=stream_response(
            model=MODEL, input="Hi", background=True, fallback=None, resumption=RetryPolicy(max_retries=1)
        ),
        claims=_EVENTS,
    ),
    Explored(
        name="stream in the background, no replay",
        program=_STREAM,
        kinds=(Rule(Refused(400, "No replay.")),),
        faults=1,
        claims=_EVENTS,
    ),
    Explored(
        # The error of `within` does not say of which response it is; the events that were emitted do.
        name="stream within a limit",
        program=within(_STREAM, 20),
        faults=1,
        claims=(*_MADE, unless_expired(every_event_once()), ends_in_time(20.0)),
    ),
    Explored(name="collect a stream", program=retrying(collect(_STREAM)), claims=_EVENTS),
    Explored(
        name="follow a response",
        program=retrying(resume_stream("resp_000001")),
        state=STREAMED,
        claims=(*USUAL_CLAIMS, every_event_once()),
    ),
    Explored(
        name="follow a response, from an event on",
        program=resume_stream("resp_000001", starting_after=3),
        state=STREAMED,
        claims=(*USUAL_CLAIMS, every_event_once(starting_after=3)),
    ),
    Explored(
        # Its events are replayed for five minutes; what breaks off later is waited for.
        name="stream for seven minutes, cut",
        program=_STREAM,
        script=Reply.text("Hi").lasting(queued=1.0, running=420.0),
        kinds=(),
        faults=1,
        claims=(*_EVENTS, GoesOn()),
    ),
    Explored(
        name="stream that fails",
        program=_STREAM,
        script=Reply.failure(),
        claims=_EVENTS,
        faults=1,
    ),
    Explored(
        name="stream that is incomplete",
        program=retrying(stream_response(model=MODEL, input="Hi")),
        script=Reply.incomplete("Hel"),
        claims=_EVENTS,
        faults=1,
    ),
    Explored(
        name="follow a response that somebody cancels",
        program=gather_all(collect(resume_stream("resp_000001")), retrying(cancel_response("resp_000001"))),
        state=STREAMED,
        faults=1,
        claims=(every_life_ends(), always_succeeds("each has its result"), followed_to_its_end()),
    ),
    Explored(
        name="follow a response, from its end on",
        program=resume_stream("resp_000001", starting_after=8),
        state=later(STREAMED, 10.0),
        claims=(*USUAL_CLAIMS, every_event_once(starting_after=8), OnlySends("GET")),
    ),
    Explored(
        name="follow a response, cut",
        program=resume_stream("resp_000001"),
        state=STREAMED,
        kinds=(),
        claims=(*USUAL_CLAIMS, every_event_once(), always_succeeds("what breaks off is resumed")),
    ),
)
