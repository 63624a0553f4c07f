"""The table of routes: one enterprise below three base paths, and organizations.

Nothing else exists: no discovery, no bulk, no search by POST. Paths are compared with case and end
without a slash.
"""

from __future__ import annotations

from collections.abc import Iterable

from provcheck.mock_targets.http.dialect import Route, View
from provcheck.mock_targets.http.errors import UnknownPath
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.vendors.github_emu.enterprise import Enterprise, admitted
from provcheck.mock_targets.vendors.github_emu.error_format import GitHubErrors
from provcheck.mock_targets.vendors.github_emu.organization import Organization, in_organization

CLOUD = "/scim/v2/enterprises/<enterprise>"
SERVER = "/api/v3/scim/v2"
SERVER_WITH_ENTERPRISE = "/api/v3/scim/v2/enterprises/<enterprise>"
ORGANIZATION = "/scim/v2/organizations/<organization>"


class EnterpriseDialect(GitHubErrors):
    """SCIM for an enterprise on github.com."""

    def routes(self) -> Iterable[Route]:
        """Every route of an enterprise."""
        return _enterprise(Enterprise(self.api.path))


class ServerDialect(GitHubErrors):
    """SCIM for the one enterprise of a GitHub Enterprise Server."""

    def routes(self) -> Iterable[Route]:
        """Every route of an enterprise, by the rules of the server."""
        return _enterprise(Enterprise(self.api.path, on_server=True))


class ServerEnterpriseDialect(GitHubErrors):
    """The same, at a path that names the enterprise."""

    def routes(self) -> Iterable[Route]:
        """The same routes, where the server has them."""
        return _only_if_served(_enterprise(Enterprise(self.api.path, on_server=True)))


class OrganizationDialect(GitHubErrors):
    """SCIM for an organization."""

    def routes(self) -> Iterable[Route]:
        """Every route of an organization."""
        return _organization(Organization(self.api.path))


def _enterprise(views: Enterprise) -> Iterable[Route]:
    users, groups = "/Users", "/Groups"
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
    users = "/Users"
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
    def enter(request: Request) -> Answer:
        if not request.behaviour.serves_enterprise_path_on_server:
            raise UnknownPath(f"{request.path} does not exist")
        return view(request)

    return enter
