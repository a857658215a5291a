"""`conformance fuzz` on a service with two defects of one operation that look alike."""

import json
from pathlib import Path
from typing import Any

import yaml

from tests.cli.command import conformance
from tests.miniatures.server import Received, Reply, Service, json_reply, serve

DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "paths": {
        "/notes": {
            "post": {
                "requestBody": {
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "required": ["text", "pages"],
                                "properties": {
                                    "text": {"type": "string", "minLength": 1},
                                    "pages": {"type": "integer", "minimum": 1},
                                },
                            }
                        }
                    }
                }
            }
        }
    },
}


def _notes(*, strict: bool) -> Service:
    def answer(request: Received) -> Reply:
        if request.target == "/openapi.json":
            return json_reply(DOCUMENT)
        try:
            body = request.json()
            text, pages = body["text"], body["pages"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return json_reply({"code": "invalid"}, 400)
        is_text = isinstance(text, str) and (text != "" or not strict)
        is_number = isinstance(pages, int) and not (strict and isinstance(pages, bool))
        if request.target != "/notes" or not is_text or not is_number or pages < 1:
            return json_reply({"code": "invalid"}, 400)
        return json_reply({}, 201)

    return answer


def test_the_smallest_case_of_a_defect_does_not_show_another_one(tmp_path: Path) -> None:
    """A text that is made shorter would be refused as well, and so hide what else is refused."""
    with serve(_notes(strict=True)) as a, serve(_notes(strict=False)) as b:
        declared = {name: {"url": url, "disposable": True} for name, url in (("a", a), ("b", b))}
        (tmp_path / "runtimes.yaml").write_text(yaml.safe_dump({"runtimes": declared}))
        words = ("--seed", "1", "--requests", "600", "--output", "found.yaml")
        done = conformance("fuzz", *words, cwd=tmp_path)
    cases = yaml.safe_load((tmp_path / "found.yaml").read_text())["cases"]
    bodies = [json.loads(case["request"]["raw"]) for case in cases]
    assert {"text": "", "pages": 1} in bodies, done.stdout
    assert {"text": "a", "pages": True} in bodies, done.stdout
