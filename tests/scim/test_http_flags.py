"""Every flag of the SCIM target, in both positions: a table of what a client sees, and proof that none is missing."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest
import requests

from provcheck.mock_targets.scim.flags import LENIENCIES, SCIM_FLAGS, flag_of
from tests.scim.demand_positions import DEMAND_POSITIONS
from tests.scim.idp_shapes import SHAPES
from tests.scim.limit_positions import LIMIT_POSITIONS
from tests.scim.scim_rig import GROUP, SEARCH, Scim, new_group, new_user, op, patch, refusal

Probe = Callable[[Scim], Any]
TITLE = op("add", "title", "x")


def status(answer: requests.Response) -> int:
    return answer.status_code


def supported(name: str) -> Probe:
    return lambda scim: scim.get("/ServiceProviderConfig").json()[name]["supported"]


def a_list(**query: Any) -> Probe:
    def ask(scim: Scim) -> Any:
        for name in ("bob", "ada"):
            scim.create(name)
        answer = scim.get("/Users", **query)
        return [each["userName"] for each in answer.json()["Resources"]] if answer.ok else refusal(answer)

    return ask


def patched_user(scim: Scim) -> int:
    return status(scim.patch(f"/Users/{scim.create()['id']}", TITLE))


def patched_group(scim: Scim) -> int:
    return status(scim.patch(f"/Groups/{scim.create_group()['id']}", op("replace", "displayName", "B")))


def bulk(*names: str) -> Probe:
    def ask(scim: Scim) -> int:
        items = ({"method": "POST", "path": "/Users", "bulkId": name, "data": new_user(name)} for name in names)
        return status(scim.bulk(*items))

    return ask


def basic(scim: Scim) -> str:
    return "Basic " + base64.b64encode(f"anyone:{scim.token}".encode()).decode()


def bearer(scim: Scim) -> str:
    return f"Bearer {scim.token}"


def cursor(seconds: float) -> Probe:
    def ask(scim: Scim) -> Any:
        for name in ("ada", "bob"):
            scim.create(name)
        given = scim.get("/Users", cursor="", count=1).json()["nextCursor"]
        scim.clock.sleep(seconds)
        answer = scim.get("/Users", cursor=given, count=1)
        return answer.status_code if answer.ok else refusal(answer)

    return ask


def members_of_an_unknown_id(scim: Scim) -> Any:
    ada = scim.create()
    answer = scim.send("POST", "/Groups", new_group("Sales", ada["id"], "nobody"))
    return len(answer.json()["members"]) if answer.ok else refusal(answer)


def written_where(scim: Scim) -> tuple[bool, bool]:
    """Whether a membership can be written on the group, and on the user."""
    ada, sales, ops = scim.create(), scim.create_group("Sales"), scim.create_group("Ops")
    by_group = scim.patch(f"/Groups/{sales['id']}", op("add", "members", [{"value": ada["id"]}]))
    by_user = scim.patch(f"/Users/{ada['id']}", op("add", "groups", [{"value": ops["id"]}]))
    for answer, group in ((by_group, sales), (by_user, ops)):
        assert scim.members(group["id"]) == ([ada["id"]] if answer.ok else [])
        assert answer.ok or refusal(answer) == (400, "mutability")
    return by_group.ok, by_user.ok


def in_plain_text(scim: Scim) -> int:
    return status(scim.send("POST", "/Users", new_user(), headers={"Content-Type": "text/plain"}))


def put_without_if_match(scim: Scim) -> int:
    return status(scim.send("PUT", f"/Users/{scim.create()['id']}", new_user("ada", title="x")))


def stale_put(scim: Scim) -> tuple[int, bool]:
    made = scim.create()
    answer = scim.send("PUT", f"/Users/{made['id']}", new_user("ada", title="x"), headers={"If-Match": 'W/"9"'})
    return answer.status_code, "version" in made["meta"]


def myself(scim: Scim) -> int:
    scim.create("ada")
    return status(scim.get("/Me"))


def a_burst(scim: Scim) -> int:
    answers = [scim.get("/Users") for _ in range(110)]
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in answers if answer.status_code == 429)
    return max(map(status, answers))


def first_page_by_cursor(scim: Scim) -> bool:
    for name in ("ada", "bob"):
        scim.create(name)
    return "nextCursor" in scim.get("/Users", cursor="", count=1).json()


def page_of(name: str) -> Probe:
    def ask(scim: Scim) -> tuple[int, int]:
        for number in range(3):
            scim.create(f"u{number}")
        paging = scim.get("/ServiceProviderConfig").json()["pagination"]
        return len(scim.get("/Users").json()["Resources"]), paging[name]

    return ask


FILTERED = {False: (400, "invalidFilter"), True: ["ada"]}
POSITIONS: dict[str, tuple[Probe, dict[Any, Any]]] = {
    "answers_user_patch_with_body": (patched_user, {True: 200, False: 204}),
    "answers_group_patch_with_body": (patched_group, {True: 200, False: 204}),
    "supports_patch": (
        lambda scim: (patched_user(scim), supported("patch")(scim)),
        {True: (200, True), False: (501, False)},
    ),
    "supports_bulk": (
        lambda scim: (bulk("a")(scim), supported("bulk")(scim)),
        {True: (200, True), False: (501, False)},
    ),
    "supports_filter": (a_list(filter='userName eq "ada"'), {True: ["ada"], False: (400, "invalidFilter")}),
    "supports_sort": (a_list(sortBy="userName"), {True: ["ada", "bob"], False: ["bob", "ada"]}),
    "supports_etag": (stale_put, {True: (412, True), False: (200, False)}),
    "supports_cursor": (first_page_by_cursor, {True: True, False: False}),
    "requires_if_match": (put_without_if_match, {True: 428, False: 200}),
    "checks_content_type": (in_plain_text, {True: 415, False: 201}),
    "unknown_members": (members_of_an_unknown_id, {"rejected": (400, "invalidValue"), "skipped": 1, "stored": 2}),
    "me_subject": (myself, {None: 501, "ADA": 200, "nobody": 404}),
    "default_page_size": (page_of("defaultPageSize"), {2: (2, 2), 100: (3, 100)}),
    "max_page_size": (page_of("maxPageSize"), {1: (1, 1), 1000: (3, 1000)}),
    "cursor_timeout": (cursor(60), {59: (400, "expiredCursor"), 61: 200}),
    "bulk_max_operations": (bulk("a", "b"), {1: 413, 2: 200}),
    "bulk_max_payload_size": (bulk("a"), {50: 413, 5000: 200}),
    "membership_style": (written_where, {"group": (True, False), "user": (False, True), "none": (False, False)}),
    "supports_groups": (lambda scim: status(scim.get("/Groups")), {True: 200, False: 404}),
    "enforces_rate_limits": (a_burst, {True: 429, False: 200}),
    "accepts_single_quoted_filter_values": (a_list(filter="userName eq 'ada'"), FILTERED),
    "accepts_unquoted_filter_values": (a_list(filter="userName eq ada"), FILTERED),
    "accepts_short_extension_names": (a_list(filter='userName eq "ada" and not (department pr)'), FILTERED),
    **LIMIT_POSITIONS,
    **DEMAND_POSITIONS,
}
CREDENTIALS = {
    ("bearer", bearer): 200,
    ("bearer", basic): 401,
    ("basic", basic): 200,
    ("basic", bearer): 401,
    ("none", bearer): 200,
}
CASES = [(name, value) for name, (_, positions) in POSITIONS.items() for value in positions]


@pytest.mark.parametrize("name,value", CASES)
def test_a_flag_does_what_it_says_in_each_position(name, value):
    probe, positions = POSITIONS[name]
    assert probe(Scim(**{name: value})) == positions[value]


@pytest.mark.parametrize("name,value", CASES)
def test_a_flag_can_be_turned_at_run_time(name, value):
    probe, positions = POSITIONS[name]
    scim = Scim()
    assert scim.get("/Users").status_code == 200
    scim.flags[name] = value
    assert probe(scim) == positions[value]


@pytest.mark.parametrize("method,credentials", CREDENTIALS, ids=lambda each: getattr(each, "__name__", each))
def test_authentication_takes_the_credentials_that_its_flag_names(method, credentials):
    scim = Scim()
    scim.flags.authentication = method
    answer = scim.session.get(f"{scim.base_url}/Users", headers={"Authorization": credentials(scim)})
    assert answer.status_code == CREDENTIALS[method, credentials]


@pytest.mark.parametrize("method,scheme", [("bearer", "Bearer"), ("basic", "Basic")])
def test_a_refusal_names_the_scheme_that_would_do(method, scheme):
    scim = Scim(authentication=method)
    for header in ({}, {"Authorization": "x"}, {"Authorization": f"{scheme} x"}, {"Authorization": "Basic ä"}):
        encoded = {name: value.encode("latin-1") for name, value in header.items()}
        answer = scim.session.get(f"{scim.base_url}/Users", headers=encoded)
        assert refusal(answer) == (401, None)
        assert answer.headers["WWW-Authenticate"].startswith(scheme)


def _create_user(scim: Scim, ids: dict[str, str]) -> requests.Response:
    return scim.send("POST", "/Users", new_user("eve"))


def _update_user(scim: Scim, ids: dict[str, str]) -> requests.Response:
    return scim.patch(f"/Users/{ids['user']}", TITLE)


def _replace_user(scim: Scim, ids: dict[str, str]) -> requests.Response:
    return scim.send("PUT", f"/Users/{ids['user']}", new_user("ada", title="x"))


def _disable_user(scim: Scim, ids: dict[str, str]) -> requests.Response:
    return scim.patch(f"/Users/{ids['user']}", op("replace", "active", False))


def _delete_user(scim: Scim, ids: dict[str, str]) -> requests.Response:
    return scim.send("DELETE", f"/Users/{ids['user']}")


def _create_group(scim: Scim, ids: dict[str, str]) -> requests.Response:
    return scim.send("POST", "/Groups", new_group("New", ids["user"]))


def _rename_group(scim: Scim, ids: dict[str, str]) -> requests.Response:
    return scim.patch(f"/Groups/{ids['group']}", op("replace", "displayName", "B"))


def _add_member(scim: Scim, ids: dict[str, str]) -> requests.Response:
    return scim.patch(f"/Groups/{ids['group']}", op("add", "members", [{"value": ids["user"]}]))


def _delete_group(scim: Scim, ids: dict[str, str]) -> requests.Response:
    return scim.send("DELETE", f"/Groups/{ids['group']}")


PERMISSIONS = [
    ("allows_create_users", _create_user),
    ("allows_update_users", _update_user),
    ("allows_update_users", _replace_user),
    ("allows_disable_users", _disable_user),
    ("allows_delete_users", _delete_user),
    ("allows_create_groups", _create_group),
    ("allows_update_groups", _rename_group),
    ("allows_update_groups", _add_member),
    ("allows_delete_groups", _delete_group),
]


@pytest.mark.parametrize("flag,act", PERMISSIONS)
@pytest.mark.parametrize("others", [True, False], ids=["others on", "others off"])
def test_a_forbidden_action_is_refused_and_changes_nothing(flag, act, others):
    scim = Scim()
    ids = {"user": scim.create("ada", active=True)["id"], "group": scim.create_group()["id"]}
    before = scim.state()
    for each in {name for name, _ in PERMISSIONS}:
        scim.flags[each] = others and each != flag
    assert refusal(act(scim, ids)) == (403, None)
    assert scim.state() == before
    assert (scim.journal[-1].refused_by, scim.journal[-1].applied) == (flag, "no")


@pytest.mark.parametrize("flag,act", PERMISSIONS)
def test_an_allowed_action_is_done_whatever_else_is_forbidden(flag, act):
    scim = Scim()
    ids = {"user": scim.create("ada", active=True)["id"], "group": scim.create_group()["id"]}
    for each in {name for name, _ in PERMISSIONS} - {flag}:
        scim.flags[each] = False
    assert act(scim, ids).ok
    assert (scim.journal[-1].refused_by, scim.journal[-1].applied) == (None, "yes")


def test_turning_a_user_off_with_other_changes_needs_both_permissions():
    scim = Scim(allows_update_users=False)
    id = scim.create("ada", active=True)["id"]
    answer = scim.patch(f"/Users/{id}", op("replace", "active", False), TITLE)
    assert refusal(answer) == (403, None)
    assert scim.user(id)["active"] is True


def test_reading_needs_no_permission():
    scim = Scim(**{name: False for name, _ in PERMISSIONS})
    assert scim.get("/Users").ok
    assert scim.send("POST", "/.search", {"schemas": [SEARCH]}).ok


@pytest.mark.parametrize("switch", [flag.name for flag in LENIENCIES if flag.name not in POSITIONS])
def test_each_tolerance_has_a_shape_that_needs_it(switch):
    assert [shape for shape in SHAPES if switch in map(flag_of, shape.needs)]


def test_every_flag_is_tested_in_both_positions():
    tested = {*POSITIONS, "authentication", *(name for name, _ in PERMISSIONS), *(flag.name for flag in LENIENCIES)}
    assert tested == {flag.name for flag in SCIM_FLAGS}
    for flag in SCIM_FLAGS:
        if flag.name in POSITIONS:
            values = set(POSITIONS[flag.name][1])
            assert len(values) > 1
            assert values >= set(flag.choices)
            assert flag.default in values or flag.type == "integer"


def test_without_groups_nothing_speaks_of_them():
    scim = Scim(supports_groups=False)
    ada = scim.create()
    for method, path, body in (
        ("GET", "/Groups", None),
        ("POST", "/Groups", new_group()),
        ("GET", "/Groups/x", None),
        ("DELETE", "/Groups/x", None),
        ("PATCH", "/Groups/x", patch(TITLE)),
        ("POST", "/Groups/.search", {"schemas": [SEARCH]}),
        ("GET", "/ResourceTypes/Group", None),
        ("GET", f"/Schemas/{GROUP}", None),
    ):
        assert refusal(scim.send(method, path, body)) == (404, None)
    assert [each["name"] for each in scim.get("/ResourceTypes").json()["Resources"]] == ["User"]
    assert GROUP not in [each["id"] for each in scim.get("/Schemas").json()["Resources"]]
    assert [each["id"] for each in scim.get("/").json()["Resources"]] == [ada["id"]]
    outcome = scim.bulk({"method": "POST", "path": "/Groups", "bulkId": "g", "data": new_group()}).json()["Operations"][
        0
    ]
    assert outcome["status"] == "404"
