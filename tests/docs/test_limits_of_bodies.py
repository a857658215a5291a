"""docs/suites.md names every limit that keeps a body from being read, and what is beyond it."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from conformance.comparison import bodies
from conformance.comparison.bodies.label import read_label
from conformance.comparison.bodies.reading import read_body
from conformance.comparison.values import lossless_json

PAGE: Final = Path(__file__).parents[2] / "docs/suites.md"
MIB: Final = 1 << 20
FEWEST: Final = 10
"""With fewer limits, those of the code would no longer be found by their names."""


def _limits() -> Iterator[tuple[str, int]]:
    names = [f"{bodies.__name__}.{module.name}" for module in pkgutil.iter_modules(bodies.__path__)]
    for module in (lossless_json, *map(importlib.import_module, names)):
        for name, value in vars(module).items():
            if re.match(r"_?MAX_", name) and isinstance(value, int):
                yield f"{module.__name__}:{name}", value


def _table() -> str:
    _, _, rest = PAGE.read_text().partition("\n#### Limits\n")
    return rest.partition("\n### ")[0]


def test_the_page_names_each_limit() -> None:
    """A limit that is changed, or is new, is red until the page has it."""
    limits = list(_limits())
    assert len(limits) >= FEWEST
    table = _table()
    spelled = [(name, "1 MiB" if size == MIB else f"{size:,}") for name, size in limits]
    assert [name for name, size in spelled if f"| {size}" not in table] == []


@pytest.mark.parametrize(
    ("media", "within", "beyond"),
    [
        ("text/html", "x" * (MIB - 4), "x" * (MIB + 1)),
        ("application/xml", f"<a>{'x' * (MIB - 7)}</a>", f"<a>{'x' * MIB}</a>"),
        ("application/json", "[" * 512 + "]" * 512, "[" * 513 + "]" * 513),
        ("text/csv", "a," * 9_999 + "a\n", "a," * 10_000 + "a\n"),
        ("application/x-www-form-urlencoded", "a=1&" * 9_999 + "a=1", "a=1&" * 10_000 + "a=1"),
        (
            "multipart/mixed; boundary=b",
            "--b\r\n\r\nx\r\n" * 10_000 + "--b--\r\n",
            "--b\r\n\r\nx\r\n" * 10_001 + "--b--\r\n",
        ),
    ],
)
def test_what_is_beyond_a_limit_is_text_and_says_why(media: str, within: str, beyond: str) -> None:
    """At its limit a body is read; one step further it is text, with the reason."""
    label = read_label(media)
    assert read_body(within.encode(), label).structured
    read = read_body(beyond.encode(), label)
    assert (read.kind, bool(read.misfit)) == ("text", True)


def test_elements_beyond_the_depth_stand_beside_each_other() -> None:
    """No element is lost: those within two hundred others are children of the last of these."""
    read = read_body(("<a>" * 210 + "</a>" * 210).encode(), read_label("application/xml"))
    assert len(read.outline) == 210
    assert max(map(len, read.outline)) <= 202
