"""The rules of versions, against a model of them: any sequence of steps leaves what the model says."""

from __future__ import annotations

import httpx
from hypothesis import HealthCheck, given, settings, strategies as st

from patchworks_core_client.sandbox import RunningSandbox
from tests.support.plain_http import PLAIN_HTTP

from ..conftest import ENVIRONMENTS, KEY
from .model import NEW, Remote, Step, after

STEPS = st.lists(
    st.builds(
        Step,
        st.sampled_from(("deploy", "deploy", "copy", "delete", "create", "set", "unset")),
        st.integers(0, 4),
        st.sampled_from(("a", "b")),
        st.sampled_from(("1", "2")),
    ),
    max_size=25,
)


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_steps_leave_what_the_rules_say(patchworks_server: RunningSandbox, steps: list[Step]) -> None:
    with httpx.Client(verify=PLAIN_HTTP, base_url=patchworks_server.url, headers=KEY) as http:
        created = http.post(ENVIRONMENTS, json={"name": "UK", "labels": []}).json()["data"]["id"]
        remote, versions = Remote(http, created), NEW
        for step in steps:
            if step.action != "create" and step.place >= len(versions):
                continue
            expected = after(versions, step)
            status = remote.do(step)
            assert (status == 422) == (expected is None), f"{step}: {status}"
            assert status in {200, 201, 422}
            versions = versions if expected is None else expected
        assert remote.read() == versions
