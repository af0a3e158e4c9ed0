"""A plan or a table as Markdown, for a comment on a pull request."""

from __future__ import annotations

from ...environments.entries import label
from ...environments.escaping import printable
from ...environments.plans import EnvironmentPlan, Plan
from ...environments.required_changes import count_by_action
from ..humanize import count
from .entry_text import MARKS, change_text, noun, summary
from .plan_text import closing
from .table import Table

# A comment holds 65,536 characters.
MAX_CHARACTERS = 60_000
_PLAIN = frozenset(" .,-/;→")


def plan_markdown(plan: Plan, title: str) -> str:
    """Return a plan as Markdown."""
    parts = [f"### {_text(title)}", "", _text(" ".join(closing(plan))), ""]
    for environment in plan.environments:
        if not environment.is_empty or environment.edits:
            parts += _environment(environment)
    unchanged = [environment.name for environment in plan.environments if environment.is_empty]
    if unchanged:
        parts += [f"Unchanged: {_text(', '.join(unchanged))}", ""]
    for name, places in plan.kept:
        if places:
            parts += [f"Stays different in {_text(name)}: {_text(', '.join(map(label, places)))}", ""]
    return _bounded("\n".join(parts))


def table_markdown(matrix: Table) -> str:
    """Return the rows of a table that differ as Markdown."""
    rows = [row for row in matrix.rows if row.differs]
    parts = [f"### {_text(matrix.title)}", ""]
    if not rows:
        return "\n".join([*parts, "Nothing differs.", ""])
    parts.append("| Entry | " + " | ".join(_text(name) for name in matrix.columns) + " |")
    parts.append("|---|" + "---|" * len(matrix.columns))
    for row in rows:
        cells = " | ".join(_text(cell.text) for cell in row.cells)
        parts.append(f"| {row.noun} {_text(row.label)} | {cells} |")
    return _bounded("\n".join([*parts, ""]))


def _environment(plan: EnvironmentPlan) -> list[str]:
    counts = count_by_action(plan.changes)
    numbers = f"{counts['create']} to create, {counts['update']} to change, {counts['delete']} to delete"
    new = ", new" if plan.state is None else ""
    parts = [f"<details open><summary><b>{_text(plan.name)}</b>{new}: {numbers}</summary>", "", "| | Entry | Change |"]
    parts.append("|---|---|---|")
    parts += [
        f"| ~ | {item.name} | {_text(item.have or '-')} → {_text(item.want or '-')} |" for item in plan.attributes
    ]
    for change in plan.changes:
        text = change_text(change).replace(" -> ", " → ")
        parts.append(f"| {MARKS[change.action]} | {noun(change.place)} {_text(label(change.place))} | {_text(text)} |")
    if plan.incomparable:
        names = ", ".join(label(place) for place in plan.incomparable)
        parts.append(f"| ? | {_text(names)} | {count(len(plan.incomparable), 'secret')}, cannot be compared |")
    if plan.edits and plan.state:
        draft = plan.state.draft or {}
        parts += [
            f"| ! | {noun(place)} {_text(label(place))} | the draft holds {_text(summary(draft.get(place)))}, "
            "which is neither in the file nor deployed |"
            for place in plan.edits
        ]
    return [*parts, "", "</details>", ""]


def _text(text: str) -> str:
    """Return text that is neither markup, nor HTML, nor a mention."""
    return "".join(
        character if character.isalnum() or character in _PLAIN or ord(character) > 127 else f"&#{ord(character)};"
        for character in printable(text, None)
    )


def _bounded(text: str) -> str:
    if len(text) <= MAX_CHARACTERS:
        return text
    cut = text[:MAX_CHARACTERS].rpartition("\n")[0]
    return f"{cut}\n\nThis is not all: the plan is too long for a comment.\n"
