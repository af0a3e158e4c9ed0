"""The two clients."""

from ._client_async import AsyncPatchworks
from ._client_sync import Patchworks

__all__ = ["AsyncPatchworks", "Patchworks"]
