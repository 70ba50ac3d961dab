"""Scripts of all kinds, for Hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

from puresponse.transports import Life, Match, Reply, Scripted, ToolOutput, When


def replies() -> st.SearchStrategy[Reply]:
    word = st.text('aB é☃"\\\n', max_size=5)
    match = st.builds(Match, contains=word) | st.builds(Match, equals=word) | st.builds(Match, matches=st.just("^a+"))
    name = st.none() | word | match
    outputs = st.builds(ToolOutput, name=word | match, text=name)
    when = st.builds(
        When,
        text=name,
        model=name,
        tool_output=st.none() | word | outputs,
        header=st.none() | st.dictionaries(word, word | match, min_size=1, max_size=2),
        instructions=name,
        turn=st.integers(1, 9),
    )
    time = st.none() | st.floats(0, 100)
    life = st.builds(Life, queued=time, running=time, answering=st.floats(0, 100))
    says = st.one_of(
        word.map(Reply.text),
        word.map(Reply.refusal),
        word.map(Reply.reasoning),
        word.map(Reply.structured),
        st.builds(Reply.tool_call, word.filter(bool), word),
        st.builds(Reply.failure, word, word),
        st.builds(Reply.incomplete, word, word),
    )
    times = st.none() | st.integers(1, 9)
    rest = st.builds(Reply, life=life, when=st.none() | when, times=times)
    return st.builds(_sum, says, says, rest)


def _sum(one: Reply, two: Reply, rest: Reply) -> Reply:
    return one + two + rest


def scripts() -> st.SearchStrategy[Scripted]:
    default = replies().map(lambda reply: Reply(output=reply.output, life=reply.life))
    return st.builds(Scripted, st.lists(replies(), max_size=3).map(tuple), st.none() | default)
