"""Files are replaced whole: permissions and links stay, nothing is left over, pipes stay pipes."""

import os
import stat
import threading
from pathlib import Path

import pytest

from conformance.atomic_file import replace_file


def test_a_file_is_replaced_and_keeps_its_permissions(tmp_path: Path) -> None:
    """New content replaces the old one, in folders that are created, and nothing else is left."""
    file = tmp_path / "deep" / "file"
    replace_file(file, b"one")
    file.chmod(0o640)
    replace_file(file, b"two")
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (b"two", 0o640)
    assert [each.name for each in file.parent.iterdir()] == ["file"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """What a link leads to is replaced."""
    (tmp_path / "file").write_bytes(b"one")
    (tmp_path / "link").symlink_to("file")
    replace_file(tmp_path / "link", b"two")
    assert ((tmp_path / "link").is_symlink(), (tmp_path / "file").read_bytes()) == (True, b"two")


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    """A reader at the other end gets the content, and the pipe is one still."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    replace_file(pipe, b"content")
    reader.join(timeout=10)
    assert (read, pipe.is_fifo()) == ([b"content"], True)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """The error is the system's, and the place is left as it was."""
    (tmp_path / "file").mkdir()
    with pytest.raises(OSError, match="Is a directory"):
        replace_file(tmp_path / "file", b"content")
    assert [each.name for each in tmp_path.iterdir()] == ["file"]
