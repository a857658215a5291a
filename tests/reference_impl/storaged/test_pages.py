"""Listing: all keys once, in the order of their bytes, whatever the page size."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

if TYPE_CHECKING:
    from tests.reference_impl.conftest import LiveDaemon

KEYS = ["a", "a/1", "a/10", "a/2", "a0", "b", "B", "\u00e9", "\uffff", "\U0001f986", "z z", "%"]
IN_ORDER = sorted(KEYS, key=str.encode)


@pytest.fixture(scope="module")
def bucket(storaged: LiveDaemon) -> str:
    """Fill a bucket with all keys, written in another order."""
    for key in KEYS:
        storaged.ask("PUT", f"/storage/pages/{quote(key, safe='')}", key.encode())
    return "/storage/pages"


@pytest.mark.parametrize("limit", [1, 2, 5, 12, 1000])
@pytest.mark.parametrize("prefix", ["", "a", "a/", "a/1", "zz"])
def test_pages_hold_every_key_once_and_in_order(
    storaged: LiveDaemon, bucket: str, limit: int, prefix: str
) -> None:
    """Following `next_after` to its end shows what one large page shows."""
    found: list[str] = []
    after: str | None = ""
    while after is not None:
        query = f"?limit={limit}&prefix={quote(prefix, safe='')}&after={quote(after, safe='')}"
        page = storaged.ask("GET", bucket + query).json()
        assert len(page["objects"]) <= limit
        found += [entry["key"] for entry in page["objects"]]
        after = page["next_after"]

    assert found == [key for key in IN_ORDER if key.startswith(prefix)]


def test_an_entry_tells_what_head_would(storaged: LiveDaemon, bucket: str) -> None:
    """Size, digest and media type are listed."""
    entry = storaged.ask("GET", f"{bucket}?prefix=a/1&limit=1").json()["objects"][0]
    head = storaged.ask("HEAD", f"{bucket}/a/1")

    assert (head.header("etag"), head.header("content-length")) == (
        f'"{entry["sha256"]}"',
        str(entry["size_bytes"]),
    )


def test_an_unknown_bucket_is_empty(storaged: LiveDaemon) -> None:
    """A bucket exists by its objects alone."""
    assert storaged.ask("GET", "/storage/nothing-here").json() == {
        "bucket": "nothing-here",
        "objects": [],
        "next_after": None,
    }


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=1001", "limit=x", "limit=", "limit=1&limit=2", "lmit=1"]
)
def test_a_wrong_query_is_422(storaged: LiveDaemon, query: str) -> None:
    """No parameter is guessed or ignored."""
    answer = storaged.ask("GET", f"/storage/pages?{query}")

    assert answer.status == 422, json.dumps(answer.json())
