"""What several files of the client's tests look at."""

from __future__ import annotations

import traceback

from patchworks_core_client import AsyncPatchworks, Patchworks, PatchworksError

SECRET = "s3cret-of-the-tests"
CLIENTS = [AsyncPatchworks, Patchworks]
Client = type[AsyncPatchworks] | type[Patchworks]
REFUSED = (TypeError, ValueError, PatchworksError)


def frames_of_ours(error: BaseException) -> list[traceback.FrameSummary]:
    """The frames of the package, with their variables as a tool shows them that prints these."""
    shown = traceback.TracebackException.from_exception(error, capture_locals=True)
    return [frame for frame in shown.stack if "/patchworks_core_client/" in frame.filename]


async def coroutine_function(_: object) -> None:
    """What has to be awaited."""
