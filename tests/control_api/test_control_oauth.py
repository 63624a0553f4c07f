"""The control API about OAuth 2: what a client is configured with, rotation, and revocation."""

from __future__ import annotations

import pytest
import requests

from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.testing import session
from tests.fake_target import make_environment

PATH = "/targets/scim"


class Api:
    """A client of the control API, and of the token endpoint as it says."""

    def __init__(self) -> None:
        self.environment = Environment(["scim"], seed=3, seeded_tokens=True, tenants=True)
        self.session = session(self.environment)

    def __call__(self, method: str, path: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.environment.control_token}"}
        return self.session.request(method, self.environment.control_url() + path, headers=headers)

    def ask(self, access: dict[str, str], **form: str) -> requests.Response:
        auth = access["client_id"], access["client_secret"]
        return self.session.post(access["token_url"], data={"grant_type": "client_credentials", **form}, auth=auth)

    def status_with(self, token: str, place: str = "") -> int:
        url = f"{self.environment.url}{place}/scim/v2/Users"
        return self.session.get(url, headers={"Authorization": f"Bearer {token}"}).status_code


@pytest.fixture
def api() -> Api:
    return Api()


def test_a_target_says_what_its_client_is_configured_with(api):
    access = api("GET", PATH).json()["oauth"]
    assert api.status_with(api.ask(access).json()["access_token"]) == 200
    more = api("GET", f"{PATH}/oauth").json()
    assert {name: more[name] for name in access} == access
    assert "BEGIN PRIVATE KEY" in more["private_key"]
    refreshed = api.ask(access, grant_type="refresh_token", refresh_token=more["refresh_token"])
    assert refreshed.status_code == 200


def test_the_same_seed_gives_the_same_client(api):
    again = Environment(["scim"], seed=3, seeded_tokens=True).target("scim").tokens
    other = Environment(["scim"], seed=4, seeded_tokens=True).target("scim").tokens
    known = api.environment.target("scim").tokens
    assert (known.client_id, known.client_secret) == (again.client_id, again.client_secret)
    assert known.client_secret != other.client_secret


def test_rotation_replaces_the_secret_and_leaves_the_tokens(api):
    before = api("GET", PATH).json()["oauth"]
    token = api.ask(before).json()["access_token"]
    after = api("POST", f"{PATH}/oauth/rotate").json()
    assert after["client_id"] == before["client_id"]
    assert (api.ask(before).status_code, api.ask(after).status_code) == (401, 200)
    assert api.status_with(token) == 200
    api("POST", f"{PATH}/reset")
    assert (api.ask(before).status_code, api.ask(after).status_code) == (200, 401)
    assert api.status_with(token) == 401


def test_tokens_are_listed_without_values_and_revoked_one_by_one_or_all(api):
    access = api("GET", PATH).json()["oauth"]
    first, second, third = (api.ask(access, scope="a").json()["access_token"] for _ in range(3))
    listed = api("GET", f"{PATH}/tokens")
    assert not [value for value in (first, second, third) if value in listed.text]
    issued = [token for token in listed.json()["tokens"] if token["use"] == "access"]
    assert [(token["grant_type"], token["scopes"], token["state"]) for token in issued] == [
        ("client_credentials", ["a"], "live")
    ] * 3
    assert api("DELETE", f"{PATH}/tokens/{issued[0]['id']}").status_code == 204
    assert [api.status_with(each) for each in (first, second)] == [401, 200]
    assert api("DELETE", f"{PATH}/tokens").json() == {"revoked": 2}
    assert [api.status_with(each) for each in (second, third)] == [401, 401]
    assert api("DELETE", f"{PATH}/tokens/nothing").status_code == 404


def test_a_target_that_issues_no_tokens_says_so():
    environment = make_environment()
    api = Api()
    api.environment, api.session = environment, session(environment)
    assert api("GET", "/targets/fake").json()["oauth"] is None
    for method, path in (("GET", "oauth"), ("POST", "oauth/rotate"), ("GET", "tokens"), ("DELETE", "tokens")):
        assert api(method, f"/targets/fake/{path}").status_code == 404


def test_a_tenant_is_made_by_a_request_for_a_token_with_the_right_credentials(api):
    access = api("GET", PATH).json()["oauth"]
    here = {**access, "token_url": access["token_url"].replace("/scim/", "/~one/scim/")}
    assert api.ask({**here, "client_secret": "x"}).status_code == 401
    assert api.environment.tenant_names() == []
    token = api.ask(here).json()["access_token"]
    assert api.environment.tenant_names() == ["one"]
    assert (api.status_with(token, "/~one"), api.status_with(token)) == (200, 401)
