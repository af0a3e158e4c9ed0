"""OpenTelemetry: a span for each call and each attempt, below the span of the work that they belong to."""

from __future__ import annotations

import asyncio

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import ConsoleSpanExporter, SimpleSpanProcessor

from patchworks_core_client import AsyncPatchworks


async def main() -> None:
    """Make a call inside of a span, and print the spans."""
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(ConsoleSpanExporter(formatter=lambda span: f"{span.name}\n")))
    tracer = provider.get_tracer("nightly")
    trace.set_tracer_provider(provider)
    async with AsyncPatchworks() as pw:
        with tracer.start_as_current_span("nightly report"):
            await pw.virtual_environments.list(per_page=1)


if __name__ == "__main__":
    asyncio.run(main())
