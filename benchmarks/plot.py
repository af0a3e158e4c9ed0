"""Draws the ratios: run in the tools' environment, `python -m benchmarks.plot RESULTS.json PICTURE.svg`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import matplotlib as mpl

mpl.use("svg")
import matplotlib.pyplot as plt

from .report import entries
from .rows import CONTENDERS, ROWS

_COLOURS = {"patchworks": "#0b6e4f", "limit": "#c9b458", "other": "#8a9ba8"}


def draw(results: dict, target: Path) -> None:
    """One panel for each measured row, with the ratio of each contender and a mark at what is to reach."""
    rows = [row for row in ROWS if row.name in results["rows"]]
    columns = 3
    lines = -(-len(rows) // columns)
    mpl.rcParams |= {"svg.hashsalt": "patchworks", "svg.fonttype": "none", "font.family": "sans-serif"}
    figure, panels = plt.subplots(lines, columns, figsize=(5.2 * columns, 2.9 * lines), squeeze=False)
    for panel in panels.flat[len(rows) :]:
        panel.set_visible(False)
    for panel, row in zip(panels.flat, rows, strict=False):
        shown = row.figures[0]
        found = entries(row, shown, results["rows"][row.name]["samples"])[::-1]
        names = [CONTENDERS[entry.name].title.replace("*", "").replace("`", "") for entry in found]
        colours = [
            _COLOURS["patchworks" if "patchworks" in entry.name else "limit" if entry.name == row.limit else "other"]
            for entry in found
        ]
        panel.barh(names, [entry.ratio for entry in found], color=colours)
        if max(entry.ratio for entry in found) > 12:
            panel.set_xscale("log")
        for place, entry in enumerate(found):
            panel.annotate(
                f"{entry.ratio:.2f}",
                (entry.ratio, place),
                xytext=(3, 0),
                textcoords="offset points",
                va="center",
                size=7,
            )
            if entry.target is not None:
                panel.plot([entry.target] * 2, [place - 0.45, place + 0.45], color="black", linewidth=1.5)
        better = "more is better" if shown.more_is_better else "less is better"
        panel.set_title(f"{shown.title}\n(ratio, {better})", size=8)
        panel.tick_params(labelsize=7)
        panel.margins(x=0.15)
        panel.spines[["top", "right"]].set_visible(False)
    figure.suptitle(f"{results['machine']}. Gold is the limit; a black mark is what is to reach.", size=9)
    figure.tight_layout(rect=(0, 0, 1, 0.985))
    # Without a date in it, the same results give the same file.
    figure.savefig(target, format="svg", metadata={"Date": None})


if __name__ == "__main__":
    draw(json.loads(Path(sys.argv[1]).read_text()), Path(sys.argv[2]))
