"""Plain httpx: what a program without an SDK writes, one page after the other. The reference of most rows."""

IMPORT = "import httpx"
URL = "/api/v1/virtual-environments"


class Async:
    def __init__(self, base, **options):
        import httpx

        self.client = httpx.AsyncClient(base_url=base, headers={"Authorization": "key"}, **options)

    async def enter(self):
        await self.client.__aenter__()

    async def item(self):
        response = await self.client.get(f"{URL}/1")
        response.raise_for_status()
        return response.json()["data"]

    async def page(self, number):
        response = await self.client.get(URL, params={"page": number, "per_page": 100})
        response.raise_for_status()
        return response.json()

    async def pages(self):
        number = last = 1
        while number <= last:
            page = await self.page(number)
            last = page["meta"]["last_page"]
            number += 1
            for item in page["data"]:
                yield item

    async def close(self):
        await self.client.aclose()


class Sync:
    def __init__(self, base, **options):
        import httpx

        self.client = httpx.Client(base_url=base, headers={"Authorization": "key"}, **options)

    def item(self):
        response = self.client.get(f"{URL}/1")
        response.raise_for_status()
        return response.json()["data"]

    def page(self, number):
        response = self.client.get(URL, params={"page": number, "per_page": 100})
        response.raise_for_status()
        return response.json()

    def pages(self):
        number = last = 1
        while number <= last:
            page = self.page(number)
            last = page["meta"]["last_page"]
            number += 1
            yield from page["data"]

    def close(self):
        self.client.close()


def open_async(base):
    return Async(base)


def open_sync(base):
    return Sync(base)


def decoding():
    import json

    from benchmarks import bodies

    return bodies.environments(), json.loads
