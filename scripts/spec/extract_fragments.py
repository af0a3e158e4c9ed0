"""Extract fragments from documentation pages: each block that is an OpenAPI document, and what was skipped.

Markdown is read by a Markdown parser, and its text is data: nothing in it is followed, run or rendered.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from markdown_it import MarkdownIt

from scripts.openapi.errors import ErrorCollector, PipelineError, Place
from scripts.openapi.escaping import quoted
from scripts.spec.block_documents import documents, seems_openapi

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from markdown_it.token import Token

MAX_PAGE_BYTES = 64 * 1024 * 1024
MAX_HEADING_LENGTH = 1000
"""Of a heading only so much is read; one of megabytes, full of brackets, would take minutes."""

_HINT = re.compile(r"\{%-?\s*hint\b")
_UNEXPANDED = re.compile(r"^[ \t]*\{%-?[ \t]*(?:openapi|swagger)[\w-]*[ \t][^%]*=", re.MULTILINE)
_MARKER = re.compile(r"^[ \t]*(?:`{3,}|~{3,})", re.MULTILINE)

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


def read_pages(folder: Path, errors: ErrorCollector) -> list[Page]:
    """Return every `*.md` file in a folder, in the order of their names.

    Args:
        folder: of the pages.
        errors: collects what is wrong with a page, which is then left out.

    Raises:
        PipelineError: there is no page.
    """
    if not folder.is_dir():
        raise PipelineError(str(folder), "", "", "no such folder of pages")
    files = sorted(path for path in folder.glob("*.md") if path.is_file())
    if not files:
        raise PipelineError(str(folder), "", "", "holds no pages (*.md)")
    pages: list[Page] = []
    for file in files:
        with errors.collect():
            pages.append(extract(file.stem, _page_text(file)))
    return pages


def extract(name: str, text: str) -> Page:
    """Return the OpenAPI blocks of one page.

    Args:
        name: the page's file name without suffix.
        text: its Markdown.

    Raises:
        PipelineError: a block is cut short or is no JSON that can be trusted, or there is none.
    """
    page = Page(name)
    lines = re.sub(r"\r\n?", "\n", text).split("\n")
    heading = ""
    for kind, content in _parts(lines):
        if kind == "heading":
            heading = str(content)
            continue
        if isinstance(content, _Block):
            place = Place(name, heading, len(page.fragments) + 1)
            found = documents(content.text, place, language=content.language, closed=content.closed)
            page.fragments += [
                Fragment(place._replace(position=place.position + number), document)
                for number, document in enumerate(found)
            ]
            if found:
                continue
        elif kind == "unexpanded tag":
            raise Place(name, heading, len(page.fragments) + 1).error(
                "#", f"was not expanded when published: {content}"
            )
        page.skipped[kind] += 1
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


class _Block(NamedTuple):
    """What may hold an OpenAPI document."""

    text: str
    language: str = ""
    closed: bool = True


def _parts(lines: list[str]) -> Iterator[tuple[str, str | _Block]]:
    """Yield the parts of a page that matter: headings and blocks, and one entry for each thing that is skipped."""
    tokens = _BLOCKS.parse("\n".join(lines))
    end = _trailing_section(tokens)
    quotes = 0
    for index, token in enumerate(tokens[:end]):
        if token.type == "blockquote_open":
            if not quotes:
                yield "quote", ""
            quotes += 1
        elif token.type == "blockquote_close":
            quotes -= 1
        elif token.type == "fence":
            yield "other fence", _Block(token.content, token.info, _is_closed(token, lines))
        elif token.type == "code_block":
            yield "indented block", _Block(token.content)
        elif token.type == "html_block":
            yield from _html(token.content)
        elif token.type == "inline":
            yield from (("unexpanded tag", match[0]) for match in _UNEXPANDED.finditer(token.content))
            yield from (("hint", "") for _ in _HINT.finditer(token.content) if not quotes)
        elif token.type == "heading_open" and not quotes:
            yield "heading", _heading_text(tokens[index + 1].content)
    if end < len(tokens):
        yield "trailing section", ""


def _html(text: str) -> Iterator[tuple[str, str | _Block]]:
    """Yield a block of HTML: the fences that a missing blank line has put into it, or what stands between its tags."""
    marker = _MARKER.search(text)
    if text.lstrip().startswith("<!--") or not seems_openapi(text):
        yield "HTML block", ""
    elif marker:
        inner = text[marker.start() :].split("\n")
        yield from (part for part in _parts(inner) if isinstance(part[1], _Block))
    else:
        yield "HTML block", _Block(text[text.find("{") : text.rfind("}") + 1])


def _heading_text(source: str) -> str:
    children = _TEXT.parseInline(source[:MAX_HEADING_LENGTH])[0].children or []
    return "".join(child.content for child in children).strip()


def _trailing_section(tokens: list[Token]) -> int:
    """Return where the publisher's appendix starts: a rule, then a main heading, and no OpenAPI block below it."""
    blocks = [n for n, token in enumerate(tokens) if token.type != "inline" and seems_openapi(token.content)]
    last_block = blocks[-1] if blocks else 0
    for index in range(last_block, len(tokens) - 2):
        rule, heading = tokens[index : index + 2]
        if rule.type == "hr" and heading.type == "heading_open" and heading.tag == "h1":
            return index
    return len(tokens)


def _is_closed(token: Token, lines: list[str]) -> bool:
    first, end = token.map or (0, 0)
    return end - first > 1 and set(lines[end - 1].strip().lstrip("> \t")) == {token.markup[0]}
