"""The generic SCIM target, as it comes and with its groups set up otherwise.

Source: pingone, Creating a SCIM connection; Configuring outbound group provisioning; pingone-api,
propagation-stores/create-store-scim.
"""

from __future__ import annotations

from collections.abc import Mapping

from provcheck.harness.model import TargetConfiguration, capabilities
from provcheck.harness.model.capability import USUAL, keeps
from provcheck.harness.model.core_words import FURTHER_WORDS
from provcheck.harness.model.options import Option
from provcheck.harness.model.store import Store

_USERS = (
    *("create", "update", "disable", "delete", "rename_user", "switchable_permissions", "discovery", "faults"),
    *("match_by_email", "any_user_name", "any_text", "any_id", "several_emails"),
    *("optional_names", "no_filters"),
    *USUAL,
    *keeps(*FURTHER_WORDS),
)
_SOURCE = "pingone, Creating a SCIM connection; Configuring outbound group provisioning, Membership type"

_GROUPS_ALONE = ("groups", "memberships", "rename_group", "caseless_group_names", "shows_disabled_members")
_GROUPS = (*_GROUPS_ALONE, "group_memberships", "merge_or_overwrite")
_NO_CHANGE = "a user is pending until the invitation is accepted; until then no change of the user is made"
_LACKS: Mapping[str, Mapping[str, str]] = {
    "aws_identity_center": {
        "shows_members": "GetGroup and ListGroups never return members",
        "group_put": "there is no PutGroup",
        "index_paging": "ListUsers and ListGroups know no startIndex, only cursors",
        "same_name_groups": "CreateGroup answers 409 for a name that is taken",
        "optional_names": "given name, family name and display name are required",
        "several_emails": "CreateUser takes one value of a multi-valued attribute",
        "keeps_phoneNumbers": "CreateUser takes one value of a multi-valued attribute",
    },
    "entra_strict": {"same_name_groups": "the validator asks for 409 for a name that is taken"},
    "okta_like": {},
    "wso2_paging": {},
    "keycloak_like": {
        "group_put": "groups are changed by PATCH alone",
        "any_user_name": "names are kept in lower case",
    },
    "vcenter_like": {
        "patch": "users and groups are changed by PUT alone",
        "echo": "the answer to a write holds no more than the id",
    },
    "gitlab_like": {
        "delete": "DELETE turns a user off, and the name stays taken",
        "optional_names": "name and e-mail address are required",
        "finds_disabled": "no look-up finds a user who is turned off",
        "echo": "PATCH of a user is answered 204",
    },
    "zoom_pending": dict.fromkeys(("update", "disable", "rename_user"), _NO_CHANGE),
    "replicated_directory": {"finds_at_once": "what was created is unknown for five seconds"},
    "databricks_like": {},
}
"""The presets of the target; for each, which capabilities it lacks, and why."""

_HAS = {"zoom_pending": ("ignores_updates",)}
"""What a preset can in place of what it lacks."""

_SETTLES = {"replicated_directory": 5.0}
"""Seconds after which a preset shows everything that was written."""


def _preset(profile: str, lacks: Mapping[str, str]) -> TargetConfiguration:
    return TargetConfiguration(
        f"scim+{profile}",
        "scim",
        f"SCIM 2.0 like {profile}",
        capabilities(*(each for each in (*_USERS, *_GROUPS) if each not in lacks), *_HAS.get(profile, ())),
        "group",
        ("Disable",) if "delete" in lacks else ("Disable", "Delete"),
        f"the preset {profile} of the target, docs/reference/presets.md",
        profile=profile,
        lacking=lacks,
        settles=_SETTLES.get(profile, 0),
    )


STORE = Store(
    name="scim",
    title="SCIM",
    row=1,
    groups=True,
    membership="group",
    chooses_handling=True,
    remove_actions=("Disable", "Delete"),
    type="scim",
    options=(
        Option("SCIM_URL", "base_url", required=True),
        Option("SCIM_VERSION", "scim_version", choices=("2.0", "1.1")),
        Option("USERS_RESOURCE", "users_resource"),
        Option("GROUPS_RESOURCE", "groups_resource"),
        Option(
            "AUTHENTICATION_METHOD",
            "authentication_method",
            choices=("OAuth 2 Bearer Token", "OAuth 2 Client Credentials", "Basic Authentication", "None"),
        ),
        Option("AUTHORIZATION_TYPE", "authorization_type"),
        Option("BASIC_AUTH_USER", "basic_auth_user"),
        Option("BASIC_AUTH_PASSWORD", "basic_auth_password"),
        Option("OAUTH_ACCESS_TOKEN", "token"),
        Option("OAUTH_CLIENT_ID", "oauth_client_id"),
        Option("OAUTH_CLIENT_SECRET", "oauth_client_secret"),
        Option("OAUTH_TOKEN_REQUEST", "oauth_token_request"),
        Option("USER_FILTER", "user_filter"),
        Option("UNIQUE_USER_IDENTIFIER", "unique_user_identifier", choices=("userName", "workEmail")),
        Option("REMOVE_ACTION", "remove_action", choices=("Disable", "Delete")),
        Option("GROUP_NAME_SOURCE", "group_name_source", choices=("Common Name", "Distinguished Name")),
        Option("SCHEMA_EXTENSION_URNS", "schema_extension_urns", tuple),
    ),
    configurations=(
        TargetConfiguration(
            "scim",
            "scim",
            "SCIM 2.0",
            capabilities(*_USERS, *_GROUPS),
            "group",
            ("Disable", "Delete"),
            _SOURCE,
        ),
        TargetConfiguration(
            "scim+no-groups",
            "scim",
            "SCIM 2.0 without groups",
            capabilities(*_USERS, "users_only"),
            "none",
            ("Disable", "Delete"),
            "pingone, sync summary examples, row 1: a target that does not support group provisioning",
            flags={"supports_groups": False, "membership_style": "none"},
        ),
        TargetConfiguration(
            "scim+user-memberships",
            "scim",
            "SCIM 2.0 with memberships on the user",
            capabilities(*_USERS, *_GROUPS_ALONE, "user_memberships"),
            "user",
            ("Disable", "Delete"),
            "pingone, Configuring outbound group provisioning, Membership type: user memberships",
            flags={"membership_style": "user"},
        ),
        TargetConfiguration(
            "scim+1.1",
            "scim",
            "SCIM 1.1",
            capabilities(*_USERS, *_GROUPS),
            "group",
            ("Disable", "Delete"),
            "pingone, Creating a SCIM connection, SCIM version",
            connection={"scim_version": "1.1"},
            address="v1",
        ),
        TargetConfiguration(
            "scim+oauth",
            "scim",
            "SCIM 2.0 with OAuth 2 client credentials",
            capabilities("create", "update", "faults", "oauth", "users_only", "finds_at_once", "finds_disabled"),
            "none",
            ("Disable",),
            "pingone, Creating a SCIM connection, authentication: OAuth 2 Client Credentials",
            flags={"supports_groups": False, "membership_style": "none"},
            connection={"authentication_method": "OAuth 2 Client Credentials"},
        ),
        *(_preset(*each) for each in _LACKS.items()),
    ),
)
