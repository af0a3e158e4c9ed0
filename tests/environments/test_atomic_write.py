"""Files are written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from patchworks_core_client.environments.atomic_write import write_atomically


def test_the_mode_of_a_file_stays_and_a_link_is_followed(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old")
    target.chmod(0o640)
    link.symlink_to(target)
    write_atomically(link, "new\n")
    assert (target.read_text(), target.stat().st_mode & 0o777, link.is_symlink()) == ("new\n", 0o640, True)
    assert os.listdir(tmp_path) == ["target", "link"] or sorted(os.listdir(tmp_path)) == ["link", "target"]


def test_a_device_is_written_to(tmp_path: Path) -> None:
    write_atomically("/dev/null", "x")


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    target = tmp_path / "x"
    target.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(target, "\ud800")
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["x"]
