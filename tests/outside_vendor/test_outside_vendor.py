"""A small vendor with two APIs over one directory, written as an outside package and found by its entry point."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from provcheck.mock_targets import registry
from provcheck.mock_targets.clock import VirtualClock
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.scim.dialect import ScimDialect
from provcheck.mock_targets.target.flags import UnknownFlag
from provcheck.mock_targets.testing import Handle, session

HERE = Path(__file__).parent
VENDOR = HERE / "harbor.py"
MAX_LINES = 200
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"


@pytest.fixture
def installed(tmp_path, monkeypatch) -> Path:
    """The vendor as an installed distribution: a module, and metadata that names its entry point."""
    (tmp_path / "harbor.py").write_text(VENDOR.read_text(encoding="utf-8"), encoding="utf-8")
    info = tmp_path / "harbor-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: harbor\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[provcheck.targets]\nharbor = harbor:TARGET\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    registry.find.cache_clear()
    yield tmp_path
    registry.find.cache_clear()
    sys.modules.pop("harbor", None)


class Harbor:
    """The vendor's target in process, spoken to in both ways."""

    def __init__(self) -> None:
        environment = Environment(["harbor"], clock=VirtualClock(), seed=1)
        self.target, self.session = Handle(environment.target("harbor")), session(environment)
        self.key = {"X-Harbor-Key": self.target.token}

    def rest(self, method: str, path: str, body: object = None, **query: str):
        return self.session.request(
            method, self.target.urls["rest"] + path, json=body, params=query, headers=self.key, timeout=5
        )

    def scim(self, method: str, path: str, body: object = None, **query: str):
        headers = {"Authorization": f"Bearer {self.target.token}"}
        return self.session.request(
            method, self.target.urls["base_url"] + path, json=body, params=query, headers=headers, timeout=5
        )


@pytest.fixture
def harbor(installed) -> Harbor:
    return Harbor()


def test_the_vendor_is_short_and_uses_no_private_name_and_no_other_vendor():
    text = VENDOR.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MAX_LINES
    imports = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)]
    taken = [f"{node.module}.{each.name}" for node in imports for each in node.names]
    private = [
        name for name in taken if any(part.startswith("_") for part in name.split(".")) and "__future__" not in name
    ]
    assert private == []
    assert [name for name in taken if ".vendors." in name] == []


def test_the_entry_point_makes_it_a_target_like_any_other(installed):
    assert "harbor" in registry.names()
    assert registry.find("harbor").title == "Harbor, a store of the tests"


def test_the_command_line_lists_its_flags(installed):
    command = [sys.executable, "-m", "provcheck", "list", "flags", "--target", "harbor"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={**_environ(), "COLUMNS": "200"})
    assert "people_per_page" in done.stdout
    assert "supports_etag" in done.stdout


def _environ() -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONPATH": ":".join(path for path in sys.path if path)}


def test_both_apis_show_one_directory(harbor):
    made = harbor.rest("POST", "/people", {"login": "ada", "name": "Ada"})
    assert made.status_code == 201
    seen = harbor.scim("GET", f"/Users/{made.json()['id']}").json()
    assert (seen["userName"], seen["displayName"]) == ("ada", "Ada")
    body = {"schemas": [PATCH], "Operations": [{"op": "replace", "path": "active", "value": False}]}
    assert harbor.scim("PATCH", f"/Users/{seen['id']}", body).status_code == 200
    assert harbor.rest("GET", f"/people/{seen['id']}").json()["active"] is False


def test_a_membership_written_by_one_api_is_read_by_the_other(harbor):
    ada = harbor.rest("POST", "/people", {"login": "ada"}).json()["id"]
    team = harbor.rest("POST", "/teams", {"title": "Crew"}).json()["id"]
    assert harbor.rest("PUT", f"/teams/{team}/people/{ada}").status_code == 204
    assert [member["value"] for member in harbor.scim("GET", f"/Groups/{team}").json()["members"]] == [ada]


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/Me"), ("POST", "/Bulk"), ("GET", "/ServiceProviderConfig"), ("POST", "/.search")]
)
def test_what_the_dialect_leaves_out_is_an_unknown_path(harbor, method, path):
    assert harbor.scim(method, path, {}).status_code == 404


def test_each_api_refuses_in_its_own_words_and_by_its_own_credentials(harbor):
    harbor.rest("POST", "/people", {"login": "ada"})
    taken = harbor.rest("POST", "/people", {"login": "ADA"})
    assert (taken.status_code, taken.json()["error"]["code"]) == (409, "taken")
    user = {"schemas": [USER], "userName": "ada"}
    assert harbor.scim("POST", "/Users", user).json()["scimType"] == "uniqueness"
    wrong = harbor.session.get(harbor.target.urls["rest"] + "/people", headers=harbor.target.headers, timeout=5)
    assert wrong.json() == {"error": {"code": "refused", "message": "no valid key"}}
    assert (
        harbor.session.get(harbor.target.urls["base_url"] + "/Users", headers=harbor.key, timeout=5).status_code == 401
    )


@pytest.mark.parametrize(("api", "told"), [("scim", "scimType"), ("rest", "error")])
def test_an_unknown_path_is_refused_by_the_api_below_which_it_lies(harbor, api, told):
    answer = getattr(harbor, api)("GET", "/nowhere")
    assert answer.status_code == 404
    assert ("error" in answer.json()) is (told == "error")


def test_permissions_hold_for_both_apis(harbor):
    harbor.target.flags.allows_create_users = False
    assert harbor.rest("POST", "/people", {"login": "ada"}).json()["error"]["code"] == "forbidden"
    assert harbor.scim("POST", "/Users", {"schemas": [USER], "userName": "ada"}).status_code == 403
    assert {each.refused_by for each in harbor.target.journal.since(0)} == {"allows_create_users"}


def test_flags_that_it_leaves_to_the_user_can_be_set_and_no_others(harbor):
    for number in range(3):
        harbor.rest("POST", "/people", {"login": f"user{number}"})
    assert len(harbor.rest("GET", "/people").json()["items"]) == 2
    harbor.target.flags.people_per_page = 3
    assert len(harbor.rest("GET", "/people").json()["items"]) == 3
    with pytest.raises(UnknownFlag):
        harbor.target.target.flags.set({"supports_bulk": False})


def test_a_dialect_with_a_flag_that_the_family_does_not_read_fails_when_it_is_made():
    with pytest.raises(UnknownFlag, match="did you mean supports_etag"):
        type("Wrong", (ScimDialect,), {"flags": ("supports_etags",)})
