"""How GitHub speaks: who is let in, what every answer carries, and its two shapes of error.

Refusals of a request's content are SCIM errors; whatever the REST API as a whole refuses is a basic error. Organization
SCIM answers SCIM errors to 403 and 404 too. Source: docs.github.com and GitHub's OpenAPI description.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provcheck.mock_targets.http import errors
from provcheck.mock_targets.http.authentication import holds_token
from provcheck.mock_targets.http.dialect import HttpDialect
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.operations.membership_changes import NothingSelected
from provcheck.mock_targets.scim.errors import ScimError
from provcheck.mock_targets.scim.facts import ScimFacts
from provcheck.mock_targets.scim.list_view import SCIM_LIST_VIEW
from provcheck.mock_targets.scim.messages import ERROR_URN, told
from provcheck.mock_targets.vendors.github_emu.flags import GITHUB_FLAGS
from provcheck.mock_targets.vendors.github_emu.limits import count_request, rate_headers

DOCUMENTATION = "https://docs.github.com/enterprise-cloud@latest/rest"
SCHEMES = ("bearer", "token")
VERSIONS = ("2022-11-28", "2026-03-10")
ENTERPRISE_SCOPES = {"scim:enterprise", "admin:enterprise"}
ORGANIZATION_SCOPES = {"admin:org"}


class Refused(errors.WireError):
    """The request may not come in. `status` tells how."""

    def __init__(self, detail: str, *, status: int) -> None:
        super().__init__(detail)
        self.status = status


class GitHubErrors(HttpDialect):
    """How GitHub's REST API lets in and refuses."""

    reads = GITHUB_FLAGS
    flags = GITHUB_FLAGS
    strict_slashes = True
    media_type = "application/scim+json; charset=utf-8"
    refusals = (ScimError, NothingSelected)
    list_view = SCIM_LIST_VIEW
    own = frozenset(("schemas", "id", "meta"))
    has_patch_operations = True

    def facts(self, request: Request) -> ScimFacts:
        """What a request says, for faults that are meant for some requests only."""
        return ScimFacts(request)

    def authenticate(self, request: Request) -> None:
        """Raises Refused and Unauthorized, for want of a User-Agent, a token, a scope or a version; and RateLimited."""
        behaviour = request.behaviour
        if behaviour.requires_user_agent and not request.header("User-Agent"):
            raise Refused("Requests need a User-Agent header", status=403)
        if not holds_token(request.header("Authorization"), request.target.token, schemes=SCHEMES):
            known = request.header("Authorization")
            raise errors.Unauthorized("Bad credentials" if known else "Requires authentication")
        needed = ORGANIZATION_SCOPES if _is_organization(request) else ENTERPRISE_SCOPES
        if not needed & {scope.strip() for scope in behaviour.token_scopes.split(",")}:
            status = int(behaviour.missing_scope_status)
            raise Refused(
                "Not Found" if status == 404 else f"The token needs {' or '.join(sorted(needed))}", status=status
            )
        version = request.header("X-GitHub-Api-Version")
        if version and version not in VERSIONS and behaviour.refuses_unknown_api_versions:
            raise Refused(f"{version:.40} is not a version of the API; there are {', '.join(VERSIONS)}", status=400)
        count_request(request)

    def headers(self, request: Request) -> Mapping[str, str]:
        """How much of the hour's requests is left."""
        return rate_headers(request) if request.behaviour.shows_rate_limit else {}

    def error(self, request: Request, error: Exception) -> Answer:
        """A refusal as a SCIM error or as a basic error."""
        status, detail, scim_type = told(error)
        headers: dict[str, str] = {}
        if isinstance(error, errors.UnknownPath | errors.MethodNotAllowed):
            status = 404  # a method that a path does not have is told as a path that is not there
        if isinstance(error, errors.TooManyRequests):
            status = int(request.behaviour.rate_limit_status)
            headers = {"Retry-After": str(error.retry_after)} if request.behaviour.answers_retry_after else {}
            return Answer(status, scim_error(status, detail), headers)
        if self._speaks_scim(request, status, error):
            extra = {"message": "Problems parsing JSON"} if isinstance(error, errors.BadJson) else {}
            return Answer(status, {**scim_error(status, detail, scim_type), **extra}, headers)
        return Answer(status, basic_error(status, "Not Found" if status == 404 else detail), headers)

    def _speaks_scim(self, request: Request, status: int, error: Exception) -> bool:
        if isinstance(error, Refused) and status == 400:
            return False
        if status in (401, 403):
            by_organization = status == 403 and _is_organization(request)
            return by_organization or request.behaviour.refusal_shape == "scim"
        if status == 404:
            return _is_organization(request)
        return status != 409 or request.behaviour.conflict_shape == "scim"


def scim_error(status: int, detail: str, scim_type: str | None = None) -> dict[str, Any]:
    """GitHub's SCIM error; its status is a number."""
    kind = {"scimType": scim_type} if scim_type else {}
    return {"schemas": [ERROR_URN], "status": status, **kind, "detail": detail, "documentation_url": DOCUMENTATION}


def basic_error(status: int, message: str) -> dict[str, Any]:
    """GitHub's basic error; its status is a text."""
    return {"message": message, "documentation_url": DOCUMENTATION, "status": str(status)}


def _is_organization(request: Request) -> bool:
    return "organization" in request.params
