"""Print the lowest versions that the package allows of what it depends on, as constraints for pip.

`make test-lowest` tests with them: a bound that nobody tests is a guess.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"

_BOUND = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(\[.*?\])?\s*>=\s*(?P<version>[0-9.]+)")


def lowest(project: Path) -> Iterator[str]:
    """Yield a constraint for each dependency and for each extra that users may install.

    Raises:
        ValueError: a dependency without a lower bound.
    """
    with project.open("rb") as file:
        metadata = tomllib.load(file)["project"]
    extras = {name: entries for name, entries in metadata["optional-dependencies"].items() if name != "dev"}
    for requirement in [*metadata["dependencies"], *(entry for entries in extras.values() for entry in entries)]:
        bound = _BOUND.match(requirement)
        if not bound:
            raise ValueError(f"{requirement} has no lower bound")
        yield f"{bound['name']}=={bound['version']}"


if __name__ == "__main__":
    sys.stdout.writelines(f"{constraint}\n" for constraint in sorted(set(lowest(PROJECT))))
