"""The generic SCIM target, as it comes and with its groups set up otherwise.

Source: pingone, Creating a SCIM connection; Configuring outbound group provisioning.
"""

from __future__ import annotations

from provcheck.harness.model import Profile, capabilities

_USERS = (
    *("create", "update", "disable", "delete", "rename_user", "switchable_permissions", "faults"),
    *("match_by_email", "no_filters"),
)
_SOURCE = "pingone, Creating a SCIM connection; Configuring outbound group provisioning, Membership type"

PROFILES = (
    Profile(
        "scim",
        "scim",
        "SCIM 2.0",
        capabilities(*_USERS, "groups", "memberships", "group_memberships", "merge_or_overwrite", "rename_group"),
        "group",
        ("Disable", "Delete"),
        _SOURCE,
    ),
    Profile(
        "scim+no-groups",
        "scim",
        "SCIM 2.0 without groups",
        capabilities(*_USERS, "users_only"),
        "none",
        ("Disable", "Delete"),
        "pingone, sync summary examples, row 1: a target that does not support group provisioning",
        flags={"supports_groups": False, "membership_style": "none"},
    ),
    Profile(
        "scim+user-memberships",
        "scim",
        "SCIM 2.0 with memberships on the user",
        capabilities(*_USERS, "groups", "memberships", "user_memberships", "rename_group"),
        "user",
        ("Disable", "Delete"),
        "pingone, Configuring outbound group provisioning, Membership type: user memberships",
        flags={"membership_style": "user"},
    ),
    Profile(
        "scim+1.1",
        "scim",
        "SCIM 1.1",
        capabilities(*_USERS, "groups", "memberships", "group_memberships", "merge_or_overwrite", "rename_group"),
        "group",
        ("Disable", "Delete"),
        "pingone, Creating a SCIM connection, SCIM version",
        connection={"scim_version": "1.1"},
        address="v1",
    ),
)
