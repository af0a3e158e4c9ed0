"""A local Patchworks in a process of its own, for as long as a `with` block lasts."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

API_KEY = "demo-key"
USERNAME = "demo@example.com"
PASSWORD = "demo-password"


@contextmanager
def local_patchworks() -> Iterator[str]:
    """Start the sandbox on a free port of 127.0.0.1; gives its base URL and stops it at the end."""
    command = [sys.executable, "-m", "patchworks_core_client.sandbox", "--port", "0", "--api-key", API_KEY]
    command += ["--username", USERNAME, "--password", PASSWORD, "--control"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own module
        assert process.stdout is not None
        # It goes on to tell of each request; nobody reads that, and a full pipe would stop it.
        drain = threading.Thread(target=process.stdout.read)
        try:
            base_url = _address(process.stdout)
            drain.start()
            yield base_url
        finally:
            process.terminate()
            if drain.ident:
                drain.join()


def _address(lines: Iterable[str]) -> str:
    said = ""
    for line in lines:
        said += line
        if line.startswith("Listening") and (found := re.search(r"http://127\.0\.0\.1:\d+", line)):
            return found[0]
    raise RuntimeError(f"the local Patchworks did not start; it said: {said.strip() or 'nothing'}")
