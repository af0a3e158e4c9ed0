"""A table as a self-contained HTML page: no script, no font, no image from elsewhere."""

from __future__ import annotations

from html import escape

from ...environments.escaping import printable
from .table import Cell, Row, Table

_STYLE = """
:root { color-scheme: light dark; --line: light-dark(#dde1e6, #3a4048); --soft: light-dark(#f6f8fa, #1d2126);
  --text: light-dark(#1c2126, #e6e9ec); --quiet: light-dark(#5b6570, #9aa4af); --page: light-dark(#fff, #14171a);
  --create: light-dark(#ddf4e0, #143b1e); --update: light-dark(#fff3cd, #43360d);
  --delete: light-dark(#ffe1df, #4a1a17); --differs: light-dark(#e3edff, #14294d); }
* { box-sizing: border-box; }
body { margin: 0; padding: clamp(.75rem, 4vw, 2rem); background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; margin: 0 0 .25rem; }
p { margin: .25rem 0; color: var(--quiet); }
.note { color: var(--text); background: var(--update); padding: .4rem .7rem; border-radius: 6px; }
.key span { display: inline-block; padding: .1rem .5rem; border-radius: 4px; margin-right: .4rem; color: var(--text); }
#all { margin: .8rem .3rem .8rem 0; }
label { cursor: pointer; }
.frame { margin-top: .4rem; overflow: auto; max-height: 85vh; border: 1px solid var(--line); border-radius: 8px; }
strong { color: var(--text); }
table { border-collapse: separate; border-spacing: 0; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .4rem .7rem; border-bottom: 1px solid var(--line);
  overflow-wrap: anywhere; min-width: 9rem; }
thead th { position: sticky; top: 0; background: var(--soft); z-index: 2; }
tbody th { position: sticky; left: 0; background: var(--page); font-weight: 500; z-index: 1; }
thead th:first-child { left: 0; z-index: 3; }
tbody tr:last-child > * { border-bottom: 0; }
small { color: var(--quiet); display: block; font-weight: 400; }
del { color: var(--quiet); display: block; }
.create { background: var(--create); } .update { background: var(--update); }
.delete { background: var(--delete); } .differs { background: var(--differs); }
.unknown { color: var(--quiet); }
#all:not(:checked) ~ .frame tr.same { display: none; }
#all:not(:checked) ~ .frame tbody:not(:has(tr:not(.same)))::after { content: "Nothing differs."; display: block;
  padding: .7rem; color: var(--quiet); }
"""
_MARKS = {"create": "+ ", "update": "~ ", "delete": "- ", "differs": "≠ ", "unknown": "? ", "": ""}
_LEGEND = (("create", "+ created"), ("update", "~ changed"), ("delete", "- deleted"), ("differs", "≠ differs"))


def html_page(matrix: Table) -> str:
    """Return the page of a table."""
    head = "".join(f'<th scope="col">{_text(name)}</th>' for name in matrix.columns)
    body = "\n".join(_row(row) for row in matrix.rows)
    notes = "".join(f'<p class="note">{_text(note)}</p>' for note in matrix.notes)
    used = {cell.mark for row in matrix.rows for cell in row.cells}
    key = "".join(f'<span class="{mark}">{text}</span>' for mark, text in _LEGEND if mark in used)
    same = sum(not row.differs for row in matrix.rows)
    # What differs is what one looks for; where nothing does, all is shown.
    checked = " checked" if same == len(matrix.rows) else ""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{_text(matrix.title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>{_text(matrix.title)}</h1>
<p><strong>{_text(matrix.summary)}</strong></p>
<p>{len(matrix.columns)} environments, {len(matrix.rows)} entries, {len(matrix.rows) - same} of them with differences.
Values of secrets are masked; where they are alike cannot be told (?).</p>
<p class="key">{key}</p>
{notes}
<input type="checkbox" id="all"{checked}><label for="all">show {same} rows without differences</label>
<div class="frame">
<table>
<thead><tr><th scope="col">Entry</th>{head}</tr></thead>
<tbody>
{body}
</tbody>
</table>
</div>
</body>
</html>
"""


def _row(row: Row) -> str:
    cells = "".join(_cell(cell) for cell in row.cells)
    kind = "" if row.differs else ' class="same"'
    return f'<tr{kind}><th scope="row">{_text(row.label)}<small>{_text(row.noun)}</small></th>{cells}</tr>'


def _cell(cell: Cell) -> str:
    was = f"<del>{_text(cell.was)}</del>" if cell.was else ""
    kind = f' class="{cell.mark}"' if cell.mark else ""
    return f"<td{kind}>{was}{_MARKS[cell.mark]}{_text(cell.text)}</td>"


def _text(text: str) -> str:
    return escape(printable(text, None))
