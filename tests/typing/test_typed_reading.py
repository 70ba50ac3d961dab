"""What is read of a response, as both type-checkers see it: properties are what the functions of their names are."""

from typing import Any, assert_type

from msgspec import UnsetType
from returns.result import Result

from puresponse import (
    CodeInterpreterCall,
    DecodeError,
    ErrorBody,
    ErrorEvent,
    ErrorObject,
    FunctionCall,
    MemoryTransport,
    Response,
    ResponseAudit,
    URLCitation,
    WebSearchAction,
    WebSearchCall,
    audit_response,
    function_calls,
    output_text,
    reasoning_summaries,
    refusal,
    run,
)

AUDIT = run(audit_response("resp_chat"), MemoryTransport()).unwrap()


def test_what_is_read_of_a_response_has_one_type() -> None:
    assert_type(AUDIT, ResponseAudit)
    response = assert_type(AUDIT.response, Response)
    assert_type(response.output_text, str)
    assert_type(output_text(response), str)
    assert_type(response.sent_output_text, str | UnsetType | None)
    assert_type(response.function_calls, tuple[tuple[FunctionCall, Result[dict[str, Any], DecodeError]], ...])
    assert_type(function_calls(response), tuple[tuple[FunctionCall, Result[dict[str, Any], DecodeError]], ...])
    assert_type(response.reasoning_summaries, tuple[str, ...])
    assert_type(reasoning_summaries(response), tuple[str, ...])
    assert_type(refusal(response), str | None)


def test_what_may_be_absent_is_so_typed() -> None:
    call, code, citation = WebSearchCall(), CodeInterpreterCall(), URLCitation(url="https://example.com/")
    action: WebSearchAction | UnsetType | None = call.action
    assert_type(code.container_id, str | UnsetType | None)
    assert_type(citation.start_index, int | UnsetType | None)
    assert not action
    event = ErrorEvent(message="no")
    assert_type(event.body, ErrorBody)
    assert_type(event.error, ErrorObject | UnsetType | None)
    assert event.body == ErrorBody(message="no")
