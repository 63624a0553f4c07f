"""Slack: no account is ever removed for good, and names are kept in Slack's own form.

Source: pingone, Creating a Slack connection (Remove action: only Disable); docs.slack.dev, SCIM API.
"""

from __future__ import annotations

from provcheck.harness.model import Profile, capabilities

PROFILES = (
    Profile(
        "slack",
        "slack",
        "Slack",
        capabilities(
            *("create", "update", "disable", "rename_user", "switchable_permissions", "faults"),
            *("groups", "memberships", "group_memberships", "merge_or_overwrite", "rename_group"),
        ),
        "group",
        ("Disable",),
        "pingone, Creating a Slack connection; Configuring outbound group provisioning, Membership type",
        normalises=frozenset({"userName", "externalId"}),
    ),
    Profile(
        "slack+1.1",
        "slack",
        "Slack by SCIM 1.1",
        capabilities(
            *("create", "update", "disable", "rename_user", "switchable_permissions", "faults"),
            *("groups", "memberships", "group_memberships", "merge_or_overwrite", "rename_group"),
        ),
        "group",
        ("Disable",),
        "docs.slack.dev, SCIM API: version 1.1 side by side with 2.0",
        connection={"scim_version": "1.1"},
        address="v1",
        normalises=frozenset({"userName", "externalId"}),
    ),
)
