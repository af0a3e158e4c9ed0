"""Which blocks of a page are taken, which are skipped and counted, and which are errors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from scripts.openapi.errors import ErrorCollector, PipelineError
from scripts.regeneration.sources import read_whole
from scripts.spec import extract_fragments as extracting
from scripts.spec.extract_fragments import MAX_HEADING_LENGTH, extract, read_pages
from tests.spec.build import APPENDIX, block, document, page, relaxed
from tests.support.cases import cases

GOOD = block(document())


def error_of(text: str, name: str = "things") -> PipelineError:
    with pytest.raises(PipelineError) as caught:
        extract(name, text)
    return caught.value


def test_a_page_as_published() -> None:
    found = extract("things", page(block(document(), "Get Thing"), block(document(method="put"), "Update `Thing`")))
    assert [fragment.place for fragment in found.fragments] == [
        ("things", "Get Thing", 1),
        ("things", "Update Thing", 2),
    ]
    assert found.fragments[0].document == document()
    assert found.skipped == {"quote": 3, "trailing section": 1}


def test_what_is_no_openapi_block_is_skipped_and_counted() -> None:
    text = page(
        GOOD,
        '{% hint style="info" %}\nMind this:\n\n' + GOOD.replace("##", "###") + "{% endhint %}",
        "{% hint %} short {% endhint %} and {% hint %} another {% endhint %}",
        "```bash\ncurl https://x\n```",
        '```json\n{"name": "an example", "paths": ["/a"]}\n```',
        "```json\n[1, 2]\n```",
        "```json\n{ // an example with a comment\n}\n```",
        "    indented code",
        "<details>\n<b>html</b>\n</details>",
        "> ```json\n> {}\n> ```\n> > a quotation in a quotation",
        "> A quotation " + "of any length \\\n> and more " * 10_000,
    )
    found = extract("things", text)
    assert len(found.fragments) == 2
    assert found.skipped == {
        "quote": 3,
        "hint": 3,
        "other fence": 4,
        "indented block": 1,
        "HTML block": 1,
        "trailing section": 1,
    }


def test_a_quote_in_a_quote_is_one_quote() -> None:
    assert extract("things", page("> Outside\n>\n> > within", GOOD)).skipped["quote"] == 3


def test_headings_of_every_level_and_form() -> None:
    fence = "```json\n" + json.dumps(document()) + "\n```\n"
    headings = ["# Page", "Setext\n------", "###### Deep &amp; *nested* \\_name\\_ ######"]
    found = extract("p", "\n".join(f"{heading}\n\n{fence}" for heading in headings))
    assert [fragment.place.heading for fragment in found.fragments] == ["Page", "Setext", "Deep & nested _name_"]


def test_a_block_in_a_list_item_is_found() -> None:
    fence = "```json\n  " + json.dumps(document()) + "\n  ```\n"
    assert len(extract("p", f"# Page\n\n- item\n\n  {fence}").fragments) == 1


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_other_line_ends(line_end: str) -> None:
    assert len(extract("p", page(GOOD, GOOD).replace("\n", line_end)).fragments) == 2


def test_of_a_heading_only_so_much_is_read() -> None:
    found = extract("p", f"# {'[a](b ' * 10_000}\n\n```json\n{json.dumps(document())}\n```\n")
    assert len(found.fragments[0].place.heading) <= MAX_HEADING_LENGTH


def test_a_second_main_heading_with_operations_is_no_appendix() -> None:
    found = extract("p", f"# One\n\n{GOOD}\n---\n\n# Two\n\n{GOOD}{APPENDIX}")
    assert len(found.fragments) == 2


def test_a_block_below_the_appendix_makes_it_none() -> None:
    assert len(extract("p", page(GOOD) + GOOD).fragments) == 2


DOCUMENT_TEXT = json.dumps(document())
ELSEWHERE = {
    "a list of documents": f"```json\n[{DOCUMENT_TEXT}]\n```",
    "a document in an object": f'```json\n{{"spec": {DOCUMENT_TEXT}}}\n```',
    "escaped quotes": "```json\n" + DOCUMENT_TEXT.replace('"', "&quot;") + "\n```",
    "escaped by number": "```\n" + DOCUMENT_TEXT.replace('"', "&#34;") + "\n```",
    "a tag without a blank line": f"<details>\n<summary>x</summary>\n```json\n{DOCUMENT_TEXT}\n```\n</details>",
    "a tag with code": f"<pre><code>{DOCUMENT_TEXT}</code></pre>",
    "a quote": f"> ```json\n> {DOCUMENT_TEXT}\n> ```",
    "a quote in a quote": f"> > ```json\n> > {DOCUMENT_TEXT}\n> > ```",
    "an indented block in a quote": f">     {DOCUMENT_TEXT}",
    "a hint": f"{{% hint %}}\n\n```json\n{DOCUMENT_TEXT}\n```\n\n{{% endhint %}}",
    "a hint that is never closed": f"{{% hint %}}\n\n```json\n{DOCUMENT_TEXT}\n```",
    "an indented block": f"    {DOCUMENT_TEXT}",
}


@cases("text", ELSEWHERE.values())
def test_a_document_is_read_wherever_it_stands(text: str) -> None:
    found = extract("p", page(GOOD, text, GOOD))
    assert [fragment.document for fragment in found.fragments] == [document()] * 3
    assert [fragment.place.position for fragment in found.fragments] == [1, 2, 3]


@pytest.mark.parametrize(
    "text",
    [
        '{% openapi src="https://x/y.json" path="/a" method="get" %}\n[y.json](https://x/y.json)\n{% endopenapi %}',
        '{% openapi-operation spec="core" path="/a" method="get" %}',
        '> {%- swagger method="post" path="/a" %}',
    ],
)
def test_a_block_that_was_not_expanded_is_an_error(text: str) -> None:
    error = error_of(page(GOOD, f"## Later\n\n{text}"))
    assert (error.heading, error.pointer) == ('block 2 "Later"', "#")
    assert "not expanded" in error.message


@cases(
    "text",
    [
        'The word openapi, `{% openapi %}` and `"openapi": ...` in prose.',
        "```yaml\nopenapi: true\nservices:\n  /etc: 1\n```",
        "```yaml\nopenapi: 3.0.0\npaths: {}\n```",
        '```json\n{"name": "sample", "openapi": true}\n```',
        '```json\n{ // with a comment\n"openapi": true }\n```',
        '```js\nconst spec = {"openapi": "3.0.0"};\n```',
        f"<!--\n```json\n{DOCUMENT_TEXT}\n```\n-->",
        '<p>\nthe "openapi": key\n</p>',
        '> "openapi": in a quote',
    ],
)
def test_prose_and_samples_are_passed_over(text: str) -> None:
    assert len(extract("p", page(GOOD, text)).fragments) == 1


def test_schema_only_blocks_are_taken() -> None:
    only = {"openapi": "3.0.0", "components": {"schemas": {}}}
    assert extract("p", page(block(only, "The Thing object"))).fragments[0].document == only


@cases("length", [1, 2, 12, 200, 400])
def test_a_block_cut_short(length: int) -> None:
    cut = json.dumps(document(), separators=(",", ":"))[:length]
    error = error_of(page(GOOD, block(cut, "Cut short")))
    assert (error.page, error.heading, error.pointer) == ("things.md", 'block 2 "Cut short"', "#")
    assert "\n" not in str(error)
    assert "not JSON" in str(error)


def test_a_block_without_its_beginning() -> None:
    text = json.dumps(document())
    assert "not JSON" in str(error_of(page(block(text[text.index('"info"') :]))))


@pytest.mark.parametrize("lost", [4, 5, 300])
def test_a_page_cut_short(lost: int) -> None:
    text = f"# Things\n\n{GOOD}\n{block(document(method='put'), 'Last')}".rstrip()
    error = error_of(text[:-lost])
    assert error.heading == 'block 2 "Last"'
    assert "cut short" in error.message


def test_a_key_twice() -> None:
    text = json.dumps(document()).replace('"Things": {"type"', '"Things": {"type": "string", "type"', 1)
    error = error_of(page(block(text, "Twice")))
    assert error.pointer == "#/components/schemas/Things/type"
    assert error.heading == 'block 1 "Twice"'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("openapi: 3.0.0\npaths:\n  /a:\n    get: {}", "YAML"),
        ('{"paths": {"/a": {}}}', "without its version"),
        ("some\n```json\n" + json.dumps(document()) + "\nmore", "inside another block"),
    ],
)
def test_blocks_that_would_be_lost_are_errors(content: str, message: str) -> None:
    assert message in str(error_of(page(GOOD, block(content)).replace("\n```json\nsome", "\n```\nsome")))


@cases("text", ["", "# Things\n", page(), page("```json\n{}\n```"), "\x00" * 100])
def test_a_page_without_blocks(text: str) -> None:
    error = error_of(text)
    assert error.page == "things.md"
    assert "holds no OpenAPI block" in error.message


PIECES = [*'#>`-*_[]{}%~ \n\t"/:<!|\\a1\x0b\u2028', "```json\n", "{% hint %}", "\n---\n\n# A\n"]


@pytest.mark.untraced
@given(st.lists(st.sampled_from(PIECES), max_size=200))
@settings(relaxed, max_examples=200)
def test_any_text_gives_fragments_or_one_error(pieces: list[str]) -> None:
    try:
        found = extract("p", "".join(pieces) + "\n\n" + page(GOOD))
    except PipelineError as error:
        assert "\n" not in str(error)  # noqa: PT017 - an error is one of two good ends
    else:
        assert found.fragments


def test_reading_a_folder(tmp_path: Path) -> None:
    (tmp_path / "b.md").write_bytes(b"\xef\xbb\xbf" + page(GOOD).encode())
    (tmp_path / "a.md").write_text(page(GOOD))
    (tmp_path / "note.txt").write_text("no page")
    (tmp_path / "folder.md").mkdir()
    assert [found.name for found in read_pages(tmp_path, ErrorCollector())] == ["a", "b"]


def test_a_folder_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PipelineError, match="no such folder"):
        read_whole(tmp_path / "missing")
    with pytest.raises(PipelineError, match="holds no pages"):
        read_whole(tmp_path)
    (tmp_path / "x.md").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PipelineError, match=r"x\.md: is not UTF-8"):
        read_whole(tmp_path)
    monkeypatch.setattr(extracting, "MAX_PAGE_BYTES", 2)
    with pytest.raises(PipelineError, match=r"x\.md: is larger than"):
        read_whole(tmp_path)
    monkeypatch.undo()

    def refuse(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_text", refuse)
    with pytest.raises(PipelineError, match=r"x\.md: cannot be read: Permission denied"):
        read_whole(tmp_path)
