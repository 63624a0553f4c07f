"""A probe for each behaviour that a preset of the SCIM target declares (`mock_targets/vendors/scim/presets.py`)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, NamedTuple

from tests.scim.scim_rig import ENTERPRISE, SEARCH, Scim, new_group, new_user, op, patch

NAMES = {"displayName": "Ada King", "name": {"givenName": "Ada", "familyName": "King"}}
WORK = {"value": "ada@example.org", "type": "work", "primary": True}


class Row(NamedTuple):
    """One behaviour, by its preset and name: `probe` gives what is seen, `seen` what should be."""

    preset: str
    behaviour: str
    probe: Callable[[Scim], Any]
    seen: Any


def statuses(*requests: tuple[str, str, Any]) -> Callable[[Scim], Any]:
    """The statuses of requests, one after the other."""

    def ask(scim: Scim) -> Any:
        found = [scim.send(*each).status_code for each in requests]
        return found[0] if len(found) == 1 else found

    return ask


def person(name: str = "ada", **more: Any) -> dict[str, Any]:
    """A user that every preset takes."""
    return new_user(name, **{**NAMES, "emails": [WORK], **more})


def posted(*bodies: dict[str, Any]) -> Callable[[Scim], Any]:
    return statuses(*(("POST", "/Users", body) for body in bodies))


def on_group(*operations: dict[str, Any]) -> Callable[[Scim], Any]:
    """The status of a PATCH of a group that has ada; `{ada}` stands for her id."""

    def ask(scim: Scim) -> int:
        ada = scim.made("/Users", person())["id"]
        group = scim.create_group("Sales", ada)["id"]
        filled = [{**each, "path": each["path"].replace("{ada}", ada)} for each in operations]
        return scim.patch(f"/Groups/{group}", *filled).status_code

    return ask


def put_of_group(scim: Scim) -> int:
    return scim.send("PUT", f"/Groups/{scim.create_group('Sales')['id']}", new_group("Ops")).status_code


def many_members(scim: Scim) -> list[int]:
    ids = [scim.made("/Users", person(f"u{number}"))["id"] for number in range(101)]
    bodies = new_group("Most", *ids[:100]), new_group("Many", *ids)
    found = [scim.send("POST", "/Groups", body).status_code for body in bodies]
    group = scim.create_group("Few")["id"]
    return [*found, scim.patch(f"/Groups/{group}", op("add", "members", [{"value": id} for id in ids])).status_code]


def shown_members(scim: Scim) -> bool:
    group = scim.create_group("Sales", scim.made("/Users", person())["id"])
    return "members" in scim.get(f"/Groups/{group['id']}").json() or "members" in group


def pages(scim: Scim) -> Any:
    """Rows and words of the first page and of the second, by cursor, and what startIndex does."""
    scim.session.hooks["response"].clear()  # the models of the judge demand totals
    for number in range(101):
        scim.made("/Users", person(f"u{number}"))
    first = scim.get("/Users", cursor="", count=1000).json()
    second = scim.get("/Users", cursor=first["nextCursor"], count=1000).json()
    skipped = scim.get("/Users", startIndex=101).json()
    return len(first["Resources"]), "totalResults" in first, len(second["Resources"]), len(skipped["Resources"])


def searches(*filters: str, path: str = "/Users") -> Callable[[Scim], Any]:
    """The statuses of filters; `{ada}`, `{boss}` and `{sales}` stand for ids. One that is answered finds one row."""

    def ask(scim: Scim) -> Any:
        boss = scim.made("/Users", person("boss", emails=[{**WORK, "value": "boss@example.org"}]))["id"]
        extension = {ENTERPRISE: {"manager": {"value": boss}}}
        ada = scim.made(
            "/Users", {**person(externalId="e1", **extension), "schemas": [*new_user()["schemas"], ENTERPRISE]}
        )
        sales = scim.create_group("Sales", ada["id"])["id"]
        found = []
        for text in filters:
            asked = text.replace("{ada}", ada["id"]).replace("{boss}", boss).replace("{sales}", sales)
            answer = scim.get(path, filter=asked)
            assert not answer.ok or answer.json()["totalResults"] == 1
            found.append(answer.status_code)
        return found

    return ask


def deactivated(scim: Scim) -> tuple[int, int, int]:
    """GET after DELETE, how many a look-up finds, and POST of the name again."""
    body = person(externalId="e1")
    ada = scim.made("/Users", body)["id"]
    scim.send("DELETE", f"/Users/{ada}")
    found = len(scim.names(filter='userName eq "ada"'))
    return scim.get(f"/Users/{ada}").status_code, found, scim.send("POST", "/Users", body).status_code


def stored_case(scim: Scim) -> str:
    return str(scim.create("Ada")["userName"])


def unknown_member(scim: Scim) -> int:
    return scim.send("POST", "/Groups", new_group("Sales", "nobody")).status_code


def fresh(scim: Scim) -> list[int]:
    ada = scim.create()["id"]
    at_once = [scim.get(f"/Users/{ada}").status_code, len(scim.names())]
    scim.clock.sleep(5)
    return [*at_once, scim.get(f"/Users/{ada}").status_code, len(scim.names())]


def changed(scim: Scim) -> tuple[int, Any]:
    """The answer to a change, and what is stored."""
    scim.session.hooks["response"].clear()
    ada = scim.create(title="old")["id"]
    answer = scim.patch(f"/Users/{ada}", op("replace", "title", "new"))
    return answer.status_code, scim.target.directory.get("User", ada).document["title"]


def without_schemas(scim: Scim) -> list[int]:
    made = scim.send("POST", "/Users", {"userName": "ada"})
    path = f"/Users/{made.json()['id']}"
    operations = {"Operations": [op("replace", "active", False)]}
    return [made.status_code, scim.send("PATCH", path, operations).status_code]


def patch_statuses(scim: Scim) -> tuple[int, int]:
    ada, group = scim.create()["id"], scim.create_group("Sales")["id"]
    user = scim.patch(f"/Users/{ada}", op("replace", "title", "x"))
    return user.status_code, scim.patch(f"/Groups/{group}", op("replace", "displayName", "x")).status_code


def beside(*counts: int) -> Callable[[Scim], list[tuple[int, bool]]]:
    """The status of a request while so many others are being answered, and whether it says what the limit is called."""

    def ask(scim: Scim) -> list[tuple[int, bool]]:
        scim.session.hooks["response"].clear()  # the models of the judge demand SCIM's own errors
        found = []
        for count in counts:
            with ExitStack() as others:
                for _ in range(count):
                    others.enter_context(scim.target.in_flight)
                answer = scim.get("/Users")
            found.append((answer.status_code, "REQUEST_LIMIT_EXCEEDED" in answer.text))
        return found

    return ask


def pages_by_index(scim: Scim) -> list[tuple[int, list[str]]]:
    """The total and the names of three pages of two."""
    scim.session.hooks["response"].clear()
    for number in range(5):
        scim.create(f"u{number}")
    found = [scim.get("/Users", count=2, startIndex=start).json() for start in (1, 3, 5)]
    return [(each["totalResults"], [row["userName"] for row in each["Resources"]]) for each in found]


def location_of_new(scim: Scim) -> bool:
    scim.session.hooks["response"].clear()
    return scim.send("POST", "/Users", new_user()).headers["Location"].startswith("http://localhost/")


def echoed(scim: Scim) -> list[bool]:
    """Whether the answers to a create and a replace show the title that was sent."""
    scim.session.hooks["response"].clear()
    made = scim.send("POST", "/Users", new_user(title="x"))
    put = scim.send("PUT", f"/Users/{made.json()['id']}", new_user(title="y"))
    assert scim.get(f"/Users/{made.json()['id']}").json()["title"] == "y"
    return ["title" in made.json(), "title" in put.json()]


def okta_spec(scim: Scim) -> list[int]:
    """The requests of the SPEC test of the Okta Integration Network, with bodies as plain JSON."""
    plain = {"Content-Type": "application/json"}
    body = person(externalId="00u1", locale="en-US", groups=[], password="1mz050nq", active=True)
    made = scim.send("POST", "/Users", body, headers=plain)
    path = f"/Users/{made.json()['id']}"
    found = [made, scim.get(path), scim.send("POST", "/Users", body, headers=plain), scim.get("/Users/0101010010")]
    found += [scim.send("PUT", path, {**body, "id": made.json()["id"], "meta": {}}), scim.get("/Users", count=1)]
    found.append(scim.session.get(f"{scim.base_url}/Users", headers={"Authorization": "Bearer no"}))
    for text, count in (('userName eq "ADA"', 1), ('userName eq "x"', 0), ('emails.value eq "x@example.org"', 0)):
        assert len(scim.names(filter=text)) == count
    return [each.status_code for each in found]


def validator_of_users(scim: Scim) -> list[int]:
    """The requests of Microsoft's SCIM validator about users."""
    boss = scim.create("boss")["id"]
    ada = scim.made("/Users", person())["id"]
    changes = (
        op("replace", "displayName", "x"), op("replace", None, {"displayName": "y"}), op("replace", "userName", "eve"),
        op("Replace", "active", "False"), op("replace", "emails[primary eq true].value", "b@example.org"),
        op("add", f"{ENTERPRISE}:manager", boss), op("replace", f"{ENTERPRISE}:manager", boss),
        op("remove", f"{ENTERPRISE}:manager"),
    )  # fmt: skip
    found = [scim.send("POST", "/Users", person()), *(scim.patch(f"/Users/{ada}", each) for each in changes)]
    found.append(scim.patch(f"/Users/{ada}", op("replace", "name.givenName", "E"), op("add", "title", "Dr")))
    found += [scim.send("DELETE", f"/Users/{ada}"), scim.send("DELETE", f"/Users/{ada}")]
    assert (len(scim.names(filter='userName eq "BOSS"')), len(scim.names(filter='userName eq "x"'))) == (1, 0)
    return [each.status_code for each in found]


