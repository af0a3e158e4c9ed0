"""Results as they are read: medians with their spread, and ratios last."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Any, NamedTuple

from .rows import CONTENDERS, ROWS

if TYPE_CHECKING:
    from .rows import Figure, Row


class Entry(NamedTuple):
    """One contender in one line of the table.

    Attributes:
        name: of the contender.
        median: of its values; `low` and `high` are the smallest and the largest.
        ratio: its median by that of its reference.
        target: the ratio to reach, if there is one.
        failed: how many calls of all rounds failed.
    """

    name: str
    median: float
    low: float
    high: float
    ratio: float
    target: float | None
    failed: int


def entries(row: Row, figure: Figure, samples: dict[str, list[dict[str, Any]]]) -> list[Entry]:
    """The line of each contender that was measured."""
    values = {name: [float(result[figure.key]) for result in results] for name, results in samples.items() if results}
    medians = {name: statistics.median(found) for name, found in values.items()}
    made = []
    for name in row.contenders:
        if name not in values:
            continue
        reference = medians[row.references.get(name, row.reference)]
        made.append(
            Entry(
                name,
                medians[name],
                min(values[name]),
                max(values[name]),
                medians[name] / reference,
                figure.targets.get(name),
                sum(int(result.get("failed", 0)) for result in samples[name]),
            )
        )
    return made


def reached(figure: Figure, entry: Entry) -> bool:
    """Whether the target is met, at the two decimals that the table shows."""
    assert entry.target is not None
    ratio = round(entry.ratio, 2)
    return ratio >= entry.target if figure.more_is_better else ratio <= entry.target


def number(value: float) -> str:
    """A value with three digits that count, and a comma between thousands."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def full_table(results: dict[str, Any]) -> str:
    """The whole report in Markdown."""
    lines = [
        "# Benchmarks",
        "",
        f"Taken on {results['machine']}.",
        "Medians, with the smallest and the largest value; the ratio of the medians to the reference's comes last.",
        f"The loopback server answers {results['server_per_second']:,} requests a second to a raw client.",
        "How all this is measured: docs/performance.md.",
        "",
        f"Versions: {', '.join(results['versions'])}.",
    ]
    for row in ROWS:
        taken = results["rows"].get(row.name)
        if taken is None:
            continue
        for figure in row.figures:
            lines += ["", *_figure(row, figure, taken)]
    return "\n".join(lines) + "\n"


def _figure(row: Row, figure: Figure, taken: dict[str, Any]) -> list[str]:
    found = entries(row, figure, taken["samples"])
    rounds = max(len(results) for results in taken["samples"].values())
    better = "more is better" if figure.more_is_better else "less is better"
    limit = f" The limit is {_plain(row.limit)}." if row.limit else ""
    lines = [
        f"## {figure.title}",
        "",
        f"{row.note}{limit} In {figure.unit}, {better}; {rounds} rounds, {taken['date']}.",
        "",
        "| | median | min | max | ratio | to reach |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for entry in found:
        target = ""
        if entry.target is not None:
            target = f"{entry.target:g} {'✓' if reached(figure, entry) else '✗'}"
        failed = f" ({entry.failed:,} calls failed)" if entry.failed else ""
        lines.append(
            f"| {CONTENDERS[entry.name].title}{failed} | {number(entry.median)} | {number(entry.low)} "
            f"| {number(entry.high)} | {entry.ratio:.2f} | {target} |"
        )
    return lines


_COLUMNS = (
    ("httpx", ("httpx_raw",)),
    ("httpx2", ("httpx2_raw",)),
    ("requests", ("requests_raw",)),
    ("stock", ("stock", "stock_1080")),
    ("openai (aiohttp)", ("openai_sdk", "openai_aiohttp")),
    ("githubkit", ("githubkit_sdk",)),
    ("hcloud", ("hcloud_sdk",)),
    ("pydantic", ("pydantic_raw",)),
    ("limit", ("",)),
    ("**this SDK** (extra)", ("patchworks", "patchworks_1080", "patchworks_aiohttp", "patchworks_orjson")),
)
_REFERENCES = {
    "cpu": "httpx.AsyncClient",
    "cpu-sync": "httpx.Client",
    "flight": "httpx.AsyncClient",
    "flight-sync": "httpx.Client",
    "pages": "8 at a time by hand",
    "pages-sync": "8 threads by hand",
    "memory": "8 at a time by hand",
    "long": "8 at a time by hand",
    "long-kept": "8 at a time by hand",
    "stall": "httpx.AsyncClient",
    "decode": "`json.loads`",
    "import": "`import httpx`",
    "ready": "httpx.AsyncClient",
    "ready-sync": "httpx.Client",
    "connections": "the default of 100",
    "scale": "27 operations",
}


def summary_table(results: dict[str, Any]) -> str:
    """The ratios alone, one line for each figure, as the README shows them."""
    lines = [
        f"Ratios of medians, taken on {results['machine']}; see "
        "[benchmarks/results](benchmarks/results/results.md) for the values and "
        "[docs/performance.md](docs/performance.md) for the method.",
        "",
        "| | against | " + " | ".join(title for title, _ in _COLUMNS) + " |",
        "|---|---|" + "---:|" * len(_COLUMNS),
    ]
    for row in ROWS:
        taken = results["rows"].get(row.name)
        if taken is None or row.name == "connections":
            continue
        for figure in row.figures:
            found = {entry.name: entry for entry in entries(row, figure, taken["samples"])}
            cells = [
                _cell([found[name] for name in (row.limit if n == "" else n for n in names) if name in found])
                for _, names in _COLUMNS
            ]
            direction = "↑" if figure.more_is_better else "↓"
            lines.append(f"| {figure.title} {direction} | {_REFERENCES[row.name]} | " + " | ".join(cells) + " |")
    lines += ["", "↓ less is better, ↑ more is better; in brackets with the extra `aiohttp` or `orjson`."]
    return "\n".join(lines) + "\n"


def _cell(found: list[Entry]) -> str:
    if not found:
        return ""
    first, *rest = (f"{entry.ratio:.2f}" for entry in found)
    return first + (f" ({', '.join(rest)})" if rest else "")


def _plain(name: str) -> str:
    return CONTENDERS[name].title.replace("*", "")
