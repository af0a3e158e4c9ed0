"""Files that the pipeline reads: JSON and YAML, or an error that names the file."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from scripts.openapi.errors import PipelineError
from scripts.openapi.json_text import JSONTextError, loads

if TYPE_CHECKING:
    from pathlib import Path


def read_json(file: Path, name: str = "") -> Any:
    """Return what a JSON file holds.

    Args:
        file: the file.
        name: what to call it in errors, its own name by default.

    Raises:
        PipelineError: it cannot be read.
    """
    name = name or file.name
    try:
        return loads(file.read_text(encoding="utf-8"))
    except JSONTextError as error:
        raise PipelineError(name, "", error.pointer, str(error)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise PipelineError(name, "", "", f"cannot be read: {error}") from error


def read_yaml(file: Path) -> Any:
    """Return what a YAML file holds, not to be changed.

    Raises:
        PipelineError: it cannot be read.
    """
    try:
        return _parsed(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise PipelineError(file.name, "", "", f"cannot be read: {error}") from error


@functools.lru_cache(maxsize=8)
def _parsed(text: str) -> Any:
    # A run reads the overlay more than once, and nothing else takes as long.
    return YAML(typ="safe", pure=True).load(text)
