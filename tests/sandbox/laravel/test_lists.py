"""Pages, filters, sorting and relations of the lists."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import pytest

from ..conftest import DEPLOYED, ENVIRONMENTS, VERSIONS

if TYPE_CHECKING:
    from ..conftest import Api

NAMES = ["UK sandbox", "uk live", "FR sandbox", "FR live", "Ænæs 100%"]


async def fill(api: Api) -> None:
    for index, name in enumerate(NAMES):
        kind = "live" if "live" in name else "test"
        await api.environment(name, type=kind, labels=[{"id": str(index)}, {"id": 9}])


async def names(api: Api, query: str, path: str = ENVIRONMENTS) -> list[str]:
    return [row["name"] for row in (await api("GET", f"{path}?{query}"))["data"]]


async def test_pages_have_laravels_meta_and_links_and_keep_the_query(api: Api) -> None:
    await fill(api)
    query = "filter[type]=live,test&per_page=2&page=2&sort=-name&unknown=x"
    found = await api("GET", f"{ENVIRONMENTS}?{query}")
    url = f"http://127.0.0.1{ENVIRONMENTS}"
    assert found["meta"] == {
        "current_page": 2,
        "from": 3,
        "last_page": 3,
        "path": url,
        "per_page": 2,
        "to": 4,
        "total": 5,
    }
    pages = {"first": "1", "last": "3", "prev": "1", "next": "3"}
    assert set(found["links"]) == set(pages)
    for name, page in pages.items():
        link = urlsplit(found["links"][name])
        assert link._replace(query="").geturl() == url
        expected = dict(parse_qsl(query)) | {"page": page}
        assert dict(parse_qsl(link.query)) == expected


async def test_following_next_gives_everything_once(api: Api) -> None:
    await fill(api)
    seen: list[str] = []
    url: str | None = f"{ENVIRONMENTS}?per_page=2"
    while url:
        page = await api("GET", url)
        seen += [row["name"] for row in page["data"]]
        url = page["links"]["next"]
    assert seen == NAMES


async def test_an_empty_list_and_a_page_past_the_end(api: Api) -> None:
    found = await api("GET", ENVIRONMENTS)
    empty = {"current_page": 1, "from": None, "to": None, "last_page": 1, "per_page": 15, "total": 0}
    assert {name: found["meta"][name] for name in empty} == empty
    assert found["links"]["prev"] is None
    assert found["links"]["next"] is None
    await fill(api)
    for page in ("7", "9" * 30):
        found = await api("GET", f"{ENVIRONMENTS}?page={page}")
        assert (found["data"], found["meta"]["from"], found["meta"]["total"]) == ([], None, 5)
        assert found["links"]["next"] is None


@pytest.mark.parametrize("value", ["0", "101", "-1", "x", "1.5", "٣", "9" * 30])
async def test_per_page_has_limits(api: Api, value: str) -> None:
    refused = await api("GET", f"{ENVIRONMENTS}?per_page={value}", status=422)
    assert list(refused["errors"]) == ["per_page"]


@pytest.mark.parametrize(("value", "size"), [("1", 1), ("100", 100), ("", 15)])
async def test_per_page_within_its_limits(api: Api, value: str, size: int) -> None:
    assert (await api("GET", f"{ENVIRONMENTS}?per_page={value}"))["meta"]["per_page"] == size


@pytest.mark.parametrize("value", ["0", "-3", "x", ""])
async def test_a_page_that_is_none_is_the_first(api: Api, value: str) -> None:
    assert (await api("GET", f"{ENVIRONMENTS}?page={value}"))["meta"]["current_page"] == 1


@pytest.mark.untraced
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("filter[name]=SANDBOX", ["UK sandbox", "FR sandbox"]),
        ("filter[name]=uk,fr live", ["UK sandbox", "uk live", "FR live"]),
        ("filter[name]=ænÆs", ["Ænæs 100%"]),
        ("filter[name]=%25", ["Ænæs 100%"]),
        ("filter[name]=,", NAMES),
        ("filter[name]=", NAMES),
        ("filter[name]=fr&filter[name]=uk", ["UK sandbox", "uk live"]),
        ("filter[type]=live", ["uk live", "FR live"]),
        ("filter[type]=LIVE,test", NAMES),
        ("filter[type]=liv", []),
        ("filter[labelled]=1,3", ["uk live", "FR live"]),
        ("filter[labelled]=9", NAMES),
        ("filter[hasDeployedVersion]=true", ["FR live"]),
        ("filter[hasDeployedVersion]=0", [name for name in NAMES if name != "FR live"]),
        ("filter[hasDeployedVersion]=1,false", NAMES),
        ("filter[status]=Deployed", ["FR live"]),
        ("filter[status]=Inactive", []),
        ("filter[status]=inactive,draft", NAMES),
        ("filter[type]=live&filter[name]=fr", ["FR live"]),
        ("sort=name", ["FR live", "FR sandbox", "uk live", "UK sandbox", "Ænæs 100%"]),
        ("sort=-name", ["Ænæs 100%", "UK sandbox", "uk live", "FR sandbox", "FR live"]),
        ("sort=name,-name,", ["FR live", "FR sandbox", "uk live", "UK sandbox", "Ænæs 100%"]),
    ],
)
async def test_filters_and_sorting(api: Api, query: str, expected: list[str]) -> None:
    await fill(api)
    await api.deploy(4)
    assert await names(api, query) == expected
    assert await names(api, query, DEPLOYED) == [name for name in expected if name == "FR live"]


async def test_very_many_values_are_no_problem(api: Api) -> None:
    await fill(api)
    many = ",".join(f"x{number}" for number in range(4_000))
    assert await names(api, f"filter[name]={many},uk live") == ["uk live"]


@pytest.mark.parametrize(
    ("path", "query", "what"),
    [
        (ENVIRONMENTS, "include=versions,nothing", "include nothing"),
        (ENVIRONMENTS, "include=versions.user", "include versions.user"),
        (ENVIRONMENTS, "sort=id", "sort id"),
        (ENVIRONMENTS, "sort=name,--name", "sort -name"),
        (ENVIRONMENTS, "filter[nothing]=1", "filter nothing"),
        (ENVIRONMENTS, "filter[,]=1", "filter ,"),
        (f"{ENVIRONMENTS}/1", "include=nothing", "include nothing"),
        (f"{ENVIRONMENTS}/1/versions", "filter[status]=Draft", "filter status"),
        (f"{ENVIRONMENTS}/1/versions/1", "include=virtualEnvironment", "include virtualEnvironment"),
        (f"{VERSIONS}/1/variables", "include=virtualEnvironmentVersion", "this operation has none"),
        (f"{VERSIONS}/1/manifests/1", "sort=id", "sort id"),
    ],
)
async def test_what_is_not_there_to_ask_for_is_400(api: Api, path: str, query: str, what: str) -> None:
    await api.environment()
    rule = {"model_type": "x", "original_model_id": "1", "replacement_model_id": "2"}
    await api("POST", f"{VERSIONS}/1/manifests", rule, status=201)
    assert what in (await api("GET", f"{path}?{query}", status=400))["message"]


async def test_relations_come_only_when_asked_for(api: Api) -> None:
    await api.environment()
    variable = {"type": "string", "key": "host", "value": "a"}
    await api("POST", f"{VERSIONS}/1/variables", variable, status=201)
    await api.deploy(1)
    plain = (await api("GET", f"{ENVIRONMENTS}/1"))["data"]
    everything = (
        "versions,firstVersion.user,deployedVersion.variables,labels,deployments.flowVersion.flow,"
        "deployments.enabledBy,deployments.user,deployments.package,packageDeployments.user"
    )
    found = (await api("GET", f"{ENVIRONMENTS}/1?include={everything}"))["data"]
    assert set(found) - set(plain) == {
        "versions",
        "first_version",
        "deployed_version",
        "labels",
        "deployments",
        "package_deployments",
    }
    assert [version["id"] for version in found["versions"]] == [1, 2]
    assert "user" not in found["versions"][0]
    assert found["first_version"]["user"]["id"] == found["first_version"]["user_id"]
    assert [row["key"] for row in found["deployed_version"]["variables"]] == ["host"]
    assert set(found["deployments"][0]) >= {"flow_version", "enabled_by", "user", "package"}
    # A relation on the way to a nested one, by itself.
    half = (await api("GET", f"{ENVIRONMENTS}/1?include=deployedVersion,firstVersion"))["data"]
    assert "variables" not in half["deployed_version"]
    assert "user" not in half["first_version"]
    # In a list they are each row's own.
    await api.environment("FR")
    rows = (await api("GET", f"{ENVIRONMENTS}?include=deployedVersion.variables,deployments"))["data"]
    assert [bool(row["deployed_version"]) for row in rows] == [True, False]
    assert [len(row["deployments"]) for row in rows] == [1, 0]


async def test_relations_of_what_a_version_holds(api: Api) -> None:
    await api.environment()
    rule = {"model_type": "connector", "original_model_id": "5", "replacement_model_id": 6}
    await api("POST", f"{VERSIONS}/1/manifests", rule, status=201)
    await api("POST", f"{VERSIONS}/1/flow-priorities", {"flow_id": "7", "priority": "2"}, status=201)
    versions = (await api("GET", f"{ENVIRONMENTS}/1/versions?include=virtualEnvironment"))["data"]
    assert versions[0]["virtual_environment"]["name"] == "UK"
    query = "include=virtualEnvironmentVersion,originalModel,replacementModel"
    manifest = (await api("GET", f"{VERSIONS}/1/manifests?{query}"))["data"][0]
    assert manifest["virtual_environment_version"]["id"] == 1
    assert (manifest["original_model"]["id"], manifest["replacement_model"]["id"]) == ("5", 6)
    priority = (await api("GET", f"{VERSIONS}/1/flow-priorities?include=flow"))["data"][0]
    assert priority["flow"]["id"] == "7"
    assert "virtual_environment_version" not in priority


async def test_sorting_and_filtering_what_a_version_holds(api: Api) -> None:
    await api.environment()
    for original, kind in enumerate(("connector", "script", "connector")):
        rule = {"model_type": kind, "original_model_id": str(original), "replacement_model_id": "2"}
        await api("POST", f"{VERSIONS}/1/manifests", rule, status=201)
    for query, ids in (
        ("sort=-id", [3, 2, 1]),
        ("sort=-created_at", [3, 2, 1]),
        ("filter[model_type]=connector", [1, 3]),
        ("filter[model_type]=script,other", [2]),
    ):
        found = (await api("GET", f"{VERSIONS}/1/manifests?{query}"))["data"]
        assert [row["id"] for row in found] == ids
