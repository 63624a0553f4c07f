"""Zoom's users API and token endpoint, row by row of docs/conformance/zoom.md, and two clients that others wrote."""

from __future__ import annotations

import warnings

import pytest
from zoomus import ZoomClient

from provcheck.mock_targets.clock import VirtualClock
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.testing import Handle, mount, session

GRANT = {"grant_type": "account_credentials", "account_id": "acct"}


class Zoom:
    """A Zoom account, and requests to its users API."""

    def __init__(self):
        self.clock = VirtualClock()
        self.environment = Environment(["zoom"], clock=self.clock, seed=1)
        self.handle = Handle(self.environment.targets["zoom"])
        self.session = session(self.environment)
        self.tokens = self.handle.target.tokens

    def token(self, secret=None, **options):
        auth = (self.tokens.client_id, secret or self.tokens.client_secret)
        return self.session.post(self.handle.urls["token_url"], auth=auth, **options)

    def ask(self, method, path, body=None, **headers):
        own = {**self.handle.headers, **headers}
        return self.session.request(method, self.handle.urls["users_api"] + path, json=body, headers=own)

    def create(self, name="ada", action="ssoCreate", **more):
        info = {"email": f"{name}@example.com", "type": 2, "first_name": "Ada", "last_name": "Berg", **more}
        return self.ask("POST", "/users", {"action": action, "user_info": info})


@pytest.fixture
def zoom():
    return Zoom()


@pytest.mark.parametrize("where", ["params", "data"])
def test_row_21_a_token_for_the_account(zoom, where):
    answer = zoom.token(**{where: GRANT})
    body = answer.json()
    assert (answer.status_code, body["token_type"], body["expires_in"]) == (200, "bearer", 3600)
    assert "refresh_token" not in body
    assert zoom.ask("GET", "/users", Authorization=f"Bearer {body['access_token']}").status_code == 200
    zoom.clock.sleep(3600)
    late = zoom.ask("GET", "/users", Authorization=f"Bearer {body['access_token']}")
    assert (late.status_code, late.json()) == (401, {"code": 124, "message": "Access token is expired."})


def test_row_22_a_wrong_secret(zoom):
    answer = zoom.token("wrong-secret", data=GRANT)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_row_23_another_grant_type(zoom):
    answer = zoom.token(data={"grant_type": "client_credentials"})
    assert (answer.status_code, answer.json()["reason"]) == (400, "unsupported grant type")


def test_a_new_token_can_end_the_one_before(zoom):
    zoom.handle.flags.revoke_previous_token = True
    first, second = (zoom.token(data=GRANT).json()["access_token"] for _ in range(2))
    statuses = [zoom.ask("GET", "/users", Authorization=f"Bearer {each}").status_code for each in (first, second)]
    assert statuses == [401, 200]


def test_row_24_pages_by_token(zoom):
    for name in ("ada", "bob"):
        zoom.create(name)
    first = zoom.ask("GET", "/users?page_size=1").json()
    assert (first["total_records"], len(first["users"]), first["page_count"]) == (2, 1, 2)
    last = zoom.ask("GET", f"/users?next_page_token={first['next_page_token']}").json()
    assert (last["users"][0]["email"], last["next_page_token"]) == ("bob@example.com", "")
    assert "next_page_token" not in zoom.ask("GET", "/users?page_size=1&page_number=1").json()


@pytest.mark.parametrize("age", [0, 901])
def test_row_25_a_token_that_is_stale_or_made_up(zoom, age):
    for name in ("ada", "bob"):
        zoom.create(name)
    token = zoom.ask("GET", "/users?page_size=1").json()["next_page_token"] if age else "bm9uZQ"
    zoom.clock.sleep(age)
    answer = zoom.ask("GET", f"/users?next_page_token={token}")
    assert (answer.status_code, answer.json()["code"]) == (400, 300)


def test_row_26_a_user_by_single_sign_on(zoom):
    answer = zoom.create()
    assert (answer.status_code, set(answer.json())) == (201, {"id", "email", "first_name", "last_name", "type"})
    assert zoom.handle.snapshot()["users"][0]["userName"] == "ada@example.com"


def test_row_27_an_address_that_is_taken(zoom):
    zoom.create()
    answer = zoom.create()
    assert (answer.status_code, answer.json()["code"]) == (409, 1005)


def test_row_28_a_change_is_answered_without_a_body(zoom):
    id = zoom.create().json()["id"]
    answer = zoom.ask("PATCH", f"/users/{id}", {"id": id, "dept": "Engines", "email": "eve@example.com"})
    shown = zoom.ask("GET", f"/users/{id}").json()
    assert (answer.status_code, answer.content) == (204, b"")
    assert (shown["dept"], shown["email"]) == ("Engines", "ada@example.com")


