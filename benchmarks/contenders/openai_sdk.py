"""openai-python, the most used generated SDK, against answers of its own kind."""

IMPORT = "from openai import AsyncOpenAI"


class Async:
    def __init__(self, base, **options):
        from openai import AsyncOpenAI

        self.client = AsyncOpenAI(api_key="key", base_url=base, **options)

    async def item(self):
        return await self.client.models.retrieve("m-1")

    async def pages(self):
        async for job in self.client.fine_tuning.jobs.list(limit=100):
            yield job

    async def close(self):
        await self.client.close()


class Sync:
    def __init__(self, base):
        from openai import OpenAI

        self.client = OpenAI(api_key="key", base_url=base)

    def item(self):
        return self.client.models.retrieve("m-1")

    def pages(self):
        yield from self.client.fine_tuning.jobs.list(limit=100)

    def close(self):
        self.client.close()


def open_async(base):
    return Async(base)


def open_sync(base):
    return Sync(base)


def decoding():
    import json

    from openai.pagination import SyncCursorPage
    from openai.types.fine_tuning import FineTuningJob

    from benchmarks import bodies

    # `construct` is how openai-python itself builds what it returns: without validation.
    return bodies.jobs(), lambda body: SyncCursorPage[FineTuningJob].construct(**json.loads(body))
