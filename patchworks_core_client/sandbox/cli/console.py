"""What the sandbox shows in the terminal: how to reach it, and each request."""

from __future__ import annotations

import shlex
from datetime import datetime
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from ..http.escaping import printable
from ..laravel.errors import CLIENT_CLOSED_REQUEST
from ..patchworks.routes import ENVIRONMENTS, LOGIN_PATH

if TYPE_CHECKING:
    from rich.console import Console

    from ..patchworks.auth import Credentials
    from ..testing.recorded_requests import RecordedRequest
    from ..testing.sandbox_state import SandboxState

API_PREFIX = "/api/v1"
PATH_WIDTH = 46
METHOD_STYLES = {"GET": "cyan", "POST": "green", "PUT": "yellow", "DELETE": "magenta"}
# Colours by the first figure of the status.
STATUS_STYLES = {"2": "green", "3": "cyan", "4": "yellow", "5": "bold red"}


def show_start(console: Console, url: str, state: SandboxState) -> None:
    """Show where the sandbox listens, with the key and the login to use."""
    options = state.options
    credentials: Credentials = options.credentials
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row("API key", Text(credentials.api_key))
    table.add_row("login", Text(f"{credentials.username} / {credentials.password}"))
    table.add_row("login URL", Text(f"{url}{LOGIN_PATH}"))
    table.add_row("page", Text(f"{url}/"))
    table.add_row("state", Text("in memory" if options.db is None else printable(str(options.db))))
    table.add_row("responses", Text("as documented" if options.as_documented else "as the real API is believed to"))
    for name, value in _settings(state):
        table.add_row(name, Text(value))
    console.print(Text("Patchworks sandbox", style="bold"))
    console.print(table)
    console.print("Ctrl+C stops it. To paste into a shell, for the client and for a first look:\n", style="dim")
    key = shlex.quote(credentials.api_key)
    console.print(Text(f"export PATCHWORKS_BASE_URL={url} PATCHWORKS_API_KEY={key}"), soft_wrap=True)
    header = shlex.quote(f"Authorization: {credentials.api_key}")
    console.print(Text(f"curl -H {header} {url}{ENVIRONMENTS}\n"), soft_wrap=True)
    # A line of its own and the last one, for people and for scripts that start this with `--port 0`.
    console.print(Text(f"Listening on {url}", style="bold green"), soft_wrap=True)


def show_request(console: Console, recorded: RecordedRequest) -> None:
    """Show a request in one line, and the fault in another, without its query, its headers and its body."""
    line = Text(no_wrap=True, overflow="ellipsis")
    line.append(datetime.now().astimezone().strftime("%H:%M:%S"), "dim")
    line.append(f" {printable(recorded.method):<6} ", METHOD_STYLES.get(recorded.method, ""))
    line.append(f"{_shortened(printable(recorded.path)):<{PATH_WIDTH}} ")
    line.append(f"{recorded.status} ", STATUS_STYLES.get(str(recorded.status)[0], ""))
    line.append(f"{recorded.ms:7.1f} ms", "dim")
    console.print(line)
    if recorded.status == CLIENT_CLOSED_REQUEST:
        console.print(Text(f"{'':8} client went away", style="yellow"))
    if recorded.fault:
        console.print(Text(f"{'':8} fault: {recorded.fault}", style="red"))


def _settings(state: SandboxState) -> list[tuple[str, str]]:
    options = state.options
    rows: list[tuple[str, str]] = []
    if state.throttle.rate:
        rows.append(("rate", str(state.throttle.rate)))
    if options.max_environments is not None:
        rows.append(("environments", f"{options.max_environments} may be created"))
    if options.lag:
        rows.append(("lag", f"{options.lag:g} s"))
    rows.extend(("fault", fault) for fault in state.faults.in_force())
    rows.extend(("admin only", name) for name in sorted(options.admin_only))
    if options.control:
        rows.append(("control", "/_sandbox, with the API key or a token"))
    return rows


def _shortened(path: str) -> str:
    path = path.removeprefix(API_PREFIX)
    if len(path) <= PATH_WIDTH:
        return path
    return f"{path[: PATH_WIDTH // 3]}…{path[-(PATH_WIDTH - PATH_WIDTH // 3 - 1) :]}"