def test_row_29_turning_off_takes_the_licence(zoom):
    id = zoom.create().json()["id"]
    assert zoom.ask("PUT", f"/users/{id}/status", {"action": "deactivate"}).status_code == 204
    shown = zoom.ask("GET", f"/users/{id}").json()
    assert (shown["status"], shown["type"]) == ("inactive", 1)
    assert [each["id"] for each in zoom.ask("GET", "/users?status=inactive").json()["users"]] == [id]
    assert zoom.ask("GET", "/users").json()["users"] == []


def test_row_30_who_is_pending_can_only_be_disassociated(zoom):
    id = zoom.create(action="create").json()["id"]
    assert zoom.ask("GET", "/users?status=pending").json()["total_records"] == 1
    answer = zoom.ask("DELETE", f"/users/{id}?action=delete")
    assert (answer.status_code, answer.json()["code"]) == (400, 1000)
    assert zoom.ask("DELETE", f"/users/{id}").status_code == 204
    assert zoom.handle.snapshot()["users"] == []


def test_row_31_an_unknown_user(zoom):
    answer = zoom.ask("GET", "/users/nobody@example.com")
    assert (answer.status_code, answer.json()["code"]) == (404, 1001)


@pytest.mark.parametrize(
    "body",
    [
        *(
            None,
            [],
            {},
            {"action": "ssoCreate"},
            {"action": "other", "user_info": {"email": "a@example.com", "type": 1}},
        ),
        {"action": "ssoCreate", "user_info": {"email": "a@example.com"}},
        {"action": "ssoCreate", "user_info": {"email": "nothing", "type": 1}},
        {"action": "ssoCreate", "user_info": {"email": "a@example.com", "type": 7}},
        {"action": "ssoCreate", "user_info": {"email": "a@example.com", "type": 1, "first_name": "x" * 65}},
        {"action": "ssoCreate", "user_info": {"email": "a@example.com", "type": 1, "password": "t1meMa$heen"}},
    ],
)
def test_row_32_a_body_that_does_not_fit(zoom, body):
    answer = zoom.ask("POST", "/users", body)
    assert (answer.status_code, answer.json()["code"]) == (400, 300), answer.text
    assert zoom.handle.snapshot()["users"] == []


def test_row_33_too_many_requests(zoom):
    zoom.handle.flags.enforces_rate_limits = True
    answers = [zoom.ask("GET", "/users") for _ in range(61)]
    assert [each.status_code for each in answers] == [200] * 60 + [429]
    assert (answers[-1].json()["code"], answers[-1].headers["X-RateLimit-Category"]) == (429, "Medium")


def test_both_apis_see_the_same_users(zoom):
    id = zoom.create(dept="Engines").json()["id"]
    seen = zoom.session.get(f"{zoom.handle.base_url}/Users/{id}", headers=zoom.handle.headers).json()
    assert (seen["userName"], seen["userType"], seen["name"]["givenName"]) == ("ada@example.com", "Licensed", "Ada")


def test_zoomus_lives_with_a_user(zoom):
    urls = zoom.handle.urls
    with mount(zoom.environment):
        client = ZoomClient(
            zoom.tokens.client_id,
            zoom.tokens.client_secret,
            "acct",
            base_uri=urls["users_api"],
            oauth_uri=urls["token_url"],
        )
        info = {"email": "ada@example.com", "type": 1, "first_name": "Ada", "last_name": "Berg"}
        id = client.user.create(action="ssoCreate", user_info=info).json()["id"]
        assert client.user.check_email(email="ada@example.com").json() == {"existed_email": True}
        calls = [
            client.user.update(id=id, dept="Engines"),
            client.user.update_status(id=id, action="deactivate"),
            client.user.update_status(id=id, action="activate"),
            client.user.update_email(id=id, email="eve@example.com"),
        ]
        assert [call.status_code for call in calls] == [204] * 4
        assert client.user.get(id="eve@example.com").json()["dept"] == "Engines"
        assert client.user.me().json()["id"] == id
        assert client.user.list(status="active", page_size=2).json()["total_records"] == 1
        assert client.user.delete(id=id, action="disassociate").status_code == 204


def test_pyzoom_reads_every_page(zoom):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # it configures pydantic in a way that will go
        from pyzoom import ZoomClient as PyZoom
    ids = [zoom.create(f"user{number}").json()["id"] for number in range(33)]
    with mount(zoom.environment):
        client = PyZoom(zoom.handle.token, base_url=zoom.handle.urls["users_api"])
        assert [each.id for each in client.users.get_users("active").users] == ids
        assert client.users.delete_user(ids[0])
    assert len(zoom.handle.snapshot()["users"]) == 32
