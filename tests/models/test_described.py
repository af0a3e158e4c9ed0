"""What the server is known to send is described: `strict=True` is usable, and an ordinary program warns of nothing."""

from __future__ import annotations

import logging
from typing import Any

import httpx
import pytest

from patchworks_core_client import AsyncPatchworks, Model
from patchworks_core_client.models import (
    FlowPriority,
    Manifest,
    Variable,
    VirtualEnvironment,
    VirtualEnvironmentVersion,
)
from patchworks_core_client.sandbox import create_app
from tests.support.cases import cases

KNOWN: list[tuple[type[Model], dict[str, Any]]] = [
    (VirtualEnvironmentVersion, {"deployed_at": "2026-02-14 10:20:30", "deployed_by": 7, "user_id": 7, "version": 2}),
    (VirtualEnvironmentVersion, {"deployed_by": {"id": 7}, "counts": {"variables": 3}, "notes": None}),
    (VirtualEnvironmentVersion, {"deployed_by": [{"id": 7}], "counts": 3, "virtual_environment": {"id": 1}}),
    (VirtualEnvironment, {"is_deployed": 1, "versions_count": 2, "deployments_count": 1, "first_version": None}),
    (VirtualEnvironment, {"is_deployed": False, "deployed_version": {"id": 2}, "labels": [{"id": 4}]}),
    (Manifest, {"original_model_id": 812, "replacement_model_id": "940"}),
    (FlowPriority, {"flow_id": 12, "priority": 1}),
    (FlowPriority, {"flow_id": "12", "notes": None}),
    (Variable, {"secret": 1, "locked": False, "configurable": 0, "required": 1, "advanced": True, "pivot": {"id": 1}}),
]


@cases(("cls", "body"), KNOWN)
def test_what_is_known_is_described(cls: type[Model], body: dict[str, Any]) -> None:
    assert cls.from_dict(body, strict=True).to_dict() == body


@pytest.mark.untraced
async def test_a_program_that_reads_all_and_deploys(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "patchworks_core_client")
    transport = httpx.ASGITransport(create_app(seed=1))
    relations = ["versions", "firstVersion", "deployedVersion", "deployments", "labels"]
    async with (
        httpx.AsyncClient(transport=transport) as http_client,
        AsyncPatchworks(
            api_key="sandbox-api-key", base_url="http://127.0.0.1", http_client=http_client, strict=True
        ) as pw,
    ):
        made = await pw.virtual_environments.create(name="New", labels=[])
        (draft,) = await pw.virtual_environments.list_versions(made.id).collect()
        contents = pw.virtual_environment_versions
        await contents.create_variable(draft.id, key="a", type="string", value="b", secret=True)
        await pw.virtual_environments.deploy_version(made.id, draft.id)
        await pw.virtual_environments.list_deployed().collect()
        async for environment in pw.virtual_environments.list(include=relations):
            async for version in pw.virtual_environments.list_versions(environment.id, include="virtualEnvironment"):
                await contents.list_variables(version.id).collect()
                await contents.list_manifests(version.id).collect()
                await contents.list_flow_priorities(version.id).collect()
    assert caplog.messages == []
