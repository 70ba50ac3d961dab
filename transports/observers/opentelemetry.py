"""OpenTelemetry, as an observer of runs and as a layer of transports: a span for each run, one for each attempt.

Law: one attempt is one span, whichever of the two sees it first, or both. It is the child of the span of its run, in
whatever thread, task or branch it is made. Requests are the same with and without, but for the headers that the layer
adds to what it hands on, if it is asked to.
"""

from __future__ import annotations

from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from ...codecs.on_demand import public_type
from ..layers.layer import Layer
from ..network.environment import BASE_URL, DEFAULT_BASE_URL, given_or
from .conventions import server_of

if TYPE_CHECKING:
    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import TracerProvider

    from ..run_events import Observer, RunEvent
else:
    MeterProvider = TracerProvider = Any  # of the extra, which need not be installed
    Observer = public_type("Observer", f"{__package__}".rpartition(".")[0])
    RunEvent = public_type("RunEvent", f"{__package__}".rpartition(".")[0])

NEEDED = "opentelemetry-api"
"""The package of the extra."""


class OpenTelemetry:
    """Spans and metrics of runs and of their attempts, by the API of OpenTelemetry, under its HTTP conventions.

    It needs the extra `otel`, which is loaded when one is made; without it, an `ImportError` is raised. What becomes of
    the spans is for the application to say, by an SDK and its exporters.

    Args:
        tracer_provider: Makes the spans; None takes the global one.
        meter_provider: Makes the histogram; None takes the global one.
        base_url: That of the transport, for `server.address`, `server.port` and `url.full`; None reads
            `OPENAI_BASE_URL`, or else is the API's.
        propagate: Whether the layer adds the headers of the global propagator (`traceparent`, …) to what it hands on.
        protocol_version: `network.protocol.version`, where it is known: `1.1` for `Urllib3Transport`.

    `observe` is the observer, and `layer` the layer. With the observer alone each attempt has its span; the layer alone
    has spans for attempts, whoever makes them, and cannot know of repeats; with both, an attempt has one span. While an
    attempt is under way its span is the current one.

    A run has a span of the kind `INTERNAL`, called `puresponse.run` or, of a stream, `puresponse.iterate`; an attempt
    one of the kind `CLIENT`, called by method and path, without ids. A repeat has `http.request.resend_count`, a branch
    of a fork `puresponse.branch`, and a stream the number of its values as `puresponse.values`. The id of the response
    that a run returns, or that its error is about, is `gen_ai.response.id`, a name that is still in development.

    Raises `ValueError` for a base URL that cannot be used.
    """

    def __init__(
        self,
        *,
        tracer_provider: TracerProvider | None = None,
        meter_provider: MeterProvider | None = None,
        base_url: str | None = None,
        propagate: bool = False,
        protocol_version: str | None = None,
    ) -> None:
        if find_spec("opentelemetry") is None:
            raise ImportError(f"OpenTelemetry needs {NEEDED}: pip install 'puresponse[otel]'", name=NEEDED)
        from .spans import AttemptLayer, RunSpans, Spans

        server = server_of(given_or(base_url, BASE_URL) or DEFAULT_BASE_URL)
        spans = Spans(tracer_provider, meter_provider, server, protocol_version)
        self._runs = RunSpans(spans)
        self.layer: Layer = AttemptLayer(spans, propagate=propagate)
        """The layer: `layer(transport)` is a transport of the same kind, each attempt of which has a span."""

    def observe(self, event: RunEvent) -> None:
        """Note `event`: this method is what `observe` of a driver is given."""
        self._runs.observe(None, event)

    def named(self, name: str) -> Observer:
        """The observer of runs whose spans have this `name`, of which there should be few."""
        return partial(self._runs.observe, name)
