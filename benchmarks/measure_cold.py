"""Measures that start with a fresh interpreter: importing, and the way to the first answer."""

import sys
from time import perf_counter


def run(measure, contender, options):
    """Take one cold measure; options is the base URL, and `sync:` before it means the synchronous client."""
    if measure == "ready":
        return ready(contender, options)
    statement = contender.IMPORT if measure == "import" else contender.IMPORT_ONE
    before = len(sys.modules)
    start = perf_counter()
    exec(statement, {})  # noqa: S102
    return {"ms": (perf_counter() - start) * 1000, "modules": len(sys.modules) - before}


def ready(contender, options):
    """Milliseconds from nothing to a client, and to its first answer."""
    kind, _, base = options.partition("|")
    start = perf_counter()
    if kind == "sync":
        client = contender.open_sync(base)
        made = perf_counter()
        client.item()
        answered = perf_counter()
        client.close()
        return {"ready_ms": (made - start) * 1000, "answer_ms": (answered - start) * 1000}

    import asyncio

    async def first():
        client = contender.open_async(base)
        made = perf_counter()
        await client.item()
        answered = perf_counter()
        await client.close()
        return {"ready_ms": (made - start) * 1000, "answer_ms": (answered - start) * 1000}

    return asyncio.run(first())
