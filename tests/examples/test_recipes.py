"""Each recipe runs as it stands, against a local Patchworks."""

from __future__ import annotations

import ast
import json
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest

from examples._local import PASSWORD, USERNAME
from patchworks_core_client import AsyncPatchworks, Patchworks
from patchworks_core_client.models import VirtualEnvironment
from tests.limits.conftest import RedisServer
from tests.support.processes import unmeasured

ROOT = Path(__file__).resolve().parents[2]
RECIPES = sorted(path.stem for path in (ROOT / "examples" / "recipes").glob("*.py") if path.stem != "__init__")
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def pw(environ: str) -> Iterator[Patchworks]:
    with Patchworks() as client:
        yield client


@pytest.fixture
def environment(pw: Patchworks) -> VirtualEnvironment:
    return pw.virtual_environments.create(name="Recipe", type="test", description="before", labels=[])


def draft_of(pw: Patchworks, environment: VirtualEnvironment) -> int:
    (draft,) = pw.virtual_environments.list_versions(environment.id).collect()
    assert draft.id is not None
    return draft.id


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a recipe as `python -m` does, in this process; gives its exit status and what it printed."""

    def in_this_process(recipe: str, *arguments: object) -> tuple[int, str]:
        name = f"examples.recipes.{recipe}"
        monkeypatch.setattr(sys, "argv", [name, *map(str, arguments)])
        monkeypatch.delitem(sys.modules, name, raising=False)
        capsys.readouterr()
        try:
            runpy.run_module(name, run_name="__main__")
        except SystemExit as exit:
            return int(exit.code or 0), capsys.readouterr().out
        return 0, capsys.readouterr().out

    return in_this_process


def run_alone(recipe: str) -> subprocess.CompletedProcess[str]:
    """Run a recipe that sets up the whole process."""
    command = [sys.executable, "-W", "error", "-m", f"examples.recipes.{recipe}"]
    return subprocess.run(command, cwd=ROOT, env=unmeasured(), capture_output=True, text=True, timeout=300, check=False)


def test_every_recipe_is_shown_and_tried() -> None:
    page = (ROOT / "docs" / "recipes.md").read_text()
    tried = Path(__file__).read_text()
    for recipe in RECIPES:
        assert f"examples/recipes/{recipe}.py" in page
        assert f"{recipe}" in tried.replace("RECIPES", "")


def test_fastapi(environment: VirtualEnvironment) -> None:
    from fastapi.testclient import TestClient

    from examples.recipes.fastapi_service import app

    with TestClient(app) as client:
        assert "Recipe" in [item["name"] for item in client.get("/environments").json()]
        assert client.get(f"/environments/{environment.id}").json()["description"] == "before"
        assert client.get("/environments/999999").status_code == 404


def test_flask(environment: VirtualEnvironment) -> None:
    from examples.recipes.flask_service import app, patchworks

    client = app.test_client()
    assert client.get(f"/environments/{environment.id}").json["name"] == "Recipe"
    assert client.get("/environments/999999").status_code == 404
    patchworks().close()
    patchworks.cache_clear()


def test_celery(environment: VirtualEnvironment, pw: Patchworks) -> None:
    from examples.recipes import celery_tasks

    celery_tasks.app.conf.task_always_eager = True
    assert celery_tasks.set_description.delay(environment.id, "by Celery").get() == "Recipe"
    assert pw.virtual_environments.get(environment.id).description == "by Celery"
    celery_tasks.patchworks().close()
    celery_tasks.patchworks.cache_clear()


def test_celery_workers_share_a_login(
    environment: VirtualEnvironment, pw: Patchworks, environ: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from examples.recipes import celery_tasks

    log_in_from_now_on(monkeypatch, environ)
    monkeypatch.setenv("PATCHWORKS_TOKEN_FILE", str(tmp_path / "token.json"))
    before = len(logins(pw))
    for _ in ("one worker", "another one"):
        celery_tasks.app.conf.task_always_eager = True
        celery_tasks.set_description.delay(environment.id, "by Celery").get()
        celery_tasks.patchworks().close()
        celery_tasks.patchworks.cache_clear()
    assert len(logins(pw)) == before + 1


def log_in_from_now_on(monkeypatch: pytest.MonkeyPatch, server: str) -> None:
    monkeypatch.delenv("PATCHWORKS_API_KEY")
    monkeypatch.setenv("PATCHWORKS_USERNAME", USERNAME)
    monkeypatch.setenv("PATCHWORKS_PASSWORD", PASSWORD)
    monkeypatch.setenv("PATCHWORKS_LOGIN_URL", f"{server}/fabric/api/login")


def logins(pw: Patchworks) -> list[object]:
    return [one for one in pw.request("GET", "/_sandbox/requests")["data"] if one["operation"] == "login"]


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is not installed")
    server = RedisServer(tmp_path)
    server.start()
    yield server.url
    server.stop()


async def test_arq_workers_share_a_login(
    environment: VirtualEnvironment, pw: Patchworks, environ: str, monkeypatch: pytest.MonkeyPatch, redis_url: str
) -> None:
    from arq import create_pool
    from arq.connections import RedisSettings
    from arq.worker import create_worker

    from examples.recipes import arq_worker

    log_in_from_now_on(monkeypatch, environ)
    monkeypatch.setattr(arq_worker, "REDIS_URL", redis_url)
    before = len(logins(pw))
    settings = RedisSettings.from_dsn(redis_url)
    queue = await create_pool(settings)
    for _ in ("one worker", "another one"):
        job = await queue.enqueue_job("count_variables", environment.id)
        worker = create_worker(
            arq_worker.WorkerSettings, redis_settings=settings, burst=True, handle_signals=False, poll_delay=0.01
        )
        await worker.async_run()
        # `worker.close()` in other words: that of arq 0.28 calls what redis-py warns of.
        await arq_worker.stop(worker.ctx)
        await worker.pool.aclose(close_connection_pool=True)
        assert job is not None
        assert await job.result(timeout=5) == 0
    await queue.aclose(close_connection_pool=True)
    assert len(logins(pw)) == before + 1


def test_lambda(environment: VirtualEnvironment) -> None:
    from examples.recipes import lambda_function

    assert environment.name in lambda_function.handler({}, None)["names"]
    assert environment.name in lambda_function.handler({}, None)["names"], "the second event uses the same client"
    assert lambda_function._client is not None
    lambda_function._loop.run_until_complete(lambda_function._client.aclose())
    lambda_function._loop.close()


async def test_notebook(environment: VirtualEnvironment) -> None:
    cells = json.loads((ROOT / "examples" / "recipes" / "notebook.ipynb").read_text())["cells"]
    names: dict[str, object] = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            # As a notebook runs a cell: `await` is allowed outside of functions.
            code = compile("".join(cell["source"]), "notebook", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
            result = eval(code, names)  # noqa: S307 - our own notebook
            if result is not None:
                await result
    assert (environment.name, None) in cast("list[object]", names["rows"])


def test_nightly_job(pw: Patchworks, run: Run) -> None:
    # One environment: with more the job waits for its turn, as it should.
    for environment in pw.virtual_environments.list().collect():
        pw.virtual_environments.delete(environment.id)
    pw.virtual_environments.create(name="Forgotten", labels=[])
    assert run("nightly_job") == (1, "not deployed: Forgotten\n")


def test_read_change_write(environment: VirtualEnvironment, run: Run) -> None:
    assert run("read_change_write", environment.id, "after") == (0, "Recipe: after\n")


def test_resume_after_doubt(environment: VirtualEnvironment, pw: Patchworks, run: Run) -> None:
    draft = draft_of(pw, environment)
    assert run("resume_after_doubt", draft, "currency", "GBP")[0] == 0
    assert [variable.key for variable in pw.virtual_environment_versions.list_variables(draft)] == ["currency"]


async def test_resume_after_doubt_where_the_server_has_done_its_part(
    environment: VirtualEnvironment, pw: Patchworks
) -> None:
    from examples.recipes.resume_after_doubt import create_once

    draft = draft_of(pw, environment)
    pw.request("POST", "/_sandbox/faults", json={"fault": "next cut on virtual_environment_versions.create_variable"})
    async with AsyncPatchworks() as client:
        assert (await create_once(client, draft, "currency", "GBP")).value == "GBP"
    assert [variable.key for variable in pw.virtual_environment_versions.list_variables(draft)] == ["currency"]


def test_copy_configuration(environment: VirtualEnvironment, pw: Patchworks, run: Run) -> None:
    source, target = environment, pw.virtual_environments.create(name="Target", labels=[])
    pw.virtual_environment_versions.create_variable(draft_of(pw, source), type="string", key="currency", value="GBP")
    assert run("copy_configuration", source.id, target.id) == (0, "currency\n")
    assert run("copy_configuration", source.id, target.id) == (0, "nothing to do\n")


def test_structured_logs(environ: str) -> None:
    done = run_alone("structured_logs")
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert any(line.get("status") == 200 for line in lines)
    assert (lines[-1]["event"], lines[-1]["status"]) == ("no report", 404)
    assert lines[-1]["request_id"] == lines[-2]["request_id"]


def test_traces(environ: str) -> None:
    done = run_alone("traces")
    assert done.returncode == 0, done.stderr
    spans = done.stdout.splitlines()
    assert spans[0].startswith("GET /api/v1/virtual-environments")
    assert spans[-1] == "nightly report"
