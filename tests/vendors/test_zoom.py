"""Zoom's SCIM, row by row of docs/conformance/zoom.md."""

from __future__ import annotations

import pytest

from provcheck.mock_targets.clock import VirtualClock
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.testing import Handle, session

CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


class Zoom:
    """A Zoom account, and requests to it."""

    def __init__(self):
        environment = Environment(["zoom"], clock=VirtualClock(), seed=1)
        self.handle = Handle(environment.targets["zoom"])
        self.session = session(environment)
        self.session.headers.update(self.handle.headers)

    def ask(self, method, path, body=None, at="base_url", **headers):
        return self.session.request(method, self.handle.urls[at] + path, json=body, headers=headers)

    def create(self, name="ada@example.com", **more):
        body = {"schemas": [CORE], "userName": name, "name": {"givenName": "Ada", "familyName": "Berg"}, **more}
        return self.ask("POST", "/Users", body)

    def turn(self, id, active):
        operations = [{"op": "replace", "path": "active", "value": active}]
        return self.ask("PATCH", f"/Users/{id}", {"schemas": [PATCH], "Operations": operations})


@pytest.fixture
def zoom():
    return Zoom()


def test_row_1_a_wrong_token(zoom):
    answer = zoom.ask("GET", "/Users", Authorization="Bearer wrong-token")
    assert (answer.status_code, answer.json()) == (401, {"code": 124, "message": "Invalid access token."})


def test_row_2_a_token_without_the_scope(zoom):
    zoom.handle.flags.token_scopes = "user:read:admin"
    answer = zoom.ask("GET", "/Users")
    assert (answer.status_code, answer.json()["code"]) == (400, 4711)


def test_row_3_a_known_name(zoom):
    zoom.create()
    answer = zoom.ask("GET", '/Users?filter=userName eq "ADA@example.com"').json()
    assert (answer["totalResults"], answer["Resources"][0]["userName"]) == (1, "ada@example.com")


def test_row_4_an_unknown_name(zoom):
    answer = zoom.ask("GET", '/Users?filter=userName eq "eve@example.com"')
    assert (answer.status_code, answer.json()["totalResults"], answer.json()["Resources"]) == (200, 0, [])


def test_row_5_an_invited_person(zoom):
    zoom.handle.flags.pending_addresses = "eve@example.com"
    answer = zoom.ask("GET", '/Users?filter=userName eq "Eve@example.com"')
    assert (answer.status_code, answer.json()["schemas"], answer.json()["status"]) == (400, [ERROR], 400)


def test_row_6_an_id_is_asked_for_as_external_id(zoom):
    id = zoom.create(externalId="hr-7").json()["id"]
    assert zoom.ask("GET", f'/Users?filter=externalId eq "{id}"').json()["totalResults"] == 1
    assert zoom.ask("GET", '/Users?filter=externalId eq "hr-7"').json()["totalResults"] == 0


def test_row_7_lists_show_less_than_single_users(zoom):
    ids = [zoom.create(f"{name}@example.com", title="Engineer").json()["id"] for name in ("ada", "bob", "cid")]
    page = zoom.ask("GET", "/Users?startIndex=1&count=2").json()
    counts = {key: page[key] for key in ("totalResults", "startIndex", "itemsPerPage")}
    assert counts == {"totalResults": 3, "startIndex": 1, "itemsPerPage": 2}
    assert ["title" in each for each in page["Resources"]] == [False, False]
    assert zoom.ask("GET", f"/Users/{ids[0]}").json()["title"] == "Engineer"
    zoom.handle.flags.shows_whole_users_in_lists = True
    assert "title" in zoom.ask("GET", "/Users").json()["Resources"][0]


@pytest.mark.parametrize(("more", "licence"), [({}, "Basic"), ({"userType": "Licensed"}, "Licensed")])
def test_row_8_a_new_user(zoom, more, licence):
    answer = zoom.create(**more)
    user = answer.json()
    assert (answer.status_code, len(user["id"]), user["active"], user["userType"]) == (201, 22, True, licence)


