"""The same requests against several peers, in turns, so that a slow moment of the machine strikes them all alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from benchmarks.connection import Connection, typical

PATCH_URN = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
USER_URN = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP_URN = "urn:ietf:params:scim:schemas:core:2.0:Group"

ENTERPRISE_URN = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

Step = Callable[[Connection, list[str], int], float]


def user(i: int, prefix: str = "user") -> dict[str, Any]:
    """A user with the attributes that Microsoft Entra maps by default, the enterprise extension among them."""
    given, family, mail = f"Given{i}", f"Family{i}", f"{prefix}{i}@example.com"
    return {
        "schemas": [USER_URN, ENTERPRISE_URN],
        "userName": mail,
        "externalId": f"{prefix}-{i}",
        "active": True,
        "displayName": f"{given} {family}",
        "title": "Engineer",
        "preferredLanguage": "en-GB",
        "name": {"givenName": given, "familyName": family, "formatted": f"{given} {family}"},
        "emails": [{"value": mail, "type": "work", "primary": True}],
        "addresses": [
            {
                "type": "work",
                "streetAddress": f"{i} Example Road",
                "locality": "London",
                "region": "Greater London",
                "postalCode": "N1 9GU",
                "country": "GB",
                "formatted": f"{i} Example Road, London",
            }
        ],
        "phoneNumbers": [
            {"type": "work", "value": "+44 20 7946 0000"},
            {"type": "mobile", "value": "+44 7700 900000"},
            {"type": "fax", "value": "+44 20 7946 0001"},
        ],
        ENTERPRISE_URN: {"employeeNumber": f"{i}", "department": "Research", "organization": "Example Ltd"},
    }


def patch(*operations: dict[str, Any]) -> dict[str, Any]:
    """A PATCH message."""
    return {"schemas": [PATCH_URN], "Operations": list(operations)}


def _create(connection: Connection, ids: list[str], i: int) -> float:
    return connection.ask("POST", "/Users", user(i, "made"))


def _get(connection: Connection, ids: list[str], i: int) -> float:
    return connection.ask("GET", f"/Users/{ids[i % len(ids)]}")


def _filter(connection: Connection, ids: list[str], i: int) -> float:
    wanted = quote(f'userName eq "user{i % len(ids)}@example.com"')
    return connection.ask("GET", f"/Users?filter={wanted}")


def _patch(connection: Connection, ids: list[str], i: int) -> float:
    body = patch({"op": "replace", "path": "displayName", "value": f"Name {i}"})
    return connection.ask("PATCH", f"/Users/{ids[i % len(ids)]}", body)


def _put(connection: Connection, ids: list[str], i: int) -> float:
    place = i % len(ids)
    return connection.ask("PUT", f"/Users/{ids[place]}", {**user(place), "title": f"Title {i}"})


STEPS: dict[str, Step] = {"create": _create, "get": _get, "userName eq": _filter, "PATCH": _patch, "PUT": _put}


def compare(
    connections: list[Connection], *, users: int = 100, rounds: int = 30, burst: int = 10
) -> dict[str, dict[str, float]]:
    """Typical milliseconds of each step for each peer, by step and peer.

    The peers take turns after each short burst; the first burst of a round warms up and is not counted.
    """
    ids = {c.peer.name: _prepare(c, users) for c in connections}
    times: dict[str, dict[str, list[float]]] = {step: {c.peer.name: [] for c in connections} for step in STEPS}
    for i in range(rounds):
        for step, ask in STEPS.items():
            for connection in connections:
                own = ids[connection.peer.name]
                taken = [ask(connection, own, i * burst * 2 + k) for k in range(burst + 3)]
                times[step][connection.peer.name] += taken[3:]
    return {step: {name: typical(each) for name, each in of.items()} for step, of in times.items()}


def _prepare(connection: Connection, users: int) -> list[str]:
    return [connection.make("/Users", user(i)) for i in range(users)]


def member_costs(connection: Connection, *, members: int = 2100, window: int = 100) -> tuple[float, float]:
    """Milliseconds to add one member to a group of about 10, and to one of about 2,000.

    The two groups take turns, so that both are measured under the same conditions.
    """
    ids = [connection.make("/Users", user(i, "member")) for i in range(members)]
    small, large = (connection.make("/Groups", {"schemas": [GROUP_URN], "displayName": n}) for n in ("small", "large"))
    _add(connection, small, ids[:10])
    _add(connection, large, ids[:2000])
    times: dict[str, list[float]] = {small: [], large: []}
    for id in ids[2000 : 2000 + window]:
        for group in (small, large):
            times[group].append(_add(connection, group, [id]))
            if group == small:  # keep it small
                leave = patch({"op": "remove", "path": f'members[value eq "{id}"]'})
                connection.ask("PATCH", f"/Groups/{small}", leave)
    return typical(times[small]), typical(times[large])


def _add(connection: Connection, group: str, ids: list[str]) -> float:
    body = patch({"op": "add", "path": "members", "value": [{"value": id} for id in ids]})
    return connection.ask("PATCH", f"/Groups/{group}", body)


def lookup_costs(small: Connection, large: Connection, *, users: int, rounds: int = 400) -> tuple[float, float]:
    """Milliseconds of a `userName eq` that hits, among 1,000 users and among `users`, measured in turns."""
    times: tuple[list[float], list[float]] = ([], [])
    for i in range(-20, rounds):
        for connection, size, taken in ((small, 1000, times[0]), (large, users, times[1])):
            wanted = quote(f'userName eq "seeded{(i + 20) * 97 % size}"')
            seconds = connection.ask("GET", f"/Users?filter={wanted}")
            if i >= 0:
                taken.append(seconds)
    return typical(times[0]), typical(times[1])
