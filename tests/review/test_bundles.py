"""From a diff to bundles: components, numbers, sizes."""

import pytest

from conformance.errors import UsageError
from conformance.review.bundles import REFUSE_BYTES, WARN_BYTES, make_bundles, oversize
from conformance.review.plan import Component

SHOP = """\
diff --git a/shop/cart.py b/shop/cart.py
--- a/shop/cart.py
+++ b/shop/cart.py
@@ -10,3 +10,4 @@ def total(cart):
     rows = cart.rows
-    return sum(rows)
+    print(rows)
+    return sum(rows) + 1
     # end
"""
COMPONENTS = (Component(name="shop", paths=("shop/*",)), Component(name="docs", paths=("*.md",)))


def added(path: str, *hunks: int) -> str:
    """Return the diff of a file with hunks of some bytes each."""
    text = f"diff --git a/{path} b/{path}\n--- a/{path}\n+++ b/{path}\n"
    for number, size in enumerate(hunks):
        lines = "".join(f"+{'x' * 98}\n" for _ in range(size // 100))
        start = 1 + number * 100_000
        text += f"@@ -{start},0 +{start},{size // 100} @@\n{lines}"
    return text


def test_a_bundle_shows_the_numbers_of_the_new_state() -> None:
    """Removed lines have none; every line that is there may be named."""
    (bundle,) = make_bundles(SHOP, COMPONENTS)
    assert bundle.text == (
        "### shop/cart.py\n"
        "@@ from line 10 @@ def total(cart):\n"
        "    10      rows = cart.rows\n"
        "       -    return sum(rows)\n"
        "    11 +    print(rows)\n"
        "    12 +    return sum(rows) + 1\n"
        "    13      # end\n"
    )
    assert list(bundle.anchors["shop/cart.py"]) == [10, 11, 12, 13]


def test_components_by_the_first_glob_that_matches() -> None:
    """What no glob matches is a component, too."""
    diff = added("zebra.py", 100) + added("shop/readme.md", 100) + added("docs/a.md", 100)
    found = {bundle.component: list(bundle.anchors) for bundle in make_bundles(diff, COMPONENTS)}
    assert found == {"shop": ["shop/readme.md"], "docs": ["docs/a.md"], "other": ["zebra.py"]}


def test_a_large_component_is_split_along_its_files() -> None:
    """A file that fits is never torn apart."""
    bundles = make_bundles(
        added("shop/a.py", 20_000, 20_000) + added("shop/b.py", 30_000), COMPONENTS
    )
    assert [list(bundle.anchors) for bundle in bundles] == [["shop/a.py"], ["shop/b.py"]]
    assert [(bundle.id, bundle.total) for bundle in bundles] == [("shop-1", 2), ("shop-2", 2)]


def test_a_large_file_is_split_along_its_hunks() -> None:
    """Each part names the file again, and none is over the limit."""
    bundles = make_bundles(added("shop/a.py", 40_000, 40_000, 1_000), COMPONENTS)
    assert len(bundles) == 2
    assert all(bundle.text.startswith("### shop/a.py\n") for bundle in bundles)
    assert not oversize(bundles, WARN_BYTES)


def test_a_hunk_cannot_be_split() -> None:
    """It is told by its size."""
    bundles = make_bundles(added("shop/a.py", 70_000) + added("shop/b.py", 130_000), COMPONENTS)
    assert [list(bundle.anchors) for bundle in oversize(bundles, WARN_BYTES)] == [
        ["shop/a.py"],
        ["shop/b.py"],
    ]
    assert [list(bundle.anchors) for bundle in oversize(bundles, REFUSE_BYTES)] == [["shop/b.py"]]


def test_files_without_lines() -> None:
    """A deleted, a renamed and a binary file are named, and nothing of them is shown."""
    diff = (
        "diff --git a/gone.py b/gone.py\ndeleted file mode 100644\n"
        "--- a/gone.py\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-a\n-b\n"
        "diff --git a/old.py b/new.py\nsimilarity index 100%\nrename from old.py\nrename to "
        "new.py\n"
        "diff --git a/x.png b/x.png\nindex 1..2 100644\nBinary files a/x.png and b/x.png differ\n"
    )
    (bundle,) = make_bundles(diff, ())
    assert "### gone.py\n(deleted, 2 lines)\n" in bundle.text
    assert "### new.py\n(no line changed: renamed, or another mode)\n" in bundle.text
    assert "### x.png\n(binary, changed)\n" in bundle.text


def test_what_is_no_diff_is_refused() -> None:
    """The error says so."""
    with pytest.raises(UsageError, match="cannot be read as a diff"):
        make_bundles("--- a/x\n+++ b/x\n@@ -1,2 +1,9 @@\n+only one\n", ())
