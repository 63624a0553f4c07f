"""GitHub Enterprise Managed Users: suspended by Disable, erased by Delete.

Source: pingone, Creating a GitHub EMU connection; docs.github.com, REST API endpoints for SCIM.
"""

from __future__ import annotations

from provcheck.harness.model import Profile, capabilities

PROFILES = (
    Profile(
        "github_emu",
        "github_emu",
        "GitHub EMU",
        capabilities(
            *("create", "update", "disable", "delete", "rename_user", "switchable_permissions", "faults"),
            *("groups", "memberships", "group_memberships", "merge_or_overwrite", "rename_group"),
        ),
        "group",
        ("Disable", "Delete"),
        "pingone, Creating a GitHub EMU connection; Configuring outbound group provisioning, Membership type",
    ),
)
