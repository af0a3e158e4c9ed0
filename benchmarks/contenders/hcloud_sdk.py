"""hcloud, on requests and synchronous only, against answers of Hetzner's kind."""

IMPORT = "from hcloud import Client"


class Sync:
    def __init__(self, base):
        from hcloud import Client

        self.client = Client(token="key", api_endpoint=base)

    def item(self):
        return self.client.ssh_keys.get_by_id(1)

    def pages(self):
        number = 1
        while number:
            page = self.client.ssh_keys.get_list(page=number, per_page=100)
            yield from page.ssh_keys
            number = page.meta.pagination.next_page

    def close(self):
        pass


def open_sync(base):
    return Sync(base)
