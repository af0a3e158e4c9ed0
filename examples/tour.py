"""A tour of the SDK against a local Patchworks: `make demo`.

One company sells in two countries with one set of flows. Each country gets a virtual environment with its own
variables and replacements; the draft is deployed, looked at, copied, and cleaned away again. Then one environment is
kept in a file, changed there, and deployed.
"""

from __future__ import annotations

import asyncio
import logging
import time

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from examples import environments
from examples._local import API_KEY, local_patchworks
from patchworks_core_client import AsyncPatchworks, AuthenticationError, Mismatch, UnprocessableEntityError
from patchworks_core_client.models import VirtualEnvironment, VirtualEnvironmentVersion

COUNTRIES = {"UK": ("GBP", "shop-uk-live"), "FR": ("EUR", "shop-fr-live")}


class Tour:
    """The steps, each of which adds one row to the table."""

    def __init__(self, pw: AsyncPatchworks, console: Console) -> None:
        self.pw = pw
        self.console = console
        self.table = Table(
            title="What the SDK just did", expand=True, title_style="bold", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0)
        )
        self.table.add_column("Step", style="cyan", ratio=6)
        self.table.add_column("Call", style="dim", ratio=6, overflow="fold")
        self.table.add_column("Result", ratio=9, overflow="fold")
        self.table.add_column("ms", justify="right", width=4)
        self._since = time.perf_counter()

    def row(self, step: str, call: str, result: str, *, style: str = "") -> None:
        """Note one step; the time is that since the last one."""
        now = time.perf_counter()
        # A result holds what a server said: text, never markup.
        self.table.add_row(step, call, Text(result, style), f"{(now - self._since) * 1000:.0f}")
        self._since = now

    async def create(self, country: str) -> VirtualEnvironment:
        """An environment with what belongs to its country, deployed."""
        pw = self.pw
        currency, shop = COUNTRIES[country]
        environment = await pw.virtual_environments.create(
            name=f"{country} live", description=f"All flows of the {country} shop", type="live", labels=[]
        )
        assert environment.id is not None
        self.row(f"{country}: create", "create(name, labels)", f"#{environment.id} {environment.name}")
        draft = await self.draft(environment.id)
        assert draft.id is not None
        versions = pw.virtual_environment_versions
        # Awaited together: the client keeps the connections, and each call has its own deadline and retries.
        created = await asyncio.gather(
            versions.create_variable(draft.id, type="string", key="currency", value=currency),
            versions.create_variable(draft.id, type="string", key="api_token", value="s3cr3t", secret="1"),
            versions.create_manifest(
                draft.id, model_type="connector", original_model_id="shop-master", replacement_model_id=shop
            ),
            versions.create_flow_priority(draft.id, flow_id="orders", priority=1, notes="orders before stock"),
            versions.create_flow_priority(draft.id, flow_id="stock", priority=2),
        )
        self.row(f"{country}: fill the draft", "create_variable, ...", f"{len(created)} entries in version #{draft.id}")
        deployed = await pw.virtual_environments.deploy_version(environment.id, draft.id)
        self.row(f"{country}: deploy", "deploy_version()", f"version #{deployed.id} is {deployed.status}")
        return environment

    async def draft(self, environment: int) -> VirtualEnvironmentVersion:
        """The one draft of an environment."""
        async for version in self.pw.virtual_environments.list_versions(environment):
            if version.status == "Draft":
                return version
        raise LookupError(f"environment {environment} has no draft")

    async def look(self, environments: list[VirtualEnvironment]) -> None:
        """Lists, page by page and all at once; what a secret looks like from outside."""
        pw = self.pw
        async for page in pw.virtual_environments.list(per_page=1, sort="name").pages():
            names = ", ".join(str(environment.name) for environment in page)
            self.row(f"page {page.current_page} of {page.last_page}", "list().pages()", names)
        deployed = await pw.virtual_environments.list_deployed().collect()
        self.row("which are deployed", "list_deployed()", ", ".join(str(item.name) for item in deployed))
        draft = await self.draft(environments[0].id or 0)
        variables = await pw.virtual_environment_versions.list_variables(draft.id or 0).collect()
        shown = ", ".join(f"{variable.key}={variable.value or '***'}" for variable in variables)
        self.row("its variables", "list_variables()", shown)

    async def refusals(self, base_url: str) -> None:
        """What a caller sees when the server says no."""
        try:
            await self.pw.virtual_environments.create(name="x" * 300, labels=[])
        except UnprocessableEntityError as error:
            fields = "; ".join(f"{field}: {messages[0]}" for field, messages in error.errors.items())
            self.row("a name too long", "create(name)", f"422 {fields}", style="yellow")
        async with AsyncPatchworks(api_key="wrong", base_url=base_url) as stranger:
            try:
                await stranger.virtual_environments.list()
            except AuthenticationError as error:
                self.row("a wrong key", "list()", f"{error.status_code} {error.message}", style="yellow")

    async def clean_up(self) -> None:
        """Delete every environment, those that were copied too."""
        environments = await self.pw.virtual_environments.list().collect()
        await asyncio.gather(*(self.pw.virtual_environments.delete(item.id or 0) for item in environments))
        left = await self.pw.virtual_environments.list()
        self.row("clean up", "delete()", f"{len(environments)} deleted, {left.total} left")


async def tour(base_url: str, console: Console) -> None:
    """The whole tour, then the table."""
    mismatches: set[str] = set()

    def note(found: Mismatch) -> None:
        mismatches.add(f"{found.field.rpartition('.')[2]}: {found.got}, not {found.declared}")

    async with AsyncPatchworks(api_key=API_KEY, base_url=base_url, on_mismatch=note) as pw:
        steps = Tour(pw, console)
        environments = [await steps.create(country) for country in COUNTRIES]
        await steps.look(environments)
        copy = await pw.virtual_environments.copy(environments[0].id or 0)
        steps.row("a copy for trials", "copy()", f"#{copy.id} {copy.name}")
        await steps.refusals(base_url)
        steps.row("not as described", "on_mismatch=...", "; ".join(sorted(mismatches)) or "nothing")
        await steps.clean_up()
    console.print(steps.table)


def main() -> None:
    """Start a local Patchworks, take the tour, stop it."""
    console = Console(width=min(Console().width, 100))
    # The warnings of the SDK; what they say is a row of the table.
    logging.getLogger("patchworks_core_client").addHandler(logging.NullHandler())
    console.print("Starting a local Patchworks ...", style="dim")
    with local_patchworks() as base_url:
        console.print(f"It listens on {base_url}; the SDK talks to it over a real socket.\n", style="dim")
        asyncio.run(tour(base_url, console))
        environments.show(base_url, console)
    console.print("\nThe same against the real one: AsyncPatchworks(api_key=...). See README.md.", style="dim")


if __name__ == "__main__":
    main()
