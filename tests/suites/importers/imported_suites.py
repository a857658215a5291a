"""Requests, HAR files and the suites that are made of them."""

import json
from collections.abc import Iterable
from typing import Any

from conformance.model.case import Case
from conformance.suites.document import parse_document
from conformance.suites.importers.imported import Import, ImportedRequest
from conformance.suites.importers.suite_text import SuiteText, suite_text
from conformance.suites.suite_file import cases_of

SECRET = "s3cr3t-Zk9"  # noqa: S105 - what must not be found
JSON = (("content-type", "application/json"),)


def written(found: Iterable[Import]) -> tuple[SuiteText, list[Case]]:
    """Return the suite made of what was found, and the cases that the reader makes of it."""
    made = suite_text(found, "imported/x", "x")
    return made, list(cases_of(parse_document(made.text.encode(), "x"))) if made.cases else []


def request(body: bytes | None = None, **changed: Any) -> ImportedRequest:
    """Return a request."""
    plain = {
        "origin": "x:1",
        "host": "h",
        "method": "POST",
        "target": "/a",
        "headers": JSON,
        "body": body,
    }
    return ImportedRequest(**{**plain, **changed})


def entry(url: str = "https://h/a", method: str = "GET", **more: Any) -> dict[str, Any]:
    """Return an entry of a HAR file."""
    outside: dict[str, Any] = {
        name: more.pop(name) for name in ("response", "_resourceType") if name in more
    }
    return {"request": {"method": method, "url": url, **more}, **outside}


def har(*entries: object) -> bytes:
    return json.dumps({"log": {"version": "1.2", "entries": entries}}).encode()
