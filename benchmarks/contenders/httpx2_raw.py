"""Plain httpx2: what `httpx_raw` does, with the successor of httpx."""

from benchmarks.contenders import httpx_raw

IMPORT = "import httpx2"


class Async(httpx_raw.Async):
    def __init__(self, base, **options):
        import httpx2

        self.client = httpx2.AsyncClient(base_url=base, headers={"Authorization": "key"}, **options)


class Sync(httpx_raw.Sync):
    def __init__(self, base, **options):
        import httpx2

        self.client = httpx2.Client(base_url=base, headers={"Authorization": "key"}, **options)


def open_async(base):
    return Async(base)


def open_sync(base):
    return Sync(base)
