"""What is measured: one row for each line of the table, with its unit, its contenders, its reference and its limit."""

from __future__ import annotations

from dataclasses import dataclass, field

_ASYNC = (
    "httpx_raw",
    "httpx2_raw",
    "stock",
    "openai_sdk",
    "openai_aiohttp",
    "githubkit_sdk",
    "aiohttp_raw",
    "patchworks",
    "patchworks_aiohttp",
)
_SYNC = (
    "httpx_raw",
    "httpx2_raw",
    "requests_raw",
    "stock",
    "openai_sdk",
    "githubkit_sdk",
    "hcloud_sdk",
    "patchworks",
)


@dataclass(frozen=True)
class Contender:
    """One entry: its title in the table, its module in `contenders`, and the folder of a package not installed."""

    title: str
    module: str
    packages: str = ""


CONTENDERS = {
    "httpx_raw": Contender("httpx", "httpx_raw"),
    "httpx2_raw": Contender("httpx2", "httpx2_raw"),
    "httpx_by_hand": Contender("httpx, 8 ahead by hand", "httpx_by_hand"),
    "aiohttp_raw": Contender("aiohttp", "aiohttp_raw"),
    "requests_raw": Contender("requests", "requests_raw"),
    "stock": Contender("stock", "stock", "stock"),
    "openai_sdk": Contender("openai", "openai_sdk"),
    "openai_aiohttp": Contender("openai (aiohttp)", "openai_aiohttp"),
    "githubkit_sdk": Contender("githubkit", "githubkit_sdk"),
    "hcloud_sdk": Contender("hcloud", "hcloud_sdk"),
    "msgspec_raw": Contender("msgspec", "msgspec_raw"),
    "pydantic_raw": Contender("pydantic", "pydantic_raw"),
    "stdlib": Contender("`json`, `typing`, `dataclasses`", "stdlib"),
    "patchworks": Contender("**this SDK**", "patchworks", "sdk"),
    "patchworks_aiohttp": Contender("**this SDK (aiohttp)**", "patchworks_aiohttp", "sdk"),
    "patchworks_orjson": Contender("**this SDK (orjson)**", "patchworks_orjson", "sdk"),
    "patchworks_documented": Contender("**this SDK**, documented bodies", "patchworks_documented", "sdk"),
    "patchworks_nested": Contender("**this SDK**, a version in each item", "patchworks_nested", "sdk"),
    "patchworks_10": Contender("**this SDK**, 10 connections", "patchworks_10", "sdk"),
    "patchworks_25": Contender("**this SDK**, 25 connections", "patchworks_25", "sdk"),
    "patchworks_50": Contender("**this SDK**, 50 connections", "patchworks_50", "sdk"),
    "patchworks_100": Contender("**this SDK**, 100 connections (default)", "patchworks", "sdk"),
    "patchworks_200": Contender("**this SDK**, 200 connections", "patchworks_200", "sdk"),
    "patchworks_27": Contender("**this SDK**, 27 operations", "patchworks", "sdk"),
    "patchworks_1080": Contender("**this SDK**, 1,080 operations", "patchworks", "sdk1080"),
    "stock_27": Contender("stock, 27 operations", "stock", "stock"),
    "stock_1080": Contender("stock, 1,080 operations", "stock", "stock1080"),
}


@dataclass(frozen=True)
class Figure:
    """One line of the table: a value of the results, compared.

    Attributes:
        key: where it stands in a result.
        title: what it is, for the reader of the table.
        unit: of the values.
        more_is_better: whether a larger value wins.
        targets: the ratio that each entry of this SDK is to reach.
    """

    key: str
    title: str
    unit: str
    more_is_better: bool = False
    targets: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """One measure, taken of several contenders in turn.

    Attributes:
        name: how the command line calls it.
        measure: what `child.py` runs.
        figures: what is read off its results; the first is the one that the plot shows.
        contenders: who takes part, in the order of the table.
        reference: the contender whose ratio is 1.
        limit: the contender that shows what could be reached at all, if there is one.
        options: for `child.py`; `slow` chooses the port that waits 20 ms.
        references: a contender's own reference, where it is not the common one.
        note: what else the reader has to know.
    """

    name: str
    measure: str
    figures: tuple[Figure, ...]
    contenders: tuple[str, ...]
    reference: str
    limit: str = ""
    options: dict[str, object] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    note: str = ""


_CALLS: dict[str, object] = {"warm": 300, "calls": 1500}
_FLIGHT: dict[str, object] = {"in_flight": 100, "seconds": 2.0, "warm_seconds": 1.0}


