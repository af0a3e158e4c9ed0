"""The defaults of a client's arguments, where they are numbers or URLs."""

from __future__ import annotations

BASE_URL = "https://core.wearepatchworks.com"
LOGIN_URL = "https://app.wearepatchworks.com/fabric/api/login"
TIMEOUT_S = 30.0
MAX_RETRIES = 2
# The number that the benchmarks show fastest; see docs/performance.md.
MAX_CONNECTIONS = 100
MAX_RESPONSE_BYTES = 64 * 1024 * 1024
