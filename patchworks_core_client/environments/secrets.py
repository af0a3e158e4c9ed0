"""Resolve references to secrets: `env:NAME`, `file:PATH`, `command:...`; only when they are about to be written."""

from __future__ import annotations

import asyncio
import os
import shlex
from pathlib import Path

from .errors import SecretError
from .escaping import printable

MAX_CHARACTERS = 1_024
MAX_BYTES = 16 * 1_024
COMMAND_TIMEOUT_S = 60.0
SCHEMES = ("env", "file", "command")
ALLOWED = "`!secret env:NAME`, `!secret file:PATH` and `!secret command:...`"


def is_reference(text: str) -> bool:
    """Return whether `text` says where a secret is to be had."""
    kind, colon, rest = text.partition(":")
    return bool(kind in SCHEMES and colon and rest.strip())


async def resolve(reference: str, label: str) -> str:
    """Return the secret that a reference stands for.

    Args:
        reference: `env:NAME`, `file:PATH` (from the working directory) or `command:...` (run without a shell).
        label: what it is for, for messages.

    Raises:
        SecretError: it cannot be had, is empty, or is longer than the server takes. The text never holds it.
    """
    kind, _, rest = reference.partition(":")
    rest = rest.strip()
    if kind == "env":
        value = os.environ.get(rest)
        if value is None:
            raise SecretError(f"{label}: the environment variable {printable(rest)} is not set")
    elif kind == "file":
        value = await asyncio.to_thread(_read, rest, label)
    else:
        value = await _run(rest, label)
    value = value.removesuffix("\n").removesuffix("\r")
    if not value.strip():
        raise SecretError(f"{label}: {kind}:{printable(rest) if kind != 'command' else '...'} gives an empty secret")
    if len(value) > MAX_CHARACTERS:
        raise SecretError(f"{label}: the secret is longer than {MAX_CHARACTERS} characters")
    return value


def _read(path: str, label: str) -> str:
    try:
        with Path(path).open("rb") as file:
            return _text(file.read(MAX_BYTES + 1), label)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no path"
        raise SecretError(f"{label}: cannot read {printable(path)}: {reason}") from None


async def _run(command: str, label: str) -> str:
    # What it writes to stderr may hold the secret too, and is not shown.
    try:
        arguments = shlex.split(command)
        process = await asyncio.create_subprocess_exec(
            *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise SecretError(f"{label}: cannot run its command: {reason}") from None
    try:
        async with asyncio.timeout(COMMAND_TIMEOUT_S):
            output = await _bounded(process, label)
            status = await process.wait()
    except TimeoutError:
        raise SecretError(f"{label}: its command did not end within {COMMAND_TIMEOUT_S:.0f} s") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if status:
        raise SecretError(f"{label}: its command ended with status {status}")
    return _text(output, label)


async def _bounded(process: asyncio.subprocess.Process, label: str) -> bytes:
    output = b""
    assert process.stdout is not None  # noqa: S101 - it was asked for
    while chunk := await process.stdout.read(MAX_BYTES):
        output += chunk
        if len(output) > MAX_BYTES:
            raise SecretError(f"{label}: its command says more than {MAX_BYTES} bytes")
    return output


def _text(data: bytes, label: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise SecretError(f"{label}: the secret is not UTF-8") from None
