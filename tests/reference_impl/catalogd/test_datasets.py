"""Datasets from outside: registered, reregistered, refused on schema change, listed, forgotten."""

from __future__ import annotations

import hashlib
import json
import signal
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from tests.reference_impl.lake import running_room

if TYPE_CHECKING:
    from pathlib import Path

    from tests.reference_impl.conftest import Answer, LiveDaemon

ID = {"name": "id", "type": "BIGINT"}
CITY = {"name": "city", "type": "VARCHAR"}
OBJECT = {"bucket": "datasets", "key": "w/1.parquet", "sha256": "0" * 64, "size_bytes": 10}
CANONICAL = '[{"name":"id","type":"BIGINT"},{"name":"city","type":"VARCHAR"}]'


def registration(name: str, **changed: Any) -> dict[str, Any]:
    return {"name": name, "schema": [ID, CITY], "objects": [OBJECT], "row_count": 3, **changed}


def register(daemon: LiveDaemon, name: str, **changed: Any) -> Answer:
    return daemon.post(registration(name, **changed), "/catalog/register")


def test_a_dataset_is_told_as_it_was_registered(catalogd: LiveDaemon) -> None:
    """The manifest holds all that was sent, an id, the fingerprint and two times."""
    new = register(catalogd, "told")
    manifest = new.json()

    assert new.status == 201
    assert manifest.items() >= registration("told").items()
    assert manifest["schema_fingerprint"] == hashlib.sha256(CANONICAL.encode()).hexdigest()
    assert manifest["registered_at"] == manifest["updated_at"]
    assert catalogd.ask("GET", "/v1/catalog/datasets/told").json() == manifest
    assert manifest in catalogd.ask("GET", "/catalog/datasets").json()["datasets"]


def test_the_same_schema_keeps_the_id(catalogd: LiveDaemon) -> None:
    """New objects and rows under the same schema are the same dataset."""
    first = register(catalogd, "same").json()
    again = register(catalogd, "same", objects=[OBJECT, OBJECT], row_count=6)

    assert again.status == 200
    assert again.json() == {
        **first,
        "objects": [OBJECT, OBJECT],
        "row_count": 6,
        "updated_at": again.json()["updated_at"],
    }


DRIFTS: dict[str, list[dict[str, str]]] = {
    "a column more": [ID, CITY, {"name": "x", "type": "DOUBLE"}],
    "a column less": [ID],
    "another order": [CITY, ID],
    "another type": [ID, {"name": "city", "type": "BLOB"}],
    "another name": [ID, {"name": "town", "type": "VARCHAR"}],
    "another case": [ID, {"name": "City", "type": "VARCHAR"}],
    "a type spelled otherwise": [ID, {"name": "city", "type": "varchar"}],
}


@pytest.mark.parametrize("drift", DRIFTS)
def test_a_changed_schema_is_refused_with_both_fingerprints(
    catalogd: LiveDaemon, drift: str
) -> None:
    """Nothing is changed by it, and the caller sees which schema is which."""
    before = register(catalogd, "drift").json()
    refused = register(catalogd, "drift", schema=DRIFTS[drift])
    sent = hashlib.sha256(json.dumps(DRIFTS[drift], separators=(",", ":")).encode()).hexdigest()

    assert refused.status == 409
    assert refused.header("content-type") == "application/problem+json"
    assert refused.json()["registered_fingerprint"] == before["schema_fingerprint"]
    assert refused.json()["sent_fingerprint"] == sent
    assert refused.json()["instance"] == "/catalog/register"
    assert (
        catalogd.ask("GET", "/catalog/datasets/drift").json()["updated_at"] == before["updated_at"]
    )


