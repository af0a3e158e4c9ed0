"""TLS contexts, made when the first of them is needed: loading the certificates takes longer than a call."""

from __future__ import annotations

import os
import ssl
from typing import Any

import httpx


def context_for(scheme: str, verify: Any, *, proxied: bool) -> ssl.SSLContext:
    """The context for connections to an origin of this scheme.

    Args:
        scheme: of the origin.
        verify: as httpx takes it: `True`, `False`, a file or folder of certificates, or a context.
        proxied: whether a proxy stands in between, which may speak TLS itself.
    """
    if isinstance(verify, ssl.SSLContext):
        return verify
    if scheme == "http" and not proxied:
        # httpx wants a context for plain HTTP too. This one trusts nobody, and takes 0.1 ms instead of 20 to 35.
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if isinstance(verify, (str, os.PathLike)):
        path = os.fspath(verify)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        if os.path.isdir(path):
            return ssl.create_default_context(capath=path)
        return ssl.create_default_context(cafile=path)
    return httpx.create_ssl_context(verify=bool(verify))
