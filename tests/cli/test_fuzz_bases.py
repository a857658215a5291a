"""`conformance fuzz` finds valid requests where a service is strict about them."""

from dataclasses import dataclass, field
from pathlib import Path
from re import fullmatch
from typing import Any

import pytest

from tests.cli.fuzzed_methods import methods_of_found_cases
from tests.miniatures.server import Received, Reply, json_reply

_PARTS = {
    "sku": {"type": "string", "pattern": "^[A-Z][A-Z0-9]*$", "maxLength": 12, "example": "BOLT8"},
    "archived": {"type": "boolean"},
}
_SCHEMA = {"type": "object", "required": ["sku"], "properties": _PARTS}


@dataclass
class Depot:
    """Articles with a unique SKU in capitals, and one defect.

    An archived one cannot be received, and a change needs a condition.
    """

    defect: str = ""
    articles: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __call__(self, request: Received) -> Reply:
        """Answer a request."""
        path = request.target.partition("?")[0].strip("/").split("/")
        match request.method, path:
            case "GET", ["openapi.json"]:
                return json_reply(_document())
            case "POST", ["reset"]:
                self.articles = {}
                return Reply(status=204)
            case "POST", ["articles"]:
                return self._make(_body_of(request))
            case method, ["articles", name, *more] if name in self.articles:
                return self._of_one(method, more, self.articles[name], request)
        return json_reply({"code": "none"}, 404)

    def _make(self, body: Any) -> Reply:
        if not isinstance(body, dict) or not fullmatch("[A-Z][A-Z0-9]{0,11}", str(body.get("sku"))):
            return json_reply({"code": "sku"}, 422)
        if body["sku"] in [each["sku"] for each in self.articles.values()]:
            return json_reply({"code": "taken"}, 409)
        name = f"a{len(self.articles)}"
        article = {"id": name, "archived": False, "count": 0, **body}
        self.articles[name] = article
        return json_reply(article, 201)

    def _of_one(
        self, method: str, more: list[str], article: dict[str, Any], request: Received
    ) -> Reply:
        if (method, more) == ("GET", []):
            return json_reply(article)
        if (method, more) == ("POST", ["receipts"]):
            if article["archived"] is not False:
                return json_reply({"code": "archived"}, 409)
            article["count"] += 2 if self.defect == "counted twice" else 1
            return json_reply({"done": True}, 201)
        if (method, more) == ("PATCH", []):
            if "if-match" not in request.headers:
                return json_reply({"code": "condition"}, 428)
            article["changed"] = self.defect != "change lost"
            return Reply(status=204)
        return json_reply({"code": "method"}, 405)


def _body_of(request: Received) -> Any:
    try:
        return request.json()
    except (ValueError, RecursionError):
        return None


def _document() -> dict[str, Any]:
    body = {"content": {"application/json": {"schema": _SCHEMA}}}
    change = {"requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}}}
    paths = {
        "/articles": {"post": {"requestBody": body}},
        "/articles/{id}": {"get": {}, "patch": change},
        "/articles/{id}/receipts": {"post": {}},
    }
    return {"openapi": "3.0.0", "paths": paths}


@pytest.mark.parametrize(
    ("defect", "method"), [("counted twice", "POST"), ("change lost", "PATCH")]
)
def test_what_is_done_with_a_thing_shows(tmp_path: Path, defect: str, method: str) -> None:
    found = methods_of_found_cases(tmp_path, Depot(), Depot(defect))

    assert ["POST", method, "GET"] in found
