"""Plain aiohttp, eight pages ahead: what an asynchronous client of this kind can reach at all."""

from . import httpx_by_hand

IMPORT = "import aiohttp"
URL = "/api/v1/virtual-environments"


class Async(httpx_by_hand.Async):
    def __init__(self, base):
        import aiohttp

        self.client = aiohttp.ClientSession(base, headers={"Authorization": "key"})

    async def item(self):
        async with self.client.get(f"{URL}/1") as response:
            response.raise_for_status()
            return (await response.json())["data"]

    async def page(self, number):
        async with self.client.get(URL, params={"page": number, "per_page": 100}) as response:
            response.raise_for_status()
            return await response.json()

    async def close(self):
        await self.client.close()


def open_async(base):
    return Async(base)
