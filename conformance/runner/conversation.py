"""One runtime's part in a case: the setup, its steps, then the clean-up.

Each step is filled in with values of the runtime's earlier answers.

Whatever happens, a conversation ends in a cell.  Captured values are never sent to another
runtime.  A conversation that is interrupted (cancelled) still cleans up, within a time limit;
a second interruption ends it at once.
"""

import asyncio
import contextlib
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from conformance.model.access import NO_ACCESS, Access
from conformance.model.case import SAFE_METHODS, Case, Step
from conformance.model.observation import (
    Answer,
    Cell,
    DeadEnd,
    Fault,
    NotAsked,
    Observation,
    SetupExchange,
)
from conformance.model.own_url import url_of
from conformance.model.request import HeaderList, Request
from conformance.model.template import KnownName, UnusableValueError
from conformance.runner.dead_ends import failed_setup, unusable_value, why_not
from conformance.runner.lanes.lane import Lane, Seen
from conformance.runner.own_names import own_names
from conformance.runner.polling import ask_until
from conformance.runner.secrets import Secrets
from conformance.runner.signing import SigningError, signature_fields, with_fields

if TYPE_CHECKING:
    from conformance.runner.cookies import Cookies

UNDO_S: Final = 5.0
"""How long an interrupted conversation may take to end: to get the answer that is on its way, and
to clean up.
"""