def _both(target: float) -> dict[str, float]:
    return {"patchworks": target, "patchworks_aiohttp": target}


ROWS = (
    Row(
        "cpu",
        "cpu",
        (
            Figure(
                "cpu_us",
                "CPU of one call after the other, async",
                "µs of processor time a call",
                targets={"patchworks": 0.72, "patchworks_aiohttp": 0.36},
            ),
        ),
        _ASYNC,
        "httpx_raw",
        "aiohttp_raw",
        options={"sync": False, **_CALLS},
        note="One GET of a small object after the other on one connection.",
    ),
    Row(
        "cpu-sync",
        "cpu",
        (
            Figure(
                "cpu_us",
                "CPU of one call after the other, sync",
                "µs of processor time a call",
                targets={"patchworks": 1.03},
            ),
        ),
        _SYNC,
        "httpx_raw",
        options={"sync": True, **_CALLS},
        note="The same, against `httpx.Client`.",
    ),
    Row(
        "flight",
        "flight",
        (
            Figure(
                "per_second",
                "100 calls in flight, async",
                "answers a second",
                more_is_better=True,
                targets={"patchworks": 5.5, "patchworks_aiohttp": 11.0},
            ),
            Figure("p99_ms", "100 calls in flight, async: p99", "ms a call", targets=_both(0.25)),
        ),
        _ASYNC,
        "httpx_raw",
        "aiohttp_raw",
        options={"sync": False, **_FLIGHT},
        note="100 tasks that each call again as soon as they have their answer.",
    ),
    Row(
        "flight-sync",
        "flight",
        (
            Figure(
                "per_second",
                "100 calls in flight, sync",
                "answers a second",
                more_is_better=True,
                targets={"patchworks": 2.0},
            ),
            Figure("p99_ms", "100 calls in flight, sync: p99", "ms a call", targets={"patchworks": 0.25}),
        ),
        _SYNC,
        "httpx_raw",
        options={"sync": True, **_FLIGHT},
        note="100 threads that share one client. Calls that fail count for nothing.",
    ),
    Row(
        "pages",
        "pages",
        (
            Figure(
                "seconds",
                "50 pages of 100 items, 20 ms each, async",
                "s",
                targets={"patchworks": 1.0, "patchworks_aiohttp": 0.98},
            ),
            Figure("rss_mib", "50 pages, async: resident memory at its highest", "MiB", targets=_both(1.1)),
        ),
        ("httpx_by_hand", *_ASYNC),
        "httpx_by_hand",
        "aiohttp_raw",
        options={"sync": False, "slow": True},
        note="Until the last item has been seen, each library with its own paginator where it has one; by hand (and "
        "with aiohttp, the limit) are eight pages ahead, in order, as `json` gives them.",
    ),
    Row(
        "pages-sync",
        "pages",
        (
            Figure("seconds", "50 pages of 100 items, 20 ms each, sync", "s", targets={"patchworks": 1.1}),
            Figure("rss_mib", "50 pages, sync: resident memory at its highest", "MiB", targets={"patchworks": 1.1}),
        ),
        ("httpx_by_hand", *_SYNC),
        "httpx_by_hand",
        options={"sync": True, "slow": True},
        note="The same; by hand is a pool of eight threads.",
    ),
    Row(
        "memory",
        "memory",
        (Figure("peak_kib", "50 pages, async: Python's own memory at its highest", "KiB", targets=_both(1.1)),),
        ("httpx_by_hand", "httpx_raw", "patchworks", "patchworks_aiohttp"),
        "httpx_by_hand",
        options={"sync": False, "slow": True},
        note="`tracemalloc`, from the second round of the same 50 pages: what paging itself holds.",
    ),
    Row(
        "long",
        "long",
        (
            Figure("cpu_seconds", "100,000 items from 1,000 pages, async", "s of processor time", targets=_both(1.6)),
            Figure("rss_mib", "1,000 pages read, none kept: resident memory", "MiB", targets=_both(1.1)),
        ),
        ("httpx_by_hand", "httpx_raw", "httpx2_raw", "patchworks", "patchworks_aiohttp"),
        "httpx_by_hand",
        options={"sync": False, "path": "/long", "keep": False},
        note="Each item is seen and let go. By hand they are plain `json`; of this SDK they are models.",
    ),
    Row(
        "long-kept",
        "long",
        (Figure("rss_mib", "100,000 items kept: resident memory", "MiB", targets=_both(1.3)),),
        ("httpx_by_hand", "httpx_raw", "patchworks", "patchworks_aiohttp"),
        "httpx_by_hand",
        options={"sync": False, "path": "/long", "keep": True},
        note="The same with every item in a list: dictionaries by hand, models of this SDK.",
    ),
    Row(
        "stall",
        "stall",
        (
            Figure(
                "stall_ms",
                "The loop stands still at the first call after `async with`",
                "ms of processor time between two turns of the loop, the longest",
            ),
        ),
        ("httpx_raw", "httpx2_raw", "openai_sdk", "githubkit_sdk", "aiohttp_raw", "patchworks", "patchworks_aiohttp"),
        "httpx_raw",
        options={"sync": False},
        note="In a fresh interpreter: the client is made and entered, then a task that wakes up all the time finds out "
        "how long it was kept waiting while another one makes the first call. 20 ms were wanted.",
    ),
    Row(
        "decode",
        "decode",
        (
            Figure(
                "ratio",
                "Page bytes to models, against `json.loads` of the same bytes",
                "times",
                targets={
                    "patchworks": 1.8,
                    "patchworks_documented": 1.8,
                    "patchworks_nested": 1.8,
                    "patchworks_orjson": 1.2,
                },
            ),
        ),
        (
            "httpx_raw",
            "stock",
            "openai_sdk",
            "githubkit_sdk",
            "pydantic_raw",
            "msgspec_raw",
            "patchworks",
            "patchworks_documented",
            "patchworks_nested",
            "patchworks_orjson",
        ),
        "httpx_raw",
        "msgspec_raw",
        options={"seconds": 1.0},
        note="Processor time for a page of 100 items, each library with bodies of its own kind, `json.loads` taken "
        "in turn in the same process. This SDK gets the bodies that Laravel sends; in the entry of that name the "
        "documented ones, which are the only ones that the stock output survives; and once environments with a version "
        "in them.",
    ),
    Row(
        "import",
        "import",
        (Figure("ms", "Import alone", "ms of processor time", targets={"patchworks": 0.35}),),
        (
            "httpx_raw",
            "stock",
            "openai_sdk",
            "githubkit_sdk",
            "hcloud_sdk",
            "requests_raw",
            "aiohttp_raw",
            "stdlib",
            "patchworks",
        ),
        "httpx_raw",
        "stdlib",
        note="In a fresh interpreter, bytecode files warm: the import of the client class.",
    ),
    Row(
        "ready",
        "ready",
        (
            Figure("ready_ms", "Ready for the first call, async", "ms of processor time", targets={"patchworks": 1.05}),
            Figure(
                "answer_ms",
                "First answer, async",
                "ms of processor time",
                targets={"patchworks": 1.05, "patchworks_aiohttp": 1.2},
            ),
        ),
        ("httpx_raw", "stock", "openai_sdk", "githubkit_sdk", "aiohttp_raw", "patchworks", "patchworks_aiohttp"),
        "httpx_raw",
        options={"sync": False},
        note="From a fresh interpreter through the import to a client, and on to one answer. Over `http://`, for "
        "which httpx builds a TLS context all the same and this SDK does not.",
    ),
    Row(
        "ready-sync",
        "ready",
        (
            Figure("ready_ms", "Ready for the first call, sync", "ms of processor time", targets={"patchworks": 1.05}),
            Figure("answer_ms", "First answer, sync", "ms of processor time", targets={"patchworks": 1.05}),
        ),
        _SYNC,
        "httpx_raw",
        options={"sync": True},
        note="The same, against `httpx.Client`.",
    ),
    Row(
        "connections",
        "flight",
        (
            Figure(
                "per_second", "Connections: 200 calls in flight, 20 ms each", "answers a second", more_is_better=True
            ),
            Figure("p99_ms", "Connections: p99", "ms a call"),
        ),
        ("patchworks_10", "patchworks_25", "patchworks_50", "patchworks_100", "patchworks_200"),
        "patchworks_100",
        options={"sync": False, "slow": True, **_FLIGHT, "in_flight": 200},
        note="The number behind the default of `max_connections`.",
    ),
    Row(
        "scale",
        "import_one",
        (
            Figure(
                "ms", "Import at 1,080 operations, against 27", "ms of processor time", targets={"patchworks_1080": 2.0}
            ),
        ),
        ("patchworks_27", "patchworks_1080", "stock_27", "stock_1080"),
        "patchworks_27",
        options={},
        references={"stock_27": "stock_27", "stock_1080": "stock_27"},
        note="In a fresh interpreter: the client, one of its namespaces and a model; of the stock output its client "
        "and one operation.",
    ),
)
