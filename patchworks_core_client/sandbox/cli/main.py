"""The command line of `python -m patchworks_core_client.sandbox`."""

from __future__ import annotations

import argparse
import secrets
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from ..http.allowed_hosts import is_loopback
from ..http.escaping import printable
from ..patchworks.auth import Credentials

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..testing.recorded_requests import RecordedRequest
    from ..testing.sandbox_state import SandboxState

DEFAULT_PORT = 8300
DEFAULT_SEED = 1
MAX_PORT = 65_535


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve a sandbox until it is stopped.

    Args:
        arguments: the command line; that of the process by default.

    Returns:
        The exit status: 0, 1 where the sandbox cannot start, 2 for a wrong command line.
    """
    options = _parser().parse_args(arguments)
    try:
        return _run(options)
    except ModuleNotFoundError as error:
        return _fail(f"{error.name} is missing; install patchworks-core-client[sandbox]")


def _run(options: argparse.Namespace) -> int:
    from rich.console import Console

    from ..app import create_app
    from ..http.server import listen, server_for, url_of
    from ..storage.database import StoreError
    from .console import show_request, show_start

    credentials = _credentials(options)
    try:
        app = create_app(
            db=options.db,
            token_ttl=options.token_ttl,
            rate=options.rate,
            login_rate=options.login_rate,
            faults=options.fault,
            admin_only=options.admin_only,
            as_documented=options.as_documented,
            seed=options.seed,
            control=options.control,
            keep_requests=options.keep_requests,
            profile=options.profile,
            lag=options.lag,
            hosts=[options.host, *options.allow_host],
            api_key=credentials.api_key,
            username=credentials.username,
            password=credentials.password,
        )
    except (ValueError, StoreError) as error:
        return _fail(str(error))
    state: SandboxState = app.state.sandbox_state
    console = Console(highlight=False)

    def show(request: RecordedRequest) -> None:
        try:
            show_request(console, request)
        except (OSError, SystemExit):
            # Nobody reads it any more (rich wants to end the program then); the API is served all the same.
            state.listener = None

    if not options.quiet:
        state.listener = show
    try:
        with listen(options.host, options.port) as listener:
            show_start(console, url_of(listener), state)
            server_for(app).run([listener])
    except OSError as error:
        reason = error.strerror or error
        return _fail(f"cannot listen on {options.host} port {options.port}: {reason}; --port takes another one")
    except KeyboardInterrupt:
        pass
    finally:
        state.close()
    return 0


def _fail(message: str) -> int:
    # What was given on the command line is part of it, and may hold what would steer the terminal.
    print(f"sandbox: {printable(message)}", file=sys.stderr)
    return 1


def _credentials(options: argparse.Namespace) -> Credentials:
    """Return what was chosen; random secrets instead of the known ones where other machines can connect."""
    known = Credentials()
    if not is_loopback(options.host):
        known = Credentials(api_key=secrets.token_urlsafe(24), password=secrets.token_urlsafe(24))
    chosen = {name: getattr(options, name) for name in ("api_key", "username", "password")}
    return replace(known, **{name: value for name, value in chosen.items() if value is not None})


def _host(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("is empty")
    return text


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= MAX_PORT):
        raise argparse.ArgumentTypeError(f"{text!r} is no port; they go from 0 to {MAX_PORT}")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m patchworks_core_client.sandbox",
        description="A local Patchworks: all 27 operations and the login, with state.",
    )
    add = parser.add_argument
    add("--host", type=_host, default="127.0.0.1", help="the address to listen at (default: %(default)s)")
    add("--port", type=_port, default=DEFAULT_PORT, help="the port; 0 takes a free one (default: %(default)s)")
    add("--db", metavar="FILE", help="keep the state in this SQLite file (default: in memory)")
    add("--api-key", metavar="KEY", help="the API key to let in")
    add("--username", metavar="NAME", help="the user of the login")
    add("--password", metavar="TEXT", help="the password of the login")
    add(
        "--token-ttl",
        type=int,
        default=86_400,
        metavar="S",
        help="life of a token in seconds (default: %(default)s)",
    )
    add("--rate", metavar="N/UNIT", help="throttle the requests, like 60/min, 5/s or 10/30s")
    add("--login-rate", metavar="N/UNIT", help="throttle the logins of each address")
    add(
        "--fault",
        action="append",
        default=[],
        help="inject a fault, like '5%% 503'; may be given several times",
    )
    add(
        "--admin-only",
        action="append",
        default=[],
        metavar="OPERATION",
        help="refuse the API key here with 403",
    )
    add("--as-documented", action="store_true", help="answer exactly as documented")
    add(
        "--seed",
        type=int,
        nargs="?",
        const=DEFAULT_SEED,
        metavar="N",
        help="fill an empty sandbox with example data",
    )
    add("--profile", metavar="PLAN", help="the limits of a documented plan: growth, professional or enterprise")
    add(
        "--lag",
        type=float,
        default=0.0,
        metavar="S",
        help="show what was created this many seconds later (default: %(default)s)",
    )
    add(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="a further name that requests may be addressed to",
    )
    add("--control", action="store_true", help="serve the control path /_sandbox")
    add(
        "--keep-requests",
        type=int,
        default=1_000,
        metavar="N",
        help="how many requests are recorded (default: %(default)s)",
    )
    add("--quiet", action="store_true", help="do not show the requests")
    return parser
