"""What is measured: one row for each line of the table, with its unit, its contenders, its reference and its limit."""

from __future__ import annotations

from dataclasses import dataclass, field

_ASYNC = (
    "httpx_raw",
    "stock",
    "openai_sdk",
    "openai_aiohttp",
    "githubkit_sdk",
    "aiohttp_raw",
    "patchworks",
    "patchworks_aiohttp",
)
_SYNC = ("httpx_raw", "requests_raw", "stock", "openai_sdk", "githubkit_sdk", "hcloud_sdk", "patchworks")

NAMES = {
    "httpx_raw": "httpx",
    "httpx_by_hand": "httpx, 8 ahead by hand",
    "aiohttp_raw": "aiohttp",
    "requests_raw": "requests",
    "stock": "stock",
    "openai_sdk": "openai",
    "openai_aiohttp": "openai (aiohttp)",
    "githubkit_sdk": "githubkit",
    "hcloud_sdk": "hcloud",
    "msgspec_raw": "msgspec",
    "stdlib": "json, typing, dataclasses",
    "patchworks": "this SDK",
    "patchworks_aiohttp": "this SDK (aiohttp)",
    "patchworks_orjson": "this SDK (orjson)",
    "patchworks_documented": "this SDK, documented bodies",
    "stock_27": "stock, 27 operations",
    "stock_1080": "stock, 1,080 operations",
    "patchworks_27": "this SDK, 27 operations",
    "patchworks_1080": "this SDK, 1,080 operations",
}


@dataclass(frozen=True)
class Row:
    """One comparison.

    Attributes:
        name: how the command line calls it.
        title: what is measured, for the reader of the table.
        unit: of the values.
        measure: what `child.py` runs.
        metric: the key of its result that is the value.
        contenders: who takes part, in the order of the table.
        reference: the contender whose value is 1.
        limit: the contender that shows what could be reached at all, if there is one.
        more_is_better: whether a larger value wins.
        options: for `child.py`; `slow` chooses the port that waits 20 ms.
        references: a contender's own reference, where it is not the common one.
        targets: the ratio that each of this SDK's entries is to reach.
        also: further keys of the results that are kept and shown in columns of their own.
        quick: whether the row belongs to `make bench-quick`.
    """

    name: str
    title: str
    unit: str
    measure: str
    metric: str
    contenders: tuple[str, ...]
    reference: str
    limit: str = ""
    more_is_better: bool = False
    options: dict[str, object] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    targets: dict[str, float] = field(default_factory=dict)
    also: tuple[str, ...] = ()
    quick: bool = True


_CALLS = {"warm": 300, "calls": 1500}
_FLIGHT = {"in_flight": 100, "seconds": 2.0, "warm_seconds": 1.0}
_MODELS = "the same bytes, by the standard library's `json.loads` in the same process"

ROWS = (
    Row(
        "cpu",
        "CPU of one call after the other (async): processor time of one GET of a small object",
        "µs a call",
        "cpu",
        "cpu_us",
        _ASYNC,
        "httpx_raw",
        "aiohttp_raw",
        options={"sync": False, **_CALLS},
        targets={"patchworks": 1.03, "patchworks_aiohttp": 0.68},
    ),
    Row(
        "cpu-sync",
        "CPU of one call after the other (sync): as above, against `httpx.Client`",
        "µs a call",
        "cpu",
        "cpu_us",
        _SYNC,
        "httpx_raw",
        options={"sync": True, **_CALLS},
        targets={"patchworks": 1.03},
    ),
    Row(
        "flight",
        "100 calls in flight (async): answers a second while 100 tasks call without pause",
        "answers/s",
        "flight",
        "per_second",
        _ASYNC,
        "httpx_raw",
        "aiohttp_raw",
        more_is_better=True,
        options={"sync": False, **_FLIGHT},
        targets={"patchworks": 2.0, "patchworks_aiohttp": 4.5},
        also=("p50_ms", "p99_ms", "failed"),
    ),
    Row(
        "flight-sync",
        "100 calls in flight (sync): answers a second while 100 threads call without pause",
        "answers/s",
        "flight",
        "per_second",
        _SYNC,
        "httpx_raw",
        more_is_better=True,
        options={"sync": True, **_FLIGHT},
        targets={"patchworks": 2.0},
        also=("p50_ms", "p99_ms", "failed"),
    ),
    Row(
        "pages",
        "50 pages of 100 items, 20 ms each (async): until the last item is seen",
        "s",
        "pages",
        "seconds",
        ("httpx_by_hand", *_ASYNC),
        "httpx_by_hand",
        "aiohttp_raw",
        options={"sync": False, "slow": True},
        targets={"patchworks": 1.1, "patchworks_aiohttp": 1.1},
        also=("cpu_seconds", "rss_mib"),
    ),
    Row(
        "pages-sync",
        "50 pages of 100 items, 20 ms each (sync): by hand is a pool of 8 threads",
        "s",
        "pages",
        "seconds",
        ("httpx_by_hand", *_SYNC),
        "httpx_by_hand",
        options={"sync": True, "slow": True},
        targets={"patchworks": 1.1},
        also=("cpu_seconds", "rss_mib"),
    ),
    Row(
        "memory",
        "Peak memory of the same 50 pages (async): the most that Python's allocator held at once",
        "KiB",
        "memory",
        "peak_kib",
        ("httpx_by_hand", "httpx_raw", "patchworks", "patchworks_aiohttp"),
        "httpx_by_hand",
        options={"sync": False, "slow": True},
        targets={"patchworks": 1.1, "patchworks_aiohttp": 1.1},
        quick=False,
    ),
    Row(
        "decode",
        f"Page bytes to models: processor time for 100 items, against {_MODELS}",
        "times json.loads",
        "decode",
        "ratio",
        (
            "httpx_raw",
            "stock",
            "openai_sdk",
            "githubkit_sdk",
            "msgspec_raw",
            "patchworks",
            "patchworks_documented",
            "patchworks_orjson",
        ),
        "httpx_raw",
        "msgspec_raw",
        options={"seconds": 1.0},
        targets={"patchworks": 2.0, "patchworks_documented": 2.0, "patchworks_orjson": 1.5},
        also=("us", "json_us"),
    ),
    Row(
        "import",
        "Import alone, in a fresh interpreter with warm bytecode files",
        "ms",
        "import",
        "ms",
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
        targets={"patchworks": 0.35},
        also=("modules",),
    ),
    Row(
        "ready",
        "Ready for the first call (async): from a fresh interpreter through the import to a client",
        "ms",
        "ready",
        "ready_ms",
        ("httpx_raw", "stock", "openai_sdk", "githubkit_sdk", "aiohttp_raw", "patchworks", "patchworks_aiohttp"),
        "httpx_raw",
        options={"sync": False},
        targets={"patchworks": 1.05},
        also=("answer_ms",),
    ),
    Row(
        "ready-sync",
        "Ready for the first call (sync): as above, against `httpx.Client`",
        "ms",
        "ready",
        "ready_ms",
        _SYNC,
        "httpx_raw",
        options={"sync": True},
        targets={"patchworks": 1.05},
        also=("answer_ms",),
    ),
    Row(
        "scale",
        "Import at 1,080 operations against 27: the package, one operation and its model, in a fresh interpreter",
        "ms",
        "import_one",
        "ms",
        ("stock_27", "stock_1080", "patchworks_27", "patchworks_1080"),
        "patchworks_27",
        references={"stock_27": "stock_27", "stock_1080": "stock_27"},
        targets={"patchworks_1080": 2.0},
        also=("modules",),
    ),
)
