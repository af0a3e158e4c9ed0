"""Requests that make no sense: a status that says so, and never a 500."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import httpx
import pytest
from hypothesis import given, settings, strategies as st
from starlette.applications import Starlette

from patchworks_core_client.sandbox import create_app

from ..conftest import ENVIRONMENTS, LOGIN, VERSIONS, Api, connect

PLACES = [
    ENVIRONMENTS,
    f"{ENVIRONMENTS}/1",
    f"{ENVIRONMENTS}/1/versions",
    f"{VERSIONS}/1/variables",
    f"{VERSIONS}/1/manifests/1",
    f"{VERSIONS}/1/flow-priorities",
    LOGIN,
    "/_sandbox/settings",
    "/_sandbox/faults",
    "/_page/settings",
    "/",
]
FIELDS = ["name", "labels", "id", "type", "key", "value", "secret", "priority", "flow_id", "notes", "rate", "fault"]
FIELDS += ["token_ttl", "username", "password", "model_type", "original_model_id", "replacement_model_id"]
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=5), inner),
    max_leaves=8,
)
QUERIES = ["page", "per_page", "include", "sort", "filter[name]", "filter[]", "filter[key", "fields[x]", ""]


@cache
def seeded(documented: bool) -> Starlette:
    """One sandbox for all requests; whatever they change, none is a 500."""
    return create_app(seed=1, control=True, as_documented=documented)


@pytest.mark.untraced
@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    documented=st.booleans(),
    method=st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "BREW", "get"]),
    path=st.sampled_from(PLACES) | st.text(max_size=20).map(lambda text: f"{ENVIRONMENTS}/{text}"),
    query=st.lists(st.tuples(st.sampled_from(QUERIES), st.text(max_size=10)), max_size=3),
    body=st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=4) | JSON | st.binary(max_size=30),
    headers=st.fixed_dictionaries(
        {},
        optional={
            "Content-Type": st.sampled_from(["application/json", "text/plain", "application/json; charset=x", "\xe9"]),
            "Content-Encoding": st.sampled_from(["gzip", "x"]),
            "Accept": st.sampled_from(["text/html", "application/xml", ""]),
            "Host": st.sampled_from(["localhost", "[::1", "a:b", "\xe9", "x.example"]),
            "Authorization": st.sampled_from(["", "Bearer", "Bearer \xe9", "Basic x", "sandbox-api-key "]),
        },
    ),
)
async def test_nothing_is_a_500(
    documented: bool,
    method: str,
    path: str,
    query: list[tuple[str, str]],
    body: Any,
    headers: dict[str, str],
) -> None:
    async with connect(seeded(documented)) as http:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        try:
            request = http.build_request(
                method,
                httpx.URL("http://127.0.0.1").copy_with(path=path),
                params=query,
                headers={name: value.encode("latin-1") for name, value in headers.items()},
                content=content,
            )
        except (httpx.InvalidURL, UnicodeEncodeError):
            return
        answer = await http.send(request)
        assert answer.status_code < 500, answer.text
        assert answer.headers["x-request-id"]


@pytest.mark.parametrize("path", ["1%2Fversions", "1%2fversions", "%31/versions"])
async def test_a_path_is_decoded_before_it_is_routed(api: Api, path: str) -> None:
    await api.environment()
    assert (await api("GET", f"{ENVIRONMENTS}/{path}"))["meta"]["total"] == 1
