"""Files are put in place all together, or everything is as it was before."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

import pytest

from scripts.openapi.atomic_write import compare, write
from scripts.openapi.errors import PipelineError
from tests.spec.build import files_below


def paths(*names: str) -> dict[PurePosixPath, bytes]:
    return {PurePosixPath(name): f"new {name}".encode() for name in names}


def test_writing_and_removing(tmp_path: Path) -> None:
    root = tmp_path / "deep" / "root"
    first = write(root, paths("a", "b/c", "b/d/e"), [])
    assert [str(name) for name in first.written] == ["a", "b/c", "b/d/e"]
    (root / "foreign").write_text("theirs")
    (root / "b" / "d" / "__pycache__").mkdir()
    (root / "b" / "d" / "__pycache__" / "e.pyc").write_text("")
    second = write(root, paths("a", "b/c"), [PurePosixPath("b/d/e"), PurePosixPath("a")])
    assert (second.written, [str(name) for name in second.removed], second.unchanged) == ([], ["b/d/e"], 2)
    assert files_below(root) == {"a": b"new a", "b/c": b"new b/c", "foreign": b"theirs"}
    assert not (root / "b" / "d").exists()


def test_a_folder_with_something_else_in_it_stays(tmp_path: Path) -> None:
    write(tmp_path, paths("b/c/ours"), [])
    (tmp_path / "b" / "theirs").write_text("")
    write(tmp_path, {}, [PurePosixPath("b/c/ours")])
    assert files_below(tmp_path) == {"b/theirs": b""}
    assert not (tmp_path / "b" / "c").exists()


def test_a_second_time_nothing_is_touched(tmp_path: Path) -> None:
    write(tmp_path, paths("a"), [])
    before = (tmp_path / "a").stat()
    changes = write(tmp_path, paths("a"), [])
    assert (changes.written, changes.removed, changes.unchanged) == ([], [], 1)
    assert (tmp_path / "a").stat().st_mtime_ns == before.st_mtime_ns
    assert compare(tmp_path, paths("a", "b"), [PurePosixPath("c")]).written == [PurePosixPath("b")]


def test_a_link_is_replaced_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("precious")
    root = tmp_path / "root"
    root.mkdir()
    (root / "a").symlink_to(tmp_path / "elsewhere")
    (root / "b").symlink_to(tmp_path / "nowhere")
    write(root, paths("a", "b"), [])
    assert (tmp_path / "elsewhere").read_text() == "precious"
    assert files_below(root) == {"a": b"new a", "b": b"new b"}


@pytest.mark.parametrize("obstacle", ["folder for a file", "file for a folder", "stale folder"])
def test_what_stands_in_the_way_is_an_error_and_stays(tmp_path: Path, obstacle: str) -> None:
    (tmp_path / "a").write_text("old")
    stale: list[PurePosixPath] = []
    if obstacle == "folder for a file":
        (tmp_path / "z").mkdir()
        (tmp_path / "z" / "theirs").write_text("x")
    elif obstacle == "file for a folder":
        (tmp_path / "b").write_text("x")
    else:
        (tmp_path / "s").mkdir()
        stale = [PurePosixPath("s")]
    before = files_below(tmp_path)
    with pytest.raises(PipelineError, match=r"cannot be written: .*; nothing was changed"):
        write(tmp_path, paths("a", "b/c/d", "z"), stale)
    assert files_below(tmp_path) == before
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []


@pytest.mark.parametrize("moment", range(1, 7))
@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_whatever_step_fails_all_is_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: int, failure: BaseException
) -> None:
    root = tmp_path / "root"
    write(root, {PurePosixPath("a"): b"old", PurePosixPath("stale"): b"old", PurePosixPath("b/c"): b"same"}, [])
    before = files_below(root)
    calls = 0
    rename, put = Path.rename, Path.write_bytes

    def failing_rename(self: Path, target: Path) -> Path:
        nonlocal calls
        calls += 1
        if calls == moment:
            raise failure
        return rename(self, target)

    def failing_put(self: Path, content: bytes) -> int:
        nonlocal calls
        calls += 1
        if calls == moment:
            raise failure
        return put(self, content)

    monkeypatch.setattr(Path, "rename", failing_rename)
    monkeypatch.setattr(Path, "write_bytes", failing_put)
    expected = PipelineError if isinstance(failure, OSError) else KeyboardInterrupt
    with pytest.raises(expected):
        write(root, {**paths("a", "new/file"), PurePosixPath("b/c"): b"same"}, [PurePosixPath("stale")])
    monkeypatch.undo()
    assert files_below(root) == before
    assert sorted(os.listdir(root)) == ["a", "b", "stale"]


def test_a_folder_that_was_not_there_is_not_there_after_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "here")

    monkeypatch.setattr(Path, "write_bytes", failing)
    with pytest.raises(PipelineError, match=r"^here: cannot be written: Permission denied"):
        write(tmp_path / "x" / "y", paths("a"), [])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("link", ["b", "b/d"])
def test_nothing_is_written_or_removed_through_a_link(tmp_path: Path, link: str) -> None:
    outside, root = tmp_path / "outside", tmp_path / "root"
    outside.mkdir()
    (outside / "e").write_text("theirs")
    (root / link).parent.mkdir(parents=True)
    (root / link).symlink_to(outside, target_is_directory=True)
    for files, stale in ((paths("b/d/e"), []), ({}, [PurePosixPath("b/d/e")])):
        with pytest.raises(PipelineError, match="is a link, and nothing is written through one"):
            write(root, files, stale)
    assert files_below(outside) == {"e": b"theirs"}
