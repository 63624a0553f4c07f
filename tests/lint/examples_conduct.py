"""For every rule on the order and the timing of requests: exchanges that break it, and exchanges that do not."""

from __future__ import annotations

from tests.lint.imagined_exchange import ask, found, group, look, made, op, patch, user

LOST = 0
ADA = {"id": "1", **user()}
BOB = {"id": "2", **user("bob")}
WRONG = patch(op("replace", "active", True))


def page(start: int, *ids: str, count: int = 2, total: int = 4, **more):
    resources = [{"id": id} for id in ids]
    return ask(
        f"GET /Users?startIndex={start}&count={count}", None, 200, found(*resources, total=total, start=start), **more
    )


def everybody(**more):
    return ask("GET /Users", None, 200, found(ADA), **more)


def create(status: int | None = None, name: str = "ada", **more):
    return ask("POST /Users", user(name), status, {"id": "1", **user(name)} if status in (None, 201) else None, **more)


def read(**more):
    return ask("GET /Users/1", None, 200, ADA, **more)


def cursor(text: str, **more):
    return ask(f"GET /Users?cursor={text}", None, 200, found(ADA), **more)


def put(body=None, **more):
    return ask("PUT /Users/1", body or user(), 200, **more)


def add(*ids: str, **more):
    return ask("PATCH /Groups/7", patch(op("add", "members", [{"value": id} for id in ids])), **more)


def staff(*ids: str):
    return ask("GET /Groups/7", None, 200, {"id": "7", **group("staff", *ids)})


def slow(*times: float, status: int = 503):
    return [ask("PATCH /Users/1", WRONG, status, at=at) for at in times]


TAG = {"If-Match": 'W/"1"'}
NEW = {"ETag": 'W/"2"'}

EXAMPLES = {
    "SCIM412": ([page(1, "1"), page(3, "4")], [page(1, "1"), page(2, "2", "3"), page(4, "4")]),
    "SCIM413": ([page(1, "1", "2"), read()], [page(1, "1", "2"), page(3, "3", "4")]),
    "SCIM414": (
        [everybody(at=n, connection=51) for n in range(3)],
        [everybody(at=n * 40) for n in range(3)] + [everybody(at=200 + n, connection=51 + n) for n in range(3)],
    ),
    "SCIM416": ([cursor("a"), cursor("b"), cursor("a")], [cursor("a"), cursor("b")]),
    "SCIM419": (
        [ask("GET /Schemas", None, 200, found(), at=n) for n in range(5)],
        [ask("GET /Schemas", None, 200, found(), at=n * 60) for n in range(5)],
    ),
    "SCIM501": ([look("bob"), create()], [look("ada"), create()]),
    "SCIM502": ([look(), create(LOST), create()], [look(), create(LOST), look(), create()]),
    "SCIM503": ([look(), create(409), create(409)], [look(), create(409), look("ada", ADA), create(409)]),
    "SCIM504": ([create(409), ask("GET /Users/9")], [create(409), look("ada", ADA)]),
    "SCIM505": (
        [create(), create()],
        [create(), ask("PATCH /Users/1", patch(op("replace", "userName", "eve")), 200), create()],
    ),
    "SCIM506": ([create(), ask("DELETE /Users/1"), create()], [create(), ask("DELETE /Users/1"), create(name="bob")]),
    "SCIM507": ([put(), put()], [put(), put(user(title="Dr")), put()]),
    "SCIM508": ([put()], [read(), put()]),
    "SCIM509": ([read(), put(user(emails="left out"))], [read(), put()]),
    "SCIM510": (
        [ask("GET /Users/1", None, 200, ADA, answered={"ETag": 'W/"1"'}), put()],
        [ask("GET /Users/1", None, 200, ADA, answered={"ETag": 'W/"1"'}), put(headers=TAG)],
    ),
    "SCIM511": (
        [put(headers=TAG) | {"status": 412}, put(headers=TAG)],
        [put(headers=TAG) | {"status": 412}, read(), put(headers={"If-Match": 'W/"2"'})],
    ),
    "SCIM512": (
        [ask("GET /Users/1", None, 200, ADA, answered=NEW), put(headers=TAG)],
        [ask("GET /Users/1", None, 200, ADA, answered={"ETag": 'W/"1"'}), put(headers=TAG)],
    ),
    "SCIM513": (
        [ask("PATCH /Users/1", WRONG, 404)] * 3,
        [ask("PATCH /Users/1", WRONG, 404)] * 2 + [look("ada", ADA), ask("PATCH /Users/1", WRONG, 404)],
    ),
    "SCIM515": ([each for _ in range(3) for each in (create(), read())], [create(), read()]),
    "SCIM516": (
        [ask("POST /Groups", group())],
        [ask("GET /Groups", None, 200, found()), ask("POST /Groups", group()), ask("POST /Groups", group(), 409)],
    ),
    "SCIM601": (
        [ask("GET /Users/1", None, 429, answered={"Retry-After": "5"}), read(at=2)],
        [ask("GET /Users/1", None, 429, answered={"Retry-After": "5"}), read(at=5)],
    ),
    "SCIM602": (slow(0, 0.01), slow(0, 1)),
    "SCIM603": (slow(0, 1, 2, 3), slow(0, 1, 3, 7)),
    "SCIM604": (slow(*(2.0**n for n in range(11))), slow(*(2.0**n for n in range(10)))),
    "SCIM605": (slow(0, 1, 2, 3, status=400), slow(0, 100, 200, 300, status=400)),
    "SCIM606": (
        [ask(f"GET /Users/{n}", None, 401) for n in range(4)],
        [ask("GET /Users/1", None, 401), ask("GET /Users/2", None, 200)],
    ),
    "SCIM607": (
        [ask(f"GET /Users/{n}", None, 503, at=n / 100) for n in range(6)],
        [ask(f"GET /Users/{n}", None, 503, at=n) for n in range(6)],
    ),
    "SCIM701": ([add("1"), add("2"), add("3")], [add("1", "2", "3")]),
    "SCIM702": ([read(), add("ada")], [read(), add("1")]),
    "SCIM703": ([read(), add("9", status=400)], [read(), add("1", status=400)]),
    "SCIM704": ([add("1", status=400)] * 3, [add("1", status=400), add("2", status=400), add("3", status=400)]),
    "SCIM705": ([staff("1"), add("1")], [staff("1"), add("2")]),
    "SCIM706": ([add("1", "1")], [add("1", "2")]),
    "SCIM707": (
        [staff("1"), ask("PUT /Groups/7", group(members="left out"))],
        [staff("1"), ask("PUT /Groups/7", group("staff", "1"))],
    ),
    "SCIM708": (
        [ask("GET /Groups", None, 200, found({"id": "7", **group("staff", *map(str, range(101)))}))],
        [ask("GET /Groups?excludedAttributes=members", None, 200, found({"id": "7"}))],
    ),
}
"""Rule -> exchanges that break it, and exchanges that do not."""
__all__ = ["BOB", "EXAMPLES", "made"]
