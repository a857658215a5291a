"""Quotes of the shop of the fuzz bench: amounts, big numbers and days."""

import re
from datetime import datetime
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from tests.bench.fuzz_shop_requests import Answer, Asked, Requests, ShopError


class Quotes(Requests):
    """Answers for quotes."""

    def quote(self, asked: Asked) -> Answer:
        """Round an amount, and give back what came with it."""
        given = self._object(asked, {"amount", "reference", "day"})
        amount, reference, day = given.get("amount"), given.get("reference"), given.get("day")
        if not isinstance(amount, int | float | Decimal) or isinstance(amount, bool):
            raise ShopError(422, "no_number", "amount")
        if reference is not None and (
            not isinstance(reference, int) or isinstance(reference, bool)
        ):
            raise ShopError(422, "no_whole_number", "reference")
        if reference is not None and self.on("big-integer"):
            reference = int(float(reference)) if abs(reference) < 10**300 else reference
        mode = ROUND_HALF_EVEN if self.on("rounding") else ROUND_HALF_UP
        try:
            total = str(Decimal(str(amount)).quantize(Decimal("0.01"), mode))
        except InvalidOperation:
            total = "NaN"
        return Answer(200, {"total": total, "reference": reference, "day": self._day(day)})

    def _day(self, day: Any) -> Any:
        if day is None:
            return None
        known = (
            re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", day)
            if isinstance(day, str) and day.isascii()
            else None
        )
        try:
            year, month, number = map(int, known.groups()) if known else (0, 0, 0)
            if self.on("leap-day") and (month, number) == (2, 29):
                number = 30
            datetime(year, month, number)  # noqa: DTZ001 - a day has no zone
        except ValueError as error:
            raise ShopError(422, "no_day", "day") from error
        return day
