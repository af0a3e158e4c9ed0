"""This SDK as `pip install patchworks-core-client` gives it, on httpx and the standard library's json."""

IMPORT = "from patchworks_core_client import AsyncPatchworks"
# What a first program also needs: a namespace with its operations, and a model.
IMPORT_ONE = """
from patchworks_core_client import AsyncPatchworks
from patchworks_core_client.generated.api.virtual_environments import _async
from patchworks_core_client.models import VirtualEnvironment
"""


class Async:
    def __init__(self, base, **options):
        from patchworks_core_client import AsyncPatchworks

        self.client = AsyncPatchworks(api_key="key", base_url=base, **options)

    async def enter(self):
        await self.client.__aenter__()

    async def item(self):
        return await self.client.virtual_environments.get(1)

    async def pages(self):
        async for item in self.client.virtual_environments.list(per_page=100):
            yield item

    async def close(self):
        await self.client.aclose()


class Sync:
    def __init__(self, base):
        from patchworks_core_client import Patchworks

        self.client = Patchworks(api_key="key", base_url=base)

    def item(self):
        return self.client.virtual_environments.get(1)

    def pages(self):
        yield from self.client.virtual_environments.list(per_page=100)

    def close(self):
        self.client.close()


def open_async(base):
    return Async(base)


def open_sync(base):
    return Sync(base)


def decoding(make="laravel_environment"):
    from benchmarks import bodies
    from patchworks_core_client._client.decode_response import parse_response
    from patchworks_core_client._http.response import RawResponse
    from patchworks_core_client._models.mismatches import Reporter
    from patchworks_core_client.generated.api.virtual_environments._operations import LIST_VIRTUAL_ENVIRONMENTS

    # What a call does with an answer once it is read, and nothing else: no public name does only that.
    shape, reporter = LIST_VIRTUAL_ENVIRONMENTS.shape, Reporter()
    headers = ((b"content-type", b"application/json"),)
    body = bodies.environments(make=getattr(bodies, make))
    return body, lambda body: parse_response(RawResponse(200, headers, body, None), shape, "GET", reporter).parsed
