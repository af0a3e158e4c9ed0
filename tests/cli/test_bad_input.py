"""Wrong files and wrong command lines: a clear line with its place, exit 6, nothing sent."""

from __future__ import annotations

import pytest

from .conftest import CommandLine

HEAD = "schema: 1\n"
BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 10)}]\n" for n in range(8)
)

FILES = {
    "a typo in a key": (
        HEAD + "environments:\n  UK:\n    variables:\n      a: {typ: string, value: b}\n",
        "5:11: environments.UK.variables.a.typ: unknown key 'typ'; did you mean 'type'?",
    ),
    "an unknown key with nothing like it": (
        HEAD + "environments: {}\nzzz: 1\n",
        "3:1: zzz: unknown key 'zzz'; known are 'aliases', 'base', 'environments', 'schema'",
    ),
    "a wrong type": (
        HEAD + "environments:\n  UK: {labels: 3}\n",
        "3:16: environments.UK.labels: is a whole number; allowed is a list",
    ),
    "a wrong type deeper down": (
        HEAD + "environments:\n  UK: {variables: {a: {type: string, secret: maybe}}}\n",
        "3:46: environments.UK.variables.a.secret: is a text; allowed is true or false",
    ),
    "a mapping for a text": (
        HEAD + "environments:\n  UK: {description: {}}\n",
        "environments.UK.description: is a mapping; allowed is a text",
    ),
    "a section without entries": (
        HEAD + "base:\n  variables:\nenvironments: {}\n",
        "3:13: base.variables: is null; allowed is a mapping; write {} for none, or leave the line out",
    ),
    "a duplicate key": (
        HEAD + "environments:\n  UK: {}\n  UK: {}\n",
        "4:3: the key 'UK' is there twice, first on line 3",
    ),
    "a duplicate manifest": (
        HEAD + "base:\n  manifests:\n  - {model_type: a, original: 1, replacement: 2}\n"
        "  - {model_type: a, original: '1', replacement: 3}\nenvironments: {}\n",
        "5:5: base.manifests.1: a 1 is there twice, first on line 4",
    ),
    "an alias that is not there": (
        HEAD
        + "aliases: {shop: 12}\nenvironments:\n  UK:\n    flow_priorities:\n    - {flow: !alias shp, priority: 1}\n",
        "6:14: environments.UK.flow_priorities.0.flow: there is no alias 'shp'; did you mean 'shop'?",
    ),
    "a secret in clear": (
        HEAD + "environments:\n  UK: {variables: {t: {type: string, secret: true, value: hunter2}}}\n",
        "3:59: environments.UK.variables.t.value: the value of a secret stands in clear; allowed are `!secret env:",
    ),
    "a secret in clear over a base": (
        HEAD + "base: {variables: {t: {type: string, secret: true}}}\n"
        "environments:\n  UK: {variables: {t: {value: hunter2}}}\n",
        "4:31: environments.UK.variables.t.value: the value of a secret stands in clear",
    ),
    "a secret that would be shown": (
        HEAD + "environments:\n  UK: {variables: {t: {type: string, value: !secret env:T}}}\n",
        "add `secret: true`",
    ),
    "no reference": (
        HEAD + "environments:\n  UK: {variables: {t: {type: string, secret: true, value: !secret T}}}\n",
        "this is no reference; allowed are",
    ),
    "a tag where none belongs": (
        HEAD + "environments:\n  UK: {variables: {t: {type: !alias x}}}\n",
        "the tag !alias is not allowed here",
    ),
    "a tag on an alias": (
        HEAD + "aliases: {a: !secret env:A}\nenvironments: {}\n",
        "2:14: aliases.a: !secret is not allowed",
    ),
    "an unknown tag": (
        HEAD + "environments: !!python/object:os.system {}\n",
        "is not allowed here; allowed are !alias",
    ),
    "a value of !none": (
        HEAD + "environments:\n  UK: {variables: !none x}\n",
        "!none takes no value",
    ),
    "a text for a section": (
        HEAD + "environments:\n  UK: {variables: x}\n",
        "3:19: environments.UK.variables: is a text; allowed are entries, or !none",
    ),
    "an empty text for a section": (HEAD + 'environments:\n  UK: {manifests: ""}\n', "allowed are entries, or !none"),
    "no type": (
        HEAD + "environments:\n  UK: {variables: {a: {value: b}}}\n",
        "3:23: environments.UK.variables.a: 'type' is",
    ),
    "no schema": ("environments: {}\n", "1:1: 'schema' is missing"),
    "another schema": ("schema: 2\nenvironments: {}\n", "1:9: schema: has to be 1"),
    "another kind": (
        HEAD + "environments:\n  UK: {type: prod}\n",
        "environments.UK.type: is 'prod'; known are 'live', 'test'",
    ),
    "a long value": (
        HEAD + f"environments:\n  UK: {{variables: {{a: {{type: string, value: {'x' * 1025}}}}}}}\n",
        "has 1025 characters; at most 1024 are allowed",
    ),
    "a name with a space at its end": (HEAD + "environments:\n  'UK ': {}\n", "3:3: environments.UK : begins or ends"),
    "an empty name": (HEAD + "environments:\n  '': {}\n", "3:3: environments.: is empty"),
    "two with one id": (
        HEAD + "environments:\n  A: {id: 1}\n  B: {id: '1'}\n",
        "4:11: environments.B.id: 'A' is pinned to the same id",
    ),
    "a bomb": (HEAD + BOMB, "more than 1000000 values, aliases counted"),
    "an alias inside of itself": (HEAD + "environments: &a {x: *a}\n", "*a stands inside of what it names"),
    "an anchor that is not there": (HEAD + "environments: *x\n", "there is no anchor &x above"),
    "too deep": (HEAD + "environments: " + "[" * 30, "nested more than 20 deep"),
    "a depth without end": (HEAD + "environments: " + "[" * 5000, "exceeded maximum nesting depth"),
    "merge keys": (HEAD + "x: &x {}\nenvironments:\n  <<: *x\n", "4:3: merge keys (<<) are not supported"),
    "a key that is no text": (HEAD + "environments: {[a]: b}\n", "a key has to be a text"),
    "two documents": (HEAD + "environments: {}\n---\na: b\n", "a second document begins here"),
    "nothing": ("# nothing\n", "1:1: the file is empty; it begins with `schema: 1`"),
    "null": ("~\n", "1:1: is null; allowed is a mapping"),
    "a null for a text": (
        HEAD + "environments:\n  UK: {description: ~}\n",
        '3:21: environments.UK.description: is null; allowed is a text; write "" for none, or leave the line out',
    ),
    "a null for an id": (
        HEAD + "aliases: {a: ~}\nenvironments: {}\n",
        "2:14: aliases.a: is null; allowed is a whole number",
    ),
    "a tab": (HEAD + "environments:\n\tUK: {}\n", "3:1: this is not YAML: a tab stands where spaces have to"),
    "a number that is too large": (
        HEAD + f"environments:\n  UK: {{flow_priorities: [{{flow: 1, priority: {'9' * 30}}}]}}\n",
        "priority: is 999999999999999999999999999999; the maximum is 2147483647",
    ),
    "a number that is too small": (
        HEAD + "base: {flow_priorities: [{flow: 1, priority: -0x80000001}]}\nenvironments: {}\n",
        "priority: is a text; allowed is a whole number",
    ),
    "a number as long as a text": (
        HEAD + f"environments:\n  UK: {{variables: {{a: {{type: integer, value: {'1' * 1025}}}}}}}\n",
        "has 1025 characters; at most 1024 are allowed",
    ),
    "no YAML": (HEAD + "environments: {a: ]\n", "2:19: this is not YAML"),
    "a control character": (HEAD + "environments: \x01\n", "2:15: this is not YAML: it holds '\\x01'"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_wrong_file_is_an_error_with_its_place(cli: CommandLine, name: str) -> None:
    text, message = FILES[name]
    cli.write(text)
    for command in (("validate",), ("plan",), ("apply", "--yes"), ("drift",)):
        refused = cli(command[0], "patchworks.yaml", *command[1:])
        assert refused.status == 6
        assert refused.err.startswith("patchworks: patchworks.yaml:")
        assert message in refused.err
        assert not refused.out
    assert "hunter2" not in refused.err
    assert not cli.requests()


def test_a_file_in_another_encoding_or_too_large_is_refused(cli: CommandLine) -> None:
    (cli.folder / "x.yaml").write_bytes(b"schema: 1\nenvironments: {\xff: }\n")
    assert "x.yaml:2:16: the file is not UTF-8" in cli("validate", "x.yaml").err
    (cli.folder / "y.yaml").write_bytes(b"#" * (16 * 2**20 + 1))
    assert "larger than 16 MiB" in cli("validate", "y.yaml").err


def test_many_problems_are_listed_up_to_a_bound(cli: CommandLine) -> None:
    cli.write(HEAD + "environments:\n" + "".join(f"  E{number}: {{x: 1}}\n" for number in range(60)))
    refused = cli("validate", "patchworks.yaml")
    assert refused.err.count("unknown key 'x'") == 50
    assert "and 10 more" in refused.err


def test_what_is_wrong_in_the_base_is_said_once(cli: CommandLine) -> None:
    cli.write(HEAD + "base: {variables: {a: {value: b}}}\nenvironments: {A: , B: }\n")
    assert cli("validate", "patchworks.yaml").err.count("'type' is missing") == 1


COMMAND_LINES: dict[tuple[str, ...], str] = {
    ("plann",): "there is no command 'plann'; did you mean 'plan'?",
    ("plan",): "Missing argument 'FILE'",
    ("plan", "missing.yaml"): "missing.yaml: No such file or directory",
    ("plan", "good.yaml", "UK lvie"): "has no environment 'UK lvie'; did you mean 'UK live'?",
    ("plan", "good.yaml", "--fromat", "json"): "Did you mean one of: '--format'",
    ("plan", "good.yaml", "--format", "xml"): "'xml' is not one of",
    ("apply", "--yes"): "give either FILE or --plan PLAN",
    ("apply", "good.yaml", "--plan", "good.yaml", "--yes"): "give either FILE or --plan PLAN",
    ("apply", "good.yaml", "--concurrency", "0", "--yes"): "0 is not in the range",
    ("deploy", "A", "A", "--yes"): "named twice",
    ("deploy", "A"): "this takes --yes",
    ("rollback", "A"): "this takes --yes",
    ("diff", "A"): "Missing argument 'B'",
    ("promote", "A"): "Missing argument 'TARGET...'",
    ("completion", "tcsh"): "'tcsh' is not one of",
    (): "Usage: patchworks",
}


@pytest.mark.parametrize("arguments", COMMAND_LINES)
def test_a_wrong_command_line_is_an_error_that_helps(cli: CommandLine, arguments: tuple[str, ...]) -> None:
    cli.write(HEAD + "environments: {UK live: }\n", "good.yaml")
    refused = cli(*arguments)
    assert refused.status == 6
    assert COMMAND_LINES[arguments] in refused.err
    assert not refused.out
    assert not cli.requests()


@pytest.mark.patchworks(seed=1)
@pytest.mark.parametrize(
    "arguments",
    [("export", "UK lvie"), ("history", "UK lvie"), ("diff", "UK lvie", "FR live"), ("promote", "UK live", "UK lvie")],
)
def test_a_name_that_is_not_on_the_server_is_an_error_that_helps(cli: CommandLine, arguments: tuple[str, ...]) -> None:
    refused = cli(*arguments)
    assert refused.status == 6
    assert "there is no environment 'UK lvie' on the server; did you mean 'UK live'" in refused.err


def test_on_an_empty_server_there_are_no_names(cli: CommandLine) -> None:
    assert "; there are none" in cli("history", "A").err
    assert cli("export").out.endswith("schema: 1\nenvironments: {}\n")
