"""Combinators of streams, as both type-checkers see them: what every stream emits, from every way to write it.

mypy and pyright check the `assert_type`s; running the file checks that they are not empty words.
"""

from typing import assert_type

from returns.pipeline import flow

from puresponse import (
    END,
    DeletedResponse,
    Emit,
    Error,
    InputItem,
    Interrupted,
    Operation,
    Page,
    Stream,
    all_input_items,
    alt_end,
    break_off,
    chunk,
    collect,
    concat,
    delete_response,
    flat_map,
    fold_values,
    followed_by,
    for_each,
    keep,
    lash_end,
    list_input_items,
    map_values,
    numbered,
    perform_each,
    scan,
    stream_response,
    succeed,
    take,
    take_while,
)


def is_message(item: InputItem) -> bool:
    return item.type == "message"


def id_of(item: InputItem) -> str:
    return repr(item)


def items_of(response_id: str) -> Stream[InputItem]:
    return all_input_items(response_id)


def total(count: int, text: str) -> int:
    return count + len(text)


def same(error: Error) -> Error:
    return error


def instead(error: Error) -> Stream[bytes]:
    return break_off(error)


def test_the_methods_of_a_stream_are_exact() -> None:
    stream = all_input_items("r")
    assert_type(stream.map(id_of), Stream[str])
    assert_type(stream.map(lambda item: len(id_of(item))), Stream[int])
    assert_type(stream.filter(is_message), Stream[InputItem])
    assert_type(stream.filter(lambda item: item.type == "message"), Stream[InputItem])
    assert_type(stream.take(3), Stream[InputItem])
    assert_type(stream.take_while(is_message), Stream[InputItem])
    assert_type(stream.chunk(10), Stream[tuple[InputItem, ...]])
    assert_type(stream.numbered(), Stream[tuple[int, InputItem]])
    assert_type(stream.numbered(1).map(lambda pair: pair[0]), Stream[int])
    assert_type(stream.scan(0, lambda count, _: count + 1), Stream[int])
    assert_type(stream.fold("", lambda text, item: text + id_of(item)), Operation[str])
    assert_type(stream.concat(stream), Stream[InputItem])
    assert_type(stream.concat(stream.map(id_of)), Stream[InputItem | str])
    assert_type(stream.map(id_of).flat_map(items_of), Stream[InputItem])
    assert_type(stream.flat_map(lambda item: all_input_items(id_of(item)).map(id_of)), Stream[str])
    assert_type(stream.for_each(lambda item: delete_response(id_of(item))), Stream[DeletedResponse])
    assert_type(stream.alt(same), Stream[InputItem])
    assert_type(stream.alt(lambda error: error), Stream[InputItem])
    assert_type(stream.lash(instead), Stream[InputItem | bytes])
    assert_type(collect(stream.map(id_of)), Operation[tuple[str, ...]])


def test_each_step_has_them() -> None:
    emit: Emit[int] = Emit((1, 2, 3), END)
    assert_type(emit.map(str), Stream[str])
    assert_type(emit.map(str).take(2).chunk(2), Stream[tuple[str, ...]])
    assert collect(emit.map(str).take(2).chunk(2)) == succeed((("1", "2"),))
    events = stream_response(model="m", input="i").map(lambda event: event.type)
    assert_type(events.map(str), Stream[str])


def test_the_functions_are_exact() -> None:
    stream = all_input_items("r")
    texts = stream.map(id_of)
    assert_type(map_values(id_of)(stream), Stream[str])
    assert_type(keep(is_message)(stream), Stream[InputItem])
    assert_type(take(3)(stream), Stream[InputItem])
    assert_type(take_while(is_message)(stream), Stream[InputItem])
    assert_type(chunk(3)(stream), Stream[tuple[InputItem, ...]])
    assert_type(numbered()(stream), Stream[tuple[int, InputItem]])
    assert_type(scan(0, total)(texts), Stream[int])
    assert_type(fold_values(0, total)(texts), Operation[int])
    assert_type(followed_by(texts)(stream), Stream[InputItem | str])
    assert_type(flat_map(items_of)(texts), Stream[InputItem])
    assert_type(perform_each(delete_response)(texts), Stream[DeletedResponse])
    assert_type(alt_end(same)(stream), Stream[InputItem])
    assert_type(lash_end(instead)(stream), Stream[InputItem | bytes])
    assert_type(concat(stream, stream), Stream[InputItem])
    assert_type(for_each(texts, list_input_items), Stream[Page[InputItem]])
    assert_type(for_each(stream, lambda item: delete_response(id_of(item))), Stream[DeletedResponse])


def test_a_pipeline_has_the_type_that_it_is_declared_to_have() -> None:
    emit: Emit[str] = Emit(("1", "22", "x"), END)
    # Without the mypy plugin of `returns` no checker infers what `flow` gives: it takes the type of its place.
    program: Operation[int] = flow(emit, keep(str.isdigit), take(2), fold_values(0, total))
    assert program == succeed(3)


def go_on(stream: Stream[int]) -> None:
    """What a stream goes on with where it may emit nothing more."""
    assert_type(stream.lash(lambda _: END), Stream[int])
    assert_type(stream.concat(END), Stream[int])


def test_a_stream_that_emits_nothing_fits_behind_any() -> None:
    go_on(break_off(Interrupted("reset", "")))
