"""GitHub Enterprise Managed Users: suspended by Disable, erased by Delete.

Source: pingone, Creating a GitHub EMU connection; Configuring outbound group provisioning; pingone-api,
propagation-stores/create-store-githubemu; docs.github.com, REST API endpoints for SCIM.
"""

from __future__ import annotations

from provcheck.harness.model import TargetConfiguration, capabilities
from provcheck.harness.model.capability import USUAL
from provcheck.harness.model.options import Option
from provcheck.harness.model.store import Store

STORE = Store(
    name="github_emu",
    title="GitHub EMU",
    row=12,
    groups=True,
    membership="group",
    chooses_handling=True,
    remove_actions=("Disable", "Delete"),
    type="GitHubEMU",
    options=(
        Option("BASE_URL", "base_url", required=True),
        Option("OAUTH_ACCESS_TOKEN", "token", required=True),
        Option("REMOVE_ACTION", "remove_action", choices=("Disable", "Delete")),
    ),
    configurations=(
        TargetConfiguration(
            "github_emu",
            "github_emu",
            "GitHub EMU",
            capabilities(
                *(
                    "create",
                    "update",
                    "disable",
                    "delete",
                    "rename_user",
                    "switchable_permissions",
                    "faults",
                    "any_text",
                ),
                *USUAL,
                *("groups", "memberships", "group_memberships", "merge_or_overwrite", "rename_group"),
            ),
            "group",
            ("Disable", "Delete"),
            "pingone, Creating a GitHub EMU connection; Configuring outbound group provisioning, Membership type",
        ),
    ),
)
