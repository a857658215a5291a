"""Review files: every field, and what a file may not say."""

from pathlib import Path

import pytest

from conformance.errors import BadFileError
from conformance.review.file import DEFAULT_TIMEOUT_S, read_review
from conformance.review.plan import CommandReviewer, Component, EndpointReviewer, ReviewPlan

WHOLE = """\
review:
  components: {wire: ["src/wire/*", "*.proto"], docs: ["*.md"]}
  reviewers:
    big: {lineage: large, url: "https://models.example/v1/chat", model: big-1, token_env: TOKEN, timeout_s: 9}
    lint: {lineage: lint, command: [lint], directory: ..}
"""
GOOD = (
    WHOLE,
    "review:\n  reviewers: {}\n",
    "review:\n  reviewers: {a: {lineage: a, command: [a]}}\n",
    "review:\n  components: {}\n  reviewers: {a: {lineage: a, command: [a], timeout_s: 3600}}\n",
    (
        "review:\n  reviewers: {a: {lineage: a, url: 'http://127.0.0.1:5110/v1/chat', model: "
        "'local'}}\n"
    ),
)
URL = "url: 'http://h/chat', model: m"


def review_of(reviewer: str) -> str:
    """Return a file with one reviewer."""
    return f"review:\n  reviewers:\n    a: {reviewer}\n"


BAD = [
    ("review: {}\n", "1:9: field 'reviewers' is missing: each reviewer by name"),
    ("review:\n  reviewers: []\n", "2:14: wanted an object, got a list"),
    (
        "review:\n  reviewers: {A: {lineage: a, command: [a]}}\n",
        "2:15: unknown field 'A'; did you mean 'a'?",
    ),
    ("review:\n  reviewer: {}\n", "2:3: unknown field 'reviewer'; did you mean 'reviewers'?"),
    (
        "review:\n  components: {a: []}\n  reviewers: {}\n",
        "2:19: wanted at least 1 in this list, got 0",
    ),
    ("review:\n  components: {a: 'b*'}\n  reviewers: {}\n", "2:19: wanted a list, got string 'b*'"),
    (
        review_of("{}"),
        "3:8: field 'lineage' is missing: the family of models or tools it belongs to",
    ),
    (review_of("{lineage: a}"), "3:8: wanted exactly one of url, command; got none"),
    (
        review_of(f"{{lineage: a, command: [a], {URL}}}"),
        "3:8: wanted exactly one of url, command; got command, url",
    ),
    (review_of(f"{{lineage: A B, {URL}}}"), "3:18: wanted a short lower-case word, got 'A B'"),
    (review_of("{lineage: a, command: []}"), "3:30: wanted at least 1 in this list, got 0"),
    (review_of("{lineage: a, command: a}"), "3:30: wanted a list, got string 'a'"),
    (
        review_of("{lineage: a, url: 'ftp://h', model: m}"),
        "3:26: wanted http:// or https://, a host, and no query",
    ),
    (review_of("{lineage: a, command: [a], model: m}"), "3:35: field 'model' goes with 'url' only"),
    (
        review_of("{lineage: a, command: [a], token_env: T}"),
        "3:35: field 'token_env' goes with 'url' only",
    ),
    (
        review_of('{lineage: a, command: [a, "${paths}"], directory: ..}'),
        "field 'directory' does not go with ${paths}: the command runs at the top of the checkout",
    ),
    (
        review_of(f"{{lineage: a, {URL}, directory: x}}"),
        "field 'directory' goes with 'command' only",
    ),
    (review_of(f"{{lineage: a, {URL}, timeout_s: 0}}"), "wanted an integer from 1 to 3600, got 0"),
    (review_of(f"{{lineage: a, {URL}, token_env: 1T}}"), "wanted the name of a variable, got '1T'"),
]


def read(folder: Path, text: str, environment: dict[str, str] | None = None) -> ReviewPlan:
    file = folder / "review.yaml"
    file.write_text(text)
    return read_review(file, environment or {})


def test_every_field(tmp_path: Path) -> None:
    """A file that says everything is read as it is written."""
    plan = read(tmp_path, WHOLE, {"TOKEN": "s3cret"})
    assert plan.components == (
        Component(name="wire", paths=("src/wire/*", "*.proto")),
        Component(name="docs", paths=("*.md",)),
    )
    big, lint = plan.reviewers
    assert (big.name, big.lineage, big.timeout_s) == ("big", "large", 9)
    assert big.reach == EndpointReviewer(
        url="https://models.example/v1/chat",
        model="big-1",
        token="s3cret",  # noqa: S106
    )
    assert (lint.name, lint.timeout_s) == ("lint", DEFAULT_TIMEOUT_S)
    assert lint.reach == CommandReviewer(argv=("lint",), directory=tmp_path / "..")
    assert "s3cret" not in repr(plan)


@pytest.mark.parametrize(("text", "problem"), BAD)
def test_bad_files(tmp_path: Path, text: str, problem: str) -> None:
    """Each is refused at its place."""
    with pytest.raises(BadFileError) as caught:
        read(tmp_path, text)
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (GOOD[1], "2:14: wanted at least one reviewer"),
        (
            review_of("{lineage: a, url: 'http://h/chat'}"),
            "3:8: field 'model' is missing: the model that is requested",
        ),
        (review_of(f"{{lineage: a, {URL}, token_env: TOKEN}}"), "the variable TOKEN is not set"),
    ],
)
def test_what_a_table_cannot_say(tmp_path: Path, text: str, problem: str) -> None:
    """A review needs somebody to ask, an endpoint a model, and a token a value."""
    with pytest.raises(BadFileError) as caught:
        read(tmp_path, text)
    assert problem in str(caught.value)
