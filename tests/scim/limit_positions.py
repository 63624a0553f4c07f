"""Every vendor limit of the SCIM target: what shows it, and what is seen in each position of its flag."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.scim.scim_rig import Scim, new_group, new_user, op, refusal

Probe = Callable[[Scim], Any]


def group_of_three(scim: Scim) -> Any:
    ids = [scim.create(name)["id"] for name in ("ada", "bob", "eve")]
    answer = scim.send("POST", "/Groups", new_group("Sales", *ids))
    if not answer.ok:
        assert [each.document for each in scim.target.directory.all("Group")] == []
        return answer.status_code
    return len(scim.members(answer.json()["id"]))


def two_members_too_many(scim: Scim) -> int:
    scim.flags.max_members_in_a_request = 1
    return group_of_three(scim)


def members_read_and_searched(scim: Scim) -> tuple[bool, int]:
    ada = scim.create()
    group = scim.create_group("Sales", ada["id"])
    found = scim.get("/Groups", filter=f'id eq "{group["id"]}" and members.value eq "{ada["id"]}"').json()
    return "members" in scim.get(f"/Groups/{group['id']}").json(), found["totalResults"]


def patched_without_path(scim: Scim) -> Any:
    ada = scim.create()
    answer = scim.patch(f"/Users/{ada['id']}", op("replace", None, {"title": "Dr"}))
    assert scim.user(ada["id"]).get("title") == ("Dr" if answer.ok else None)
    return answer.status_code if answer.ok else refusal(answer)


def put_group(scim: Scim) -> int:
    group = scim.create_group("Sales")
    answer = scim.send("PUT", f"/Groups/{group['id']}", new_group("Ops"))
    assert scim.get(f"/Groups/{group['id']}").json()["displayName"] == ("Ops" if answer.ok else "Sales")
    return answer.status_code


def deleted_and_made_again(scim: Scim) -> tuple[int, int, int]:
    """The answers to DELETE, to GET afterwards, and to a new user of the same name."""
    ada = scim.create("ada", active=True)
    gone = scim.send("DELETE", f"/Users/{ada['id']}").status_code
    read = scim.get(f"/Users/{ada['id']}")
    assert not read.ok or read.json()["active"] is False
    return gone, read.status_code, scim.send("POST", "/Users", new_user("ada")).status_code


def inactive_found(scim: Scim) -> tuple[int, int]:
    scim.create("ada", active=False)
    scim.create("bob", active=True)
    return len(scim.names()), len(scim.names(filter='userName eq "ada"'))


def asked_in_capitals(scim: Scim) -> tuple[list[str], list[str], int]:
    """What ADA finds, what Ada finds, and the answer to a second user called ADA."""
    scim.create("Ada")
    again = scim.send("POST", "/Users", new_user("ADA")).status_code
    return scim.names(filter='userName eq "ADA"'), scim.names(filter='userName eq "Ada"'), again


def stored_name(scim: Scim) -> tuple[str, str]:
    ada = scim.create("Ada")
    scim.patch(f"/Users/{ada['id']}", op("replace", "userName", "Ada.B"))
    return ada["userName"], scim.user(ada["id"])["userName"]


def read_at_once_and_later(scim: Scim) -> tuple[int, int, int]:
    ada = scim.create()["id"]
    at_once = [scim.get(f"/Users/{ada}").status_code, scim.patch(f"/Users/{ada}", op("add", "title", "x")).status_code]
    scim.clock.sleep(10)
    return (*at_once, scim.get(f"/Users/{ada}").status_code)


def found_at_once_and_later(scim: Scim) -> tuple[int, int, int]:
    scim.create()
    at_once = len(scim.names(filter='userName eq "ada"')), len(scim.names())
    scim.clock.sleep(10)
    return (*at_once, len(scim.names()))


def deleted_and_read(scim: Scim) -> tuple[bool, bool]:
    """Whether a deleted user who is only turned off is shown as active, at once and later."""
    scim.flags.deletes_by_disabling = True
    ada = scim.create("ada", active=True)["id"]
    scim.send("DELETE", f"/Users/{ada}")
    at_once = scim.user(ada)["active"]
    scim.clock.sleep(10)
    return at_once, scim.user(ada)["active"]


def listed_in_order(scim: Scim) -> list[str]:
    for name in ("bob", "ada"):
        scim.create(name)
    return scim.names()


def inactive_looked_up(scim: Scim) -> tuple[int, int]:
    scim.flags.lists_inactive_users = False
    return inactive_found(scim)


def filtered_by_title(scim: Scim) -> Any:
    """What filters on a title and on a name are answered."""
    scim.create("ada", title="Dr")
    answer = scim.get("/Users", filter='title eq "Dr"')
    return answer.status_code if answer.ok else refusal(answer), len(scim.names(filter='userName eq "ada"'))


def unchanged_and_changed(scim: Scim) -> tuple[int, int]:
    ada = scim.create("ada", title="Dr")["id"]
    answers = [scim.patch(f"/Users/{ada}", op("replace", "title", title)).status_code for title in ("Dr", "Prof")]
    return tuple(answers)


LIMIT_POSITIONS: dict[str, tuple[Probe, dict[Any, Any]]] = {
    "max_members_in_a_request": (group_of_three, {None: 3, 3: 3, 2: 400}),
    "too_many_members_answer": (two_members_too_many, {"400": 400, "413": 413}),
    "shows_members": (members_read_and_searched, {True: (True, 1), False: (False, 1)}),
    "accepts_patch_without_path": (patched_without_path, {True: 200, False: (400, "invalidPath")}),
    "supports_group_put": (put_group, {True: 200, False: 501}),
    "deletes_by_disabling": (deleted_and_made_again, {False: (204, 404, 201), True: (204, 200, 409)}),
    "lists_inactive_users": (inactive_found, {True: (2, 1), False: (1, 0)}),
    "matches_user_names_by_case": (asked_in_capitals, {False: (["Ada"], ["Ada"], 409), True: ([], ["Ada"], 409)}),
    "stores_user_names_in_lower_case": (stored_name, {False: ("Ada", "Ada.B"), True: ("ada", "ada.b")}),
    "filters_find_inactive_users": (inactive_looked_up, {False: (1, 0), True: (1, 1)}),
    "filters_on_any_attribute": (filtered_by_title, {True: (200, 1), False: ((400, "invalidFilter"), 1)}),
    "answers_unchanged_patch_with_body": (unchanged_and_changed, {True: (200, 200), False: (204, 200)}),
    "deactivation_delay": (deleted_and_read, {0: (False, False), 10: (True, False), 11: (True, True)}),
    "list_order": (listed_in_order, {"oldest_first": ["bob", "ada"], "newest_first": ["ada", "bob"]}),
    "visibility_delay_by_id": (read_at_once_and_later, {0: (200, 200, 200), 10: (404, 404, 200), 11: (404, 404, 404)}),
    "visibility_delay_by_filter": (found_at_once_and_later, {0: (1, 1, 1), 10: (0, 0, 1), 11: (0, 0, 0)}),
}
