"""The end of the tour: an environment is kept in a file, changed there, and deployed.

Every command is the one that a shell would run: `patchworks export`, a change in an editor, `plan`, `apply`, `history`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from examples._local import API_KEY
from examples._show import WIDTH, Show
from patchworks_core_client import Patchworks

FILE = "patchworks.yaml"


def prepare(base_url: str) -> None:
    """Leave one deployed environment on the server, as somebody would have made it in the dashboard."""
    with Patchworks(api_key=API_KEY, base_url=base_url) as pw:
        environment = pw.virtual_environments.create(name="UK live", type="live", labels=[]).id or 0
        draft = next(iter(pw.virtual_environments.list_versions(environment))).id or 0
        versions = pw.virtual_environment_versions
        versions.create_variable(draft, type="string", key="currency", value="GBP")
        versions.create_variable(draft, type="string", key="greeting", value="Hello")
        versions.create_manifest(draft, model_type="connector", original_model_id="812", replacement_model_id="940")
        versions.create_flow_priority(draft, flow_id="12", priority=1)
        pw.virtual_environments.deploy_version(environment, draft)


def show(base_url: str, shown: Show) -> None:
    """Run the commands in a folder of their own, and show what they say."""
    prepare(base_url)
    environment = {**os.environ, "PATCHWORKS_BASE_URL": base_url, "PATCHWORKS_API_KEY": API_KEY, "COLUMNS": str(WIDTH)}
    shown.heading(
        "Environments as code", "The command `patchworks` keeps environments in a file under version control."
    )
    with tempfile.TemporaryDirectory() as folder:

        def patchworks(*arguments: str) -> None:
            shown.command("patchworks " + " ".join(f'"{word}"' if " " in word else word for word in arguments))
            done = subprocess.run(  # noqa: S603 - our own module
                [sys.executable, "-m", "patchworks_core_client.cli", *arguments],
                cwd=folder,
                env=environment,
                capture_output=True,
                text=True,
                check=True,
            )
            shown.output(done.stderr if arguments[0] == "export" else done.stdout)

        patchworks("export", "-o", FILE)
        file = Path(folder, FILE)
        shown.command('"$EDITOR" patchworks.yaml   # another greeting, and one variable more')
        before, after = "value: Hello}", "value: Good day}\n      region: {type: string, value: UK}"
        file.write_text(file.read_text("utf-8").replace(before, after), "utf-8")
        patchworks("plan", FILE)
        patchworks("apply", FILE, "--deploy", "--yes")
        patchworks("history", "UK live")
