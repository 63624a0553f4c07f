"""For every rule of a vendor: exchanges that break it, and exchanges that do not."""

from __future__ import annotations

from tests.lint.imagined_exchange import ENTERPRISE, USER, V1, ask, found, group, op, patch, user


def add(count: int):
    return ask("PATCH /Groups/7", patch(op("add", "members", [{"value": f"U{n}"} for n in range(count)])))


def many(count: int, every: float):
    return [ask("POST /Users", user(f"u{n}"), at=n * every) for n in range(count)]


def users(query: str):
    return ask(f"GET /Users?{query}", None, 200, found())


def create(**more):
    return ask("POST /Users", user(**{"roles": [{"value": "user"}], **more}))


def change(*operations):
    return ask("PATCH /Users/1", patch(*operations))


PART = {"schemas": [USER], "title": "Dr"}

SLACK = {
    "SLACK001": ([add(15_001)], [add(15_000)]),
    "SLACK002": ([add(5_001)], [add(5_000)]),
    "SLACK003": (many(181, 0.1), many(181, 0.5)),
    "SLACK004": (
        [ask("PATCH /Users/1", PART)],
        [change(op("replace", "title", "Dr")), ask("PATCH /Users/1", PART, base="/v1")],
    ),
    "SLACK005": ([change(op("replace", "password", "x"))], [create(password="x")]),
    "SLACK006": ([change(op("replace", "externalId", "x"))], [create(externalId="x")]),
    "SLACK007": ([create(userName="a" * 22)], [create(userName="a.very.long.name@example.com")]),
    "SLACK008": ([create(displayName="ada@example.com")], [create(displayName="Ada")]),
    "SLACK009": (
        [create(emails=[{"value": f"{n}@b", "primary": n == 0} for n in range(3)])],
        [create(emails=[{"value": f"{n}@b", "primary": n == 0} for n in range(2)])],
    ),
    "SLACK010": ([create(emails="left out")], [create()]),
    "SLACK011": ([users("count=2000"), users("")], [users("count=1000")]),
    "SLACK012": (
        [ask("PUT /Users/1", user(), took=1), ask("PUT /Users/1", user(title="Dr"), at=0.5)],
        [ask("PUT /Users/1", user(), took=1), ask("PUT /Users/1", user(title="Dr"), at=1.5)],
    ),
    "SLACK013": ([ask("POST /Users/.search", {})], [users("count=1")]),
}
GITHUB = {
    "GITHUB001": ([ask("GET /Users/1", headers={"User-Agent": ""})], [ask("GET /Users/1")]),
    "GITHUB002": (
        [users("filter=userName%20eq%20%22a%22%20or%20id%20eq%20%22b%22")],
        [users("filter=userName%20eq%20%22a%22")],
    ),
    "GITHUB003": (
        [users("filter=emails%20eq%20%22a%22")],
        [ask("GET /scim/v2/organizations/acme/Users?filter=emails%20eq%20%22a%22", base="")],
    ),
    "GITHUB004": ([users("count=500")], [users("count=100")]),
    "GITHUB005": ([create(roles=[])], [create()]),
    "GITHUB006": (
        [create(roles=[{"value": "boss"}])],
        [create(roles=[{"value": "27d9891d-2c17-4f45-a262-781a0e55c80a"}])],
    ),
    "GITHUB007": (
        [ask("PUT /Groups/7", group(members="left out"))],
        [ask("PUT /Groups/7", group("staff", "1"))],
    ),
    "GITHUB008": ([ask("GET /Users/")], [ask("GET /Users")]),
    "GITHUB009": ([create(externalId="left out")], [create()]),
    "GITHUB010": ([create(displayName="left out")], [create()]),
    "GITHUB011": ([ask("GET /Users/1", headers={"X-GitHub-Api-Version": None})], [ask("GET /Users/1")]),
    "GITHUB012": ([ask("GET /ServiceProviderConfig", None, 404)], [users("count=1")]),
    "GITHUB013": ([create(schemas=[USER, ENTERPRISE])], [create()]),
    "GITHUB014": (many(1001, 1), many(1001, 4)),
    "GITHUB015": ([create(userName="ada!")], [create(userName="ada.love@example.com")]),
    "GITHUB016": ([change(op("replace", 'emails[type eq "work"].value', "x"))], [change(op("replace", "emails", []))]),
}
EXAMPLES = SLACK | GITHUB
"""Rule -> exchanges that break it, and exchanges that do not."""
__all__ = ["EXAMPLES", "GITHUB", "SLACK", "V1"]
