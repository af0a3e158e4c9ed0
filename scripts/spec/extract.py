"""Documentation pages to fragments: each fenced block that is an OpenAPI document, and a count of what was skipped.

Markdown is read by a Markdown parser, and its text is data: nothing in it is followed, run or rendered.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt

from scripts.openapi.errors import PipelineError, Place, quoted
from scripts.openapi.json_text import JSONTextError, loads

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from markdown_it.token import Token

MAX_PAGE_BYTES = 64 * 1024 * 1024
TRAILING_HEADING = "Agent Instructions"

_OPENAPI_START = re.compile(r'\s*\{\s*"(openapi|swagger)"\s*:')
_OPENAPI_PART = re.compile(r'"(openapi|swagger)"\s*:|"paths"\s*:\s*\{\s*"/')
_OPENAPI_YAML = re.compile(r"^[ \t]*(openapi|swagger)\s*:", re.MULTILINE)
_FENCE_WITH_OPENAPI = r"^[ \t]*{marker}\s*\w+\s*\{{\s*\"openapi\""
_HINT = re.compile(r"\{%-?\s*(end)?hint\b")
_PARTS = {"heading_open": "heading", "fence": "fence", "code_block": "indented block", "html_block": "HTML block"}

# Only headings are read as running text: a quote may be megabytes long.
_BLOCKS = MarkdownIt("commonmark")
_BLOCKS.core.ruler.disable("inline")
_TEXT = MarkdownIt("commonmark")


@dataclass(frozen=True)
class Fragment:
    """One OpenAPI block of a page, as published."""

    place: Place
    document: dict[str, Any]


@dataclass
class Page:
    """What was found on one page."""

    name: str
    fragments: list[Fragment] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)


def read_pages(folder: Path) -> list[Page]:
    """Every `*.md` file in a folder, in the order of their names.

    Raises:
        PipelineError: there is no page, or one cannot be read.
    """
    if not folder.is_dir():
        raise PipelineError(str(folder), "", "", "no such folder of pages")
    files = sorted(path for path in folder.glob("*.md") if path.is_file())
    if not files:
        raise PipelineError(str(folder), "", "", "holds no pages (*.md)")
    return [extract(file.stem, _page_text(file)) for file in files]


def extract(name: str, text: str) -> Page:
    """The OpenAPI blocks of one page.

    Args:
        name: the page's file name without suffix.
        text: its Markdown.

    Raises:
        PipelineError: a block is cut short or is no JSON that can be trusted, or there is none.
    """
    page = Page(name)
    lines = re.sub(r"\r\n?", "\n", text).split("\n")
    heading = ""
    for kind, token, title in _parts(name, lines):
        if kind == "heading":
            heading = title
        elif kind != "fence":
            page.skipped[kind] += 1
        else:
            place = Place(name, heading, len(page.fragments) + 1)
            document = _openapi_document(token, place, closed=_is_closed(token, lines))
            if document is None:
                page.skipped["other fence"] += 1
            else:
                page.fragments.append(Fragment(place, document))
    if not page.fragments:
        message = "holds no OpenAPI block: is it a page of the API reference, and did it arrive whole?"
        raise PipelineError(f"{name}.md", quoted(heading) if heading else "", "", message)
    return page


def _page_text(file: Path) -> str:
    try:
        if file.stat().st_size > MAX_PAGE_BYTES:
            raise PipelineError(file.name, "", "", f"is larger than {MAX_PAGE_BYTES // 2**20} MiB")
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise PipelineError(file.name, "", "", f"is not UTF-8 text: {error}") from error
    except OSError as error:
        raise PipelineError(file.name, "", "", f"cannot be read: {error.strerror}") from error


def _parts(name: str, lines: list[str]) -> Iterator[tuple[str, Token, str]]:
    """The parts of a page that matter: headings and fences, and one entry for each thing that is skipped."""
    tokens = _BLOCKS.parse("\n".join(lines))
    end = _trailing_section(tokens)
    quotes = 0
    in_hint = False
    for index, token in enumerate(tokens[:end]):
        if token.type == "blockquote_open":
            if not quotes:
                yield "quote", token, ""
            quotes += 1
        elif token.type == "blockquote_close":
            quotes -= 1
        elif quotes:
            continue
        elif token.type == "inline":
            starts = [not match.group(1) for match in _HINT.finditer(token.content)]
            in_hint = starts[-1] if starts else in_hint
            yield from (("hint", token, "") for start in starts if start)
        elif not in_hint and token.type in _PARTS:
            title = _heading_text(tokens[index + 1].content) if token.type == "heading_open" else ""
            yield _PARTS[token.type], token, title
    if in_hint:
        raise PipelineError(f"{name}.md", "", "", "a hint block is never closed, so what follows it would be lost")
    if end < len(tokens):
        yield "trailing section", tokens[end], ""


def _heading_text(source: str) -> str:
    children = _TEXT.parseInline(source)[0].children or []
    return "".join(child.content for child in children).strip()


def _trailing_section(tokens: list[Token]) -> int:
    """Where the publisher's appendix starts: a rule, then a main heading, and no OpenAPI block below it."""
    blocks = [n for n, token in enumerate(tokens) if token.type == "fence" and _OPENAPI_START.match(token.content)]
    last_block = blocks[-1] if blocks else 0
    for index in range(len(tokens) - 2):
        rule, heading, title = tokens[index : index + 3]
        if rule.type != "hr" or heading.type != "heading_open" or heading.tag != "h1":
            continue
        if index > last_block or title.content.strip() == TRAILING_HEADING:
            return index
    return len(tokens)


def _openapi_document(token: Token, place: Place, *, closed: bool) -> dict[str, Any] | None:
    """The document in a fence; `None` where the fence holds something else."""
    try:
        document = loads(token.content)
    except JSONTextError as error:
        if _is_meant_as_openapi(token):
            cut = "" if closed else "the page ends inside this block, so it was cut short; "
            raise place.error(error.pointer, f"{cut}{error}") from error
        if _OPENAPI_YAML.search(token.content):
            raise place.error("#", "an OpenAPI block in YAML; only JSON is read") from error
        document = None
    if isinstance(document, dict) and ("openapi" in document or "swagger" in document):
        if not closed:
            raise place.error("#", "the page ends inside this block, so it was cut short")
        return document
    paths = document.get("paths") if isinstance(document, dict) else None
    if isinstance(paths, dict) and any(path.startswith("/") for path in paths):
        raise place.error("#", "an OpenAPI block without its version (the key openapi)")
    if re.search(_FENCE_WITH_OPENAPI.format(marker=re.escape(token.markup)), token.content, re.MULTILINE):
        raise place.error("#", "an OpenAPI block inside another block, which therefore was not closed")
    return None


def _is_meant_as_openapi(token: Token) -> bool:
    compact = "".join(token.content.split())
    is_json = token.info.strip().lower().startswith("json") or compact.startswith("{")
    return is_json and (
        bool(_OPENAPI_PART.search(token.content)) or (compact != "" and '{"openapi":'.startswith(compact))
    )


def _is_closed(token: Token, lines: list[str]) -> bool:
    first, end = token.map or (0, 0)
    return end - first > 1 and set(lines[end - 1].strip()) == {token.markup[0]}
