"""This SDK with the extra `aiohttp` and `transport="aiohttp"`."""

from . import patchworks


def open_async(base):
    return patchworks.Async(base, transport="aiohttp")
