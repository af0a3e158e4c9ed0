"""The variables of the environment that set a client up. Each counts only where its argument is not given.

The variables of proxies are in `proxies`.
"""

from __future__ import annotations

import os

from .._errors import PatchworksError

API_KEY = "PATCHWORKS_API_KEY"
USERNAME = "PATCHWORKS_USERNAME"
PASSWORD = "PATCHWORKS_PASSWORD"  # noqa: S105 - the name of a variable
BASE_URL = "PATCHWORKS_BASE_URL"
LOGIN_URL = "PATCHWORKS_LOGIN_URL"
LOG = "PATCHWORKS_LOG"
"""The level from which on log lines are shown."""
CERTIFICATES = (("SSL_CERT_FILE", os.path.isfile), ("SSL_CERT_DIR", os.path.isdir))


def variable(name: str) -> str | None:
    """The value of a variable; `None` if it is not set.

    Raises:
        PatchworksError: it is set and empty, as a secret is that a build was not given; names the variable.
    """
    value = os.environ.get(name)
    if value is None:
        return None
    if not value.strip():
        raise PatchworksError(f"{name} is set and empty: give it a value, or unset it")
    # What `echo` leaves at the end of a file.
    return value.rstrip("\r\n")


def certificates_problem() -> str | None:
    """What is wrong with the certificates that the environment names, if anything is."""
    for name, exists in CERTIFICATES:
        place = os.environ.get(name)
        if place:
            return None if exists(place) else f"{name} names what is not there, {place!r}: correct it, or unset it"
    return None
