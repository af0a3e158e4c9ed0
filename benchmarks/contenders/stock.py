"""What openapi-python-client prints from the same merged description, untouched.

It gets the documented bodies (the prefix): it cannot decode what Laravel sends.
"""

IMPORT = "from stock_patchworks_client import AuthenticatedClient"
# What a first program also needs: the module of one operation.
IMPORT_ONE = """
from stock_patchworks_client import AuthenticatedClient
from stock_patchworks_client.api.virtual_environments import get_api_v1_virtual_environments
"""


class _Base:
    def __init__(self, base):
        from stock_patchworks_client import AuthenticatedClient

        self.base = f"{base}/documented"
        self.client = AuthenticatedClient(base_url=self.base, token="key", prefix="")


class Async(_Base):
    async def item(self):
        from stock_patchworks_client.api.virtual_environments import (
            get_api_v1_virtual_environments_virtual_environment as one,
        )

        answer = await one.asyncio(virtual_environment="1", client=self.client)
        return answer.data

    async def pages(self):
        from stock_patchworks_client.api.virtual_environments import get_api_v1_virtual_environments as many

        number = last = 1
        while number <= last:
            page = await many.asyncio(client=self.client, page=number, per_page=100)
            last = page.meta.last_page
            number += 1
            for item in page.data:
                yield item

    async def close(self):
        await self.client.get_async_httpx_client().aclose()


class Sync(_Base):
    def item(self):
        from stock_patchworks_client.api.virtual_environments import (
            get_api_v1_virtual_environments_virtual_environment as one,
        )

        return one.sync(virtual_environment="1", client=self.client).data

    def pages(self):
        from stock_patchworks_client.api.virtual_environments import get_api_v1_virtual_environments as many

        number = last = 1
        while number <= last:
            page = many.sync(client=self.client, page=number, per_page=100)
            last = page.meta.last_page
            number += 1
            yield from page.data

    def close(self):
        self.client.get_httpx_client().close()


def open_async(base):
    return Async(base)


def open_sync(base):
    return Sync(base)


def decoding():
    import json

    from stock_patchworks_client.models.virtual_environments_list_response import VirtualEnvironmentsListResponse

    from benchmarks import bodies

    from_dict = VirtualEnvironmentsListResponse.from_dict
    return bodies.environments(make=bodies.documented_environment), lambda body: from_dict(json.loads(body))
