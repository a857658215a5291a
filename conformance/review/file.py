"""Review files: the grammar of `review:` documents.

A review file says who reviews a change, and how the change is split into components.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from conformance.errors import BadFileError, Problem
from conformance.review.plan import (
    PATHS,
    CommandReviewer,
    Component,
    EndpointReviewer,
    Reviewer,
    ReviewPlan,
)
from conformance.suites.document import read_document
from conformance.suites.field_check import check
from conformance.suites.fields import Field, FieldTable, ListOf, Text, Whole
from conformance.suites.nodes import Node, items, members, text
from conformance.suites.runtime_fields import NAME_PATTERN, URL, WORD
from conformance.suites.suite_file import TAG

# A model on a slow machine may need minutes for a bundle
DEFAULT_TIMEOUT_S: Final = 300

REVIEWER = FieldTable(
    fields={
        "lineage": Field(
            spec=TAG,
            required=True,
            says="the family of models or tools it belongs to; one lineage is one voice",
        ),
        "url": Field(spec=URL, says="the full URL of a chat endpoint of the OpenAI form"),
        "command": Field(
            spec=ListOf(item=WORD, least=1),
            says="a program that reads the prompt and answers; ${paths} are the files, ${python} "
            "our interpreter",
        ),
        "model": Field(
            spec=Text(pattern=r"\S+", meaning="the name of a model"),
            says="the model that is requested from the url",
        ),
        "token_env": Field(
            spec=Text(pattern=r"[A-Za-z_][A-Za-z0-9_]*", meaning="the name of a variable"),
            says="the environment variable that holds the bearer token of the url",
        ),
        "directory": Field(
            spec=WORD, says="where a command without ${paths} runs, from the folder of this file"
        ),
        "timeout_s": Field(spec=Whole(least=1, most=3_600), says="how long one answer may take"),
    },
    one_of=("url", "command"),
    needs={"model": "url", "token_env": "url", "directory": "command"},
)
REVIEW = FieldTable(
    fields={
        "review": Field(
            spec=FieldTable(
                fields={
                    "components": Field(
                        spec=FieldTable(
                            keyed=(
                                NAME_PATTERN,
                                "names of components",
                                ListOf(
                                    item=Text(pattern=r"\S+", meaning="a glob over paths"), least=1
                                ),
                            )
                        ),
                        says="globs over paths by component; a path belongs to the first that "
                        "matches, else to `other`",
                    ),
                    "reviewers": Field(
                        spec=FieldTable(keyed=(NAME_PATTERN, "names of reviewers", REVIEWER)),
                        required=True,
                        says="each reviewer by name",
                    ),
                }
            ),
            required=True,
            says="who reviews what",
        )
    }
)


def read_review(file: Path, environment: Mapping[str, str] = os.environ) -> ReviewPlan:
    """Return a review file, parsed; raises BadFileError with all of its problems."""
    root = read_document(file)
    problems = list(check(REVIEW, root)) or list(_meaning_problems(root, environment))
    if problems:
        raise BadFileError(problems)
    review = members(members(root)["review"])
    return ReviewPlan(
        components=tuple(
            Component(name=name, paths=tuple(map(text, items(globs))))
            for name, globs in members(review.get("components")).items()
        ),
        reviewers=tuple(
            _reviewer(name, node, file.parent, environment)
            for name, node in members(review["reviewers"]).items()
        ),
    )


def _meaning_problems(root: Node, environment: Mapping[str, str]) -> Iterator[Problem]:
    review = members(members(root)["review"])
    reviewers = members(review["reviewers"])
    if not reviewers:
        yield Problem(review["reviewers"].place, "wanted at least one reviewer")
    for node in reviewers.values():
        given = members(node)
        if "url" in given and "model" not in given:
            yield Problem(node.place, f"field 'model' is missing: {REVIEWER.fields['model'].says}")
        if "directory" in given and PATHS in map(text, items(given.get("command"))):
            why = (
                f"field 'directory' does not go with {PATHS}: the command runs at the top of "
                "the checkout"
            )
            yield Problem(given["directory"].place, why)
        token = given.get("token_env")
        if token is not None and not environment.get(text(token)):
            yield Problem(token.place, f"the variable {text(token)} is not set")


def _reviewer(name: str, node: Node, folder: Path, environment: Mapping[str, str]) -> Reviewer:
    given = members(node)
    reach: EndpointReviewer | CommandReviewer
    if "url" in given:
        token = environment[text(given["token_env"])] if "token_env" in given else None
        reach = EndpointReviewer(url=text(given["url"]), model=text(given["model"]), token=token)
    else:
        argv = tuple(map(text, items(given["command"])))
        reach = CommandReviewer(argv=argv, directory=folder / text(given.get("directory")))
    timeout_s = int(text(given.get("timeout_s")) or DEFAULT_TIMEOUT_S)
    return Reviewer(
        name=name,
        lineage=text(given["lineage"]),
        reach=reach,
        timeout_s=timeout_s,
        place=node.place,
    )
