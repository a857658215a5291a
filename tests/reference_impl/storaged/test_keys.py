"""Keys: every spelling is its own object or is refused, and none is a way out of the store."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.reference_impl.lake import running_room

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.reference_impl.conftest import LiveDaemon

REFUSED = {
    "..": 422,
    ".": 422,
    "../x": 422,
    "a/../x": 422,
    "a/..": 422,
    "a/./x": 422,
    "../../../../../../etc/passwd": 422,
    "%2e%2e": 422,
    "%2e%2e/x": 422,
    "%2e%2e%2fx": 422,
    "..%2fx": 422,
    "..%2f..%2f..%2fetc%2fpasswd": 422,
    "%2E%2E%2F%2E%2E%2Fetc%2Fpasswd": 422,
    ".%2e/x": 422,
    "a%2f%2e%2e%2fx": 422,
    "%2fetc%2fpasswd": 422,
    "/etc/passwd": 422,
    "//etc/passwd": 422,
    "a//b": 422,
    "a/": 422,
    "a%2f": 422,
    "": 404,
    "%00": 422,
    "a%00b": 422,
    "a%00/../x": 422,
    "%ff": 400,
    "%fe": 400,
    "a/%c0%ae%c0%ae/x": 400,
    "%c0%af": 400,
    "%ed%a0%80": 400,
    "%f4%90%80%80": 400,
    "%": 400,
    "%2": 400,
    "%zz": 400,
    "%u002e%u002e": 400,
    "a" * 1025: 422,
    "%C3%A4" * 513: 422,
    "/".join("a" * 600): 422,
}
TAKEN = [
    "a",
    "A",
    "a/b",
    "a%20b",
    "a+b",
    "..a",
    "a..",
    "...",
    "a/.../b",
    "%252e%252e%252fx",
    "%2525",
    "caf%C3%A9",
    "cafe%CC%81",
    "%E2%80%AE",
    "~",
    "%7e%7e",
    "C:%5Cx",
    "..%5Cx",
    "a%5C..%5Cb",
    "con",
    "-rf",
    "%24%28id%29",
    "*",
    "a%3Fb",
    "a%23b",
    "a;b=c",
    "%0a",
    "%09",
    "%7f",
    "a%3Ab",
    "lock",
    "scratch",
    "objects/00",
    "a" * 1024,
    "%F0%9F%A6%86",
]


@pytest.fixture(scope="module")
def fenced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LiveDaemon, Path]]:
    """Run a storaged whose data directory has a neighbour that nothing may touch."""
    folder = tmp_path_factory.mktemp("fenced")
    (folder / "x").write_text("neighbour")
    with running_room("storaged", folder) as daemon:
        yield daemon, folder


def _outside(folder: Path) -> dict[str, bytes]:
    """Read everything in the folder outside the store, and the names in the store's own folder."""
    own = folder / "data" / "storaged"
    files = {
        str(path): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and own not in path.parents
    }
    return {name: body for name, body in files.items() if not name.endswith(".log")} | {
        str(path): b"" for path in own.iterdir()
    }


@pytest.mark.parametrize("key", REFUSED)
def test_what_is_no_key_is_refused_by_every_method(
    fenced: tuple[LiveDaemon, Path], key: str
) -> None:
    """Nothing is written, read or deleted, and the answer says why without the key."""
    daemon, folder = fenced
    before = _outside(folder)
    for method in ("PUT", "GET", "HEAD", "DELETE"):
        answer = daemon.ask(method, f"/storage/keys/{key}", b"stolen" if method == "PUT" else None)
        assert answer.status == REFUSED[key]

    assert daemon.ask("GET", "/storage/keys").json()["objects"] == []
    assert _outside(folder) == before


def test_every_other_spelling_is_an_object_of_its_own(fenced: tuple[LiveDaemon, Path]) -> None:
    """No two of them are one object, and none becomes a path."""
    daemon, folder = fenced
    before = _outside(folder)
    for key in TAKEN:
        assert daemon.ask("PUT", f"/storage/taken/{key}", f"body of {key}").status == 201, key
    listed = daemon.ask("GET", "/storage/taken?limit=1000").json()

    assert len(listed["objects"]) == len(TAKEN)
    for key in TAKEN:
        assert daemon.ask("GET", f"/v1/storage/taken/{key}").body.decode() == f"body of {key}"
    assert _outside(folder) == before
    assert all(
        len(path.name) == 64
        for path in (folder / "data/storaged/objects").rglob("*")
        if path.is_file()
    )
    for entry in listed["objects"]:
        assert daemon.ask("DELETE", f"/storage/taken/{quote(entry['key'], safe='')}").status == 204


def test_two_spellings_of_the_same_bytes_are_one_key(storaged: LiveDaemon) -> None:
    """An escape that is not needed means what it stands for."""
    storaged.ask("PUT", "/storage/same/a/b", b"1")

    assert storaged.ask("GET", "/storage/same/%61%2Fb").body == b"1"


@pytest.mark.parametrize(
    "bucket",
    ["..", ".", "%2e%2e", "B", "-a", "a" * 64, "a%2Fb", "a%00", "caf%C3%A9", "a%20b", "%ff"],
)
def test_what_is_no_bucket_is_refused(storaged: LiveDaemon, bucket: str) -> None:
    """A bucket has a narrow name, so that it is one in every runtime."""
    assert storaged.ask("PUT", f"/storage/{bucket}/k", b"").status in {400, 422}
    assert storaged.ask("GET", f"/storage/{bucket}").status in {400, 422}


def test_a_link_in_the_store_is_not_followed(tmp_path: Path) -> None:
    """A file that somebody replaced by a link is a defect, not a door."""
    (tmp_path / "secret").write_bytes(b"hunter2")
    with running_room("storaged", tmp_path) as daemon:
        daemon.ask("PUT", "/storage/b/k", b"body")
        (stored,) = (
            path for path in (tmp_path / "data/storaged/objects").rglob("*") if path.is_file()
        )
        stored.unlink()
        stored.symlink_to(tmp_path / "secret")
        answer = daemon.ask("GET", "/storage/b/k")

    assert answer.status == 500
    assert b"hunter2" not in answer.body
