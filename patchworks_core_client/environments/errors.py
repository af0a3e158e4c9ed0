"""The exceptions of this package.

EnvironmentsError               the work failed
├── InputError                  the file or the command line is wrong
│   ├── ConfigurationError      the file, with the place of each problem
│   ├── SelectionError          a name that is not there, or is there twice
│   └── SecretError             a secret that cannot be had
├── StalePlanError              what the plan was made from has changed
└── DraftEditedError            a draft holds edits that are in neither the file nor the deployed version
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from .escaping import printable

MAX_PROBLEMS = 50


class EnvironmentsError(Exception):
    """The base of this package's errors."""


class InputError(EnvironmentsError):
    """The file or the command line is wrong; nothing was written."""


class SelectionError(InputError):
    """A name or an id that is not on the server, or a name that is there twice."""


class SecretError(InputError):
    """A secret that is to be written cannot be had from its source."""


class StalePlanError(EnvironmentsError):
    """What a saved plan was made from has changed since; nothing was written."""


class DraftEditedError(EnvironmentsError):
    """A draft holds edits that are in neither the file nor the deployed version."""


@attrs.frozen(order=True)
class Problem:
    """One thing that is wrong in a file.

    Attributes:
        line: the line, counted from 1.
        column: the column, counted from 1.
        path: where in the document, such as `environments.UK live.variables.currency`.
        message: what is wrong and what is allowed.
    """

    line: int
    column: int
    path: str
    message: str


class ConfigurationError(InputError):
    """A file that cannot be used.

    Attributes:
        name: the file's name.
        problems: what is wrong, by place.
    """

    def __init__(self, name: str, problems: Sequence[Problem]) -> None:
        self.name = name
        self.problems = tuple(sorted(problems))
        lines = [_line(name, problem) for problem in self.problems[:MAX_PROBLEMS]]
        if len(self.problems) > MAX_PROBLEMS:
            lines.append(f"{printable(name)}: and {len(self.problems) - MAX_PROBLEMS} more")
        super().__init__("\n".join(lines))


def _line(name: str, problem: Problem) -> str:
    path = f"{printable(problem.path)}: " if problem.path else ""
    return f"{printable(name)}:{problem.line}:{problem.column}: {path}{problem.message}"
