"""What must hold before both distributions are published: `python -m tests.packaging.release`.

In: the tag, empty in a dry run, and the address of the repository that publishes. Out: exit 0, or 1
with a line for each thing that is wrong.
"""

import argparse
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROJECTS = ("pyproject.toml", "reference_impl/pyproject.toml")


def problems(tag: str, repository: str, root: Path = ROOT) -> Iterator[str]:
    """Yield what is wrong: a version that is not the tag's, an address of another repository."""
    changelog = (root / "CHANGELOG.md").read_text()
    for name in PROJECTS:
        project = tomllib.loads((root / name).read_text())["project"]
        version, source = project["version"], project["urls"]["Source"]
        if tag and tag != f"v{version}":
            yield f"{name}: the version is {version}, and the tag is {tag}"
        if tag and f"\n## {version}" not in changelog:
            yield f"CHANGELOG.md: no section `## {version}`"
        if tag and source != repository:
            yield f"{name}: `Source` is {source}, and this is {repository}"


def main() -> int:
    """Say what is wrong, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tag", default="")
    parser.add_argument("--repository", required=True)
    given = parser.parse_args()
    found = list(problems(given.tag, given.repository))
    sys.stdout.writelines(f"{line}\n" for line in dict.fromkeys(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
