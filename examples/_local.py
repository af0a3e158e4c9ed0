"""A local Patchworks in a process of its own, for as long as a `with` block lasts."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

API_KEY = "demo-key"
STOP_TIMEOUT_S = 10


@contextmanager
def local_patchworks() -> Iterator[str]:
    """Start the sandbox on a free port of 127.0.0.1; gives its base URL and stops it at the end."""
    command = [sys.executable, "-m", "patchworks_core_client.sandbox", "--port", "0", "--api-key", API_KEY]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own module
    try:
        assert process.stdout is not None
        said = ""
        for line in process.stdout:
            said += line
            if address := re.search(r"http://127\.0\.0\.1:\d+", line):
                break
        else:
            raise RuntimeError(f"the local Patchworks did not start; it said: {said.strip() or 'nothing'}")
        # It goes on to tell of each request; nobody reads that, and a full pipe would stop it.
        threading.Thread(target=process.stdout.read, daemon=True).start()
        yield address[0]
    finally:
        process.terminate()
        process.wait(timeout=STOP_TIMEOUT_S)