def test_row_9_a_name_that_is_taken(zoom):
    zoom.create()
    answer = zoom.create("Ada@example.com")
    assert (answer.status_code, answer.json()["schemas"]) == (409, [ERROR])


def test_row_10_an_unknown_user(zoom):
    answer = zoom.ask("GET", "/Users/unknown")
    assert (answer.status_code, answer.json()["schemas"]) == (404, [ERROR])


def test_row_11_a_put_keeps_what_it_leaves_out(zoom):
    id = zoom.create(title="Engineer").json()["id"]
    answer = zoom.ask("PUT", f"/Users/{id}", {"schemas": [CORE], "name": {"givenName": "Eve", "familyName": "B"}})
    user = answer.json()
    assert (answer.status_code, user["name"]["givenName"], user["title"]) == (200, "Eve", "Engineer")
    assert user["userName"] == "ada@example.com"


def test_row_12_turning_off_takes_the_licence(zoom):
    id = zoom.create(userType="Licensed").json()["id"]
    answer = zoom.turn(id, active=False)
    assert (answer.status_code, answer.json()["active"], answer.json()["userType"]) == (200, False, "Basic")


@pytest.mark.parametrize(("keeps", "licence"), [(False, "Basic"), (True, "Licensed")])
def test_row_13_turning_on_again_brings_no_licence(zoom, keeps, licence):
    zoom.handle.flags.keeps_licence_of_disabled = keeps
    id = zoom.create(userType="Licensed").json()["id"]
    zoom.turn(id, active=False)
    user = zoom.turn(id, active=True).json()
    assert (user["active"], user["userType"]) == (True, licence)


def test_row_14_a_deleted_user(zoom):
    id = zoom.create().json()["id"]
    assert zoom.ask("DELETE", f"/Users/{id}").status_code == 204
    assert zoom.ask("GET", f"/Users/{id}").status_code == 404
    assert zoom.create().status_code == 201


@pytest.mark.parametrize("path", ["/ServiceProviderConfig", "/Schemas", "/ResourceTypes", "/Bulk", "/Me"])
def test_row_15_there_is_no_discovery(zoom, path):
    assert zoom.ask("GET", path).status_code == 404


def test_row_16_without_single_sign_on_nothing_is_written(zoom):
    id = zoom.create().json()["id"]
    before = zoom.handle.snapshot()
    zoom.handle.flags.has_single_sign_on = False
    answers = [
        zoom.create("bob@example.com"),
        zoom.turn(id, active=False),
        zoom.ask("PUT", f"/Users/{id}", {"schemas": [CORE], "title": "x"}),
        zoom.ask("DELETE", f"/Users/{id}"),
    ]
    assert [answer.status_code for answer in answers] == [400] * 4
    assert {exchange.refused_by for exchange in zoom.handle.journal if exchange.status == 400} == {"has_single_sign_on"}
    assert zoom.handle.snapshot() == before


def test_row_17_a_filter_on_another_attribute(zoom):
    answer = zoom.ask("GET", '/Users?filter=title eq "x"')
    assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidFilter")


def test_row_18_the_same_users_below_v2(zoom):
    id = zoom.create().json()["id"]
    assert zoom.ask("GET", f"/Users/{id}", at="v2").json()["userName"] == "ada@example.com"
    zoom.handle.flags.serves_v2_prefix = False
    assert zoom.ask("GET", f"/Users/{id}", at="v2").status_code == 404


def test_row_19_a_limit_is_told_with_its_category(zoom):
    zoom.handle.flags.enforces_rate_limits = True
    answers = [zoom.ask("GET", "/Users?count=1") for _ in range(61)]
    assert [answer.status_code for answer in answers] == [200] * 60 + [429]
    assert answers[-1].json()["code"] == 429
    assert {"X-RateLimit-Category", "X-RateLimit-Type"} <= answers[-1].headers.keys()


def test_row_20_a_licence_that_there_is_not(zoom):
    answer = zoom.create(userType="Employee")
    assert (answer.status_code, answer.json()["schemas"], answer.json()["status"]) == (400, [ERROR], 400)
