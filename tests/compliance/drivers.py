"""How each dialect of each target says the same twenty things: one driver for each.

A driver makes requests (`Ask`, as data) and reads answers into core words. Tests never look at a body themselves, so
whatever a new driver can say is tested: add a class, `DRIVERS` has all that are defined here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import requests

from provcheck.mock_targets import registry
from provcheck.mock_targets.http.oauth.dialect import OAuthDialect

Json = dict[str, Any]

USER_2 = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP_2 = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH_2 = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ERROR_2 = "urn:ietf:params:scim:api:messages:2.0:Error"
CORE_1 = "urn:scim:schemas:core:1.0"


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: method, path below the dialect's base URL, body and query."""

    method: str
    path: str
    body: Any = None
    query: Mapping[str, str] = field(default_factory=dict)


class Driver:
    """SCIM 2.0 as the RFCs have it; a dialect overrides what it says differently.

    `label` names one of the target's base URLs.
    """

    name = "scim-v2"
    target = "scim"
    label = "base_url"

    unique_user_words: Sequence[str] = ("userName",)
    """Core words of a user that no two users share."""
    unique_group_words: Sequence[str] = ()
    folds_group_names = True
    """Whether a group is found by its name in another case."""
    keeps_external_id = True
    keeps_deleted_users = False
    """Whether a user that was deleted stays, turned off."""
    refuses_read_only_members = True
    """Whether members that are written elsewhere are refused on the group; passed over otherwise."""
    status_of_wrong_method = 405
    status_without_credentials = 401
    checks_media_types = True
    starts_with: Mapping[str, Any] = {}
    """Flags of the target that are set from the start, so that it has all that a driver asks for."""
    flags: Mapping[str, Any] = {}
    """Flags to set before a burst of creates meets the rate limit."""
    burst = 25
    """User creates that pass at once when rate limits are enforced."""
    open_paths: Sequence[str] = ("/ServiceProviderConfig", "/ServiceProviderConfigs")
    """What may be read without credentials."""

    # --- users

    def user(self, person: Mapping[str, Any]) -> Json:
        """The body that stands for a user given in core words."""
        return {
            "schemas": [USER_2],
            "userName": person["userName"],
            "externalId": person["externalId"],
            "name": {"givenName": person["givenName"], "familyName": person["familyName"]},
            "displayName": person["displayName"],
            "emails": [{"value": person["email"], "type": "work", "primary": True}],
            "active": person["active"],
        }

    def create_user(self, person: Mapping[str, Any]) -> Ask:
        return Ask("POST", "/Users", self.user(person))

    def read_user(self, id: str) -> Ask:
        return Ask("GET", f"/Users/{id}")

    def list_users(self, start: int, count: int) -> Ask:
        return Ask("GET", "/Users", query={"startIndex": str(start), "count": str(count)})

    def find_user(self, user_name: str) -> Ask:
        return Ask("GET", "/Users", query={"filter": f'userName eq "{user_name}"'})

    def overwrite_user(self, id: str, person: Mapping[str, Any]) -> Ask:
        return Ask("PUT", f"/Users/{id}", self.user(person))

    def rename_user(self, id: str, family_name: str) -> Ask:
        return Ask("PATCH", f"/Users/{id}", _replace("name.familyName", family_name))

    def turn_user(self, id: str, active: bool) -> Ask:
        return Ask("PATCH", f"/Users/{id}", _replace("active", active))

    def turn_off_and_rename(self, id: str, family_name: str) -> Ask:
        operations = [_operation("replace", "active", False), _operation("replace", "name.familyName", family_name)]
        return Ask("PATCH", f"/Users/{id}", {"schemas": [PATCH_2], "Operations": operations})

    def set_password(self, id: str, password: str) -> Ask:
        return Ask("PATCH", f"/Users/{id}", _replace("password", password))

    def join_from_user(self, id: str, group_id: str) -> Ask:
        """Put a user into a group by a write on the user."""
        return Ask("PATCH", f"/Users/{id}", _patch("add", "groups", [{"value": group_id}]))

    def leave_from_user(self, id: str, group_id: str) -> Ask:
        return Ask("PATCH", f"/Users/{id}", _patch("remove", f'groups[value eq "{group_id}"]'))

    def delete_user(self, id: str) -> Ask:
        return Ask("DELETE", f"/Users/{id}")

    # --- groups

    def group(self, name: str, member_ids: Sequence[str] = ()) -> Json:
        """The body that stands for a group."""
        body: Json = {"schemas": [GROUP_2], "displayName": name, "externalId": f"x-{name}"}
        return {**body, "members": [{"value": id} for id in member_ids]} if member_ids else body

    def create_group(self, name: str, member_ids: Sequence[str] = ()) -> Ask:
        return Ask("POST", "/Groups", self.group(name, member_ids))

    def read_group(self, id: str) -> Ask:
        return Ask("GET", f"/Groups/{id}")

    def list_groups(self, start: int, count: int) -> Ask:
        return Ask("GET", "/Groups", query={"startIndex": str(start), "count": str(count)})

    def find_group(self, name: str) -> Ask:
        return Ask("GET", "/Groups", query={"filter": f'displayName eq "{name}"'})

    def overwrite_group(self, id: str, name: str, member_ids: Sequence[str] = ()) -> Ask:
        return Ask("PUT", f"/Groups/{id}", self.group(name, member_ids))

    def rename_group(self, id: str, name: str) -> Ask:
        return Ask("PATCH", f"/Groups/{id}", _replace("displayName", name))

    def add_members(self, id: str, member_ids: Sequence[str]) -> Ask:
        return Ask("PATCH", f"/Groups/{id}", _patch("add", "members", [{"value": each} for each in member_ids]))

    def remove_member(self, id: str, member_id: str) -> Ask:
        return Ask("PATCH", f"/Groups/{id}", _patch("remove", f'members[value eq "{member_id}"]'))

    def delete_group(self, id: str) -> Ask:
        return Ask("DELETE", f"/Groups/{id}")

    # --- answers

    def read(self, body: Json) -> Json:
        """A resource of an answer in core words, with its id, and with the ids of its members or groups."""
        words: Json = {word: body.get(word) for word in ("id", "userName", "displayName", "externalId", "active")}
        words |= {word: body.get("name", {}).get(word) for word in ("givenName", "familyName")}
        emails = body.get("emails") or [{}]
        words["email"] = next((each for each in emails if each.get("primary")), emails[0]).get("value")
        for ends in ("members", "groups"):
            words[ends] = [each["value"] for each in body.get(ends) or ()]
        return {word: value for word, value in words.items() if value is not None}

    def page(self, body: Json) -> tuple[int, list[Json]]:
        """The total that a list tells, and its resources in core words."""
        assert body["itemsPerPage"] == len(body["Resources"])
        return body["totalResults"], [self.read(each) for each in body["Resources"]]

    def check_error(self, answer: requests.Response) -> None:
        """Fail unless an answer is an error in the dialect's own shape."""
        body = answer.json()
        assert answer.headers["Content-Type"] == "application/scim+json"
        assert set(body) <= {"schemas", "status", "scimType", "detail"}
        assert (body["schemas"], body["status"]) == ([ERROR_2], str(answer.status_code))
        assert body["detail"]


