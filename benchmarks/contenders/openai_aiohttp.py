"""openai-python over aiohttp, as its README shows."""

from . import openai_sdk


def open_async(base):
    from openai import DefaultAioHttpClient

    return openai_sdk.Async(base, http_client=DefaultAioHttpClient())