def validator_of_groups(scim: Scim) -> list[int]:
    """The requests of Microsoft's SCIM validator about groups."""
    ada, sales = scim.create()["id"], scim.create_group("Sales")["id"]
    path, member = f"/Groups/{sales}", [{"value": ada}]
    changes = (op("replace", "displayName", "Ops"), op("Add", "members", member), op("Remove", "members", member))
    found = [scim.send("POST", "/Groups", new_group("sales")), scim.get(path, excludedAttributes="members")]
    found += [scim.patch(path, each) for each in changes]
    found += [scim.get("/Groups", filter='displayName eq "OPS"'), scim.send("DELETE", path)]
    return [each.status_code for each in found]


def gitlab_patch(scim: Scim) -> tuple[int, Any]:
    """The answer to a PATCH that has operations alone, with a boolean as a text, and what is stored."""
    ada = scim.made("/Users", person(externalId="e1", active=True))["id"]
    answer = scim.send("PATCH", f"/Users/{ada}", {"Operations": [op("replace", "active", "false")]})
    return answer.status_code, scim.target.directory.get("User", ada).document["active"]


_SALES, _BOB = new_group("Sales"), [{"value": "x"}]
_UNWANTED = (*("ims", "photos", "x509Certificates", "entitlements"), "groups")

