"""Plain requests, with one session: the reference of the synchronous rows besides httpx."""

IMPORT = "import requests"
URL = "/api/v1/virtual-environments"


class Sync:
    def __init__(self, base):
        import requests

        self.base = base
        self.session = requests.Session()
        self.session.headers["Authorization"] = "key"

    def item(self):
        response = self.session.get(f"{self.base}{URL}/1", timeout=30)
        response.raise_for_status()
        return response.json()["data"]

    def pages(self):
        number = last = 1
        while number <= last:
            response = self.session.get(f"{self.base}{URL}", params={"page": number, "per_page": 100}, timeout=30)
            response.raise_for_status()
            page = response.json()
            last = page["meta"]["last_page"]
            number += 1
            yield from page["data"]

    def close(self):
        self.session.close()


def open_sync(base):
    return Sync(base)
