"""TLS contexts, made when the first of them is needed: loading the certificates takes longer than a call."""

from __future__ import annotations

import os
import ssl
from typing import Any

import httpx


def context_for(verify: Any, *, needed: bool) -> ssl.SSLContext:
    """The context for connections.

    Args:
        verify: as httpx takes it: `True`, `False`, a file or folder of certificates, or a context.
        needed: whether TLS will be spoken at all.
    """
    if isinstance(verify, ssl.SSLContext):
        return verify
    if not needed:
        # httpx wants a context for plain HTTP too. This one trusts nobody, and takes 0.1 ms instead of 20 to 35.
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if isinstance(verify, str):
        folder = os.path.isdir(verify)
        return ssl.create_default_context(capath=verify if folder else None, cafile=None if folder else verify)
    return httpx.create_ssl_context(verify=bool(verify))
