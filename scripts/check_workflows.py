"""Check the workflows with zizmor and, where it is installed, actionlint; `make check` runs this."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# zizmor comes with what development takes; it is no module, so it stands beside the interpreter.
_ZIZMOR = [str(Path(sys.executable).with_name("zizmor")), "--offline", "--quiet", "--persona=pedantic", "--no-progress"]


def main(root: Path = ROOT) -> int:
    """Run both; the exit code is 0, or 1 after what they say."""
    folder = root / ".github"
    commands = [[*_ZIZMOR, str(folder)]]
    if actionlint := shutil.which("actionlint"):
        commands.append([actionlint, *map(str, sorted((folder / "workflows").glob("*.yml")))])
    else:
        print("workflows: actionlint is not installed, so only zizmor has looked at them")
    results = [subprocess.run(command, check=False).returncode for command in commands]  # noqa: S603 - our own tools
    return 1 if any(results) else 0


if __name__ == "__main__":
    sys.exit(main())