class Scim1(Driver):
    """SCIM 1.1: one URN, and a PATCH that is a partial resource."""

    name, label = "scim-v1", "v1"
    refuses_read_only_members = False

    def user(self, person: Mapping[str, Any]) -> Json:
        return {**super().user(person), "schemas": [CORE_1]}

    def group(self, name: str, member_ids: Sequence[str] = ()) -> Json:
        return {**super().group(name, member_ids), "schemas": [CORE_1]}

    def rename_user(self, id: str, family_name: str) -> Ask:
        return _merge(f"/Users/{id}", name={"familyName": family_name})

    def turn_user(self, id: str, active: bool) -> Ask:
        return _merge(f"/Users/{id}", active=active)

    def turn_off_and_rename(self, id: str, family_name: str) -> Ask:
        return _merge(f"/Users/{id}", active=False, name={"familyName": family_name})

    def set_password(self, id: str, password: str) -> Ask:
        return _merge(f"/Users/{id}", password=password)

    def join_from_user(self, id: str, group_id: str) -> Ask:
        return _merge(f"/Users/{id}", groups=[{"value": group_id}])

    def leave_from_user(self, id: str, group_id: str) -> Ask:
        return _merge(f"/Users/{id}", groups=[{"value": group_id, "operation": "delete"}])

    def rename_group(self, id: str, name: str) -> Ask:
        return _merge(f"/Groups/{id}", displayName=name)

    def add_members(self, id: str, member_ids: Sequence[str]) -> Ask:
        return _merge(f"/Groups/{id}", members=[{"value": each} for each in member_ids])

    def remove_member(self, id: str, member_id: str) -> Ask:
        return _merge(f"/Groups/{id}", members=[{"value": member_id, "operation": "delete"}])

    def check_error(self, answer: requests.Response) -> None:
        body = answer.json()
        assert answer.headers["Content-Type"] == "application/json"
        ((only,),) = body.values()
        assert list(body) == ["Errors"]
        assert (set(only), only["code"]) == ({"description", "code"}, str(answer.status_code))
        assert only["description"]


