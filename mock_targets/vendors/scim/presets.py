"""Presets of well-known targets: the flags and faults that imitate how they deviate from the RFC.

A preset is not a full copy: it holds the deviations that clients fail on, as the target's own pages or its public bug
reports describe them. A new preset is an entry in `PRESETS`; `docs/reference/presets.md` is drawn from it. Each of its
behaviours has a test in `tests/scim/preset_rows.py`, and `_LACKS` in the harness's `vendors/scim/store.py` says which
scenarios it cannot play.
"""

from __future__ import annotations

from collections.abc import Mapping

from provcheck.mock_targets.scim.flags import flags_of
from provcheck.mock_targets.target.preset import Behaviour, Preset
from provcheck.mock_targets.vendors.scim.sender_presets import PROFILES

_AWS, _GITLAB = "AWS IAM Identity Center SCIM developer guide", "docs.gitlab.com, Internal API, SCIM"
_DATABRICKS = "github.com/databricks/databricks-sdk-go"
_PLAIN = {"supports_sort": False, "supports_bulk": False, "supports_etag": False, "supports_cursor": False}
_EQ_ONLY = {"fault": "filter.unsupported_400", "only_if": "filter_beyond_eq"}

PRESETS: Mapping[str, Preset] = {
    "aws_identity_center": Preset(
        doc=(
            "names and one primary e-mail required, unique group names, 100 members a request that are never listed, "
            "paging by cursor alone, filters with eq and and alone"
        ),
        source=(
            "AWS IAM Identity Center SCIM developer guide: Limitations, CreateUser, CreateGroup, PatchGroup, GetGroup, "
            "ListUsers, Supported API operations"
        ),
        flags={
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
        faults=(_EQ_ONLY,),
        behaviours=(
            Behaviour("names", "givenName, familyName and displayName are required", f"{_AWS}, CreateUser"),
            Behaviour("one-value", "one value of a multi-valued attribute", f"{_AWS}, CreateUser"),
            Behaviour("primary", "the e-mail address is marked as primary", f"{_AWS}, CreateUser"),
            Behaviour(
                "unsupported",
                "ims, photos, x509Certificates, entitlements, password, groups: 400",
                f"{_AWS}, CreateUser",
            ),
            Behaviour("group-names", "a second group of the same name: 409", f"{_AWS}, CreateGroup"),
            Behaviour("all-members", "replacing or removing all members: 400", f"{_AWS}, PatchGroup"),
            Behaviour("remove-all", "removing `members` without a selection: 400", f"{_AWS}, Limitations"),
            Behaviour("one-member", "removing one member: 204", f"{_AWS}, PatchGroup"),
            Behaviour("hundred", "at most 100 members in a request", f"{_AWS}, CreateGroup, PatchGroup"),
            Behaviour("group-put", "no PUT of groups", f"{_AWS}, Supported API operations"),
            Behaviour("not-offered", "no Bulk, no search by POST, no Me", f"{_AWS}, Limitations"),
            Behaviour("hidden-members", "groups never show their members", f"{_AWS}, GetGroup, ListGroups"),
            Behaviour(
                "pages", "100 rows a page, by cursor without totals; startIndex is passed over", f"{_AWS}, ListUsers"
            ),
            Behaviour(
                "filters", "filters with eq and and alone; manager by its plain name", f"{_AWS}, Limitations, ListUsers"
            ),
        ),
    ),
    "entra_strict": Preset(
        doc=(
            "what Entra ID asks of a target and no more: 204 for groups, unique group names, filters with eq and and, "
            "25 requests a second"
        ),
        source="learn.microsoft.com, Develop and plan provisioning for a SCIM endpoint; the SCIM validator",
        flags={
            **flags_of(PROFILES["entra"]),
            **_PLAIN,
            "answers_group_patch_with_body": False,
            "requires_unique_group_names": True,
            "enforces_rate_limits": True,
        },
        faults=(_EQ_ONLY,),
        behaviours=(
            Behaviour(
                "filters",
                "every filter that Entra ID sends about users is answered",
                "learn.microsoft.com, Develop and plan provisioning",
            ),
            Behaviour(
                "group-filters",
                "every filter that Entra ID sends about groups is answered",
                "learn.microsoft.com, Develop and plan provisioning",
            ),
            Behaviour(
                "group-patch",
                "PATCH of a group is answered 204, of a user 200",
                "learn.microsoft.com, Develop and plan provisioning",
            ),
            Behaviour(
                "validator-users",
                "every request of the SCIM validator about users is answered as it asks",
                "Microsoft SCIM validator, as implementers report it",
            ),
            Behaviour(
                "validator-groups",
                "every request of the SCIM validator about groups is answered as it asks",
                "Microsoft SCIM validator, as implementers report it",
            ),
        ),
    ),
    "okta_like": Preset(
        doc="tolerates what Okta sends, answers PATCH with a body, and takes 75 requests at a time",
        source="developer.okta.com, SCIM 2.0 reference; Additional rate limits (concurrent transactions)",
        flags={**flags_of(PROFILES["okta"]), **_PLAIN, "max_page_size": 200},
        faults=({"fault": "concurrency.limit", "parallel_above": 75},),
        behaviours=(
            Behaviour("pathless", "a PATCH without a path", "developer.okta.com, SCIM 2.0 reference"),
            Behaviour("patch-body", "PATCH is answered with the resource", "developer.okta.com, SCIM 2.0 reference"),
            Behaviour(
                "spec-test",
                "every request of the SPEC test of the Okta Integration Network is answered as it asks",
                "Okta-SCIM-20-SPEC-Test.json",
            ),
            Behaviour("parallel", "75 requests at a time", "developer.okta.com, Additional rate limits"),
        ),
    ),
    "wso2_paging": Preset(
        doc="pages that repeat a row, and a totalResults that counts the page",
        source="github.com/wso2/product-is, issues 9957, 7320, 27973 and 22589",
        flags={"default_page_size": 100, "max_page_size": 100},
        faults=({"fault": "paging.repeat_or_skip"}, {"fault": "paging.total_wrong"}),
        behaviours=(
            Behaviour(
                "pages",
                "pages repeat a row, and the total counts the page",
                "github.com/wso2/product-is, issues 9957, 7320, 27973, 22589",
            ),
        ),
    ),
    "zoom_pending": Preset(
        doc="a new user waits for an invitation to be accepted: changes are answered 200 and not made",
        source="devforum.zoom.us; SailPoint, Zoom API behavior: pending users",
        flags={"deletes_by_disabling": False},
        faults=({"fault": "attr.silently_ignored"},),
        behaviours=(
            Behaviour(
                "ignored",
                "a change of a user who is invited is answered 200 and not made",
                "devforum.zoom.us; SailPoint, Zoom API behavior: pending users",
            ),
        ),
    ),
    "keycloak_like": Preset(
        doc="names in lower case, no PUT of groups, unknown members passed over, a Location of its own",
        source="github.com/keycloak, issue 46216 and pull request 51530; Metatavu/keycloak-scim-server, issue 107",
        flags={
            **_PLAIN,
            "stores_user_names_in_lower_case": True,
            "supports_group_put": False,
            "unknown_members": "skipped",
        },
        faults=({"fault": "header.location_wrong"},),
        behaviours=(
            Behaviour("lower-case", "user names are stored in lower case", "github.com/keycloak, issue 46216"),
            Behaviour("group-put", "no PUT of groups", "github.com/keycloak, pull request 51530"),
            Behaviour(
                "unknown-members", "members that nobody is are passed over", "Metatavu/keycloak-scim-server, issue 107"
            ),
            Behaviour("location", "a wrong Location", "Metatavu/keycloak-scim-server, issue 107"),
        ),
    ),
    "gitlab_like": Preset(
        doc=(
            "a deleted user is only turned off, and hidden from every look-up, while the name stays taken; filters "
            "with eq and and alone; PATCH without schemas, answered 204"
        ),
        source="docs.gitlab.com, Troubleshooting SCIM; Internal API, SCIM",
        flags={
            **_PLAIN,
            "deletes_by_disabling": True,
            "lists_inactive_users": False,
            "required_user_attributes": "externalId,emails,name",
            "accepts_loose_patch_schemas": True,
            "accepts_string_booleans": True,
            "answers_user_patch_with_body": False,
        },
        faults=(_EQ_ONLY,),
        behaviours=(
            Behaviour(
                "deactivated",
                "a deleted user is only turned off, hidden from look-ups, its name taken",
                "docs.gitlab.com, Troubleshooting SCIM",
            ),
            Behaviour("required", "externalId, emails and name are required", _GITLAB),
            Behaviour("patch", "PATCH with operations alone, booleans as texts; answered 204", _GITLAB),
            Behaviour("filters", "filters with eq and and alone", _GITLAB),
        ),
    ),
    "replicated_directory": Preset(
        doc="what was created is unknown for five seconds: by its id, and to filters",
        source="reports of Google Workspace provisioners: users, groups and members that are not found at once",
        flags={"visibility_delay_by_id": 5, "visibility_delay_by_filter": 5},
        behaviours=(
            Behaviour(
                "fresh", "what was created is unknown for five seconds", "reports of Google Workspace provisioners"
            ),
        ),
    ),
    "vcenter_like": Preset(
        doc="no PATCH, and answers that do not repeat what was written",
        source="github.com/goauthentik/authentik, pull request 25024 and issue 11249",
        flags={**_PLAIN, "supports_patch": False},
        faults=({"fault": "response.no_echo"},),
        behaviours=(
            Behaviour("patch", "no PATCH", "github.com/goauthentik/authentik, issue 11249"),
            Behaviour(
                "no-echo",
                "answers do not repeat what was written",
                "github.com/goauthentik/authentik, pull request 25024",
            ),
        ),
    ),
    "databricks_like": Preset(
        doc=(
            "bodies without schemas are taken; four requests at a time; one more is answered 500 with "
            "REQUEST_LIMIT_EXCEEDED"
        ),
        source=f"{_DATABRICKS}, service/iam (schemas is omitted when empty) and pull request 721",
        flags={**_PLAIN, "accepts_missing_schemas": True, "accepts_loose_patch_schemas": True},
        faults=({"fault": "error.transient_as_4xx_or_500", "parallel_above": 4, "times": None},),
        behaviours=(
            Behaviour("schemas", "a POST and a PATCH without schemas are taken", f"{_DATABRICKS} v0.175, service/iam"),
            Behaviour(
                "parallel", "four requests at a time; one more is answered 500", f"{_DATABRICKS}, pull request 721"
            ),
        ),
    ),
}
"""Presets by profile name."""
