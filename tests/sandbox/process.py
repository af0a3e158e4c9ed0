"""A sandbox in a process of its own, forked from one that has imported it: importing is what takes the time."""

from __future__ import annotations

import os
from contextlib import suppress
from multiprocessing.connection import Connection

from patchworks_core_client.sandbox.cli.main import main
from tests.support.processes import FORKS

_LISTENING = "Listening on "


class Process:
    """The command `python -m patchworks_core_client.sandbox` on some free port.

    Attributes:
        lines: what it shows at its start.
        url: where it listens.
    """

    def __init__(self, *options: str) -> None:
        reading, writing = FORKS.Pipe(duplex=False)
        self._process = FORKS.Process(target=_run, args=(writing, options), daemon=True)
        self._process.start()
        writing.close()
        self.lines: list[str] = []
        with reading, open(reading.fileno(), closefd=False) as shown:
            while not self.lines or not self.lines[-1].startswith(_LISTENING):
                self.lines.append(shown.readline().rstrip())
        self.url = self.lines[-1].removeprefix(_LISTENING)

    def kill(self) -> None:
        """Kill it at once."""
        self._process.kill()

    def wait(self) -> None:
        """Wait for its end."""
        self._process.join()
        self._process.close()


def _run(shown: Connection, options: tuple[str, ...]) -> None:
    os.dup2(shown.fileno(), 1)
    shown.close()
    with suppress(KeyboardInterrupt):
        main(["--port", "0", "--quiet", *options])
