"""The table of control routes: summary, request and response schema of each. URL map and OpenAPI come from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from provcheck.mock_targets.control_api import oauth_views, views
from provcheck.mock_targets.control_api.shapes import NUMBER, TEXTS, Schema, list_of, object_of, ref
from provcheck.mock_targets.control_api.views import Ask, Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One method at one path. `body` is the schema of the request body, `gives` of the response body (None: no body).

    `query` are its query parameters with their schemas. An `open` route needs no token.
    """

    method: str
    rule: str
    name: str
    doc: str
    view: Callable[[Ask], Reply]
    status: int = 200
    body: Schema | None = None
    gives: Schema | None = None
    query: Mapping[str, Schema] = field(default_factory=dict)
    open: bool = False


_PAGE: dict[str, Any] = {
    "since": {**NUMBER, "maximum": 10**15 - 1, "description": "Only exchanges after this sequence number"},
    "limit": {**NUMBER, "maximum": 10**15 - 1, "description": "Maximum number of exchanges, oldest first"},
}
_T = "/targets/<target>"

ROUTES: tuple[Route, ...] = (
    Route(
        method="GET",
        rule="/health",
        name="health",
        doc="Liveness check",
        view=views.health,
        gives=object_of({"status": {"type": "string"}}),
        open=True,
    ),
    Route(
        method="GET",
        rule="/targets",
        name="listTargets",
        doc="List targets with URLs and token",
        view=views.list_targets,
        gives=object_of({"targets": list_of(ref("Target"))}),
    ),
    Route(
        method="GET",
        rule=_T,
        name="describeTarget",
        doc="Get a target with its flags and profiles",
        view=views.describe_target,
        gives=ref("TargetDescription"),
    ),
    Route(
        method="PATCH",
        rule=f"{_T}/flags",
        name="changeFlags",
        doc="Set flags, all or none; a profile is applied before single values",
        view=views.change_flags,
        body=ref("FlagChange"),
        gives=object_of({"flags": ref("FlagValues")}),
    ),
    Route(
        method="POST",
        rule=f"{_T}/seed",
        name="seed",
        doc="Add users and groups, all or none",
        view=views.seed,
        body=ref("Seed"),
        gives=object_of({"users": NUMBER, "groups": NUMBER}),
    ),
    Route(
        method="GET",
        rule=f"{_T}/snapshot",
        name="snapshot",
        doc="Get all resources with ids and memberships",
        view=views.snapshot,
        gives=ref("Snapshot"),
    ),
    Route(
        method="GET",
        rule=f"{_T}/journal",
        name="journal",
        doc="List exchanges: request, response, and what was changed",
        view=views.journal,
        gives={"anyOf": [ref("Journal"), ref("Archive")]},
        query={**_PAGE, "format": {"enum": ["json", "har"]}},
    ),
    Route(
        method="GET",
        rule=f"{_T}/journal.har",
        name="journalArchive",
        doc="Get the journal as an HTTP Archive (HAR 1.2)",
        view=views.journal_har,
        gives=ref("Archive"),
        query=_PAGE,
    ),
    Route(
        method="POST",
        rule=f"{_T}/journal/count",
        name="countExchanges",
        doc="Count the exchanges that match all criteria; if none does, name the nearest",
        view=views.count_exchanges,
        body=ref("Criteria"),
        gives=ref("Count"),
    ),
    Route(
        method="GET",
        rule="/faults",
        name="listCatalogue",
        doc="List the named faults, and what a correct client does about each",
        view=views.list_catalogue,
        gives=object_of({"faults": list_of(ref("CatalogueFault"))}),
    ),
    Route(
        method="POST",
        rule=f"{_T}/faults",
        name="armFault",
        doc="Arm a fault: described by its fields, or a named one",
        view=views.arm_fault,
        status=201,
        body={"anyOf": [ref("Fault"), ref("NamedFault")]},
        gives=ref("ArmedFault"),
    ),
    Route(
        method="GET",
        rule=f"{_T}/faults",
        name="listFaults",
        doc="List the armed faults, and how often each fired",
        view=views.list_faults,
        gives=object_of({"faults": list_of(ref("ArmedFault"))}),
    ),
    Route(
        method="DELETE",
        rule=f"{_T}/faults",
        name="clearFaults",
        doc="Remove all faults",
        view=views.clear_faults,
        status=204,
    ),
    Route(
        method="DELETE",
        rule=f"{_T}/faults/<fault>",
        name="removeFault",
        doc="Remove one fault",
        view=views.remove_fault,
        status=204,
    ),
    Route(
        method="GET",
        rule=f"{_T}/oauth",
        name="describeClient",
        doc="Get the OAuth 2 client of a target, with its refresh token and private key",
        view=oauth_views.describe_client,
        gives=ref("OAuthClient"),
    ),
    Route(
        method="POST",
        rule=f"{_T}/oauth/rotate",
        name="rotateClient",
        doc="Give the OAuth 2 client a new secret, refresh token and key pair; access tokens stay valid",
        view=oauth_views.rotate_client,
        gives=ref("OAuthAccess"),
    ),
    Route(
        method="GET",
        rule=f"{_T}/tokens",
        name="listTokens",
        doc="List the tokens that were issued, without their values",
        view=oauth_views.list_tokens,
        gives=object_of({"tokens": list_of(ref("IssuedToken"))}),
    ),
    Route(
        method="DELETE",
        rule=f"{_T}/tokens",
        name="revokeTokens",
        doc="Revoke every access token that was issued",
        view=oauth_views.revoke_tokens,
        gives=object_of({"revoked": NUMBER}),
    ),
    Route(
        method="DELETE",
        rule=f"{_T}/tokens/<token>",
        name="revokeToken",
        doc="Revoke one token",
        view=oauth_views.revoke_token,
        status=204,
    ),
    Route(
        method="POST",
        rule=f"{_T}/reset",
        name="resetTarget",
        doc="Reset a target to the state it started in",
        view=views.reset_target,
        status=204,
    ),
    Route(
        method="GET",
        rule="/tenants",
        name="listTenants",
        doc="List the tenants, and how many there can be",
        view=views.list_tenants,
        gives=object_of({"tenants": TEXTS, "count": NUMBER, "limit": NUMBER}),
    ),
    Route(
        method="DELETE",
        rule="/tenants/<tenant>",
        name="deleteTenant",
        doc="Delete a tenant with all that is in it",
        view=views.delete_tenant,
        status=204,
    ),
    Route(
        method="POST",
        rule="/reset",
        name="resetAll",
        doc="Reset all targets to the state they started in",
        view=views.reset_all,
        status=204,
    ),
)
