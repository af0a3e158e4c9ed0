"""Each recipe runs as it stands, against a local Patchworks."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from patchworks_core_client import Patchworks
from patchworks_core_client.models import VirtualEnvironment

ROOT = Path(__file__).resolve().parents[2]
RECIPES = sorted(path.stem for path in (ROOT / "examples" / "recipes").glob("*.py") if path.stem != "__init__")


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


def run(recipe: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-m", f"examples.recipes.{recipe}", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


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


async def test_arq(environment: VirtualEnvironment) -> None:
    from examples.recipes.arq_worker import WorkerSettings, count_variables

    context: dict[str, object] = {}
    await WorkerSettings.on_startup(context)
    assert environment.id is not None
    assert await count_variables(context, environment.id) == 0
    await WorkerSettings.on_shutdown(context)


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


def test_nightly_job(environment: VirtualEnvironment) -> None:
    done = run("nightly_job")
    assert done.returncode == 1, done.stderr
    assert "not deployed: Recipe" in done.stdout


def test_read_change_write(environment: VirtualEnvironment) -> None:
    done = run("read_change_write", environment.id, "after")
    assert done.stdout == "Recipe: after\n", done.stderr


def test_resume_after_doubt(environment: VirtualEnvironment, pw: Patchworks) -> None:
    draft = draft_of(pw, environment)
    done = run("resume_after_doubt", draft, "currency", "GBP")
    assert done.returncode == 0, done.stderr
    assert [variable.key for variable in pw.virtual_environment_versions.list_variables(draft)] == ["currency"]


def test_copy_configuration(environment: VirtualEnvironment, pw: Patchworks) -> None:
    source, target = environment, pw.virtual_environments.create(name="Target", labels=[])
    pw.virtual_environment_versions.create_variable(draft_of(pw, source), type="string", key="currency", value="GBP")
    done = run("copy_configuration", source.id, target.id)
    assert done.stdout == "currency\n", done.stderr
    assert run("copy_configuration", source.id, target.id).stdout == "nothing to do\n"


def test_structured_logs(environ: str) -> None:
    done = run("structured_logs")
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert any(line.get("status") == 200 for line in lines)
    assert lines[-1]["status"] == 404


def test_traces(environ: str) -> None:
    done = run("traces")
    assert done.returncode == 0, done.stderr
    spans = done.stdout.splitlines()
    assert spans[0].startswith("GET /api/v1/virtual-environments")
    assert spans[-1] == "nightly report"
