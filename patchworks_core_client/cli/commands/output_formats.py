"""Write a plan or a table in the format that was asked for."""

from __future__ import annotations

import json

from ...environments.atomic_write import write_atomically
from ...environments.plans import Plan
from ...environments.saved_plans import to_json
from .. import console
from ..connect import server
from ..render.html import html_page
from ..render.markdown import plan_markdown, table_markdown
from ..render.plan_text import closing, show_plan
from ..render.table import Table, plan_table

FORMATS = ("text", "json", "markdown", "html")


def plan_json(plan: Plan) -> str:
    """Return a plan as it is saved."""
    return json.dumps(to_json(plan, server()), indent=2, ensure_ascii=False)


def write_plan(plan: Plan, form: str, title: str) -> None:
    """Write a plan to stdout."""
    if form == "json":
        console.emit_data(plan_json(plan))
    elif form == "markdown":
        console.emit_data(plan_markdown(plan, title))
    elif form == "html":
        console.emit_data(html_page(plan_table(plan, title, closing(plan))))
    else:
        show_plan(plan, console.out())


def save_plan(plan: Plan, path: str) -> None:
    """Save a plan for `apply --plan`."""
    write_atomically(path, plan_json(plan) + "\n")
    console.say(f"saved the plan as {path}")


def write_table(matrix: Table, form: str) -> None:
    """Write a table to stdout as Markdown or HTML."""
    console.emit_data(html_page(matrix) if form == "html" else table_markdown(matrix))
