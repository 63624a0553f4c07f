"""The table of routes: one enterprise below three base paths, and organizations.

Nothing else exists: no discovery, no bulk, no search by POST. Paths are compared with case and end
without a slash.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask

from provcheck.mock_targets.http.call import Call
from provcheck.mock_targets.http.errors import UnknownPath
from provcheck.mock_targets.http.pipeline import Route, View, build_app
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.target.target import Target
from provcheck.mock_targets.vendors.github_emu.enterprise import Enterprise, admitted
from provcheck.mock_targets.vendors.github_emu.error_format import GitHubErrorFormat
from provcheck.mock_targets.vendors.github_emu.organization import Organization, in_organization

CLOUD = "/scim/v2/enterprises/<enterprise>"
SERVER = "/api/v3/scim/v2"
SERVER_WITH_ENTERPRISE = "/api/v3/scim/v2/enterprises/<enterprise>"
ORGANIZATION = "/scim/v2/organizations/<organization>"


def github_app(target: Target) -> Flask:
    """The Flask app of the target."""
    return build_app(target, GitHubErrorFormat(), github_routes(), strict_slashes=True)


def github_routes() -> list[Route]:
    """Every route there is."""
    return [
        *_enterprise(Enterprise(CLOUD)),
        *_enterprise(Enterprise(SERVER, on_server=True)),
        *_only_if_served(_enterprise(Enterprise(SERVER_WITH_ENTERPRISE, on_server=True))),
        *_organization(Organization(ORGANIZATION)),
    ]


def _enterprise(views: Enterprise) -> Iterable[Route]:
    users, groups = f"{views.base}/Users", f"{views.base}/Groups"
    yield _route("GET", users, "user.list", views.list_users)
    yield _route("POST", users, "user.create", views.create_user)
    yield _route("GET", f"{users}/<id>", "user.get", views.get_user)
    yield _route("PUT", f"{users}/<id>", "user.replace", views.replace_user)
    yield _route("PATCH", f"{users}/<id>", "user.update", views.modify_user)
    yield _route("DELETE", f"{users}/<id>", "user.delete", views.delete_user)
    yield _route("GET", groups, "group.list", views.list_groups)
    yield _route("POST", groups, "group.create", views.create_group)
    yield _route("GET", f"{groups}/<id>", "group.get", views.get_group)
    yield _route("PUT", f"{groups}/<id>", "group.replace", views.replace_group)
    yield _route("PATCH", f"{groups}/<id>", "group.update", views.modify_group)
    yield _route("DELETE", f"{groups}/<id>", "group.delete", views.delete_group)


def _organization(views: Organization) -> Iterable[Route]:
    users = f"{views.base}/Users"
    for method, rule, operation, view in (
        ("GET", users, "user.list", views.list_users),
        ("POST", users, "user.create", views.create_user),
        ("GET", f"{users}/<id>", "user.get", views.get_user),
        ("PUT", f"{users}/<id>", "user.replace", views.replace_user),
        ("PATCH", f"{users}/<id>", "user.update", views.modify_user),
        ("DELETE", f"{users}/<id>", "user.delete", views.delete_user),
    ):
        yield Route(method, rule, operation, in_organization(view), writes=method != "GET")


def _route(method: str, rule: str, operation: str, view: View) -> Route:
    entry = admitted(view, about_groups=operation.startswith("group."))
    return Route(method, rule, operation, entry, writes=method != "GET")


def _only_if_served(routes: Iterable[Route]) -> Iterable[Route]:
    for route in routes:
        yield Route(route.method, route.rule, route.operation, _served(route.view), writes=route.writes)


def _served(view: View) -> View:
    def enter(call: Call) -> Answer:
        if not call.behaviour.serves_enterprise_path_on_server:
            raise UnknownPath(f"{call.request.path} does not exist")
        return view(call)

    return enter
