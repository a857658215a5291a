"""Products of the shop of the fuzz bench: listed, and one by its SKU."""

from typing import Any
from urllib.parse import unquote

from tests.bench.fuzz_shop_document import PRODUCTS
from tests.bench.fuzz_shop_requests import Answer, Asked, Requests, ShopError


class Products(Requests):
    """Answers for products."""

    def list_products(self, asked: Asked) -> Answer:
        """List products by page, category and text."""
        if self.on("unknown-parameter"):
            for name, _ in asked.query:
                if name not in {"limit", "offset", "category", "sort", "q"}:
                    raise ShopError(400, "unknown_parameter", name)
        limit = self._whole(
            asked.parameter("limit"), "limit", 0 if self.on("limit-zero") else 1, 20
        )
        if self.on("query-repeated"):
            limit = self._whole(dict(reversed(asked.query)).get("limit"), "limit", 1, 20)
        if limit > (49 if self.on("limit-bound") else 50):
            raise ShopError(400, "invalid", "limit")
        offset = self._whole(
            asked.parameter("offset"), "offset", -(10**9) if self.on("offset-negative") else 0, 0
        )
        found = list(PRODUCTS)
        if (category := asked.parameter("category")) is not None:
            category = category.lower() if self.on("category-case") else category
            found = [each for each in found if each["category"] == category]
        if text := asked.parameter("q"):
            text = text.replace(" ", "+") if self.on("query-plus") else text
            found = [each for each in found if text.lower() in each["name"].lower()]
            if "+" in text:
                found = PRODUCTS[:1]
        if sort := asked.parameter("sort"):
            if sort not in {"name", "-name", "price"}:
                raise ShopError(400, "invalid", "sort")
            descending = sort.startswith("-") and not self.on("sort-descending")
            found = sorted(found, key=lambda each: each[sort.lstrip("-")], reverse=descending)
        items = [
            self._shown_product(each) for each in found[max(0, offset) : max(0, offset) + limit]
        ]
        return Answer(200, {"items": items, "total": len(found)})

    def _shown_product(self, product: dict[str, Any]) -> dict[str, Any]:
        return (
            {**product, "price": float(product["price"])} if self.on("price-as-number") else product
        )

    def get_product(self, _: Asked, sku: str) -> Answer:
        """Return a product."""
        wanted = sku if self.on("sku-encoded") else unquote(sku)
        for each in PRODUCTS:
            if each["sku"] == wanted or (
                self.on("sku-case") and each["sku"].lower() == wanted.lower()
            ):
                headers = {} if self.on("etag-missing") else {"etag": f'"{each["sku"]}"'}
                return Answer(200, self._shown_product(each), headers)
        raise ShopError(404, "no_such_product", "sku")
