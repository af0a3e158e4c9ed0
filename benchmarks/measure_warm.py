"""Measures on a warm client: CPU of a call, calls in flight, paging, peak memory, decoding."""

import asyncio
import json
import threading
import time
import tracemalloc
from itertools import count

from benchmarks.resident import highest_mib


def run(measure, contender, options):
    """Take one warm measure; options is JSON: `sync`, `base`, and the measure's own."""
    given = json.loads(options)
    if measure == "decode":
        return decode(contender, given)
    if given["sync"]:
        return SYNC[measure](contender.open_sync(given["base"]), given)

    async def with_client():
        client = contender.open_async(given["base"])
        try:
            return await ASYNC[measure](client, given)
        finally:
            await client.close()

    return asyncio.run(with_client())


async def cpu_async(client, given):
    """Processor time of one call after the other, in microseconds of user and system time of all threads."""
    for _ in range(given["warm"]):
        await client.item()
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(given["calls"]):
        await client.item()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return {"cpu_us": cpu / given["calls"] * 1e6, "wall_us": wall / given["calls"] * 1e6}


def cpu_sync(client, given):
    """As `cpu_async`."""
    for _ in range(given["warm"]):
        client.item()
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(given["calls"]):
        client.item()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    client.close()
    return {"cpu_us": cpu / given["calls"] * 1e6, "wall_us": wall / given["calls"] * 1e6}


def _rates(took, failures, seconds):
    took.sort()
    return {
        "per_second": len(took) / seconds,
        "failed": len(failures),
        "failure": repr(failures[0]) if failures else None,
        "p50_ms": took[len(took) // 2] * 1000,
        "p99_ms": took[int(len(took) * 0.99)] * 1000,
    }


async def flight_async(client, given):
    """Answers a second, and how long each took, with so many calls always in flight."""
    took = []
    failures = []
    now = time.perf_counter

    async def worker(until):
        while now() < until:
            start = now()
            try:
                await client.item()
            except Exception as failure:  # a contender that fails is shown with its failures, not left out
                failures.append(failure)
            else:
                took.append(now() - start)

    async def phase(seconds):
        start = now()
        await asyncio.gather(*(worker(start + seconds) for _ in range(given["in_flight"])))
        return now() - start

    await client.item()
    await phase(given["warm_seconds"])
    took.clear()
    failures.clear()
    return _rates(took, failures, await phase(given["seconds"]))


def flight_sync(client, given):
    """As `flight_async`, with threads."""
    took = []
    failures = []
    now = time.perf_counter

    def worker(until):
        while now() < until:
            start = now()
            try:
                client.item()
            except Exception as failure:
                failures.append(failure)
            else:
                took.append(now() - start)

    def phase(seconds):
        start = now()
        threads = [threading.Thread(target=worker, args=(start + seconds,)) for _ in range(given["in_flight"])]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return now() - start

    client.item()
    phase(given["warm_seconds"])
    took.clear()
    failures.clear()
    rates = _rates(took, failures, phase(given["seconds"]))
    client.close()
    return rates


def _checked(items):
    if items != 5000:
        raise SystemExit(f"5000 items were expected, {items} came")
    return highest_mib()


async def pages_async(client, given):
    """Seconds until the last item of 50 pages has been seen; none is kept."""
    await client.item()
    items = count()
    start, cpu = time.perf_counter(), time.process_time()
    async for _ in client.pages():
        next(items)
    wall, cpu = time.perf_counter() - start, time.process_time() - cpu
    return {"seconds": wall, "cpu_seconds": cpu, "rss_mib": _checked(next(items))}


def pages_sync(client, given):
    """As `pages_async`."""
    client.item()
    items = count()
    start, cpu = time.perf_counter(), time.process_time()
    for _ in client.pages():
        next(items)
    wall, cpu = time.perf_counter() - start, time.process_time() - cpu
    client.close()
    return {"seconds": wall, "cpu_seconds": cpu, "rss_mib": _checked(next(items))}


async def memory_async(client, given):
    """The most that Python's allocator held at once while the 50 pages went by, in KiB."""
    async for _ in client.pages():
        break
    tracemalloc.start()
    async for _ in client.pages():
        pass
    peak = tracemalloc.get_traced_memory()[1] / 1024
    tracemalloc.stop()
    return {"peak_kib": peak}


def memory_sync(client, given):
    """As `memory_async`."""
    for _ in client.pages():
        break
    tracemalloc.start()
    for _ in client.pages():
        pass
    peak = tracemalloc.get_traced_memory()[1] / 1024
    tracemalloc.stop()
    client.close()
    return {"peak_kib": peak}


async def long_async(client, given):
    """Processor time of reading a list of a thousand pages, all its items kept in the end, or none."""
    kept = []
    items = count()
    cpu = time.process_time()
    async for item in client.pages():
        next(items)
        if given["keep"]:
            kept.append(item)
    cpu = time.process_time() - cpu
    return {"cpu_seconds": cpu, "items": next(items), "rss_mib": highest_mib()}


def decode(contender, given):
    """Processor time from the bytes of one page to what its user gets, against `json.loads` of the same bytes."""
    body, function = contender.decoding()
    floor = parsed = 0.0
    rounds = 0
    function(body), json.loads(body)
    while floor + parsed < given["seconds"]:
        # Taken in turn, so that a slow moment of the machine falls on both.
        start = time.process_time()
        for _ in range(10):
            json.loads(body)
        middle = time.process_time()
        for _ in range(10):
            function(body)
        parsed += time.process_time() - middle
        floor += middle - start
        rounds += 10
    return {"us": parsed / rounds * 1e6, "json_us": floor / rounds * 1e6, "ratio": parsed / floor}


ASYNC = {
    "cpu": cpu_async,
    "flight": flight_async,
    "pages": pages_async,
    "long": long_async,
    "memory": memory_async,
}
SYNC = {"cpu": cpu_sync, "flight": flight_sync, "pages": pages_sync, "memory": memory_sync}
