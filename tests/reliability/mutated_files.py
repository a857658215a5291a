"""Files of every kind that the harness reads, mutated at random: read, or refused by name.

A mutation changes bytes, lines or one value.  Anything but a ConformanceError, or an error without
the file's name, is a failure.
"""

import contextlib
import json
import random
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

import yaml

from conformance.errors import ConformanceError
from conformance.gauntlet.baseline import read_baseline
from conformance.gauntlet.file import read_gauntlet
from conformance.judging import judge_record
from conformance.ledger.file import read_ledger
from conformance.load.file import read_load
from conformance.review.file import read_review
from conformance.runner.recording import read_recording
from conformance.suites.document import parse_document
from conformance.suites.importers.curl import read_curl
from conformance.suites.importers.har import read_har
from conformance.suites.openapi_document import read_openapi
from conformance.suites.runtimes_file import read_runtimes
from conformance.suites.suite_file import cases_of, read_suite
from conformance.tracker.evidence_file import read_evidence
from conformance.tracker.markdown_file import parse_markdown
from tests.records.test_damaged_records import INSTEAD, places, saved_record
from tests.suites.test_suite_mutations import INTERESTING

ROOT: Final = Path(__file__).parents[2]
_SAMPLE_LINES: Final = 4
"""Of a recording, which has hundreds."""
_CURL: Final = b"""\
curl -X POST 'http://a.example/v1/orders?a=1&b=%20' -H 'content-type: application/json' \\
  -d '{"id": 1, "tags": ["a", "b"]}' --compressed
curl -F 'file=@x.bin;type=text/plain' -F name=value -u me:secret http://b.example/upload
"""
_HAR: Final = {
    "log": {
        "entries": [
            {
                "request": {
                    "method": "POST",
                    "url": "http://a.example/orders?page=1",
                    "headers": [{"name": "accept", "value": "*/*"}],
                    "postData": {"mimeType": "application/json", "text": '{"a":1}'},
                },
                "response": {"status": 200, "content": {"mimeType": "application/json"}},
            }
        ]
    }
}
_OPENAPI: Final = {
    "openapi": "3.1.0",
    "paths": {
        "/orders/{id}": {
            "get": {
                "parameters": [{"name": "id", "in": "path", "schema": {"type": "integer"}}],
                "responses": {"200": {"content": {"application/json": {"schema": {}}}}},
            }
        }
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of file: its name on disk, a good one, and how it is read."""

    name: str
    sample: Callable[[], bytes]
    read: Callable[[Path], object]


@dataclass(slots=True, kw_only=True)
class Outcome:
    """How many mutated files of a kind were read and refused, and what was neither."""

    kind: str
    count: int = 0
    refused: int = 0
    slowest_s: float = 0.0
    failures: list[str] = field(default_factory=list)


def _of(path: str, lines: int | None = None) -> Callable[[], bytes]:
    """Return what reads a sample of this project, or its first lines."""

    def sample() -> bytes:
        return b"".join((ROOT / path).read_bytes().splitlines(keepends=True)[:lines])

    return sample


def _json(document: Mapping[str, Any]) -> Callable[[], bytes]:
    return partial(lambda text: text.encode(), json.dumps(document))


@cache
def _record() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return b"".join(saved_record(Path(folder)))


def _suite_alone(file: Path) -> object:
    """Read a suite without the files that it names, which are not beside its mutant."""
    return cases_of(parse_document(file.read_bytes(), str(file)))


def _imported(file: Path) -> object:
    return list(read_curl(file.read_text("utf-8", "surrogateescape"), str(file)))


KINDS: Final = (
    Kind(name="suite.yaml", sample=_of("tests/suites/whole_grammar.yaml"), read=_suite_alone),
    Kind(name="probe.yaml", sample=_of("cases/validatord/validate.yaml"), read=read_suite),
    Kind(name="runtimes.yaml", sample=_of("cases/runtimes.yaml"), read=read_runtimes),
    Kind(name="decisions.yaml", sample=_of("cases/decisions.yaml"), read=read_ledger),
    Kind(name="load.yaml", sample=_of("cases/load/multitier.yaml"), read=read_load),
    Kind(name="gauntlet.yaml", sample=_of("cases/gauntlet.yaml"), read=read_gauntlet),
    Kind(
        name="review.yaml",
        sample=_of("cases/review.yaml"),
        read=lambda file: read_review(file, {}),
    ),
    Kind(
        name="go.ndjson",
        sample=_of("cases/recordings/go.ndjson", _SAMPLE_LINES),
        read=read_recording,
    ),
    Kind(name="run.ndjson", sample=_record, read=lambda file: judge_record(file.parent)),
    Kind(name="baseline.json", sample=_of("reports/gauntlet/baseline.json"), read=read_baseline),
    Kind(
        name="x.evidence.ndjson",
        sample=_of("docs/ARCHITECTURE_COMPARISON.evidence.ndjson", 40),
        read=read_evidence,
    ),
    Kind(
        name="x.md",
        sample=_of("docs/ARCHITECTURE_COMPARISON.md"),
        read=lambda file: parse_markdown(file.read_bytes(), str(file)),
    ),
    Kind(
        name="x.har",
        sample=_json(_HAR),
        read=lambda file: list(read_har(file.read_bytes(), str(file))),
    ),
    Kind(name="x.sh", sample=lambda: _CURL, read=_imported),
    Kind(
        name="openapi.json",
        sample=_json(_OPENAPI),
        read=lambda file: read_openapi(file.read_bytes(), str(file)),
    ),
)


def mutated(kind: Kind, count: int, seed: int) -> Outcome:
    """Mutate a sample so often, and read each mutant."""
    chance = random.Random(f"{seed} {kind.name}")  # noqa: S311 - the same files in every run
    outcome, sample = Outcome(kind=kind.name), kind.sample()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / kind.name
        for number in range(count):
            file.write_bytes(_mutant(sample, chance))
            _read(kind, file, number, outcome)
    return outcome


def _read(kind: Kind, file: Path, number: int, outcome: Outcome) -> None:
    started_s = time.process_time()
    try:
        kind.read(file)
    except ConformanceError as error:
        outcome.refused += 1
        if kind.name not in str(error):
            outcome.failures.append(f"{kind.name}, mutant {number}: no file in: {error}")
    except Exception as error:  # noqa: BLE001 - this is what is looked for
        outcome.failures.append(f"{kind.name}, mutant {number}: {type(error).__name__}: {error}")
    outcome.count += 1
    outcome.slowest_s = max(outcome.slowest_s, time.process_time() - started_s)


def _mutant(sample: bytes, chance: random.Random) -> bytes:
    for change in chance.choices(_CHANGES, (3, 2, 1, 6), k=chance.randint(1, 2)):
        sample = change(sample, chance)
    return sample


def _spliced(raw: bytes, chance: random.Random) -> bytes:
    """Overwrite, remove or insert a few bytes, some of which mean something in YAML."""
    changed = bytearray(raw)
    at, removed = chance.randrange(len(raw) + 1), chance.randrange(12)
    changed[at : at + removed] = chance.choice((*INTERESTING, chance.randbytes(3)))
    return bytes(changed)


def _with_lines_moved(raw: bytes, chance: random.Random) -> bytes:
    lines = raw.splitlines(keepends=True) or [b""]
    moved = lines.pop(chance.randrange(len(lines)))
    if chance.random() < 0.8:
        lines.insert(chance.randrange(len(lines) + 1), moved)
    return b"".join(lines)


def _cut_off(raw: bytes, chance: random.Random) -> bytes:
    return raw[: chance.randrange(len(raw) + 1)]


def _with_another_value(raw: bytes, chance: random.Random) -> bytes:
    """Remove or replace one value: of a line of NDJSON, or of the whole document."""
    lines = raw.splitlines(keepends=True)
    if len(lines) > 1 and lines[0].startswith(b"{"):
        at = chance.randrange(len(lines))
        lines[at] = _changed(lines[at], chance, json.loads) + b"\n"
        return b"".join(lines)
    return _changed(raw, chance, _parsed)


@cache
def _parsed_text(raw: bytes) -> str:
    """Return a document as JSON, so that it is parsed as YAML only once."""
    return json.dumps(yaml.load(raw, yaml.CSafeLoader))


def _parsed(raw: bytes) -> Any:
    return json.loads(raw if raw.startswith(b"{") else _parsed_text(raw))


def _changed(raw: bytes, chance: random.Random, parse: Callable[[bytes], Any]) -> bytes:
    with contextlib.suppress(ValueError, TypeError, yaml.YAMLError, RecursionError):
        row = parse(raw)
        *above, last = chance.choice(list(places(row)) or [()])
        holder = _at(row, above)
        if chance.random() < 0.3:
            del holder[last]
        else:
            holder[last] = chance.choice(INSTEAD)
        return json.dumps(row).encode()
    return raw


def _at(value: Any, path: "list[str | int]") -> Any:
    for step in path:
        value = value[step]
    return value


_CHANGES: Final = (_spliced, _with_lines_moved, _cut_off, _with_another_value)
