"""This SDK with the extra `orjson`, which it takes by itself where it is installed."""

from .patchworks import decoding

__all__ = ["decoding"]
