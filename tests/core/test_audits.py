"""Audits against servers that list items in their own way: complete, each item once, oldest first, or an error."""

from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct
from returns.result import Success

from puresponse.codecs import to_plain
from puresponse.core import Answer, DecodeError, HttpRequest, audit_response, is_failure
from puresponse.transports import run
from puresponse.transports.testing.stub import json_response

PAGE = 100


def message(number: int) -> dict[str, Any]:
    return {
        "id": f"msg_{number}",
        "type": "message",
        "role": "user",
        "status": "completed",
        "content": [{"type": "input_text", "text": str(number)}],
    }


CALL = {"id": "fc_1", "type": "function_call", "call_id": "call_1", "name": "f", "arguments": "{}"}
OUTPUT = {"id": "fco_1", "type": "function_call_output", "call_id": "call_1", "output": "1"}


class Server(Struct, frozen=True, kw_only=True):
    """A server that holds one response, and how it differs from what the API says."""

    items: tuple[dict[str, Any], ...]
    order: Literal["respected", "desc", "asc", "respected, asc by default"] = "respected"
    most: int | None = None
    limit: Literal["respected", "ignored"] = "respected"
    after: Literal["respected", "inclusive", "ignored"] = "respected"
    has_more: Literal["told", "missing", "null"] = "told"
    last_id: bool = True

    def __call__(self, request: HttpRequest) -> Answer:
        if not request.path.endswith("/input_items"):
            body = {"id": "resp_1", "object": "response", "created_at": 1, "status": "completed", "model": "m"}
            return Success(json_response({**body, "output": []}))
        query = dict(request.query)
        default = "asc" if self.order == "respected, asc by default" else "desc"
        order = self.order if self.order in ("desc", "asc") else query.get("order", default)
        items = list(self.items if order == "asc" else self.items[::-1])
        ids = [item.get("id") for item in items]
        start = 0
        if "after" in query and self.after != "ignored":
            start = ids.index(query["after"]) + (self.after == "respected")
        size = len(items) if self.limit == "ignored" else int(query.get("limit", "20"))
        end = start + (size if self.most is None else min(size, self.most))
        page: dict[str, Any] = {"object": "list", "data": items[start:end]}
        if self.last_id:
            page |= {"first_id": (ids[start:end] or [None])[0], "last_id": (ids[start:end] or [None])[-1]}
        if self.has_more != "missing":
            page["has_more"] = end < len(items) if self.has_more == "told" else None
        return Success(json_response(page))


def audited(server: Server) -> list[Any]:
    return [to_plain(item) for item in run(audit_response("resp_1"), server).unwrap().input_items]


servers = st.builds(
    Server,
    items=st.integers(0, 9).map(lambda count: tuple(map(message, range(count)))),
    order=st.sampled_from(["respected", "desc", "respected, asc by default"]),
    most=st.sampled_from([None, 2, 3]),
    limit=st.sampled_from(["respected", "ignored"]),
    after=st.sampled_from(["respected", "inclusive"]),
    has_more=st.sampled_from(["told", "missing", "null"]),
    last_id=st.booleans(),
)


@given(servers)
def test_an_audit_is_complete_and_in_order_whatever_the_server_makes_of_order_limit_and_has_more(
    server: Server,
) -> None:
    assert audited(server) == list(server.items)


@pytest.mark.parametrize("order", ["respected", "asc", "desc"])
def test_a_call_that_is_listed_before_its_output_tells_the_order(order: Any) -> None:
    items = (message(1), CALL, OUTPUT, message(2))
    assert audited(Server(items=items, order=order)) == list(items)


@pytest.mark.parametrize("has_more", ["told", "missing"])
def test_a_server_that_ignores_after_is_an_error_and_not_an_audit_with_less(has_more: Any) -> None:
    server = Server(items=tuple(map(message, range(PAGE + 1))), after="ignored", has_more=has_more)
    result = run(audit_response("resp_1"), server)
    assert is_failure(result)
    error = result.failure()
    assert isinstance(error, DecodeError)
    assert "does not advance" in error.reason


def test_a_full_page_that_leads_nowhere_is_an_error_and_not_an_audit_with_less() -> None:
    items = tuple({name: value for name, value in message(n).items() if name != "id"} for n in range(PAGE + 1))
    result = run(audit_response("resp_1"), Server(items=items, has_more="missing", last_id=False))
    assert is_failure(result)
    assert "an id to go on after" in str(result.failure())


def test_items_without_ids_are_all_kept_even_where_they_are_equal() -> None:
    item = {"type": "message", "role": "user", "content": "again"}
    assert len(audited(Server(items=(item, item), has_more="missing", last_id=False))) == 2


def test_items_that_share_an_id_and_differ_are_both_kept() -> None:
    items = (message(1), {**message(1), "status": "incomplete"})
    assert audited(Server(items=items)) == list(items)


def test_a_short_list_that_is_repeated_where_nothing_says_that_it_ends_is_audited_once() -> None:
    server = Server(items=(message(1), message(2)), after="ignored", has_more="missing")
    assert audited(server) == [message(1), message(2)]
