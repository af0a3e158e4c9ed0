"""TLS contexts, made when the first of them is needed: loading the certificates takes longer than a call."""

from __future__ import annotations

import os
import ssl
from typing import Any

from .._errors import PatchworksError


def context_for(verify: Any) -> ssl.SSLContext:
    """Return the context for connections.

    Args:
        verify: as httpx takes it: `True`, `False`, a file or folder of certificates, or a context.

    Raises:
        PatchworksError: the certificates cannot be loaded.
    """
    if isinstance(verify, ssl.SSLContext):
        return verify
    try:
        if isinstance(verify, str):
            folder = os.path.isdir(verify)
            return ssl.create_default_context(capath=verify if folder else None, cafile=None if folder else verify)
        import httpx

        return httpx.create_ssl_context(verify=verify)
    except OSError as error:
        # `ssl.SSLError` is one as well. The file may be another: that of `SSLKEYLOGFILE`.
        problem = error.strerror or type(error).__name__
        problem += f": {error.filename!r}" if error.filename else ""
    source = f"verify= ({verify!r})" if isinstance(verify, str) else "SSL_CERT_FILE, SSL_CERT_DIR or this system"
    raise PatchworksError(f"the certificates that {source} names cannot be loaded: {problem}")
