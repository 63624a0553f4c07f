"""Rows 66 and 67 of the conformance table: GitHub Enterprise Server."""

from __future__ import annotations

import pytest
import requests

from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.testing import Handle, mount
from tests.vendors.github_rig import SERVER, Rig, is_basic_error, is_scim_error, replacing, user


def on_server(**flags) -> Rig:
    github = Rig(**flags)
    github.base = SERVER
    return github


@pytest.mark.parametrize("base", [SERVER, f"{SERVER}/enterprises/acme"])
def test_row_66_everything_is_there_as_in_the_cloud(base):
    github = Rig()
    github.base = base
    created = github.post("/Users", user())
    id = created.json["id"]
    assert created.headers["Location"] == created.json["meta"]["location"] == f"http://localhost{base}/Users/{id}"
    group_id = github.add_group("Engineering", id)
    shown = github.get(f"/Groups/{group_id}").json
    assert shown["members"][0]["$ref"] == f"http://localhost{base}/Users/{id}"
    assert github.get("/Users").json["totalResults"] == 1
    assert github.patch(f"/Users/{id}", replacing("active", False)).json["active"] is False
    assert github.put(f"/Users/{id}", user("hubot")).status_code == 200
    assert github.delete(f"/Groups/{group_id}").status_code == 204
    assert github.delete(f"/Users/{id}").status_code == 204
    assert is_basic_error(github.get(f"/Users/{id}"), 404)


def test_row_66_the_path_with_an_enterprise_is_only_tolerated():
    github = on_server(serves_enterprise_path_on_server=False)
    assert github.get("/Users").status_code == 200
    github.base = f"{SERVER}/enterprises/acme"
    assert is_basic_error(github.get("/Users"), 404)


def test_row_66_both_paths_lead_to_the_same_users():
    github = Rig()
    id = github.add_user()
    github.base = SERVER
    assert github.get(f"/Users/{id}").status_code == 200


@pytest.mark.parametrize("length, status", [(39, 201), (40, 400)])
def test_row_66_a_login_has_no_short_code(length, status):
    assert on_server().post("/Users", user(userName="m" * length)).status_code == status


@pytest.mark.parametrize("links, status", [(True, 201), (False, 409)])
def test_row_67_post_for_an_existing_local_login(links, status):
    github = on_server(local_logins="hubot, Mona", links_local_logins=links)
    answer = github.post("/Users", user("mona"))
    assert answer.status_code == status
    if not links:
        assert is_scim_error(answer, 409, "uniqueness")
        assert github.state() == []
    assert github.post("/Users", user("ada")).status_code == 201


def test_row_67_a_linked_account_is_linked_once():
    github = on_server(local_logins="mona")
    github.add_user("mona")
    assert is_scim_error(github.post("/Users", user("mona")), 409, "uniqueness")


def test_row_67_local_accounts_do_not_exist_in_the_cloud():
    assert Rig(local_logins="mona", links_local_logins=False).post("/Users", user("mona")).status_code == 201


def test_the_real_address_of_github_is_answered_in_process():
    environment = Environment(["github_emu"])
    target = Handle(environment.target("github_emu"))
    with mount(environment):
        url = "https://api.github.com/scim/v2/enterprises/acme/Users"
        assert requests.post(url, json=user(), headers=target.headers, timeout=5).status_code == 201
    assert target.snapshot()["users"][0]["userName"] == "mona@example.com"
