"""What `noise` proposes for error pages: rules about places within the page."""

import json
import uuid
from pathlib import Path

from tests.miniatures.server import Reply
from tests.noise.askings import noise_of, rules_of, service, suite


def test_a_clock_in_an_error_page_gets_a_rule(tmp_path: Path) -> None:
    """A framework's page that shows the time of the error: the rule names the place within."""

    def page(count: int) -> Reply:
        text = f"<html><body>2026-11-24T00:00:{count % 60:02}Z</body></html>"
        return Reply(status=404, body=text.encode(), headers={"content-type": "text/html"})

    def long_page(count: int) -> Reply:
        text = (
            "<html><head><title>No</title></head><body><h1>No</h1><p>request "
            f"{count}</p></body></html>"
        )
        return Reply(status=404, body=text.encode(), headers={"content-type": "text/html"})

    printed = noise_of(
        tmp_path,
        suite("page", "long"),
        service(page=page, long=long_page),
        service(page=page, long=long_page),
    )
    assert rules_of(printed) == {
        "page": [{"path": "$.html.body", "is": "timestamp"}],
        "long": [{"path": "$.html.body.p", "is": "string"}],
    }


def test_an_id_in_the_message_of_an_error_gets_a_rule(tmp_path: Path) -> None:
    """Two runtimes with new ids each time differ in the message, and this is no other error.

    A message that each of them keeps is a difference that no rule may hide.
    """

    def error(text: str) -> Reply:
        body = json.dumps({"error": text}).encode()
        return Reply(status=404, body=body, headers={"content-type": "application/json"})

    def traced(_: int) -> Reply:
        return error(f"no such thing (trace {uuid.uuid4()})")

    printed = noise_of(tmp_path, suite("thing"), service(thing=traced), service(thing=traced))
    assert rules_of(printed) == {"thing": [{"path": "$.error", "is": "string"}]}

    kept = service(thing=lambda _: error("gone"))
    other = service(thing=lambda _: error("no such thing"))
    assert not any(rules_of(noise_of(tmp_path, suite("thing"), kept, other)).values())
