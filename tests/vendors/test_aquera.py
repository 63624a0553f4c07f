"""Aquera's gateway, row by row of docs/conformance/aquera.md."""

from __future__ import annotations

import pytest

from provcheck.mock_targets.clock import VirtualClock
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.testing import Handle, session

CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
IAN_USER = "urn:ietf:params:scim:schemas:extension:ianuser:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


class Gateway(Handle):
    """The gateway, and requests to it."""

    def __init__(self):
        self.environment = Environment(["aquera"], clock=VirtualClock(), seed=1)
        super().__init__(self.environment.targets["aquera"])
        self.session = session(self.environment)

    def ask(self, method, path, body=None, *, given=True, **options):
        headers = self.headers if given else {}
        return self.session.request(method, self.base_url + path, json=body, headers=headers, **options)

    def create(self, name="ada", **more):
        return self.ask("POST", "/Users", {"schemas": [CORE], "userName": name, **more})

    def put(self, id, name="ada", **more):
        return self.ask("PUT", f"/Users/{id}", {"schemas": [CORE], "userName": name, **more})

    def become(self, preset):
        self.target.apply_profile(preset)


_SHARED = Gateway()


@pytest.fixture
def gateway():
    _SHARED.reset()
    yield _SHARED
    assert [exchange.error for exchange in _SHARED.journal if exchange.error] == []


def check_error(answer, status, scim_type=None):
    body = answer.json()
    assert (answer.status_code, body["schemas"], body["status"]) == (status, [ERROR], str(status))
    assert body.get("scimType") == scim_type
    assert body["detail"]


def test_row_1_a_call_without_credentials(gateway):
    answer = gateway.ask("GET", "/Users", given=False)
    check_error(answer, 401)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "preset, bearer, basic", [("plain", 200, 200), ("bearer_only", 200, 401), ("basic_only", 401, 200)]
)
def test_row_2_credentials_of_one_kind(gateway, preset, bearer, basic):
    gateway.become(preset)
    by_name = gateway.ask("GET", "/Users", given=False, auth=("anybody", gateway.token))
    assert (gateway.ask("GET", "/Users").status_code, by_name.status_code) == (bearer, basic)
    wrong = gateway.ask("GET", "/Users", given=False, auth=("anybody", "wrong"))
    check_error(wrong, 401)


@pytest.mark.parametrize("preset, patch", [("plain", True), ("no_patch", False)])
def test_row_3_the_configuration(gateway, preset, patch):
    gateway.become(preset)
    body = gateway.ask("GET", "/ServiceProviderConfig", given=False).json()
    assert (body["patch"]["supported"], body["filter"]["supported"]) == (patch, True)
    assert [scheme["type"] for scheme in body["authenticationSchemes"]] == ["oauthbearertoken", "httpbasic"]


def test_row_4_the_schemas(gateway):
    def urns():
        return {schema["id"] for schema in gateway.ask("GET", "/Schemas").json()["Resources"]}

    assert urns() == {CORE, ENTERPRISE, IAN_USER}
    gateway.flags.custom_attributes_urn = "urn:example:ian"
    assert urns() == {CORE, ENTERPRISE, "urn:example:ian"}
    gateway.flags.custom_attributes_urn = ""
    assert urns() == {CORE, ENTERPRISE}


@pytest.mark.parametrize("groups, kinds", [(False, ["User"]), (True, ["User", "Group"])])
def test_row_5_the_resource_types(gateway, groups, kinds):
    gateway.flags.supports_groups = groups
    assert [each["name"] for each in gateway.ask("GET", "/ResourceTypes").json()["Resources"]] == kinds


@pytest.mark.parametrize("name", ["ada", "ADA"])
def test_row_6_a_known_name(gateway, name):
    gateway.create()
    body = gateway.ask("GET", f'/Users?filter=userName eq "{name}"').json()
    assert (body["totalResults"], body["Resources"][0]["userName"]) == (1, "ada")


def test_row_7_an_unknown_name(gateway):
    answer = gateway.ask("GET", '/Users?filter=userName eq "eve"')
    assert (answer.status_code, answer.json()["totalResults"]) == (200, 0)


def test_row_8_a_page_of_one(gateway):
    for name in ("ada", "ben", "cem"):
        gateway.create(name)
    body = gateway.ask("GET", "/Users?startIndex=1&count=1").json()
    assert (body["totalResults"], len(body["Resources"])) == (3, 1)


