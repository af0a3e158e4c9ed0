"""Variables: a secret's value is never shown again, in no way."""

from __future__ import annotations

from typing import Any

import pytest

from ..conftest import ENVIRONMENTS, VERSIONS, Api


class Variables:
    """The variables of one draft."""

    def __init__(self, api: Api, version: int) -> None:
        self.api = api
        self.path = f"{VERSIONS}/{version}/variables"

    async def add(self, key: str, **fields: Any) -> dict[str, Any]:
        body = {"type": "string", "key": key, **fields}
        row: dict[str, Any] = (await self.api("POST", self.path, body, status=201))["data"]
        return row

    async def keys(self, query: str) -> list[str]:
        return [row["key"] for row in (await self.api("GET", f"{self.path}?{query}"))["data"]]


@pytest.fixture
async def variables(api: Api) -> Variables:
    return Variables(api, await api.draft(await api.environment()))


@pytest.mark.parametrize("spelling", [True, 1, "1", "true", "TRUE", "on"])
async def test_a_secret_is_shown_nowhere(api: Api, variables: Variables, spelling: object) -> None:
    row = await variables.add("token", value="hunter2", secret=spelling)
    one = f"{variables.path}/{row['id']}"
    environment = (await api("GET", ENVIRONMENTS))["data"][0]["id"]
    answers = [
        row,
        await api("GET", variables.path),
        await api("PUT", one, {"value": "hunter2"}),
        await api("PUT", one, {"key": "other"}),
        await api("POST", f"{ENVIRONMENTS}/{environment}/copy", status=201),
    ]
    await api.deploy(environment)
    answers.append(await api("GET", f"{ENVIRONMENTS}?include=deployedVersion.variables"))
    assert "hunter2" not in str(answers)
    assert row["secret"] is True
    assert row["value"] is None


@pytest.mark.parametrize("spelling", [False, 0, "0", "false", "off", ""])
async def test_what_is_no_secret_is_shown(variables: Variables, spelling: object) -> None:
    row = await variables.add("host", value="a", secret=spelling)
    assert (row["value"], row["secret"]) == ("a", False)


async def test_a_secret_is_not_brought_to_light_by_calling_it_none(api: Api, variables: Variables) -> None:
    row = await variables.add("token", value="hunter2", secret=True)
    changed = (await api("PUT", f"{variables.path}/{row['id']}", {"secret": False}))["data"]
    assert (changed["value"], changed["secret"]) == (None, False)
    renewed = (await api("PUT", f"{variables.path}/{row['id']}", {"value": "new"}))["data"]
    assert renewed["value"] == "new"
    secret = await variables.add("other", value="hunter2", secret=True)
    changed = (await api("PUT", f"{variables.path}/{secret['id']}", {"secret": False, "value": "b"}))["data"]
    assert changed["value"] == "b"


async def test_neither_filters_nor_the_order_tell_a_secret(variables: Variables) -> None:
    await variables.add("a", value="2")
    await variables.add("b", value="1", secret=True)
    await variables.add("c", value="3", secret=True)
    await variables.add("d", value="1")
    assert await variables.keys("filter[value]=1") == ["d"]
    assert await variables.keys("filter[value]=3") == []
    assert await variables.keys("sort=value") == ["b", "c", "d", "a"]
    assert await variables.keys("sort=-value") == ["a", "d", "b", "c"]


async def test_a_variable_has_all_its_fields(variables: Variables) -> None:
    row = await variables.add("when", value="now", fallback=None, date_format="Y-m-d")
    for name in ("id", "created_at", "updated_at"):
        del row[name]
    assert row == {
        "label": None,
        "type": "string",
        "key": "when",
        "value": "now",
        "fallback": None,
        "date_format": "Y-m-d",
        "secret": False,
        "locked": None,
        "configurable": None,
        "required": False,
        "advanced": False,
        "alias": None,
    }
