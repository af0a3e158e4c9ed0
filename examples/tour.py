"""A tour of the SDK against a local Patchworks: `make demo`.

One company sells in two countries with one set of flows. Each country gets a virtual environment with its own
variables and replacement rules, which is deployed. Then things go wrong, as they do: throttling, a broken connection,
an answer of another form. In the end an environment is kept in a file, changed there, and deployed.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from rich.console import Console

from examples import environments, trouble
from examples._local import API_KEY, local_patchworks
from examples._show import WIDTH, Show
from patchworks_core_client import AsyncPatchworks
from patchworks_core_client.models import VirtualEnvironment, VirtualEnvironmentVersion

COUNTRIES = {"UK": ("GBP", "940"), "FR": ("EUR", "951")}
SECRET = "s3cr3t-of-the-shop"

NEXT = (
    ("make sandbox", "ten environments, and a page to look at them"),
    ("docs/start.md", "a first program of your own, and a test of it"),
    ("docs/concepts.md", "what an environment, a draft and a manifest are"),
    ("docs/recipes.md", "FastAPI, Celery, a notebook, a nightly job, ..."),
    ("docs/environments.md", "environments as code, step by step"),
    ("make docs", "all pages as a site, with search, in build/site"),
)


async def draft_of(pw: AsyncPatchworks, environment: VirtualEnvironment) -> VirtualEnvironmentVersion:
    """Return the one draft of an environment."""
    async for version in pw.virtual_environments.list_versions(environment.id):
        if version.status == "Draft":
            return version
    raise LookupError(f"environment {environment.id} has no draft")


async def create(pw: AsyncPatchworks, country: str) -> VirtualEnvironment:
    """Create an environment, and fill its draft with what belongs to its country."""
    currency, shop = COUNTRIES[country]
    environment = await pw.virtual_environments.create(
        name=f"{country} live", description=f"All flows of the {country} shop", type="live", labels=[]
    )
    draft = await draft_of(pw, environment)
    versions = pw.virtual_environment_versions
    # Awaited together: the client keeps its connections, and each call has a deadline and retries of its own.
    await asyncio.gather(
        versions.create_variable(draft.id, type="string", key="currency", value=currency),
        versions.create_variable(draft.id, type="string", key="shop_token", value=SECRET, secret="1"),
        versions.create_manifest(draft.id, model_type="connector", original_model_id="812", replacement_model_id=shop),
        versions.create_flow_priority(draft.id, flow_id="12", priority=1, notes="orders before stock"),
        versions.create_flow_priority(draft.id, flow_id="15", priority=2),
    )
    return environment


async def everyday(pw: AsyncPatchworks, show: Show) -> None:
    """Create, deploy, list."""
    made = [await create(pw, country) for country in COUNTRIES]
    show.step("create", ", ".join(f"{environment.name} (id {environment.id})" for environment in made))
    show.step("fill the drafts", "2 variables, a manifest and 2 flow priorities in each")
    for environment in made:
        draft = await draft_of(pw, environment)
        deployed = await pw.virtual_environments.deploy_version(environment.id, draft.id)
        after = await draft_of(pw, environment)
        versions = f"version {deployed.version} is {deployed.status}, version {after.version} the new draft"
        show.step("deploy", f"{environment.name}: {versions}")
    async for page in pw.virtual_environments.list(per_page=1, sort="name").pages():
        show.step(f"page {page.current_page} of {page.last_page}", ", ".join(str(item.name) for item in page))
    variables = pw.virtual_environment_versions.list_variables((await draft_of(pw, made[0])).id)
    values = [f"{variable.key} = {variable.value or '(a secret, not shown)'}" async for variable in variables]
    show.step("variables", ", ".join(values))


async def clean_up(pw: AsyncPatchworks, show: Show) -> None:
    """Delete every environment, those that were copied too."""
    present = await pw.virtual_environments.list().collect()
    await asyncio.gather(*(pw.virtual_environments.delete(item.id) for item in present))
    left = await pw.virtual_environments.list()
    show.step("clean up", f"{len(present)} environments deleted, {left.total} left")


async def tour(base_url: str, show: Show) -> None:
    """Run what goes well, and what does not."""
    with trouble.log_lines() as lines:
        async with AsyncPatchworks(api_key=API_KEY, base_url=base_url) as pw:
            show.heading("Everyday", "Two countries, one set of flows: an environment for each.")
            await everyday(pw, show)
            show.heading("Trouble", "The local Patchworks fails on purpose; the SDK has to cope.")
            await trouble.throttled(pw, show)
            await trouble.one_login(pw, base_url, show)
            await trouble.doubtful_post(pw, show)
            await trouble.mistyped(pw, show)
            await trouble.refused(pw, base_url, show)
            await clean_up(pw, show)
        trouble.secrets(lines, SECRET, show)


def main() -> None:
    """Start a local Patchworks, take the tour, stop it."""
    show = Show(Console(width=WIDTH, highlight=False))
    show.console.print("Starting a local Patchworks ...", style="dim")
    with local_patchworks() as base_url:
        show.console.print(f"It listens on {base_url}; the SDK talks to it over a socket.", style="dim")
        asyncio.run(tour(base_url, show))
        environments.show(base_url, show)
    show.heading("Where to look next", "The same against the real one: AsyncPatchworks(api_key=...).")
    for what, about in NEXT:
        show.console.print(f"  [cyan]{what:22}[/]{about}")


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()
