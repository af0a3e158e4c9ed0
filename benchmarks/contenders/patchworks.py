"""This SDK as `pip install patchworks-core-client` gives it, on httpx and the standard library's json."""

IMPORT = "from patchworks_core_client import AsyncPatchworks"


class Async:
    def __init__(self, base, **options):
        from patchworks_core_client import AsyncPatchworks

        self.client = AsyncPatchworks(api_key="key", base_url=base, **options)

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