ROWS = (
    Row(
        "aws_identity_center", "names", posted(person(), new_user("b"), new_user("c", displayName="C")), [201, 400, 400]
    ),
    Row("aws_identity_center", "one-value", posted(person(emails=[WORK, {"value": "b@example.org"}])), 400),
    Row("aws_identity_center", "primary", posted(person(emails=[{"value": "b@example.org"}])), 400),
    Row(
        "aws_identity_center",
        "unsupported",
        posted(*(person(**{name: [{"value": "x"}]}) for name in _UNWANTED), person(password="p")),
        [400] * 6,
    ),
    Row(
        "aws_identity_center",
        "group-names",
        statuses(("POST", "/Groups", _SALES), ("POST", "/Groups", _SALES)),
        [201, 409],
    ),
    Row("aws_identity_center", "all-members", lambda scim: [on_group(op("replace", "members", []))(scim)], [400]),
    Row("aws_identity_center", "remove-all", on_group(op("remove", "members")), 400),
    Row("aws_identity_center", "one-member", on_group(op("remove", 'members[value eq "{ada}"]')), 204),
    Row("aws_identity_center", "hundred", many_members, [201, 400, 400]),
    Row("aws_identity_center", "group-put", put_of_group, 501),
    Row(
        "aws_identity_center",
        "not-offered",
        statuses(("POST", "/Bulk", {}), ("POST", "/Users/.search", {"schemas": [SEARCH]}), ("GET", "/Me", None)),
        [501, 501, 501],
    ),
    Row("aws_identity_center", "hidden-members", shown_members, False),
    Row("aws_identity_center", "pages", pages, (100, False, 1, 100)),
    Row(
        "aws_identity_center",
        "filters",
        searches(
            'userName eq "ada"',
            'externalId eq "e1"',
            'id eq "{ada}" and manager eq "{boss}"',
            'groups.value eq "{sales}"',
            'userName sw "ad"',
        ),
        [200, 200, 200, 200, 400],
    ),
    Row(
        "entra_strict",
        "filters",
        searches(
            'userName eq "ada"',
            'externalId eq "e1"',
            'emails[type eq "work"].value eq "ada@example.org"',
            'id eq "{ada}" and manager eq "{boss}"',
            'userName sw "ad"',
        ),
        [200, 200, 200, 200, 400],
    ),
    Row(
        "entra_strict",
        "group-filters",
        searches('displayName eq "Sales"', 'id eq "{sales}" and members eq "{ada}"', path="/Groups"),
        [200, 200],
    ),
    Row("entra_strict", "group-patch", patch_statuses, (200, 204)),
    Row("entra_strict", "validator-users", validator_of_users, [409, *[200] * 9, 204, 404]),
    Row("entra_strict", "validator-groups", validator_of_groups, [409, 200, 204, 204, 204, 200, 204]),
    Row(
        "okta_like",
        "pathless",
        lambda scim: scim.patch(f"/Users/{scim.create()['id']}", op("replace", None, {"active": False})).status_code,
        200,
    ),
    Row("okta_like", "patch-body", patch_statuses, (200, 200)),
    Row("okta_like", "spec-test", okta_spec, [201, 200, 409, 404, 200, 200, 401]),
    Row("okta_like", "parallel", beside(74, 75), [(200, False), (429, False)]),
    Row("wso2_paging", "pages", pages_by_index, [(2, ["u0", "u1"]), (2, ["u1", "u2"]), (2, ["u3", "u4"])]),
    Row("zoom_pending", "ignored", changed, (200, "old")),
    Row("keycloak_like", "lower-case", stored_case, "ada"),
    Row("keycloak_like", "group-put", put_of_group, 501),
    Row("keycloak_like", "unknown-members", unknown_member, 201),
    Row("keycloak_like", "location", location_of_new, False),
    Row("gitlab_like", "deactivated", deactivated, (200, 0, 409)),
    Row(
        "gitlab_like",
        "required",
        posted(person(externalId="e1"), person("b"), new_user("c", externalId="e3")),
        [201, 400, 400],
    ),
    Row("gitlab_like", "patch", gitlab_patch, (204, False)),
    Row(
        "gitlab_like",
        "filters",
        lambda scim: [scim.get("/Users", filter=each).status_code for each in ('id eq "x"', 'userName sw "a"')],
        [200, 400],
    ),
    Row("replicated_directory", "fresh", fresh, [404, 0, 200, 1]),
    Row(
        "vcenter_like",
        "patch",
        lambda scim: scim.send("PATCH", "/Users/x", patch(op("add", "title", "x"))).status_code,
        501,
    ),
    Row("vcenter_like", "no-echo", echoed, [False, False]),
    Row("databricks_like", "schemas", without_schemas, [201, 200]),
    Row("databricks_like", "parallel", beside(3, 4), [(200, False), (500, True)]),
)