class Slack2(Driver):
    """Slack, version 2: DELETE turns off, e-mail addresses are unique, externalIds are not kept."""

    name, target = "slack-v2", "slack"
    unique_user_words = ("userName", "email")
    keeps_external_id = False
    keeps_deleted_users = True
    checks_media_types = False
    burst = 20

    def check_error(self, answer: requests.Response) -> None:
        if answer.status_code == 401:
            _check_slack_1(answer)
            return
        body = answer.json()
        assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
        assert set(body) == {"schemas", "detail", "status"}
        assert (body["schemas"], body["status"]) == ([ERROR_2], answer.status_code)
        assert body["detail"]


class Slack1(Scim1):
    """Slack, version 1.1."""

    name, target, label = "slack-v1", "slack", "v1"
    refuses_read_only_members = True
    unique_user_words = ("userName", "email")
    keeps_external_id = False
    keeps_deleted_users = True
    checks_media_types = False
    burst = 20

    def check_error(self, answer: requests.Response) -> None:
        _check_slack_1(answer)


class GitHub(Driver):
    """Enterprise SCIM of GitHub in the cloud: externalIds are unique, errors have one of two shapes."""

    name, target = "github-cloud", "github_emu"
    unique_user_words = ("userName", "email", "externalId")
    unique_group_words = ("externalId",)
    folds_group_names = False
    status_of_wrong_method = 404
    checks_media_types = False
    flags = {"users_per_hour": 5}
    burst = 5

    def user(self, person: Mapping[str, Any]) -> Json:
        return {**super().user(person), "roles": [{"value": "user"}]}

    def check_error(self, answer: requests.Response) -> None:
        body = answer.json()
        kind = "scim+json" if "schemas" in body and answer.status_code != 404 else "json"
        assert answer.headers["Content-Type"] == f"application/{kind}; charset=utf-8"
        if "schemas" in body:
            assert (body["schemas"], body["status"]) == ([ERROR_2], answer.status_code)
            assert body["detail"]
        else:
            assert set(body) == {"message", "documentation_url", "status"}
            assert body["status"] == str(answer.status_code)
            assert body["message"]


class GitHubServer(GitHub):
    """The same on a GitHub Enterprise Server."""

    name, label = "github-server", "ghes"


