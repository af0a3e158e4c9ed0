"""Decide the exit status of a command."""

from __future__ import annotations

from collections.abc import Iterable

import click

from patchworks_core_client import AuthenticationError, PermissionDeniedError

from ..environments.apply_results import Result
from ..environments.errors import DraftEditedError, InputError, StalePlanError
from .connect import CredentialsError

DONE = 0
FAILED = 1
CHANGES = 2
CREDENTIALS = 3
IN_PART = 4
STALE = 5
BAD_INPUT = 6

# Where several hold, the first of these.
_ORDER = (BAD_INPUT, CREDENTIALS, STALE, FAILED)


def changes_status(found: bool, *, asked: bool = True) -> int:
    """Return the exit status of a comparison: that of changes only where it was `asked` for."""
    return CHANGES if found and asked else DONE


def error_status(error: BaseException) -> int:
    """Return the exit status of an error, or of being stopped."""
    # A file that the command line names.
    is_of_a_file = isinstance(error, OSError) and error.filename
    if is_of_a_file or isinstance(error, InputError | click.ClickException):
        return BAD_INPUT
    if isinstance(error, CredentialsError | AuthenticationError | PermissionDeniedError):
        return CREDENTIALS
    if isinstance(error, StalePlanError | DraftEditedError):
        return STALE
    return FAILED


def errors_status(errors: Iterable[BaseException]) -> int:
    """Return the exit status of several errors; 0 without any."""
    found = {error_status(error) for error in errors}
    return next((status for status in _ORDER if status in found), DONE)


def result_status(result: Result) -> int:
    """Return the exit status of an apply."""
    if result.has_written and not result.is_complete:
        return IN_PART
    return errors_status(result.errors)
