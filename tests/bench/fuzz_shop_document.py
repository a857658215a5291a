"""The shop of the fuzz bench as data: what it sells, and its OpenAPI document.

It also has the differences that can be switched on.
"""

from typing import Any

PRODUCTS = [
    {"sku": f"P-{n:02d}", "name": name, "category": category, "price": price}
    for n, (name, category, price) in enumerate(
        [
            ("Rope", "tools", "4.50"),
            ("Saw", "tools", "19.99"),
            ("Tea", "food", "3.25"),
            ("Jam", "food", "2.75"),
        ]
        * 3,
        1,
    )
]
PLANTS: dict[str, bool] = {
    # name: whether it takes a sequence of requests to see it
    "limit-zero": False,
    "limit-bound": False,
    "offset-negative": False,
    "sort-descending": False,
    "category-case": False,
    "query-plus": False,
    "query-repeated": False,
    "unknown-parameter": False,
    "sku-case": False,
    "sku-encoded": False,
    "trailing-slash": False,
    "head-method": False,
    "options-allow": False,
    "method-not-allowed": False,
    "etag-missing": False,
    "if-none-match-star": False,
    "range-bytes": False,
    "accept-html": False,
    "body-empty": False,
    "duplicate-member": False,
    "trailing-comma": False,
    "nan-accepted": False,
    "content-type-text": False,
    "charset-latin1": False,
    "name-length": False,
    "name-trimmed": False,
    "name-nfc": False,
    "name-emoji": False,
    "null-note-absent": False,
    "unknown-member": False,
    "email-plus": False,
    "quantity-float": False,
    "quantity-text": False,
    "quantity-bound": False,
    "rounding": False,
    "big-integer": False,
    "leap-day": False,
    "offset-time": False,
    "empty-lines": False,
    "coupon-and-note": False,
    "price-as-number": False,
    "deleted-still-there": True,
    "delete-twice": True,
    "patch-loses-email": True,
    "put-ignored": True,
    "duplicate-email": True,
    "order-of-deleted-customer": True,
    "cancel-twice": True,
    "list-order": True,
    "etag-after-update": True,
    "if-match-ignored": True,
    "stored-case": True,
    "version-after-two-updates": True,
    "recreate-after-delete": True,
}
_ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}


def _body(schema: str) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}}


def _query(name: str, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema}


_CUSTOMER = {
    "type": "object",
    "required": ["name", "email"],
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 40},
        "email": {"type": "string", "format": "email"},
        "note": {"type": "string", "nullable": True},
    },
}
_ORDER = {
    "type": "object",
    "required": ["customer_id", "lines"],
    "properties": {
        "customer_id": {"type": "integer"},
        "lines": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["sku", "quantity"],
                "properties": {
                    "sku": {"type": "string", "example": "P-01"},
                    "quantity": {"type": "integer", "minimum": 1, "maximum": 100},
                },
            },
        },
        "note": {"type": "string"},
        "coupon": {"type": "string", "enum": ["TEN", "HALF"]},
        "due": {"type": "string", "format": "date-time"},
    },
}
_QUOTE = {
    "type": "object",
    "required": ["amount"],
    "properties": {
        "amount": {"type": "number"},
        "reference": {"type": "integer"},
        "day": {"type": "string", "format": "date"},
    },
}
DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "shop", "version": "1"},
    "paths": {
        "/products": {
            "get": {
                "parameters": [
                    _query("limit", type="integer", minimum=1, maximum=50),
                    _query("offset", type="integer", minimum=0),
                    _query("category", type="string", enum=["tools", "food"]),
                    _query("sort", type="string", enum=["name", "-name", "price"]),
                    _query("q", type="string"),
                ],
                "responses": {"200": {"description": "products"}},
            }
        },
        "/products/{sku}": {
            "get": {
                "parameters": [
                    {"name": "sku", "in": "path", "required": True, "schema": {"type": "string"}}
                ],
                "responses": {"200": {"description": "a product"}},
            }
        },
        "/customers": {
            "post": {
                "requestBody": _body("Customer"),
                "responses": {"201": {"description": "made"}},
            },
            "get": {"responses": {"200": {"description": "customers"}}},
        },
        "/customers/{id}": {
            "parameters": [_ID],
            "get": {"responses": {"200": {"description": "a customer"}}},
            "put": {
                "requestBody": _body("Customer"),
                "responses": {"200": {"description": "changed"}},
            },
            "patch": {
                "requestBody": _body("Customer"),
                "responses": {"200": {"description": "changed"}},
            },
            "delete": {"responses": {"204": {"description": "gone"}}},
        },
        "/orders": {
            "post": {"requestBody": _body("Order"), "responses": {"201": {"description": "made"}}}
        },
        "/orders/{id}": {
            "parameters": [_ID],
            "get": {"responses": {"200": {"description": "an order"}}},
            "delete": {"responses": {"200": {"description": "cancelled"}}},
        },
        "/quotes": {
            "post": {
                "requestBody": _body("Quote"),
                "responses": {"200": {"description": "a quote"}},
            }
        },
    },
    "components": {"schemas": {"Customer": _CUSTOMER, "Order": _ORDER, "Quote": _QUOTE}},
}
