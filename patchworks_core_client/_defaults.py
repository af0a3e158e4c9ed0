"""The defaults of what users may give: the arguments of a client, of a call that gives a list, and of a fleet."""

from __future__ import annotations

BASE_URL = "https://core.wearepatchworks.com"
LOGIN_URL = "https://app.wearepatchworks.com/fabric/api/login"
# For a whole call, and of that for connecting.
TIMEOUT_S = 30.0
CONNECT_TIMEOUT_S = 5.0
MAX_RETRIES = 2
# The number that the benchmarks show fastest; see docs/performance.md.
MAX_CONNECTIONS = 100
MAX_RESPONSE_BYTES = 64 * 1024 * 1024
# How many pages of a list are fetched at once ahead of its reader.
CONCURRENCY = 8
# How long a call waits for Redis, and how many share the budget as long as it has not said.
FLEET_TIMEOUT_S = 0.5
FLEET_WORKERS = 10
