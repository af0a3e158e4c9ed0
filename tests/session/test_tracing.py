"""OpenTelemetry spans: of each call and each attempt, alike for every transport."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from patchworks_core_client import APIConnectionError, APITimeoutError, AsyncPatchworks, NotFoundError
from patchworks_core_client._operations.operation import JSON, Operation
from patchworks_core_client._session import tracing as otel
from tests.support.clients import Open, Transport
from tests.support.clock import FakeClock
from tests.support.driver import Driver
from tests.support.fault_server import FaultServer
from tests.support.replies import RESET, STALL, reply

PUT: Operation[Any] = Operation("PUT", "/api/v1/things/{thing}", JSON)


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    """The spans that are made; the program's own provider is not touched."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer", provider.get_tracer)
    yield exporter
    provider.shutdown()


def by_name(spans: InMemorySpanExporter) -> tuple[ReadableSpan, list[ReadableSpan]]:
    """The span of the one call, and those of its attempts."""
    finished = list(spans.get_finished_spans())
    return finished[-1], finished[:-1]


def attributes(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})


def test_a_call_and_its_attempts(
    driver: Driver, server: FaultServer, spans: InMemorySpanExporter, clock: FakeClock
) -> None:
    server.script([RESET], reply(503))
    driver.call(PUT, (7,), query={"q": "secret"}, fields={"value": "secret"})
    call, attempts = by_name(spans)
    assert (call.name, call.kind) == ("patchworks PUT /api/v1/things/{thing}", SpanKind.INTERNAL)
    assert call.status.status_code is StatusCode.UNSET
    assert [(span.name, span.kind) for span in attempts] == [("PUT /api/v1/things/{thing}", SpanKind.CLIENT)] * 3
    assert call.context is not None
    assert all(span.parent is not None and span.parent.span_id == call.context.span_id for span in attempts)
    common = {
        "http.request.method": "PUT",
        "url.full": f"{server.url}/api/v1/things/7",
        "url.template": "/api/v1/things/{thing}",
        "server.address": "127.0.0.1",
        "server.port": server.port,
    }
    assert [attributes(span) for span in attempts] == [
        {**common, "error.type": "connection_error"},
        {**common, "http.request.resend_count": 1, "http.response.status_code": 503, "error.type": "503"},
        {**common, "http.request.resend_count": 2, "http.response.status_code": 200},
    ]
    assert [span.status.status_code for span in attempts] == [StatusCode.ERROR, StatusCode.ERROR, StatusCode.UNSET]
    assert "secret" not in "".join(span.to_json() for span in spans.get_finished_spans())


def test_the_servers_part_can_be_joined(driver: Driver, server: FaultServer, spans: InMemorySpanExporter) -> None:
    driver.request("GET")
    _, (attempt,) = by_name(spans)
    assert attempt.context is not None
    sent = server.requests[0].header("traceparent") or ""
    assert sent.startswith(f"00-{attempt.context.trace_id:032x}-{attempt.context.span_id:016x}-")


def test_errors(driver: Driver, server: FaultServer, spans: InMemorySpanExporter) -> None:
    server.script(reply(404, json={"message": "secret"}))
    with pytest.raises(NotFoundError):
        driver.request("GET")
    call, (attempt,) = by_name(spans)
    assert attributes(call) == {"error.type": "NotFoundError"}
    assert call.status.status_code is StatusCode.ERROR
    assert call.events == ()
    assert attributes(attempt)["error.type"] == "404"
    assert "secret" not in call.to_json()


def test_a_call_that_is_cut_off(driver: Driver, server: FaultServer, spans: InMemorySpanExporter) -> None:
    server.script([STALL])
    with pytest.raises(APITimeoutError):
        driver.request("POST", timeout=0.1)
    call, (attempt,) = by_name(spans)
    assert attributes(call)["error.type"] == "APITimeoutError"
    assert attributes(attempt)["error.type"] == ("timeout" if driver.kind == "sync" else "cancelled")


def test_the_callers_span_is_the_parent(driver: Driver, spans: InMemorySpanExporter) -> None:
    with trace.get_tracer("app").start_as_current_span("app") as app:
        driver.request("GET")
    call = next(span for span in spans.get_finished_spans() if span.name.startswith("patchworks"))
    assert call.parent is not None
    assert call.parent.span_id == app.get_span_context().span_id


def test_a_program_that_does_not_trace(
    driver: Driver, server: FaultServer, spans: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(otel, "enabled", lambda: False)
    driver.request("GET")
    assert spans.get_finished_spans() == ()
    assert server.requests[0].header("traceparent") is None


def test_the_port_of_https(driver: Driver) -> None:
    from patchworks_core_client._http.request import Prepared

    span = otel.AttemptSpan(Prepared("GET", "https://api.example.com/x?q=1", (), b"", "/x", "/x"), 1)
    span.end(None)
    assert APIConnectionError  # the span went to the program's own provider, which records nothing


def test_the_span_of_an_attempt_is_current_while_it_runs(
    open_driver: Open, server: FaultServer, spans: InMemorySpanExporter, clock: FakeClock
) -> None:
    current: list[tuple[int, int]] = []

    def note(_: object) -> None:
        context = trace.get_current_span().get_span_context()
        current.append((context.trace_id, context.span_id))

    server.script(reply(500))
    open_driver(server.url, on_request=note, on_response=note).request("GET")
    _, attempts = by_name(spans)
    ids = [(span.context.trace_id, span.context.span_id) for span in attempts if span.context is not None]
    assert current == [ids[0], ids[0], ids[1], ids[1]], "what else is traced nests under the attempt that it is part of"
    assert not trace.get_current_span().get_span_context().is_valid


async def test_spans_of_calls_at_once_do_not_mix(
    server: FaultServer, spans: InMemorySpanExporter, transport: Transport
) -> None:
    import asyncio

    server.default = lambda received: [0.05, *reply(json=received.path)]
    current: dict[str, int] = {}

    async def note(request: httpx.Request) -> None:
        await asyncio.sleep(0)
        current[request.url.path] = trace.get_current_span().get_span_context().span_id

    async with AsyncPatchworks(api_key="k", base_url=server.url, transport=transport, on_request=note) as pw:
        await asyncio.gather(*(pw.request("GET", f"/{n}") for n in range(10)))
    finished = [span for span in spans.get_finished_spans() if span.kind is SpanKind.CLIENT]
    of_path = {attributes(span)["url.full"].removeprefix(server.url): span.context for span in finished}
    assert {path: context.span_id for path, context in of_path.items() if context is not None} == current


def test_a_cancelled_attempt_leaves_no_current_span(driver: Driver, server: FaultServer) -> None:
    server.default = [STALL]
    with pytest.raises(APITimeoutError):
        driver.request("GET", timeout=0.1)
    assert not trace.get_current_span().get_span_context().is_valid


def test_nothing_is_imported_for_it() -> None:
    import subprocess
    import sys

    script = (
        "import sys; from patchworks_core_client import Patchworks\n"
        "try:\n    Patchworks(api_key='k', base_url='http://127.0.0.1:1', max_retries=0).request('GET', '/x')\n"
        "except Exception:\n    pass\nprint([m for m in sys.modules if m.startswith('opentelemetry')])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
