"""The defaults of a client's arguments, where they are numbers; those of the URLs are in `base_url`."""

from __future__ import annotations

TIMEOUT_S = 30.0
MAX_RETRIES = 2
# The number that the benchmarks show fastest; see docs/performance.md.
MAX_CONNECTIONS = 100
MAX_RESPONSE_BYTES = 64 * 1024 * 1024
