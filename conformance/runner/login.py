"""The login of each runtime: its steps are sent once a run, and again after each start.

What the steps capture is kept as secrets.
"""

from collections.abc import Mapping
from typing import Final

from conformance.errors import RuntimeUnavailableError
from conformance.model.case import LOGIN, Case, CompareLevel, Step, step_name
from conformance.model.request import Request
from conformance.model.runtime import Runtime
from conformance.model.secret import unusable_secret
from conformance.model.template import KnownName, UnusableValueError, known_text
from conformance.runner.conversation import Conversation
from conformance.runner.handover import LoggedIn
from conformance.runner.lanes.lane import Lane
from conformance.runner.secrets import Secrets

LOGIN_TIMEOUT_MS: Final = 10_000
"""The budget of each exchange of a login that sets no other, as for a case."""


class Logins:
    """The values that the logins of a run have captured, and all secrets of the run."""

    def __init__(
        self, lanes: Mapping[str, Lane], runtimes: Mapping[str, Runtime], secrets: Secrets
    ) -> None:
        self._lanes = lanes
        self._runtimes = runtimes
        self._given = secrets
        self._captured: list[tuple[str, str]] = []
        self._known: dict[str, Mapping[str, KnownName]] = {}
        self.secrets = secrets

    def known_to(self, name: str) -> Mapping[str, KnownName]:
        """Return the values that a runtime's login has captured, by the names that suites write."""
        return self._known.get(name, {})

    async def log_in(self, name: str) -> None:
        """Log in to a runtime, for the first time or again; raise RuntimeUnavailableError."""
        runtime, lane = self._runtimes[name], self._lanes[name]
        if not runtime.access.login or not lane.facts.live:
            return
        lane.let_in(())
        known = await _logged_in(runtime, lane, self.secrets)
        self._let_in(name, known)
        self._captured += ((each.name, each.text) for each in known.values())
        self.secrets = self._given.with_others(self._captured).keep_out()

    def logged_in(self) -> LoggedIn:
        """Return the values that all logins have captured, for another process."""
        return LoggedIn(known=self._known, captured=tuple(self._captured))

    def take(self, logins: LoggedIn) -> None:
        """Take over the values that logins in another process have captured; send no login."""
        for name, known in logins.known.items():
            self._let_in(name, known)
        self._captured += logins.captured
        self.secrets = self._given.with_others(self._captured).keep_out()

    def _let_in(self, name: str, known: Mapping[str, KnownName]) -> None:
        runtime = self._runtimes[name]
        try:
            self._lanes[name].let_in(runtime.access.headers(known))
        except UnusableValueError as error:
            raise RuntimeUnavailableError(
                f"runtime {name}: what its login captured cannot be sent in its headers: {error}",
                place=runtime.place,
            ) from error
        self._known[name] = known


async def _logged_in(runtime: Runtime, lane: Lane, secrets: Secrets) -> Mapping[str, KnownName]:
    """Send the login of a runtime; return its captures by the names that suites write.

    Raises RuntimeUnavailableError.
    """
    conversation = Conversation(lane, _case(runtime), secrets, {})
    end = await conversation.prepare()
    if end is not None:
        number = (
            end.name.partition(" ")[2]
            if end.name == step_name(end.step)
            else f"{-end.step}, {end.name!r}"
        )
        raise RuntimeUnavailableError(
            f"runtime {runtime.name}: its login failed: wanted {end.wanted} for step {number}, "
            f"got {end.got}",
            hint="`login` in the runtimes file has its steps",
            place=runtime.place,
        )
    known = {
        LOGIN + name: known_text(LOGIN + name, each.text)
        for name, each in conversation.known.items()
    }
    for name, each in known.items():
        if wrong := unusable_secret(each.text):
            raise RuntimeUnavailableError(
                f"runtime {runtime.name}: ${{{name}}} {wrong}", place=runtime.place
            )
    return known


def _case(runtime: Runtime) -> Case:
    """Return a case whose setup holds the steps of the login."""
    return Case(
        suite="login",
        name=runtime.name,
        place=runtime.place,
        setup=runtime.access.login,
        steps=(Step(request=Request(method="GET", target="/")),),
        against=None,
        compare=CompareLevel.STATUS,
        cookies=True,
        timeout_ms=LOGIN_TIMEOUT_MS,
    )
