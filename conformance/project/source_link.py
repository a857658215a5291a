"""Links from the report of a run to files of the working folder.

In CI a report leaves the machine as an artifact, so its links lead to the commit on the server.
"""

import os
from pathlib import Path

from conformance.project.git import git


def files_from(runs: Path) -> str:
    """Return the prefix of links to the working folder, for the report of a run below `runs`.

    It is a URL in GitHub Actions and GitLab CI, else `../` repeated; empty if `runs` is not in the
    working folder.
    """
    at_commit = _files_of_commit()
    if at_commit:
        prefix = git(Path.cwd(), "rev-parse", "--show-prefix") or ""
        return f"{at_commit}/{prefix}"
    root = Path.cwd().resolve()
    folder = runs.resolve()
    if not folder.is_relative_to(root):
        return ""
    depth = len(folder.relative_to(root).parts)
    return "../" * (depth + 1)


def _files_of_commit() -> str:
    """Return the URL of the commit's files on the server of the CI; empty outside CI."""
    # A report leaves the machine of the CI, and its links with it
    given = os.environ.get
    if given("GITHUB_ACTIONS") == "true":
        server = given("GITHUB_SERVER_URL", "https://github.com")
        repository, commit = given("GITHUB_REPOSITORY"), given("GITHUB_SHA")
        project = f"{server}/{repository}" if repository else None
        folder = "blob"
    else:
        project, commit = given("CI_PROJECT_URL"), given("CI_COMMIT_SHA")
        folder = "-/blob"
    return f"{project}/{folder}/{commit}" if project and commit else ""
