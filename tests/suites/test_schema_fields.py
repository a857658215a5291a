"""Schemas of answers: what a suite reads with them, and what it says of those it cannot use."""

from pathlib import Path

import pytest

from tests.suites.reading import cases_in, problems_of

SUITE = "suite: a/b\nschema: schemas/a.json\ncases:\n  - {name: x, request: {GET: /}}\n"
AT = "2:9: "


def write(folder: Path, **texts: str) -> None:
    """Write documents beside a suite."""
    (folder / "schemas").mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / "schemas" / f"{name}.json").write_text(text)


def test_a_schema_comes_with_all_that_it_refers_to(tmp_path: Path) -> None:
    """References are followed once each, and round; nothing else of the folder is read."""
    write(
        tmp_path,
        a='{"$ref": "b.json#/$defs/x"}',
        b='{"$defs": {"x": {"$ref": "a.json"}}}',
        c="not JSON",
    )
    (case,) = cases_in(tmp_path, SUITE)
    assert case.schema is not None
    assert case.schema.name == "schemas/a.json"
    assert [name for name, _ in case.schema.documents] == ["schemas/a.json", "schemas/b.json"]


def test_the_schema_of_a_case_counts(tmp_path: Path) -> None:
    """What a case says takes the place of what its suite says."""
    write(tmp_path, a="{}", b="true")
    own = SUITE + "  - {name: y, request: {GET: /}, schema: schemas/b.json}\n"
    assert [case.schema and case.schema.name for case in cases_in(tmp_path, own)] == [
        "schemas/a.json",
        "schemas/b.json",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(None, "'schemas/a.json': no such file beside this suite", id="missing"),
        pytest.param("{", "'schemas/a.json' is no JSON: ", id="no-json"),
        pytest.param("[" * 100_000, "'schemas/a.json' is no JSON: ", id="too-deep"),
        pytest.param('"\udcff"', "'schemas/a.json' is no JSON: ", id="no-utf-8"),
        pytest.param(
            "[]",
            "'schemas/a.json' is no JSON Schema: [] is not of type 'object', 'boolean' at $",
            id="list",
        ),
        pytest.param(
            '{"type": "text"}',
            "'schemas/a.json' is no JSON Schema: 'text' is not valid ",
            id="type",
        ),
        pytest.param(
            '{"pattern": "(?=a)"}',
            "'schemas/a.json': '(?=a)' is no pattern that RE2 can run: ",
            id="pattern",
        ),
        pytest.param(
            '{"$id": "https://h/a"}',
            "'schemas/a.json' has an $id; schemas refer to each other ",
            id="id",
        ),
        pytest.param(
            '{"$ref": "b.json"}', "'schemas/b.json': no such file beside this suite", id="no-file"
        ),
        pytest.param('{"$ref": "../../b.json"}', "'../b.json' leads out of ", id="outside"),
        pytest.param(
            '{"$ref": "https://h/b.json"}', "'schemas/https:/h/b.json': no such file ", id="network"
        ),
        pytest.param(
            '{"$ref": "#/$defs/a"}',
            "'schemas/a.json' refers to '#/$defs/a', which is not there",
            id="no-such-place",
        ),
    ],
)
def test_schemas_that_cannot_be_used(tmp_path: Path, text: str | None, said: str) -> None:
    """Nothing is sent under a schema that is none, or that leads to nothing."""
    (tmp_path / "schemas").mkdir()
    if text is not None:
        (tmp_path / "schemas/a.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert problems_of(tmp_path, SUITE).startswith(AT + said)
