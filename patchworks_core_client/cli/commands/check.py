"""`check`: does the API answer as described?"""

from __future__ import annotations

import json
import os

import click
from rich import box
from rich.table import Table
from rich.text import Text

from patchworks_core_client import __version__

from ...environments.api_check import check as check_api
from ...environments.api_check_report import Report
from .. import console, exit_status
from ..connect import client, run, server
from ..humanize import count
from .shared_options import format_option, rate_option

STYLES = {"as described": "green", "different": "yellow", "refused": "red", "failed": "red", "skipped": "dim"}


@click.command
@format_option("text", "json", "markdown")
@rate_option
def check(form: str, rate: str | None) -> int:
    """Compare the responses of the API with its description.

    Calls every operation that reads. Nothing is written, and no value is shown.
    Exits with 0 where all is as described, with 2 where anything differs. The
    report can be attached to an issue.

    \b
    Examples:
      patchworks check
      patchworks check --format markdown > report.md
    """

    async def work() -> int:
        async with client(rate) as pw:
            return _write(await check_api(pw), form)

    return run(work)


def _write(report: Report, form: str) -> int:
    if form == "json":
        head = {"server": server(), "credentials": _credentials(), "version": __version__}
        console.emit_data(json.dumps(head | report.to_json(), indent=2, ensure_ascii=False))
    elif form == "markdown":
        console.emit_data(_markdown(report))
    else:
        _show(report)
    if report.errors:
        return exit_status.errors_status(report.errors)
    return exit_status.changes_status(bool(report.differences))


def _credentials() -> str:
    if os.environ.get("PATCHWORKS_API_KEY"):
        return "an API key, which acts with the rights of a manager"
    return "a login"


def _show(report: Report) -> None:
    out = console.out()
    out.print(Text(f"Server: {server()}\nCredentials: {_credentials()}"))
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for heading in ("Operation", "Result", ""):
        table.add_column(heading, overflow="fold")
    for operation in report.operations:
        table.add_row(
            Text(operation.operation), Text(operation.outcome, STYLES[operation.outcome]), Text(operation.detail, "dim")
        )
    out.print(table)
    for choice in report.choices:
        received = " and ".join(choice.got)
        out.print(Text(f"{choice.model}.{choice.field}: described as {choice.declared}, received {received}.", "dim"))
    if not report.differences:
        out.print(Text("Nothing differs from the description.", "bold"))
        return
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for heading in ("Model", "Field", "Described", "Received"):
        table.add_column(heading, overflow="fold", no_wrap=heading == "Model")
    for found in report.differences:
        table.add_row(*(Text(cell) for cell in (found.model, found.field, found.declared or "nothing", found.got)))
    out.print(table)
    total = count(len(report.differences), "difference")
    out.print(Text(f"{total}. What the overlay of the description would need:\n", "bold"))
    console.emit(_overlay(report))


def _overlay(report: Report) -> str:
    lines = ["actions:"]
    for action in (action for found in report.differences for action in found.overlay):
        (target, value), *others = ((name, json.dumps(value)) for name, value in action.items())
        lines += [f"  - {target}: {value}", *(f"    {name}: {value}" for name, value in others)]
    return "\n".join(lines)


def _markdown(report: Report) -> str:
    lines = ["### Responses compared with the description", "", f"Client {__version__}, with {_credentials()}.", ""]
    lines += ["| Operation | Result |", "|---|---|"]
    lines += [f"| `{operation.operation}` | {operation.outcome} |" for operation in report.operations]
    lines += ["", "| Model | Field | Described | Received |", "|---|---|---|---|"]
    for found in report.differences:
        declared = found.declared.replace("|", "or") or "nothing"
        lines.append(f"| `{found.model}` | `{found.field.replace('|', '/')}` | {declared} | {found.got} |")
    for choice in report.choices:
        declared = choice.declared.replace("|", "or")
        lines.append(
            f"| `{choice.model}` | `{choice.field}` | {declared} | {' and '.join(choice.got)} (as described) |"
        )
    if report.differences:
        lines += ["", "What the overlay of the description would need:", "", "```yaml", _overlay(report), "```"]
    return "\n".join([*lines, ""])
