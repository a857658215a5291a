"""Header fields that a suite names: a misspelt one is reported, and `*` stands for all others."""

import json
from pathlib import Path

import pytest

from conformance.comparison.answers.named_headers import LEFT_OUT
from tests.cli.command import conformance
from tests.cli.proof_runs import SUITE
from tests.miniatures.server import Received, Reply, Service, serve


def sends_fields(**fields: str) -> Service:
    """Return a service that answers with header fields, `_` in a name standing for `-`."""
    headers = {
        "content-type": "application/json",
        **{name.replace("_", "-"): value for name, value in fields.items()},
    }
    return lambda _: Reply(headers=headers, body=b'{"id": 1}')


CORRECT = "1 case, for example shop/items/one; hint: correct the name in `headers`"


@pytest.mark.parametrize(
    ("named", "line"),
    [
        ("x-total-cuont", f"(x-total-cuont): {CORRECT}: `x-total-count` was sent"),
        ("x-nothing-near", f"(x-nothing-near): {CORRECT}"),
        ("x-total-count", ""),
        ('"*"', ""),
    ],
)
def test_a_misspelt_header_field(tmp_path: Path, named: str, line: str) -> None:
    """A field that nobody sent in the run is said, with the name that is near it.

    With `--strict` it is red.
    """
    (tmp_path / "shop.yaml").write_text(
        SUITE.format(more="").replace("cases:", f"headers: [{named}]\ncases:")
    )
    service = sends_fields(x_total_count="3")
    with serve(service) as a, serve(service) as b:
        done = conformance(
            "run",
            "shop.yaml",
            "--runtime",
            f"a={a}",
            "--runtime",
            f"b={b}",
            "--strict",
            cwd=tmp_path,
        )
    wanted = (
        f"not checked:\n  named header fields that no answer of the run has {line}\n"
        if line
        else "PARITY"
    )
    assert (done.returncode, wanted in done.stdout) == (bool(line), True), done.stdout


def test_a_header_field_that_another_case_has_is_no_slip(tmp_path: Path) -> None:
    """A suite's header field that only some answers have is no error.

    If one case of the run has the field, its name is right.
    """
    more = "  - name: two\n    request: {GET: /items/2}\n"
    (tmp_path / "shop.yaml").write_text(
        SUITE.format(more=more).replace("cases:", "headers: [x-next]\ncases:")
    )

    def service(request: Received) -> Reply:
        return (sends_fields(x_next="3") if request.target == "/items/1" else sends_fields())(
            request
        )

    with serve(service) as a, serve(service) as b:
        done = conformance(
            "run",
            "shop.yaml",
            "--runtime",
            f"a={a}",
            "--runtime",
            f"b={b}",
            "--strict",
            cwd=tmp_path,
        )
    assert (done.returncode, "not checked" in done.stdout) == (0, False), done.stdout


@pytest.mark.parametrize(
    ("named", "compare", "places"),
    [
        ('"*"', "shape", ["header x-more"]),
        ('"*"', "value", ["header cache-control", "header x-more"]),
        ('"*", date', "value", ["header cache-control", "header date", "header x-more"]),
        ("cache-control", "value", ["header cache-control"]),
    ],
)
def test_every_header_field(tmp_path: Path, named: str, compare: str, places: list[str]) -> None:
    """`*` stands for every field but the documented ones.

    One of these is compared where it is named beside `*`.
    """
    text = SUITE.format(more="").replace(
        "cases:", f"headers: [{named}]\ncompare: {compare}\ncases:"
    )
    (tmp_path / "shop.yaml").write_text(text)
    first = sends_fields(cache_control="no-store", date="Mon", server="a", x_request_id="1")
    second = sends_fields(
        cache_control="private", date="Tue", server="b", x_request_id="2", x_more="yes"
    )
    with serve(first) as a, serve(second) as b:
        conformance("run", "shop.yaml", "--runtime", f"a={a}", "--runtime", f"b={b}", cwd=tmp_path)
    report = json.loads((tmp_path / "reports" / "runs" / "latest" / "report.json").read_text())
    found = [
        example["finding"]["place"] for group in report["groups"] for example in group["examples"]
    ]
    assert sorted(found) == places


def test_the_documented_fields_are_those_left_out() -> None:
    """The page on suites lists just the fields that `*` leaves out."""
    page = (Path(__file__).parents[2] / "docs" / "suites.md").read_text()
    table = page.partition("| left out of `*` | because |\n|---|---|\n")[2].partition("\n\n")[0]
    listed = [name for row in table.splitlines() for name in row.split("|")[1].strip().split(", ")]
    assert sorted(listed) == sorted(LEFT_OUT)
