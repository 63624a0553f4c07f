"""Presets of well-known targets: the flags and faults that imitate how they deviate from the RFC.

A preset is not a full copy: it holds the deviations that clients fail on, as the target's own pages or its public bug
reports describe them. Each flag and each fault names its source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from provcheck.mock_targets.scim.flags import flags_of
from provcheck.mock_targets.vendors.scim.sender_presets import PROFILES


@dataclass(frozen=True, slots=True)
class TargetPreset:
    """Flags and faults that imitate a target. `source` names the pages that describe its behaviour."""

    doc: str
    source: str
    flags: Mapping[str, Any]
    faults: Sequence[Mapping[str, Any]] = ()


_PLAIN = {"supports_sort": False, "supports_bulk": False, "supports_etag": False, "supports_cursor": False}
_EQ_ONLY = {"fault": "filter.unsupported_400", "only_if": "filter_beyond_eq"}

PRESETS: Mapping[str, TargetPreset] = {
    "aws_identity_center": TargetPreset(
        "names and one primary e-mail required, unique group names, 100 members a request that are never listed, "
        "paging by cursor alone, filters with eq and and alone",
        "AWS IAM Identity Center SCIM developer guide: Limitations, CreateUser, CreateGroup, PatchGroup, GetGroup, "
        "ListUsers, Supported API operations",
        {
            **flags_of(PROFILES["aws_sync"]),
            **_PLAIN,
            "required_user_attributes": "name.givenName,name.familyName,displayName",
            "unsupported_user_attributes": "ims,photos,x509Certificates,entitlements,password,groups",
            "max_values_of_an_attribute": 1,
            "requires_primary_email": True,
            "requires_unique_group_names": True,
            "supports_member_replacement": False,
            "supports_group_put": False,
            "supports_search": False,
            "supports_attribute_selection": False,
            "supports_cursor": True,
            "supports_index_paging": False,
            "counts_results_of_cursors": False,
            "max_members_in_a_request": 100,
            "shows_members": False,
            "accepts_patch_without_path": False,
            "answers_group_patch_with_body": False,
            "default_page_size": 100,
            "max_page_size": 100,
        },
        (_EQ_ONLY,),
    ),
    "entra_strict": TargetPreset(
        "what Entra ID asks of a target and no more: 204 for groups, unique group names, filters with eq and and, "
        "25 requests a second",
        "learn.microsoft.com, Develop and plan provisioning for a SCIM endpoint; the SCIM validator",
        {
            **flags_of(PROFILES["entra"]),
            **_PLAIN,
            "answers_group_patch_with_body": False,
            "requires_unique_group_names": True,
            "enforces_rate_limits": True,
        },
        (_EQ_ONLY,),
    ),
    "okta_like": TargetPreset(
        "tolerates what Okta sends, answers PATCH with a body, and takes 75 requests at a time",
        "developer.okta.com, SCIM 2.0 reference; Additional rate limits (concurrent transactions)",
        {**flags_of(PROFILES["okta"]), **_PLAIN, "max_page_size": 200},
        ({"fault": "concurrency.limit", "parallel_above": 75},),
    ),
    "wso2_paging": TargetPreset(
        "pages that repeat a row, and a totalResults that counts the page",
        "github.com/wso2/product-is, issues 9957, 7320, 27973 and 22589",
        {"default_page_size": 100, "max_page_size": 100},
        ({"fault": "paging.repeat_or_skip"}, {"fault": "paging.total_wrong"}),
    ),
    "zoom_pending": TargetPreset(
        "a new user waits for an invitation to be accepted: changes are answered 200 and not made",
        "devforum.zoom.us; SailPoint, Zoom API behavior: pending users",
        {"deletes_by_disabling": False},
        ({"fault": "attr.silently_ignored"},),
    ),
    "keycloak_like": TargetPreset(
        "names in lower case, no PUT of groups, unknown members passed over, a Location of its own",
        "github.com/keycloak, issue 46216 and pull request 51530; Metatavu/keycloak-scim-server, issue 107",
        {
            **_PLAIN,
            "stores_user_names_in_lower_case": True,
            "supports_group_put": False,
            "unknown_members": "skipped",
        },
        ({"fault": "header.location_wrong"},),
    ),
    "gitlab_like": TargetPreset(
        "a deleted user is only turned off, and hidden from every look-up, while the name stays taken; filters with eq "
        "and and alone; PATCH without schemas, answered 204",
        "docs.gitlab.com, Troubleshooting SCIM; Internal API, SCIM",
        {
            **_PLAIN,
            "deletes_by_disabling": True,
            "lists_inactive_users": False,
            "required_user_attributes": "externalId,emails,name",
            "accepts_loose_patch_schemas": True,
            "accepts_string_booleans": True,
            "answers_user_patch_with_body": False,
        },
        (_EQ_ONLY,),
    ),
    "replicated_directory": TargetPreset(
        "what was created is unknown for five seconds: by its id, and to filters",
        "reports of Google Workspace provisioners: users, groups and members that are not found at once",
        {"visibility_delay_by_id": 5, "visibility_delay_by_filter": 5},
    ),
    "vcenter_like": TargetPreset(
        "no PATCH, and answers that do not repeat what was written",
        "github.com/goauthentik/authentik, pull request 25024 and issue 11249",
        {**_PLAIN, "supports_patch": False},
        ({"fault": "response.no_echo"},),
    ),
    "databricks_like": TargetPreset(
        "bodies without schemas are taken; four requests at a time; one more is answered 500 with "
        "REQUEST_LIMIT_EXCEEDED",
        "github.com/databricks/databricks-sdk-go, service/iam (schemas is omitted when empty) and pull request 721",
        {**_PLAIN, "accepts_missing_schemas": True, "accepts_loose_patch_schemas": True},
        ({"fault": "error.transient_as_4xx_or_500", "parallel_above": 4, "times": None},),
    ),
}
"""Presets by profile name."""
