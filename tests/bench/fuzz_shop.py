"""A small shop with differences that can be switched on: what the fuzz bench looks for.

`tests.bench.fuzz_shop_server` serves it; `POST /__reset` makes it forget all that was created.
"""

import itertools
import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from tests.bench.fuzz_shop_document import PRODUCTS
from tests.bench.fuzz_shop_products import Products
from tests.bench.fuzz_shop_quotes import Quotes
from tests.bench.fuzz_shop_requests import Answer, Asked, ShopError


class Shop(Products, Quotes):
    """The shop, with some plants switched on."""

    def __init__(self, plants: frozenset[str]) -> None:
        super().__init__(plants)
        self.reset()

    def reset(self) -> None:
        """Forget all that was created."""
        self.customers: dict[int, dict[str, Any]] = {}
        self.orders: dict[int, dict[str, Any]] = {}
        self.gone: set[int] = set()
        self.gone_emails: set[str] = set()
        self.ids = itertools.count(1)

    def answer(self, asked: Asked) -> Answer:
        """Answer a request."""
        try:
            return self._routed(asked)
        except ShopError as error:
            return error.answer

    def _routed(self, asked: Asked) -> Answer:
        if asked.path == "/__reset":
            self.reset()
            return Answer(204)
        path = asked.path
        if len(path) > 1 and path.endswith("/") and self.on("trailing-slash"):
            path = path.rstrip("/")
        words = path.removeprefix("/").split("/")
        methods = self._methods(words)
        if not methods:
            raise ShopError(404, "no_route")
        method = (
            "GET"
            if asked.method == "HEAD" and "GET" in methods and not self.on("head-method")
            else asked.method
        )
        if method == "OPTIONS":
            allow = sorted(
                {*methods, "OPTIONS"} - ({"DELETE"} if self.on("options-allow") else set())
            )
            return Answer(204, headers={"allow": ", ".join(allow)})
        if method not in methods:
            status = 404 if self.on("method-not-allowed") and method == "PATCH" else 405
            raise ShopError(status, "method_not_allowed", allow=", ".join(sorted(methods)))
        return self._conditional(asked, methods[method](asked, *words[1:]))

    def _methods(self, words: list[str]) -> dict[str, Callable[..., Answer]]:
        item = len(words) == 2 and bool(words[1])
        routes: dict[tuple[str, bool], dict[str, Callable[..., Answer]]] = {
            ("products", False): {"GET": self.list_products},
            ("products", True): {"GET": self.get_product},
            ("customers", False): {"POST": self.create_customer, "GET": self.list_customers},
            ("customers", True): {
                "GET": self.get_customer,
                "PUT": self.put_customer,
                "PATCH": self.patch_customer,
                "DELETE": self.delete_customer,
            },
            ("orders", False): {"POST": self.create_order},
            ("orders", True): {"GET": self.get_order, "DELETE": self.cancel_order},
            ("quotes", False): {"POST": self.quote},
        }
        return (
            routes.get((words[0], item), {})
            if len(words) <= 2 and (item or len(words) == 1)
            else {}
        )

    def _conditional(self, asked: Asked, answer: Answer) -> Answer:
        tag = answer.headers.get("etag")
        if asked.method == "GET" and tag and answer.status == 200:
            wanted = asked.headers.get("if-none-match", "")
            star = wanted.strip() == "*" and not self.on("if-none-match-star")
            if star or tag in [each.strip() for each in wanted.split(",")]:
                return Answer(304, headers={"etag": tag})
            if asked.headers.get("range", "").startswith("bytes=") and self.on("range-bytes"):
                return Answer(206, answer.value, {**answer.headers, "content-range": "bytes 0-0/1"})
        if (
            "text/html" in asked.headers.get("accept", "")
            and self.on("accept-html")
            and answer.status == 200
        ):
            return Answer(406, {"code": "not_acceptable", "field": "accept"})
        return answer

    # customers

    def _customer(self, asked: Asked) -> dict[str, Any]:
        given = self._object(asked, {"name", "email", "note"})
        name, email = given.get("name"), given.get("email")
        if not isinstance(name, str) or not name:
            raise ShopError(422, "invalid", "name")
        if len(name) > (39 if self.on("name-length") else 40):
            raise ShopError(422, "too_long", "name")
        if not isinstance(email, str) or not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
            raise ShopError(422, "invalid", "email")
        if self.on("email-plus") and "+" in email:
            raise ShopError(422, "bad_address", "email")
        if self.on("name-trimmed"):
            name = name.strip()
        if self.on("name-nfc"):
            name = unicodedata.normalize("NFC", name)
        if self.on("name-emoji"):
            name = re.sub("[\U00010000-\U0010ffff]", "\ufffd", name)
        return {"name": name, "email": email, "note": given.get("note")}

    def create_customer(self, asked: Asked) -> Answer:
        """Make a customer."""
        made = self._customer(asked)
        if not self.on("duplicate-email") and any(
            each["email"] == made["email"] for each in self.customers.values()
        ):
            raise ShopError(409, "duplicate", "email")
        if self.on("recreate-after-delete") and made["email"] in self.gone_emails:
            raise ShopError(409, "was_deleted", "email")
        key = next(self.ids)
        self.customers[key] = {"id": key, **made, "version": 1}
        shown = self._shown_customer(self.customers[key])
        if self.on("stored-case"):
            self.customers[key]["name"] = made["name"].lower()
        return Answer(201, shown, {"location": f"/customers/{key}"})

    def _shown_customer(self, customer: dict[str, Any]) -> dict[str, Any]:
        if self.on("null-note-absent") and customer["note"] is None:
            return {name: value for name, value in customer.items() if name != "note"}
        return dict(customer)

    def _found(self, key: str, *, deleted: bool = False) -> dict[str, Any]:
        number = self._whole(unquote(key), "id", 1, 0)
        if number not in self.customers or (number in self.gone and not deleted):
            raise ShopError(404, "no_such_customer", "id")
        return self.customers[number]

    def list_customers(self, _: Asked) -> Answer:
        """List the last customers."""
        kept = [each for key, each in self.customers.items() if key not in self.gone]
        kept = kept[-3:]
        shown = list(reversed(kept)) if self.on("list-order") and len(kept) > 1 else kept
        return Answer(200, {"customers": [self._shown_customer(each) for each in shown]})

    def get_customer(self, _: Asked, key: str) -> Answer:
        """Return a customer."""
        found = self._found(key, deleted=self.on("deleted-still-there"))
        version = 1 if self.on("etag-after-update") else found["version"]
        return Answer(200, self._shown_customer(found), {"etag": f'"v{version}"'})

    def _change(self, found: dict[str, Any], asked: Asked, new: dict[str, Any]) -> Answer:
        wanted = asked.headers.get("if-match")
        tags = {"*", f'"v{found["version"]}"'}
        if wanted is not None and wanted not in tags and not self.on("if-match-ignored"):
            raise ShopError(412, "changed_meanwhile")
        found.update(new)
        found["version"] = (
            min(2, found["version"] + 1)
            if self.on("version-after-two-updates")
            else found["version"] + 1
        )
        return Answer(200, self._shown_customer(found))

    def put_customer(self, asked: Asked, key: str) -> Answer:
        """Replace a customer."""
        found, new = self._found(key), self._customer(asked)
        if self.on("put-ignored"):
            return Answer(200, {**self._change(found, asked, {}).value, **new})
        return self._change(found, asked, new)

    def patch_customer(self, asked: Asked, key: str) -> Answer:
        """Change some of a customer."""
        found = self._found(key)
        given = self._object(asked, {"name", "email", "note"})
        if "name" in given and not isinstance(given["name"], str):
            raise ShopError(422, "invalid", "name")
        new = {name: value for name, value in given.items() if name in {"name", "email", "note"}}
        answer = self._change(found, asked, new)
        if self.on("patch-loses-email") and "email" not in given:
            found["email"] = ""
        return answer

    def delete_customer(self, _: Asked, key: str) -> Answer:
        """Delete a customer."""
        found = self._found(key, deleted=self.on("delete-twice"))
        self.gone.add(found["id"])
        self.gone_emails.add(found["email"])
        if not self.on("deleted-still-there"):
            found["email"] = ""
        return Answer(204)

    # orders

    def create_order(self, asked: Asked) -> Answer:
        """Make an order."""
        given = self._object(asked, {"customer_id", "lines", "note", "coupon", "due"})
        customer, lines = given.get("customer_id"), given.get("lines")
        if (
            not isinstance(customer, int)
            or isinstance(customer, bool)
            or customer not in self.customers
        ):
            raise ShopError(422, "no_such_customer", "customer_id")
        if customer in self.gone and not self.on("order-of-deleted-customer"):
            raise ShopError(422, "no_such_customer", "customer_id")
        if not isinstance(lines, list) or (not lines and not self.on("empty-lines")):
            raise ShopError(422, "invalid", "lines")
        if self.on("coupon-and-note") and given.get("coupon") == "HALF" and given.get("note") == "":
            raise ShopError(422, "no_note", "coupon")
        if given.get("coupon") not in [None, "TEN", "HALF"]:
            raise ShopError(422, "invalid", "coupon")
        made = {
            "id": next(self.ids),
            "customer_id": customer,
            "lines": [self._line(each) for each in lines],
            "note": given.get("note"),
            "coupon": given.get("coupon"),
            "due": self._time(given.get("due")),
            "state": "open",
        }
        self.orders[made["id"]] = made
        return Answer(201, made, {"location": f"/orders/{made['id']}"})

    def _line(self, line: Any) -> dict[str, Any]:
        if not isinstance(line, dict) or line.get("sku") not in [each["sku"] for each in PRODUCTS]:
            raise ShopError(422, "no_such_product", "sku")
        quantity = line.get("quantity")
        if self.on("quantity-float") and isinstance(quantity, float) and quantity.is_integer():
            quantity = int(quantity)
        if self.on("quantity-text") and isinstance(quantity, str) and quantity.isdigit():
            quantity = int(quantity)
        if not isinstance(quantity, int) or isinstance(quantity, bool):
            raise ShopError(422, "no_whole_number", "quantity")
        if not 1 <= quantity <= (101 if self.on("quantity-bound") else 100):
            raise ShopError(422, "out_of_range", "quantity")
        return {"sku": line["sku"], "quantity": quantity}

    def _time(self, text: Any) -> Any:
        if text is None:
            return None
        try:
            moment = datetime.fromisoformat(text)
        except (TypeError, ValueError) as error:
            raise ShopError(422, "no_time", "due") from error
        if self.on("offset-time") and moment.utcoffset():
            return moment.replace(tzinfo=None).isoformat() + "Z"
        return text

    def get_order(self, _: Asked, key: str) -> Answer:
        """Return an order."""
        number = self._whole(unquote(key), "id", 1, 0)
        if number not in self.orders:
            raise ShopError(404, "no_such_order", "id")
        return Answer(200, self.orders[number])

    def cancel_order(self, asked: Asked, key: str) -> Answer:
        """Cancel an order, once."""
        order = self.get_order(asked, key).value
        if order["state"] == "cancelled" and not self.on("cancel-twice"):
            raise ShopError(409, "cancelled_already")
        order["state"] = "cancelled"
        return Answer(200, order)