def test_a_forgotten_name_is_free(catalogd: LiveDaemon) -> None:
    """After a deletion the name takes any schema, under another id."""
    first = register(catalogd, "free").json()

    assert catalogd.ask("DELETE", "/catalog/datasets/free").status == 204
    assert catalogd.ask("DELETE", "/catalog/datasets/free").status == 404
    assert catalogd.ask("GET", "/catalog/datasets/free").status == 404
    assert register(catalogd, "free", schema=[ID]).json()["dataset_id"] != first["dataset_id"]


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"name": "Workers"}, "/name"),
        ({"name": ""}, "/name"),
        ({"name": "a/b"}, "/name"),
        ({"name": "1a"}, "/name"),
        ({"name": "a" * 129}, "/name"),
        ({"schema": []}, "/schema"),
        ({"schema": [{"name": "a"}]}, "/schema/0"),
        ({"schema": [ID, {**CITY, "x": 1}]}, "/schema/1"),
        ({"schema": [ID, {"name": "ID", "type": "DATE"}]}, "/schema/1/name"),
        ({"schema": [{"name": "", "type": "DATE"}]}, "/schema/0/name"),
        ({"objects": [{**OBJECT, "sha256": "0"}]}, "/objects/0/sha256"),
        ({"objects": None}, "/objects"),
        ({"row_count": -1}, "/row_count"),
        ({"row_count": 2**53}, "/row_count"),
        ({"row_count": 1.5}, "/row_count"),
        ({"extra": 1}, "/extra: an unknown member"),
    ],
    ids=str,
)
def test_what_does_not_fit_is_422_at_its_place(
    catalogd: LiveDaemon, changed: dict[str, Any], pointer: str
) -> None:
    """The member is named by its JSON Pointer."""
    answer = register(catalogd, **{"name": "unfit", **changed})

    assert answer.status == 422
    assert answer.json()["detail"].startswith(f"the body does not fit: {pointer}")


def test_every_repeated_column_is_named(catalogd: LiveDaemon) -> None:
    """Whatever its case, and not the first of its name."""
    schema = [{"name": name, "type": "DATE"} for name in ("a", "b", "A", "c", "B", "a")]
    answer = register(catalogd, "repeated", schema=schema)

    pointers = [error["pointer"] for error in answer.json()["errors"]]
    assert pointers == ["/schema/2/name", "/schema/4/name", "/schema/5/name"]


def test_of_two_schemas_at_once_one_wins(catalogd: LiveDaemon) -> None:
    """Whoever comes first decides, and all who agree have one id."""

    def race(number: int) -> Answer:
        return register(catalogd, "race", schema=[ID] if number % 2 else [CITY])

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(race, range(24)))

    statuses = [answer.status for answer in answers]
    assert (statuses.count(201), statuses.count(200), statuses.count(409)) == (1, 11, 12)
    assert len({answer.json()["dataset_id"] for answer in answers if answer.status != 409}) == 1


def test_kill_9_loses_nothing_acknowledged(tmp_path: Path) -> None:
    """Datasets and deletions that were answered are there after each end."""
    kept: dict[str, Any] = {}
    for number in range(4):
        with running_room("catalogd", tmp_path) as daemon:
            _require(daemon, kept)
            for step in range(10):
                name = f"r{number}_{step}"
                kept[name] = register(daemon, name, row_count=step).json()
            del kept[f"r{number}_3"]
            assert daemon.ask("DELETE", f"/catalog/datasets/r{number}_3").status == 204
            daemon.stop(signal.SIGKILL)
    log = tmp_path / "data/catalogd/datasets.jsonl"
    log.write_bytes(log.read_bytes() + b'{"name":"torn')
    with running_room("catalogd", tmp_path) as daemon:
        _require(daemon, kept)


def _require(daemon: LiveDaemon, kept: dict[str, Any]) -> None:
    listed = daemon.ask("GET", "/catalog/datasets").json()["datasets"]
    assert listed == [kept[name] for name in sorted(kept)]


def test_a_log_full_of_the_past_is_written_anew(tmp_path: Path) -> None:
    """What no longer counts does not make every later start slower."""
    log = tmp_path / "data/catalogd/datasets.jsonl"
    with running_room("catalogd", tmp_path) as daemon:
        manifest = register(daemon, "w").json()
    log.write_bytes(log.read_bytes() * 1500)
    with running_room("catalogd", tmp_path) as daemon:
        assert daemon.ask("GET", "/catalog/datasets/w").json() == manifest

    assert len(log.read_bytes().splitlines()) == 1