def test_row_9_a_user_with_a_name_alone(gateway):
    answer = gateway.create()
    body = answer.json()
    assert (answer.status_code, answer.headers["Location"]) == (201, body["meta"]["location"])
    assert body["meta"]["location"] == f"{gateway.base_url}/Users/{body['id']}"
    assert body.get("active", True) is True
    assert gateway.snapshot()["users"][0]["active"] is True


def test_row_10_a_user_without_a_name(gateway):
    check_error(gateway.ask("POST", "/Users", {"schemas": [CORE]}), 400, "invalidValue")


def test_row_11_a_name_that_is_taken(gateway):
    gateway.create()
    check_error(gateway.create("ADA"), 409, "uniqueness")


def test_row_12_a_custom_attribute(gateway):
    answer = gateway.create(schemas=[CORE, IAN_USER], **{IAN_USER: {"officeLocation": "Oslo"}})
    assert answer.status_code == 201
    read = gateway.ask("GET", f"/Users/{answer.json()['id']}").json()
    assert read[IAN_USER] == {"officeLocation": "Oslo"}


def test_row_13_a_user_is_replaced(gateway):
    before = gateway.create(title="Engineer", displayName="Ada").json()
    gateway.environment.clock.sleep(60)
    answer = gateway.put(before["id"], displayName="Ada B.")
    after = answer.json()
    assert (answer.status_code, after["displayName"], "title" in after) == (200, "Ada B.", False)
    assert (after["id"], after["meta"]["created"]) == (before["id"], before["meta"]["created"])


@pytest.mark.parametrize("removes, left", [(False, 1), (True, 0)])
def test_row_14_a_user_is_turned_off(gateway, removes, left):
    gateway.become("delete_on_deactivation" if removes else "plain")
    answer = gateway.put(gateway.create().json()["id"], active=False)
    assert (answer.status_code, answer.json()["active"]) == (200, False)
    assert len(gateway.snapshot()["users"]) == left


def test_row_15_an_unknown_user_is_replaced(gateway):
    check_error(gateway.put("unknown"), 404)


def test_row_16_a_patch(gateway):
    id = gateway.create().json()["id"]
    body = {"schemas": [PATCH], "Operations": [{"op": "replace", "path": "title", "value": "Engineer"}]}
    check_error(gateway.ask("PATCH", f"/Users/{id}", body), 501)
    gateway.become("plain")
    assert gateway.ask("PATCH", f"/Users/{id}", body).json()["title"] == "Engineer"


def test_row_17_a_user_is_deleted(gateway):
    first, second = gateway.create("ada").json()["id"], gateway.create("ben").json()["id"]
    assert gateway.ask("DELETE", f"/Users/{first}").status_code == 204
    check_error(gateway.ask("GET", f"/Users/{first}"), 404)
    gateway.become("no_delete")
    assert gateway.ask("DELETE", f"/Users/{second}").status_code == 204
    assert gateway.ask("GET", f"/Users/{second}").json()["active"] is False


def test_row_18_groups(gateway):
    check_error(gateway.ask("GET", "/Groups"), 404)
    gateway.become("no_group_filter")
    assert gateway.ask("GET", "/Groups").json()["totalResults"] == 0
    check_error(gateway.ask("GET", '/Groups?filter=displayName eq "Staff"'), 400, "invalidFilter")


def test_row_19_values_without_types(gateway):
    gateway.become("untyped_multivalue")
    user = gateway.create(emails=[{"value": "ada@example.com", "type": "work", "primary": True}]).json()
    assert user["emails"] == [{"value": "ada@example.com"}]
    changed = gateway.put(user["id"], emails=[{"value": "berg@example.com", "type": "work"}]).json()
    assert changed["emails"] == [{"value": "berg@example.com"}, {"value": "ada@example.com"}]


def test_row_20_the_application_is_down(gateway):
    gateway.become("backend_down")
    check_error(gateway.ask("GET", "/Users"), 502)


def test_row_21_too_many_requests(gateway):
    gateway.flags.enforces_rate_limits = True
    answers = [gateway.ask("GET", "/Users") for _ in range(26)]
    assert [answer.status_code for answer in answers[-2:]] == [200, 429]
    assert int(answers[-1].headers["Retry-After"]) >= 1


def test_row_22_a_base_url_with_a_slash_at_its_end(gateway):
    body = {"schemas": [CORE], "userName": "ada"}
    answer = gateway.ask("POST", "//Users", body, allow_redirects=False)
    assert answer.status_code == 201
    assert gateway.ask("GET", f"//Users/{answer.json()['id']}").status_code == 200


def test_row_23_schemas_that_lack_something(gateway):
    gateway.become("bad_schema")
    assert not [each for each in gateway.ask("GET", "/Schemas").json()["Resources"] if "attributes" in each]
