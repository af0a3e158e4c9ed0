"""Given to clients of httpx that speak plain HTTP, which would read the certificates of the system for nothing."""

from __future__ import annotations

import ssl

PLAIN_HTTP = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
