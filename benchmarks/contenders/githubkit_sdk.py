"""githubkit, inside its `with` block so that it keeps one client, against answers of GitHub's kind.

Its HTTP cache is switched off, in its favour: asked for one URL again and again, the cache keeps an entry for each
answer and looks through all of them, and 100 calls in flight then come to ten a second. In threads it makes a client
for each call all the same: it keeps its own in a context variable, which other threads do not see.
"""

IMPORT = "from githubkit import GitHub"
WHERE = ("acme", "patchworks")


class Async:
    def __init__(self, base):
        from githubkit import GitHub

        self.github = GitHub("token", base_url=base, http_cache=False)
        self.entered = False

    async def enter(self):
        if not self.entered:
            self.entered = True
            await self.github.__aenter__()

    async def item(self):
        await self.enter()
        return (await self.github.rest.issues.async_get_milestone(*WHERE, 1)).parsed_data

    async def pages(self):
        await self.enter()
        async for item in self.github.rest.paginate(
            self.github.rest.issues.async_list_milestones, owner=WHERE[0], repo=WHERE[1], per_page=100
        ):
            yield item

    async def close(self):
        await self.github.__aexit__(None, None, None)


class Sync:
    def __init__(self, base):
        from githubkit import GitHub

        self.github = GitHub("token", base_url=base, http_cache=False)
        self.github.__enter__()

    def item(self):
        return self.github.rest.issues.get_milestone(*WHERE, 1).parsed_data

    def pages(self):
        yield from self.github.rest.paginate(
            self.github.rest.issues.list_milestones, owner=WHERE[0], repo=WHERE[1], per_page=100
        )

    def close(self):
        self.github.__exit__(None, None, None)


def open_async(base):
    return Async(base)


def open_sync(base):
    return Sync(base)


def decoding():
    import httpx
    from githubkit.response import Response
    from githubkit.versions.latest.models import Milestone

    from benchmarks import bodies

    def decode(body):
        return Response(httpx.Response(200, content=body), list[Milestone]).parsed_data

    return bodies.github_milestones(), decode
