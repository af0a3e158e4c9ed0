"""Seed data: the same for the same number, in every Python."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest

from patchworks_core_client.sandbox import create_app

from ..conftest import DEPLOYED, ENVIRONMENTS, VERSIONS, Api, connect

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.applications import Starlette


async def everything(app: Starlette) -> str:
    async with connect(app) as http:
        api = Api(http)
        found = [await api("GET", f"{ENVIRONMENTS}?include=versions,labels")]
        for environment in found[0]["data"]:
            for version in environment["versions"]:
                contents = f"{VERSIONS}/{version['id']}"
                found += [
                    await api("GET", f"{contents}/{kind}?per_page=100")
                    for kind in ("manifests", "variables", "flow-priorities")
                ]
    return hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()


@pytest.mark.untraced
async def test_the_same_number_gives_the_same_data() -> None:
    assert await everything(create_app(seed=1)) == await everything(create_app(seed=1))
    assert await everything(create_app(seed=1)) != await everything(create_app(seed=2))


async def test_it_looks_like_a_shop_in_several_countries() -> None:
    async with connect(create_app(seed=1)) as http:
        api = Api(http)
        environments = (await api("GET", f"{ENVIRONMENTS}?include=labels"))["data"]
        assert [row["name"] for row in environments][:4] == ["UK sandbox", "UK live", "FR sandbox", "FR live"]
        assert len(environments) == 10
        assert all(row["labels"] for row in environments)
        assert all(row["is_deployed"] for row in environments if row["type"] == "live")
        deployed = (await api("GET", DEPLOYED))["meta"]["total"]
        assert 5 <= deployed < 10
        draft = await api.draft(1)
        assert (await api("GET", f"{VERSIONS}/{draft}/manifests"))["meta"]["total"] == 24
        variables = (await api("GET", f"{VERSIONS}/{draft}/variables?sort=label&filter[label]=shop"))["data"]
        assert [(row["label"], row["secret"]) for row in variables] == [("Shop host", False), ("Shop token", True)]


async def test_what_is_not_empty_is_not_seeded(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.db"
    async with connect(create_app(db=file)) as http:
        await Api(http).environment("mine")
    async with connect(create_app(db=file, seed=1)) as http:
        assert [row["name"] for row in (await Api(http)("GET", ENVIRONMENTS))["data"]] == ["mine"]