class Conversation(Struct, eq=False):
    """One case sent to one runtime; `known` starts with the fresh names, and captures are added."""

    lane: Lane
    case: Case
    secrets: Secrets
    known: dict[str, KnownName]
    access: Access = NO_ACCESS
    login: Mapping[str, KnownName] = field(default_factory=dict)
    dead_end: DeadEnd | None = None
    own: Mapping[str, KnownName] = {}
    cookies: "Cookies | None" = None
    _private: Mapping[str, KnownName] = {}
    prepared: list[SetupExchange] = field(default_factory=list)
    seen: list[Observation] = field(default_factory=list)
    sent: list[Request | None] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    _on_its_way: tuple[int, Request, asyncio.Future[Seen]] | None = None
    _cleaned: int = 0
    _added: HeaderList = ()

    def __post_init__(self) -> None:
        self.own = own_names(self.lane.base_url)
        self._private = {**self.secrets.known, **self.login}
        if self.case.cookies and self.lane.facts.live:
            from conformance.runner.cookies import Cookies  # noqa: PLC0415 - slow, and seldom used

            self.cookies = Cookies()

    async def hold(self) -> Cell:
        """Send every step, clean up, and return the cell."""
        try:
            await self._prepare()
            for index, step in enumerate(self.case.steps):
                self.sent.append(None)
                self.seen.append(await self._asked(index, step))
            await self._clean_up()
        except asyncio.CancelledError:
            await self._undo()
            raise
        return self.cell()

    async def probe(self, lacks: str) -> Cell:
        """Send only the first step, to check that a runtime lacks what it is declared to lack.

        Return the cell of an unsupported case, with a warning if the answer does not show the lack.
        """
        try:
            await self._prepare()
            request = None if self.dead_end else self._filled(0, self.case.steps[0])
            seen = (
                await self.lane.send(request, self.case.timeout_ms) if request is not None else None
            )
            await self._clean_up()
        except asyncio.CancelledError:
            await self._undo()
            raise
        if isinstance(seen, Answer) and seen.status in self.case.lacking:
            return self.unsupported(f"does not support {lacks}, as its {seen.status} shows")
        answer = (
            f"answers {seen.status}"
            if isinstance(seen, Answer)
            else "gives no answer that shows it"
        )
        self.warnings.append(f"is declared not to support {lacks}, but {answer}")
        return self.unsupported(f"does not support {lacks}")

    def unsupported(self, reason: str) -> Cell:
        """Return the cell of a runtime that does not support the case."""
        self.seen = [NotAsked(reason=reason, unsupported=True) for _ in self.case.steps]
        return self.cell()

    def down(self, reason: str) -> Cell:
        """Return the cell of a runtime that is down."""
        self.seen = [NotAsked(reason=reason, down=True) for _ in self.case.steps]
        return self.cell()

    def cell(self) -> Cell:
        """Return the cell of what happened so far, without secrets."""
        clean = self.secrets.cleaned
        return Cell(
            runtime=self.lane.facts.name,
            live=self.lane.facts.live,
            observations=clean(tuple(self.seen)),
            setup=clean(tuple(self.prepared)),
            sent=clean(tuple(self.sent)) if any(self.sent) else (),
            names=clean(tuple(self.known.values())),
            dead_end=clean(self.dead_end),
            warnings=clean(tuple(self.warnings)),
            base_url=self.lane.base_url,
        )

    async def prepare(self) -> DeadEnd | None:
        """Send the steps of the setup.

        Return why one of them failed, or None.  After a failure no further step is sent.
        """
        await self._prepare()
        return self.dead_end

    async def _prepare(self) -> None:
        for at, step in enumerate(self.case.setup):
            number = -at - 1
            request = self._filled(number, step)
            if request is None:
                return
            seen = await self._signed(number, step, request)
            written = self._shown(step) or step.request
            kept = self.secrets.cleaned(seen)
            self.prepared.append(SetupExchange(request=written, seen=kept))
            self.dead_end = failed_setup(number, step, kept, self.known)
            if isinstance(seen, Answer) and self.dead_end is None:
                self._take(number, step, request, seen)
            if self.dead_end is not None:
                return

    async def _asked(self, index: int, step: Step) -> Observation:
        if self.dead_end is None and self.seen and not isinstance(self.seen[-1], Answer):
            return NotAsked(reason="an earlier step had no answer")
        request = None if self.dead_end else self._filled(index, step)
        if request is None:
            return NotAsked(reason=why_not(self.dead_end))
        seen = await self._signed(index, step, request)
        self.sent[index] = self._shown(step)
        if isinstance(seen, Answer):
            self._take(index, step, request, seen)
        return seen

    def _shown(self, step: Step) -> Request | None:
        """Return the request that was sent, as the record shows it: without secrets.

        Return None if it is exactly the request in the case.
        """
        if step.template is None and not self._added:
            return None
        names = {**self.known, **self.own}
        filled = step.request if step.template is None else step.template.filled(names)
        return with_fields(filled, self._added)

    async def _signed(self, number: int, step: Step, request: Request) -> Seen:
        """Return the answer to a step; a request that cannot be signed is a dead end."""
        try:
            return await self._waited_for(number, step, request)
        except SigningError as error:
            name = self.case.signer_of(step) or ""
            self.dead_end = DeadEnd(step=number, name=name, wanted="a signature", got=str(error))
            return NotAsked(reason=why_not(self.dead_end))

    async def _waited_for(self, number: int, step: Step, request: Request) -> Seen:
        """Return the answer to a step.

        A step with `until` is sent again until its answer matches.
        """
        if step.until is None:
            return await self._whole(number, step, request, await self._answer(number, request))
        from conformance.comparison.expectations.failures import first_mismatch  # noqa: PLC0415 - seldom used

        wanted = step.until.wanted
        seen = await ask_until(
            lambda: self._answer(number, request),
            step.until,
            lambda answer: first_mismatch(
                wanted, self.secrets.cleaned(answer), step.body, self.known
            ),
            live=self.lane.facts.live,
        )
        return await self._whole(number, step, request, seen)

    async def _whole(self, number: int, step: Step, request: Request, seen: Seen) -> Seen:
        """Return an answer; if the step follows pages, with the items of all pages.

        A recording holds the items of all pages already.
        """
        if step.pages is None or not self.lane.facts.live:
            return seen
        from conformance.runner.paging import PageReader  # noqa: PLC0415 - seldom used

        reader = PageReader(step.pages, self.lane.base_url, step.body)
        return await reader.all_items(partial(self._answer, number), request, seen)

    async def _answer(self, number: int, request: Request) -> Seen:
        """Return the answer to a step; cookies and a signature are added if the case says so."""
        step = self.case.step(number)
        self._added = ()
        if self.cookies is None and self.case.signer_of(step) is None:
            return await self._uninterrupted(number, request)
        url = url_of(request.target, self.lane.base_url, from_root=request.from_root)
        self._added = await self._fields_added(step, request, url)
        seen = await self._uninterrupted(number, with_fields(request, self._added))
        if self.cookies is not None and isinstance(seen, Answer):
            self.cookies.take(url, seen)
        return seen

    async def _fields_added(self, step: Step, request: Request, url: str) -> HeaderList:
        """Return the cookie and signature fields that are added to a request.

        Raises SigningError.
        """
        cookies = () if self.cookies is None else self.cookies.fields(url, request.headers)
        name = self.case.signer_of(step)
        signer = self.access.signer(name) if name and self.lane.facts.live else None
        if signer is None:
            return cookies
        return (*cookies, *await signature_fields(signer, with_fields(request, cookies), url))

    async def _uninterrupted(self, number: int, request: Request) -> Seen:
        """Return the answer to a step.

        If the case has a clean-up, an interruption does not cancel the request: the clean-up may
        need its answer.
        """
        asking = self.lane.ask(self.case, number, request)
        if not self.case.cleanup:
            return await asking
        on_its_way = asyncio.ensure_future(asking)
        self._on_its_way = number, request, on_its_way
        seen = await asyncio.shield(on_its_way)
        self._on_its_way = None
        return seen

    async def _undo(self) -> None:
        """Clean up after an interruption.

        First the captures of the answer on its way are taken.
        """
        if not self.case.cleanup:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(UNDO_S / 2):
                await self._take_late()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(UNDO_S / 2):
                await self._clean_up()
        if self._on_its_way is not None:
            self._on_its_way[2].cancel()

    async def _take_late(self) -> None:
        """Wait for the answer on its way, unless its step neither captures nor changes anything."""
        if self._on_its_way is None:
            return
        number, request, asking = self._on_its_way
        step = self.case.step(number)
        if step.captures or step.request.method not in SAFE_METHODS:
            seen = await asking
            if isinstance(seen, Answer):
                self._take(number, step, request, seen)

    def _filled(self, index: int, step: Step) -> Request | None:
        """Return a step's request with its names filled in.

        If a value cannot be sent, set the dead end and return None.
        """
        if step.template is None:
            return step.request
        try:
            return step.template.filled({**self.known, **self.own, **self._private})
        except UnusableValueError as error:
            self.dead_end = unusable_value(index, error)
            return None

    def _take(self, index: int, step: Step, request: Request, answer: Answer) -> None:
        if not step.captures:
            return
        from conformance.runner.captures import NothingFoundError, dead_end, take  # noqa: PLC0415 - as above

        url = url_of(request.target, self.lane.base_url, from_root=request.from_root)
        for capture in step.captures:
            try:
                self.known[capture.name] = take(capture, answer, step.body, url)
            except NothingFoundError as error:
                self.dead_end = dead_end(index, capture, error)
                return

    async def _clean_up(self) -> None:
        """Send the steps of the clean-up whose names are all known.

        A fault here is a warning, and does not change the verdict on the case.
        """
        while self._cleaned < len(self.case.cleanup):
            step = self.case.cleanup[self._cleaned]
            names = step.template.names if step.template is not None else ()
            if not set(names) <= self.known.keys() | self.own.keys() | self._private.keys():
                self._cleaned += 1
                continue
            ended = self.dead_end
            request = self._filled(len(self.case.steps), step)
            self.dead_end = ended
            seen = await self._undone(step, request) if request is not None else None
            self._cleaned += 1
            if isinstance(seen, Fault):
                self.warnings.append(f"cleanup {self._cleaned}: {seen.kind.value}: {seen.detail}")

    async def _undone(self, step: Step, request: Request) -> Seen | None:
        """Send a request of the clean-up; if it cannot be signed, add a warning and return None."""
        url = url_of(request.target, self.lane.base_url, from_root=request.from_root)
        try:
            added = await self._fields_added(step, request, url)
        except SigningError as error:
            self.warnings.append(f"cleanup {self._cleaned + 1}: not signed: {error}")
            return None
        return await self.lane.send(with_fields(request, added), self.case.timeout_ms)
