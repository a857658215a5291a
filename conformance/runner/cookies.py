"""The cookies that one runtime has set in one case, sent back as a browser would (RFC 6265).

The jar is that of the standard library.  Cookies marked `Secure` are sent over plain HTTP to the
loopback, too, as browsers do for services that are being built.
"""

import email.message
import http.cookiejar
import urllib.request
from typing import Any, Final
from urllib.parse import urlsplit

from conformance.model.observation import Answer
from conformance.model.own_url import LOOPBACK
from conformance.model.request import HeaderList

_COOKIE: Final = "cookie"
_SET_COOKIE: Final = "set-cookie"


class Cookies:
    """A cookie jar."""

    def __init__(self) -> None:
        self._on_loopback = http.cookiejar.CookieJar(
            http.cookiejar.DefaultCookiePolicy(secure_protocols=("https", "http"))
        )
        self._elsewhere = http.cookiejar.CookieJar(http.cookiejar.DefaultCookiePolicy())

    def fields(self, url: str, headers: HeaderList) -> HeaderList:
        """Return the `cookie` field for a request, if any.

        If the case writes its own `cookie` field, the jar adds none.
        """
        if any(name.lower() == _COOKIE for name, _ in headers):
            return ()
        asking = urllib.request.Request(url)  # noqa: S310 - nothing is sent, the jar reads it
        self._jar(url).add_cookie_header(asking)
        value = asking.get_header("Cookie")
        return () if value is None else ((_COOKIE, value),)

    def take(self, url: str, answer: Answer) -> None:
        """Keep the cookies that an answer to a request sets, and delete those it revokes."""
        message = email.message.Message()
        for name, value in answer.headers:
            if name.lower() == _SET_COOKIE:
                message[_SET_COOKIE] = value
        if _SET_COOKIE in message:
            asked: Any = urllib.request.Request(url)  # noqa: S310 - as above
            self._jar(url).extract_cookies(_Headers(message), asked)  # type: ignore[arg-type]

    def _jar(self, url: str) -> http.cookiejar.CookieJar:
        return self._on_loopback if urlsplit(url).hostname in LOOPBACK else self._elsewhere


class _Headers:
    """The part of a response that the jar reads: its header fields."""

    def __init__(self, message: email.message.Message) -> None:
        self._message = message

    def info(self) -> email.message.Message:
        """Return the header fields."""
        return self._message
