"""The activity that sends the requests of a workflow, in a worker that may do I/O and holds the key.

Law: it makes one exchange and returns its result, and raises for nothing that the network or the server does. So
Temporal has nothing to repeat. Neither what it takes nor what it returns, which Temporal keeps, holds a server's name
or a credential.
"""

from __future__ import annotations

from temporal_host import SEND_REQUEST, json_value
from temporalio import activity
from temporalio.common import RawValue

from puresponse import Transport, decode_request, encode_answer, is_failure


class Sender:
    """Sends through `transport`, from as many threads at once as the worker has."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @activity.defn(name=SEND_REQUEST)
    def send_request(self, request: RawValue) -> RawValue:
        """Send a request that is written as JSON, and return the answer as JSON."""
        decoded = decode_request(request.payload.data)
        answer = decoded if is_failure(decoded) else self._transport(decoded.unwrap())
        return json_value(encode_answer(answer).unwrap())
