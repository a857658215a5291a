"""What a row about a type or a member covers later, from the command.

It covers no other value that can be compared with one.
"""

import json
from pathlib import Path

import pytest

from tests.cli.command import conformance
from tests.miniatures.server import always, serve

SUITE = "suite: shop/items\ncompare: value\ncases:\n  - name: one\n    request: {GET: /items/1}\n"
REASON = ("--all", "--owner", "me", "--reason", "so it is")


def run(folder: Path, *bodies: object) -> tuple[int, str, list[str]]:
    """Run against a service for each body.

    Return the exit code, the last sentence, and what is undecided where.
    """
    urls: list[str] = []
    (folder / "shop.yaml").write_text(SUITE)
    with (
        serve(always(bodies[0])) as a,
        serve(always(bodies[1])) as b,
        serve(always(bodies[-1])) as c,
    ):
        urls = [a, b, c][: len(bodies)]
        runtimes = [
            word
            for name, url in zip("abc", urls, strict=False)
            for word in ("--runtime", f"{name}={url}")
        ]
        done = conformance(
            "run", "shop.yaml", *runtimes, "--ledger", "decisions.yaml", "--quiet", cwd=folder
        )
    report = json.loads((folder / "reports/runs/latest/report.json").read_text())
    examples = [
        each["finding"]
        for group in report["groups"]
        if group["undecided"]
        for each in group["examples"]
    ]
    return done.returncode, done.stdout.strip(), sorted({each["place"] for each in examples})


@pytest.mark.parametrize(
    ("first", "later", "place"),
    [
        pytest.param(
            [{"n": 100}, {"n": "100"}], [{"n": 100}, {"n": "101"}], "$.n", id="number-as-string"
        ),
        pytest.param(
            [{"n": 5}, {"n": [5]}], [{"n": 5}, {"n": [6]}], "$.n", id="single-value-in-a-list"
        ),
        pytest.param(
            [{"n": True}, {"n": [5]}, {"n": True}],
            [{"n": True}, {"n": [5]}, {"n": False}],
            "$.n",
            id="type",
        ),
        pytest.param([{"n": 5}, {}, {"n": 5}], [{"n": 5}, {}, {"n": 6}], "$.n", id="member"),
        pytest.param([{"n": 5}, {}], [{"n": [5]}, {"n": 5}], "$.n", id="member-that-came"),
        pytest.param(
            [{"n": True}, {"n": [5]}], [{"n": True}, {"n": {"x": 5}}], "$.n", id="another-type"
        ),
    ],
)
def test_another_value_is_red(
    tmp_path: Path, first: list[object], later: list[object], place: str
) -> None:
    """A changed value that can be compared with another is a difference of its own.

    No row covers it.
    """
    (tmp_path / "decisions.yaml").write_text("decisions: []\n")
    assert run(tmp_path, *first)[0] == 1
    done = conformance("decide", *REASON, "--ledger", "decisions.yaml", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert run(tmp_path, *first)[0] == 0
    code, _, undecided = run(tmp_path, *later)
    assert (code, undecided) == (1, [place])


@pytest.mark.parametrize(
    ("first", "later", "pinned"),
    [
        pytest.param(
            [{"n": True}, {"n": [5]}],
            [{"n": True}, {"n": [6]}],
            '{array: "[5]", boolean: "true"}',
            id="type",
        ),
        pytest.param([{"n": 5}, {}], [{"n": 6}, {}], '{absent: absent, present: "5"}', id="member"),
    ],
)
def test_a_pin_holds_a_type_to_its_values(
    tmp_path: Path, first: list[object], later: list[object], pinned: str
) -> None:
    """A value that nothing can be compared with is part of the row where the row pins it.

    No other runtime has anything comparable.
    """
    (tmp_path / "decisions.yaml").write_text("decisions: []\n")
    run(tmp_path, *first)
    conformance("decide", *REASON, "--ledger", "decisions.yaml", cwd=tmp_path)
    assert run(tmp_path, *later)[0] == 0
    row = (tmp_path / "decisions.yaml").read_text()
    (tmp_path / "decisions.yaml").write_text(
        row.replace("    reason:", f"    pin: {{values: [{pinned}]}}\n    reason:")
    )
    assert run(tmp_path, *first)[0] == 0, row
    assert run(tmp_path, *later)[0] == 1
