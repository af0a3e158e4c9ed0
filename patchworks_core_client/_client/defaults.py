"""The defaults of a client's arguments that are numbers, without that of `timeout=`: `_session.timeouts` has it."""

from __future__ import annotations

MAX_RETRIES = 2
# The number that the benchmarks show fastest; see docs/performance.md.
MAX_CONNECTIONS = 100
MAX_RESPONSE_BYTES = 64 * 1024 * 1024
