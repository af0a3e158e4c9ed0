"""Measures that start with a fresh interpreter: importing, and the way to the first answer.

Milliseconds of processor time: on an idle machine that is what one waits, to a millisecond for the one answer of the
loopback server, and on a busy one it still is. Time by the clock is noted beside it.
"""

import sys
from time import perf_counter, process_time


class Watch:
    """Both times since it was made."""

    def __init__(self):
        self.wall, self.cpu = perf_counter(), process_time()

    def read(self, name):
        """The results of this moment, under this name."""
        return {
            f"{name}ms": (process_time() - self.cpu) * 1000,
            f"{name}wall_ms": (perf_counter() - self.wall) * 1000,
        }


def run(measure, contender, options):
    """Take one cold measure; options is the base URL, with `sync|` or `async|` before it."""
    if measure == "ready":
        return ready(contender, options)
    if measure == "stall":
        return stall(contender, options.partition("|")[2])
    statement = contender.IMPORT if measure == "import" else contender.IMPORT_ONE
    before = len(sys.modules)
    watch = Watch()
    exec(statement, {})  # noqa: S102 - an import of a contender
    return {**watch.read(""), "modules": len(sys.modules) - before}


def ready(contender, options):
    """Milliseconds from nothing to a client, and to its first answer."""
    kind, _, base = options.partition("|")
    watch = Watch()
    if kind == "sync":
        client = contender.open_sync(base)
        made = watch.read("ready_")
        client.item()
        answered = watch.read("answer_")
        client.close()
        return made | answered

    import asyncio

    async def first():
        client = contender.open_async(base)
        made = watch.read("ready_")
        await client.item()
        answered = watch.read("answer_")
        await client.close()
        return made | answered

    return asyncio.run(first())


def stall(contender, base):
    """How long the loop stands still at most while the first call is made, by a client that was entered."""
    import asyncio
    from time import thread_time

    async def first():
        client = contender.open_async(base)
        if hasattr(client, "enter"):
            await client.enter()
        gaps, ended = [], asyncio.Event()

        async def watch():
            while not ended.is_set():
                wall, cpu = perf_counter(), thread_time()
                await asyncio.sleep(0)
                gaps.append((thread_time() - cpu, perf_counter() - wall))

        watching = asyncio.create_task(watch())
        await asyncio.sleep(0)
        await client.item()
        ended.set()
        await watching
        await client.close()
        return {"stall_ms": max(gaps)[0] * 1000, "stall_wall_ms": max(gap[1] for gap in gaps) * 1000}

    return asyncio.run(first())
