"""Chat endpoints of the OpenAI form, named by their fault."""

import json
import time
from collections.abc import Callable

from tests.miniatures.server import Received, Reply, Service, json_reply

GOOD = "WHERE: shop.py:2\nSEVERITY: BLOCK\nCLAIM: total is never given back\n"


def completion(text: str, tokens: int = 7) -> Reply:
    """Return a chat completion."""
    return json_reply(
        {"choices": [{"message": {"content": text}}], "usage": {"completion_tokens": tokens}}
    )


def says(text: str) -> Service:
    """Answer every prompt alike."""
    return lambda _: completion(text)


def says_as_chatd(text: str) -> Service:
    """Answer in the plain form, with `content` at the top."""
    return lambda _: json_reply({"model": "m", "content": text, "usage": {"completion_tokens": 3}})


def rejects_response_format(received: Received) -> Reply:
    """Know no form of answer."""
    if "response_format" in received.json():
        return json_reply({"error": "response_format is not supported"}, 400)
    return completion(GOOD)


def is_rate_limited(times: int) -> Service:
    """Be busy some times, and say when to come back."""
    left = [times]

    def service(_: Received) -> Reply:
        left[0] -= 1
        return (
            json_reply({"error": "busy"}, 429, retry_after="0")
            if left[0] >= 0
            else completion(GOOD)
        )

    return service


def is_slow(_: Received) -> Reply:
    """Answer after any patience."""
    time.sleep(3)
    return completion(GOOD)


def is_malformed(_: Received) -> Reply:
    """Answer what is no completion."""
    return Reply(body=b'{"choices": [{"message"')


def is_oversize(_: Received) -> Reply:
    """Answer without end."""
    return Reply(body=b'{"choices": "' + b"x" * (3 << 20))


def is_empty(_: Received) -> Reply:
    """Answer nothing, politely."""
    return completion("")


def redirects(_: Received) -> Reply:
    """Send elsewhere."""
    return Reply(status=302, headers={"location": "http://127.0.0.1:1/"})


def refuses_the_token(_: Received) -> Reply:
    """Know nobody."""
    return json_reply({"error": "who are you?"}, 401)


def keeps(seen: list[Received], service: Service) -> Service:
    """Keep what is asked."""

    def kept(received: Received) -> Reply:
        seen.append(received)
        return service(received)

    return kept


def as_json(*rows: tuple[str, str, str]) -> str:
    """Return findings in the form that an endpoint can be held to."""
    return json.dumps(
        {"findings": [{"where": at, "severity": how, "claim": what} for at, how, what in rows]}
    )


FAULTS: dict[str, tuple[Callable[[Received], Reply], str]] = {
    "slow": (is_slow, "no answer within 1 s"),
    "rate-limited": (is_rate_limited(99), 'HTTP 429: {"error": "busy"}'),
    "malformed": (is_malformed, "the answer is no chat completion"),
    "oversize": (is_oversize, "the answer is longer than 2097152 bytes"),
    "empty": (is_empty, "the answer is empty"),
    "redirecting": (redirects, "HTTP 302: {}"),
    "refusing": (refuses_the_token, 'HTTP 401: {"error": "who are you?"}'),
    "nonsense": (says("What a lovely change!"), "the answer keeps to no form of the grammar"),
}
"""Endpoints that give no usable answer, and why not."""