class Zoom(Driver):
    """SCIM of a Zoom account: filters on few attributes, a PUT that is a partial update, no discovery."""

    name, target = "zoom", "zoom"
    starts_with = {"supports_group_put": True, "shows_whole_users_in_lists": True}
    checks_media_types = False
    burst = 80
    open_paths = ()

    def check_error(self, answer: requests.Response) -> None:
        body = answer.json()
        if "code" in body:
            assert answer.headers["Content-Type"] == "application/json;charset=UTF-8"
            assert set(body) == {"code", "message"}
            return
        assert answer.headers["Content-Type"] == "application/scim+json"
        assert (body["schemas"], body["status"]) == ([ERROR_2], answer.status_code)
        assert body["detail"]


class Aquera(Driver):
    """The gateway with an application that has groups and takes PATCH."""

    name, target = "aquera", "aquera"
    starts_with = {"supports_groups": True, "supports_patch": True}
    open_paths = ("/ServiceProviderConfig",)


DRIVERS: tuple[Driver, ...] = tuple(
    kind() for kind in tuple(globals().values()) if isinstance(kind, type) and issubclass(kind, Driver)
)


class TokenEndpoint(Driver):
    """What the OAuth 2 API of a target answers to requests that are not meant for it."""

    name, label = "oauth", "token_url"
    status_without_credentials = 400
    open_paths = ("/.well-known/oauth-authorization-server",)

    def check_error(self, answer: requests.Response) -> None:
        body = answer.json()
        assert answer.headers["Content-Type"].startswith("application/json")
        assert body.keys() in ({"error", "error_description"}, {"error", "reason"})
        assert all(body.values())


class Google(Driver):
    """The Directory API, where every membership is a request of its own: sent what no route takes, and nothing else."""

    name, target = "google", "google_workspace"

    def check_error(self, answer: requests.Response) -> None:
        error = answer.json()["error"]
        assert answer.headers["Content-Type"] == "application/json; charset=UTF-8"
        (first,) = error["errors"]
        assert error["code"] == answer.status_code
        assert first["message"] == error["message"] != ""
        assert first["reason"]
        assert first["domain"] in ("global", "usageLimits")


REFUSING: tuple[Driver, ...] = (*DRIVERS, Google())
"""The drivers that know how a target refuses, whether or not they say everything that it takes."""
NOT_DRIVEN = {
    ("zoom", "users_api"): "users alone, in words of its own: tests/vendors/test_zoom_users_api.py",
    ("google_workspace", "base_url"): "memberships one by one: tests/vendors/test_google_rows.py; refusals are checked",
    ("zoom", "v2"): "the same dialect at another path: tests/vendors/test_zoom.py, row 18",
    ("github_emu", "organization"): "no groups, and turning off is removal: tests/vendors/test_github_organization.py",
}
"""Base URLs that no driver speaks to, by target and label, each with the reason."""


def driver_at(target: str, base_paths: Mapping[str, str], path: str) -> Driver:
    """The driver whose base path a path below the target begins with; else the target's first one."""
    for api in registry.find(target).apis:
        if issubclass(api.dialect, OAuthDialect) and f"{path}/".startswith(f"{api.path}/"):
            return TokenEndpoint()
    own = [driver for driver in REFUSING if driver.target == target]
    return next((driver for driver in own if f"{path}/".startswith(f"{base_paths[driver.label]}/")), own[0])


def _operation(op: str, path: str, value: Any = None) -> Json:
    return {"op": op, "path": path} if value is None else {"op": op, "path": path, "value": value}


def _patch(op: str, path: str, value: Any = None) -> Json:
    return {"schemas": [PATCH_2], "Operations": [_operation(op, path, value)]}


def _replace(path: str, value: Any) -> Json:
    return _patch("replace", path, value)


def _merge(path: str, **attributes: Any) -> Ask:
    return Ask("PATCH", path, {"schemas": [CORE_1], **attributes})


def _check_slack_1(answer: requests.Response) -> None:
    body = answer.json()
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert list(body) == ["Errors"]
    assert set(body["Errors"]) == {"description", "code"}
    assert body["Errors"]["code"] == answer.status_code
    assert body["Errors"]["description"]
